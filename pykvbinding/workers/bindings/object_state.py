"""`ctx` of a Durable Object, and the object's instance in memory."""

from collections.abc import Callable
from typing import Any

from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.workers.bindings.object_ids import DurableObjectId
from pykvbinding.workers.bindings.object_storage import DurableObjectStorage
from pykvbinding.workers.context import BackgroundTasks


class DurableObjectState(JsProxy, name="DurableObjectState"):
    """`ctx` of a Durable Object."""

    __slots__ = ("_instance", "_tasks", "id", "storage")

    def __init__(
        self, instance: "ObjectInstance", id: DurableObjectId, storage: DurableObjectStorage
    ) -> None:
        self._instance = instance
        self.id = id
        self.storage = storage
        self._tasks = instance.tasks

    def waitUntil(self, awaitable: Any, /) -> None:
        """Extend the invocation that calls the object until `awaitable` is done.

        On the platform this has no effect.
        """
        self._tasks.add(awaitable)

    def blockConcurrencyWhile(self, callback: Callable[[], Any], /) -> Deferred:
        """Call `callback` now, and delay other calls of the object until it is done.

        If it raises, the delayed calls raise too, and the next call creates a new instance.
        """
        promise = Deferred.of(callback())
        self._instance.blocking.append(promise)
        return promise

    def abort(self, reason: Any = None, /) -> None:  # noqa: ARG002
        """Discard the instance; the next call creates a new one."""
        self._instance.forget()

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


class ObjectInstance:
    """An object in memory: its instance, and the promises that block its calls.

    `forget` discards the instance, so that the next call creates a new one.
    """

    def __init__(
        self, id: DurableObjectId, storage: DurableObjectStorage, forget: Callable[[], None]
    ) -> None:
        self.tasks = BackgroundTasks()
        self.blocking: list[Deferred] = []
        self.instance: Any = None
        self.forget = forget
        self.state = DurableObjectState(self, id, storage)

    async def ready(self) -> None:
        """Wait until no promise blocks calls.

        Raises: the exception of a callback of `blockConcurrencyWhile`. The instance is then
        discarded.
        """
        while self.blocking:
            try:
                await self.blocking[0]
            except BaseException:
                self.forget()
                raise
            if self.blocking:
                del self.blocking[0]
