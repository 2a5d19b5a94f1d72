"""Promises: `Deferred`, whose work goes on without being awaited, and `Pending`, which is lazy."""

from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any, Final

from pykvbinding.js.core.proxy import JsProxy

if TYPE_CHECKING:
    from asyncio import Future

_PENDING: Final = object()


class Deferred(JsProxy, name="Promise"):
    """A value that is there now or later, or the error that came in its place.

    Unlike a coroutine, what it stands for goes on without being awaited, and it may be awaited
    any number of times. It needs no event loop until somebody has to wait.

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
        """A promise that is fulfilled already."""
        promise = cls()
        promise._value = value
        return promise

    @classmethod
    def rejected(cls, error: BaseException) -> "Deferred":
        """A promise that is rejected already; nobody need look at it."""
        promise = cls()
        promise._error = error
        return promise

    @classmethod
    def of(cls, value: Any) -> "Deferred":
        """A promise of what `value` is or comes to; an awaitable runs from now on, as a task."""
        if isinstance(value, Deferred):
            return value
        if not hasattr(value, "__await__"):
            return cls.resolved(value)
        import asyncio  # only who makes others wait comes here

        promise = cls()
        task = asyncio.ensure_future(value)
        # A pipe that nobody reads is forgotten with its streams; no reason to complain of that.
        task._log_destroy_pending = False
        task.add_done_callback(promise._adopt)
        return promise

    def _adopt(self, task: "Future[Any]") -> None:
        if task.cancelled():
            import asyncio

            self.reject(asyncio.CancelledError())
        elif (error := task.exception()) is not None:
            self.reject(error)
        else:
            self.resolve(task.result())

    @property
    def done(self) -> bool:
        """Whether it is settled, by a value or by an error."""
        return self._error is not None or self._value is not _PENDING

    def resolve(self, value: Any = None) -> None:
        """Fulfil it, unless it is settled."""
        if not self.done:
            self._value = value
            self._tell()

    def reject(self, error: BaseException) -> None:
        """Reject it, unless it is settled."""
        if not self.done:
            self._error = error
            self._tell()

    def _tell(self) -> None:
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def result(self) -> Any:
        """The value of one that is fulfilled; raises the error of one that is rejected."""
        if self._error is not None:
            raise self._error
        return self._value

    def when_done(self, callback: Callable[[], object]) -> None:
        """Call `callback` as soon as it is settled: now, if it is."""
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
        fulfilled: Callable[[Any], Any] | None = None,
        rejected: Callable[[Any], Any] | None = None,
    ) -> "Deferred":
        """A promise of what the callback for its outcome returns; without one, of the same."""
        return Deferred.of(self._then(fulfilled, rejected))

    async def _then(
        self, fulfilled: Callable[[Any], Any] | None, rejected: Callable[[Any], Any] | None
    ) -> Any:
        try:
            value = await self
        except Exception as error:
            if rejected is None:
                raise
            return await _awaited(rejected(error))
        return value if fulfilled is None else await _awaited(fulfilled(value))

    def catch(self, rejected: Callable[[Any], Any]) -> "Deferred":
        """As `then(None, rejected)`."""
        return self.then(None, rejected)

    def finally_(self, settled: Callable[[], Any]) -> "Deferred":
        """A promise of the same outcome, once `settled()` has run (Pyodide's name)."""
        return Deferred.of(self._finally(settled))

    async def _finally(self, settled: Callable[[], Any]) -> Any:
        try:
            return await self
        finally:
            await _awaited(settled())


class Pending(JsProxy, name="Promise"):
    """A promise that is carried out when it is awaited, or when `then` is called.

    Python warns about one that is never awaited, as about any coroutine.
    """

    __slots__ = ("_coroutine",)

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, None, Any]:
        return self._coroutine.__await__()

    def then(
        self,
        fulfilled: Callable[[Any], Any] | None = None,
        rejected: Callable[[Any], Any] | None = None,
    ) -> Deferred:
        """Start it; return a promise of what the callback for its outcome returns."""
        return Deferred.of(self._coroutine).then(fulfilled, rejected)


def _wake(waiter: "Future[None]") -> None:
    if not waiter.done():  # done: its task was cancelled
        waiter.set_result(None)


async def _awaited(value: Any) -> Any:
    return await value if isinstance(value, Awaitable) else value
