"""Promises: `Deferred` runs whether or not it is awaited; `LazyPromise` starts when awaited."""

from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any, Final

from pykvbinding.js.core.proxy import JsProxy

if TYPE_CHECKING:
    from asyncio import Future

_PENDING: Final = object()


class Deferred(JsProxy, name="Promise"):
    """A promise: fulfilled with a value or rejected with an error, now or later.

    Unlike a coroutine, its operation runs without being awaited, and it can be awaited any number
    of times. It needs an event loop only when a caller awaits it while it is pending.

    >>> Deferred.resolved(5).done
    True
    """

    __slots__ = ("__weakref__", "_callbacks", "_error", "_value")

    def __init__(self) -> None:
        self._value: Any = _PENDING
        self._error: BaseException | None = None
        self._callbacks: list[Callable[[], object]] = []

    @classmethod
    def resolved(cls, value: Any = None) -> "Deferred":
        """Return a promise that is already fulfilled."""
        promise = cls()
        promise._value = value
        return promise

    @classmethod
    def rejected(cls, error: BaseException) -> "Deferred":
        """Return a promise that is already rejected; an unhandled one is not reported."""
        promise = cls()
        promise._error = error
        return promise

    @classmethod
    def of(cls, value: Any) -> "Deferred":
        """Return a promise for `value`; an awaitable starts at once, as a task."""
        if isinstance(value, Deferred):
            return value
        if not hasattr(value, "__await__"):
            return cls.resolved(value)
        import asyncio  # slow to import; needed only for awaitables

        promise = cls()
        task = asyncio.ensure_future(value)
        # An unread pipe is collected together with its streams: asyncio must not report that.
        task._log_destroy_pending = False
        task.add_done_callback(promise._settle_from)
        return promise

    def _settle_from(self, task: "Future[Any]") -> None:
        if task.cancelled():
            import asyncio

            self.reject(asyncio.CancelledError())
        elif (error := task.exception()) is not None:
            self.reject(error)
        else:
            self.resolve(task.result())

    @property
    def done(self) -> bool:
        """True if the promise is settled: fulfilled or rejected."""
        return self._error is not None or self._value is not _PENDING

    def resolve(self, value: Any = None) -> None:
        """Fulfil the promise, unless it is settled."""
        if not self.done:
            self._value = value
            self._run_callbacks()

    def reject(self, error: BaseException) -> None:
        """Reject the promise, unless it is settled."""
        if not self.done:
            self._error = error
            self._run_callbacks()

    def _run_callbacks(self) -> None:
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def result(self) -> Any:
        """Return the value if the promise is fulfilled; raise the error if it is rejected."""
        if self._error is not None:
            raise self._error
        return self._value

    def add_done_callback(self, callback: Callable[[], object]) -> None:
        """Call `callback` when the promise is settled; at once if it already is."""
        if self.done:
            callback()
        else:
            self._callbacks.append(callback)

    def __await__(self) -> Generator[Any, None, Any]:
        if not self.done:
            import asyncio

            waiter = asyncio.get_running_loop().create_future()
            self._callbacks.append(lambda: _wake(waiter))
            yield from waiter
        return self.result()

    def then(
        self,
        on_fulfilled: Callable[[Any], Any] | None = None,
        on_rejected: Callable[[Any], Any] | None = None,
    ) -> "Deferred":
        """Return a promise for the result of the callback; without one, for the same outcome."""
        return Deferred.of(self._then(on_fulfilled, on_rejected))

    async def _then(
        self, on_fulfilled: Callable[[Any], Any] | None, on_rejected: Callable[[Any], Any] | None
    ) -> Any:
        try:
            value = await self
        except Exception as error:
            if on_rejected is None:
                raise
            return await _await_if_awaitable(on_rejected(error))
        return value if on_fulfilled is None else await _await_if_awaitable(on_fulfilled(value))

    def catch(self, on_rejected: Callable[[Any], Any]) -> "Deferred":
        """Return `then(None, on_rejected)`."""
        return self.then(None, on_rejected)

    def finally_(self, on_settled: Callable[[], Any]) -> "Deferred":
        """Return a promise for the same outcome, after `on_settled()` has run (Pyodide's name)."""
        return Deferred.of(self._finally(on_settled))

    async def _finally(self, on_settled: Callable[[], Any]) -> Any:
        try:
            return await self
        finally:
            await _await_if_awaitable(on_settled())


class LazyPromise(JsProxy, name="Promise"):
    """A promise whose operation starts when it is awaited or when `then` is called.

    Python warns if it is never awaited, as for any coroutine.
    """

    __slots__ = ("_coroutine",)

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, None, Any]:
        return self._coroutine.__await__()

    def then(
        self,
        on_fulfilled: Callable[[Any], Any] | None = None,
        on_rejected: Callable[[Any], Any] | None = None,
    ) -> Deferred:
        """Start the operation; return a promise for the result of the callback."""
        return Deferred.of(self._coroutine).then(on_fulfilled, on_rejected)


def _wake(waiter: "Future[None]") -> None:
    if not waiter.done():  # done if its task was cancelled
        waiter.set_result(None)


async def _await_if_awaitable(value: Any) -> Any:
    return await value if isinstance(value, Awaitable) else value
