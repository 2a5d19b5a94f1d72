"""`ctx`, the context of one invocation: what goes on after the response, and what became of it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.workers.current import CURRENT, Running

Report: TypeAlias = Callable[[BaseException], None]


class Tasks:
    """What `waitUntil` was given in one invocation: all of it runs, and the invocation waits."""

    __slots__ = ("_started",)

    def __init__(self) -> None:
        self._started: list[Awaitable[Any]] = []

    def __bool__(self) -> bool:
        return bool(self._started)

    def add(self, awaitable: Any) -> None:
        """Begin it at once where there is an event loop of asyncio, else when it is waited for."""
        if not hasattr(type(awaitable), "__await__"):
            awaitable = _within_proxy(awaitable)
            if not hasattr(awaitable, "__await__"):
                return  # as in JavaScript: any value will do, and is there already
        import asyncio  # not at the top: most invocations wait for nothing

        if asyncio._get_running_loop() is not None:
            awaitable = asyncio.ensure_future(awaitable)
        self._started.append(awaitable)

    async def settle(self, report: Report) -> None:
        """Return when all has ended, also what was added meanwhile; `report` what it raised."""
        while self._started:
            each = self._started.pop(0)
            try:
                await _end(each, report)
            except BaseException:
                for task in (each, *self._started):
                    getattr(task, "cancel", bool)()
                raise


def _within_proxy(value: Any) -> Any:
    """What was handed over in a proxy, as `create_proxy(task)`; another value as it is."""
    if not isinstance(value, JsProxy):
        return value
    from pykvbinding.js.types.py_proxy import PyProxy

    return value.unwrap() if isinstance(value, PyProxy) else value


async def _end(each: Any, report: Report) -> None:
    import asyncio

    try:
        if isinstance(each, asyncio.Future):
            await asyncio.wait([each])  # which tells its being cancelled from ours
            if not each.cancelled():
                each.result()
        else:
            await each
    except Exception as error:
        report(error)


class ExecutionContext(JsProxy, name="ExecutionContext"):
    """`ctx` of an entrypoint, and the third argument of `on_fetch(request, env, ctx)`."""

    __slots__ = ("_tasks",)

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    def waitUntil(self, awaitable: Any, /) -> None:
        """Keep the invocation alive, after its response, until `awaitable` has ended."""
        self._tasks.add(awaitable)

    def passThroughOnException(self) -> None:
        """Ask for the origin to answer if the handler fails. There is none here."""

    @property
    def props(self) -> Any:
        """What the binding that called has been configured with: nothing."""
        from pykvbinding.js.types.object import JsObject

        return JsObject({})


@contextmanager
def global_scope(env: Any) -> Iterator[None]:
    """Where a Worker's module is imported: it may look at its env, and nothing can wait."""
    token = CURRENT.set(Running(env))
    try:
        yield
    finally:
        CURRENT.reset(token)
