"""`ctx` of a Durable Object, and the object in memory that it belongs to."""

from collections.abc import Callable
from typing import Any

from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.workers.bindings.object_ids import DurableObjectId
from pykvbinding.workers.bindings.object_storage import DurableObjectStorage
from pykvbinding.workers.context import Tasks


class DurableObjectState(JsProxy, name="DurableObjectState"):
    """`ctx` of a Durable Object."""

    __slots__ = ("_live", "_tasks", "id", "storage")

    def __init__(self, live: "Live", id: DurableObjectId, storage: DurableObjectStorage) -> None:
        self._live = live
        self.id: DurableObjectId = id
        self.storage: DurableObjectStorage = storage
        self._tasks = live.tasks

    def waitUntil(self, awaitable: Any, /) -> None:
        """Have the invocation that calls wait for it, too. (On the platform it does nothing.)"""
        self._tasks.add(awaitable)

    def blockConcurrencyWhile(self, callback: Callable[[], Any], /) -> Deferred:
        """Call `callback` now, and hold back calls of the object until it has ended.

        If it raises, so do the calls that wait, and the object is made anew for the next.
        """
        promise = Deferred.of(callback())
        self._live.blocking.append(promise)
        return promise

    def abort(self, reason: Any = None, /) -> None:  # noqa: ARG002
        """Forget the object in memory; the next call makes it anew."""
        self._live.forget()

    def __getattr__(self, name: str) -> Any:
        if name in (
            "acceptWebSocket",
            "getWebSockets",
            "container",
            "facets",
            "exports",
            "getTags",
        ):
            raise NotImplementedError(
                f"ctx.{name} of a Durable Object is not emulated by pykvbinding; ctx has id, "
                "storage, waitUntil, blockConcurrencyWhile and abort"
            )
        raise AttributeError(name)


class Live:
    """An object in memory: its instance, and what holds its calls back.

    `forget` removes the object from memory, so that the next call makes it anew.
    """

    def __init__(
        self, id: DurableObjectId, storage: DurableObjectStorage, forget: Callable[[], None]
    ) -> None:
        self.tasks: Tasks = Tasks()
        self.blocking: list[Deferred] = []
        self.instance: Any = None
        self.forget = forget
        self.state: DurableObjectState = DurableObjectState(self, id, storage)

    async def ready(self) -> None:
        """Return when nothing holds calls back any more.

        Raises: what a callback of `blockConcurrencyWhile` raised; then the object is forgotten.
        """
        while self.blocking:
            try:
                await self.blocking[0]
            except BaseException:
                self.forget()
                raise
            if self.blocking:
                del self.blocking[0]
