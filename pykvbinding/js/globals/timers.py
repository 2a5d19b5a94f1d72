"""`setTimeout` and its like, on the event loop that runs; `queueMicrotask`; `scheduler.wait`."""

from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_number
from pykvbinding.js.core.promise import Deferred as JsPromise
from pykvbinding.js.core.proxy import JsProxy


class Timers:
    """The timers of one global object, each known by a number."""

    def __init__(self) -> None:
        self._handles: dict[int, Any] = {}
        self._last = 0

    def set_timeout(self, callback: Any = None, delay_ms: Any = 0, *arguments: Any) -> int:
        """`setTimeout(callback, milliseconds, …)`: the number for `clearTimeout`."""
        return self._set("setTimeout", callback, delay_ms, arguments, repeats=False)

    def set_interval(self, callback: Any = None, delay_ms: Any = 0, *arguments: Any) -> int:
        """`setInterval(callback, milliseconds, …)`."""
        return self._set("setInterval", callback, delay_ms, arguments, repeats=True)

    def clear(self, number: Any = None) -> None:
        """`clearTimeout(number)`; a number that nobody knows is nothing."""
        handle = self._handles.pop(number, None)
        if handle is not None:
            handle.cancel()

    def _set(
        self,
        method: str,
        callback: Any,
        delay_ms: Any,
        arguments: tuple[Any, ...],
        *,
        repeats: bool,
    ) -> int:
        _check_callable(method, callback)
        self._last += 1
        delay_seconds = max(0.0, _finite(to_js_number(delay_ms))) / 1000
        self._start(self._last, _kept(callback), delay_seconds, arguments, repeats)
        return self._last

    def _start(
        self,
        number: int,
        callback: Any,
        delay_seconds: float,
        arguments: tuple[Any, ...],
        repeats: bool,  # noqa: FBT001
    ) -> None:
        import asyncio

        def fire() -> None:
            del self._handles[number]
            if repeats:
                self._start(number, callback, delay_seconds, arguments, repeats)
            _run(callback, arguments)

        loop = asyncio.get_running_loop()
        self._handles[number] = loop.call_later(delay_seconds, fire)


def queueMicrotask(callback: Any = None) -> None:
    """Call `callback` as soon as whoever runs now waits."""
    import asyncio

    _check_callable("queueMicrotask", callback)
    asyncio.get_running_loop().call_soon(_run, _kept(callback), ())


def wait(delay_ms: Any = 0) -> JsPromise:
    """`scheduler.wait(milliseconds)`."""
    import asyncio

    return JsPromise.of(asyncio.sleep(max(0.0, _finite(to_js_number(delay_ms))) / 1000))


def _run(callback: Any, arguments: tuple[Any, ...]) -> None:
    JsPromise.of(callback(*arguments))


def _kept(callback: Any) -> Any:
    """What is called later. Pyodide destroys its proxy of a Python function after the call.

    So a function without `create_proxy` or `create_once_callable` fails when it is due.
    """
    return callback if isinstance(callback, JsProxy) else _destroyed


def _destroyed(*arguments: Any) -> None:  # noqa: ARG001
    raise errors.borrowed_proxy_destroyed(
        "at the end of a function call. Try using create_proxy or create_once_callable."
    )


def _check_callable(method: str, callback: Any) -> None:
    if not callable(callback):
        raise errors.not_of_type(method, "ServiceWorkerGlobalScope", 1, "function")


def _finite(amount: float) -> float:
    return amount if abs(amount) < 2**31 else 0.0
