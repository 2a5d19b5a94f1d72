"""Timers on the running event loop: `setTimeout`, `setInterval`, `queueMicrotask` and others."""

from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_number
from pykvbinding.js.core.promise import Deferred as JsPromise
from pykvbinding.js.core.proxy import JsProxy


class Timers:
    """The timers of one global object; each has an integer id."""

    def __init__(self) -> None:
        self._handles: dict[int, Any] = {}
        self._last_id = 0

    def set_timeout(self, callback: Any = None, delay_ms: Any = 0, *args: Any) -> int:
        """Call `callback(*args)` once after the delay; return the id for `clearTimeout`."""
        return self._set("setTimeout", callback, delay_ms, args, repeats=False)

    def set_interval(self, callback: Any = None, delay_ms: Any = 0, *args: Any) -> int:
        """Call `callback(*args)` repeatedly; return the id for `clearInterval`."""
        return self._set("setInterval", callback, delay_ms, args, repeats=True)

    def clear(self, timer_id: Any = None) -> None:
        """Cancel a timer; an unknown id is ignored."""
        handle = self._handles.pop(timer_id, None)
        if handle is not None:
            handle.cancel()

    def _set(
        self,
        method: str,
        callback: Any,
        delay_ms: Any,
        args: tuple[Any, ...],
        *,
        repeats: bool,
    ) -> int:
        _check_callable(method, callback)
        self._last_id += 1
        delay_seconds = max(0.0, _clamp_delay(to_js_number(delay_ms))) / 1000
        self._start(self._last_id, _expire_borrowed(callback), delay_seconds, args, repeats)
        return self._last_id

    def _start(
        self,
        timer_id: int,
        callback: Any,
        delay_seconds: float,
        args: tuple[Any, ...],
        repeats: bool,  # noqa: FBT001
    ) -> None:
        import asyncio

        def fire() -> None:
            del self._handles[timer_id]
            if repeats:
                self._start(timer_id, callback, delay_seconds, args, repeats)
            _run(callback, args)

        loop = asyncio.get_running_loop()
        self._handles[timer_id] = loop.call_later(delay_seconds, fire)


def queueMicrotask(callback: Any = None) -> None:
    """Call `callback` at the next iteration of the event loop."""
    import asyncio

    _check_callable("queueMicrotask", callback)
    asyncio.get_running_loop().call_soon(_run, _expire_borrowed(callback), ())


def wait(delay_ms: Any = 0) -> JsPromise:
    """Return a promise that is fulfilled after the delay, as `scheduler.wait(milliseconds)`."""
    import asyncio

    return JsPromise.of(asyncio.sleep(max(0.0, _clamp_delay(to_js_number(delay_ms))) / 1000))


def _run(callback: Any, args: tuple[Any, ...]) -> None:
    JsPromise.of(callback(*args))


def _expire_borrowed(callback: Any) -> Any:
    """Return the function that a later call of `callback` reaches.

    Pyodide destroys its proxy of a Python function at the end of the call that passed it. A
    function without `create_proxy` or `create_once_callable` is replaced by one that raises.
    """
    return callback if isinstance(callback, JsProxy) else _raise_destroyed


def _raise_destroyed(*args: Any) -> None:  # noqa: ARG001
    raise errors.borrowed_proxy_destroyed(
        "at the end of a function call. Try using create_proxy or create_once_callable."
    )


def _check_callable(method: str, callback: Any) -> None:
    if not callable(callback):
        raise errors.not_of_type(method, "ServiceWorkerGlobalScope", 1, "function")


def _clamp_delay(delay_ms: float) -> float:
    return delay_ms if abs(delay_ms) < 2**31 else 0.0
