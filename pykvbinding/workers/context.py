"""`ctx`, the context of one invocation, and its background tasks."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.workers.current import InvocationContext, current_invocation

ErrorReporter: TypeAlias = Callable[[BaseException], None]


class BackgroundTasks:
    """The awaitables that `waitUntil` received in one invocation."""

    __slots__ = ("_started",)

    def __init__(self) -> None:
        self._started: list[Awaitable[Any]] = []

    def __bool__(self) -> bool:
        return bool(self._started)

    def add(self, awaitable: Any) -> None:
        """Add an awaitable.

        It starts at once if an asyncio event loop is running, else when `wait_all` awaits it.
        """
        if not hasattr(type(awaitable), "__await__"):
            awaitable = _unwrap_proxy(awaitable)
            if not hasattr(awaitable, "__await__"):
                return  # as in JavaScript, any value is accepted
        import asyncio  # imported here because most invocations have no background tasks

        if asyncio._get_running_loop() is not None:
            awaitable = asyncio.ensure_future(awaitable)
        self._started.append(awaitable)

    async def wait_all(self, report: ErrorReporter) -> None:
        """Wait for all awaitables, including those added while waiting.

        `report` receives each exception that they raise.
        """
        while self._started:
            awaitable = self._started.pop(0)
            try:
                await _wait_for(awaitable, report)
            except BaseException:
                for task in (awaitable, *self._started):
                    getattr(task, "cancel", bool)()
                raise


def _unwrap_proxy(value: Any) -> Any:
    """Return the content of a proxy, as of `create_proxy(task)`; any other value unchanged."""
    if not isinstance(value, JsProxy):
        return value
    from pykvbinding.js.types.py_proxy import PyProxy

    return value.unwrap() if isinstance(value, PyProxy) else value


async def _wait_for(awaitable: Any, report: ErrorReporter) -> None:
    import asyncio

    try:
        if isinstance(awaitable, asyncio.Future):
            await asyncio.wait([awaitable])  # distinguishes its cancellation from ours
            if not awaitable.cancelled():
                awaitable.result()
        else:
            await awaitable
    except Exception as error:
        report(error)


class ExecutionContext(JsProxy, name="ExecutionContext"):
    """`ctx` of an entrypoint, and the third argument of `on_fetch(request, env, ctx)`."""

    __slots__ = ("_tasks",)

    def __init__(self, tasks: BackgroundTasks) -> None:
        self._tasks = tasks

    def waitUntil(self, awaitable: Any, /) -> None:
        """Extend the invocation beyond its response until `awaitable` is done."""
        self._tasks.add(awaitable)

    def passThroughOnException(self) -> None:
        """Do nothing. On the platform the origin responds if the handler fails."""

    @property
    def props(self) -> Any:
        """The configuration that the calling binding passes, which is empty."""
        from pykvbinding.js.types.object import JsObject

        return JsObject({})


@contextmanager
def global_scope(env: Any) -> Iterator[None]:
    """Run the block as the global scope of a Worker: with an env, but without waiting."""
    token = current_invocation.set(InvocationContext(env))
    try:
        yield
    finally:
        current_invocation.reset(token)
