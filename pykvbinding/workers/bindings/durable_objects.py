"""Durable Objects: the namespace binding and its stubs."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core.promise import LazyPromise
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.fetch.request import Request
from pykvbinding.workers import errors
from pykvbinding.workers.bindings.object_ids import DurableObjectId
from pykvbinding.workers.bindings.object_instances import DurableObjectInstances
from pykvbinding.workers.current import current_invocation

ID_DIGITS, CHECKSUM_DIGITS = 48, 16
"""Hexadecimal digits of an id: the hash, then a checksum that identifies the namespace."""


class DurableObjectNamespace(JsProxy, name="DurableObjectNamespace"):
    """The binding, which maps names to ids and ids to stubs.

    Ids are derived from the class and the name, and new unique ids from a counter, so they are the
    same in every run.
    """

    is_worker_binding = True

    __slots__ = ("_binding", "_class_name", "_objects")

    def __init__(self, objects: DurableObjectInstances, binding: str, class_name: str) -> None:
        self._objects = objects
        self._binding = binding
        self._class_name = class_name

    def idFromName(self, name: Any = None, /) -> DurableObjectId:
        """Return the id of `name`, which is always the same.

        Raises: JsException, "Failed to execute 'idFromName' on 'DurableObjectNamespace': …"
        """
        if name is None:
            raise errors.namespace_argument("idFromName", "string")
        return self._id(f"name {name}", str(name))

    def newUniqueId(self, options: Any = None, /, **_: Any) -> DurableObjectId:  # noqa: ARG002
        """Return an id that was not used before."""
        return self._id(f"number {self._objects.next_normalize_number()}", None)

    def idFromString(self, text: Any = None, /) -> DurableObjectId:
        """Return the id whose hexadecimal digits are `text`, without a name.

        Raises: JsException, "Invalid Durable Object ID: must be 64 hex digits" or "Durable Object
        ID is not valid for this namespace."
        """
        digits = str(text).lower()
        if len(digits) != ID_DIGITS + CHECKSUM_DIGITS or not set(digits) <= set("0123456789abcdef"):
            raise errors.object_id_not_hexadecimal()
        if digits[ID_DIGITS:] != self._checksum(digits[:ID_DIGITS]):
            raise errors.object_id_of_others()
        return DurableObjectId(digits, None)

    def get(self, id: Any = None, options: Any = None, /, **_: Any) -> "DurableObjectStub":  # noqa: ARG002
        """Return the stub of an id. The object is created at its first call.

        Raises: JsException, "Failed to execute 'get' on 'DurableObjectNamespace': …"
        """
        if not isinstance(id, DurableObjectId):
            raise errors.namespace_argument("get", "DurableObjectId")
        return DurableObjectStub(self._objects, self._class_name, self._binding, id)

    def getByName(self, name: Any = None, options: Any = None, /, **_: Any) -> "DurableObjectStub":  # noqa: ARG002
        """Return the stub of the object with this name.

        Raises: JsException, "Failed to execute 'getByName' on 'DurableObjectNamespace': …"
        """
        if name is None:
            raise errors.namespace_argument("getByName", "string")
        return self.get(self.idFromName(name))

    def jurisdiction(self, name: Any = None, /) -> "DurableObjectNamespace":  # noqa: ARG002
        """Return this namespace. The location of objects is not emulated."""
        return self

    def _id(self, source: str, name: str | None) -> DurableObjectId:
        digits = sha256(
            f"{self._class_name} {source}".encode("utf-8", "surrogatepass")
        ).hexdigest()[:ID_DIGITS]
        return DurableObjectId(digits + self._checksum(digits), name)

    def _checksum(self, digits: str) -> str:
        return sha256(f"{self._class_name} of {digits}".encode()).hexdigest()[:CHECKSUM_DIGITS]

    def __repr__(self) -> str:
        return f"<DurableObjectNamespace {self._binding}: {self._class_name}>"


def resolve_id(namespace: DurableObjectNamespace, name: str) -> tuple[str, DurableObjectId]:
    """Return the class and the id for `name`, which is the digits of an id or a name."""
    try:
        return namespace._class_name, namespace.idFromString(name)
    except JsException:
        return namespace._class_name, namespace.idFromName(name)


class DurableObjectStub(JsProxy, name="DurableObject"):
    """A client of one object: its methods call those of the object over RPC."""

    __slots__ = ("_binding", "_class_name", "_objects", "id")

    def __init__(
        self, objects: DurableObjectInstances, class_name: str, binding: str, id: DurableObjectId
    ) -> None:
        self._objects = objects
        self._class_name = class_name
        self._binding = binding
        self.id: DurableObjectId = id

    @property
    def name(self) -> str | None:
        """The name from which the id was derived, or None."""
        return self.id.name

    def fetch(self, input: Any, init: Any = None, /, **kwargs: Any) -> LazyPromise:
        """Send a request to the object and return its response.

        Raises: JsException, such as "Invalid URL: /x"; the exception of the object.
        """
        return LazyPromise(self._fetch(input, init, kwargs))

    async def _fetch(self, input: Any, init: Any, kwargs: dict[str, Any]) -> Any:
        request = getattr(input, "js_object", input)
        if type(request) is not Request or init is not None or kwargs:
            request = Request(request, kwargs if init is None else init)
        response = await self._objects.fetch(self._class_name, self._binding, self.id, request)
        if current_invocation.get() is None:  # called by a test
            from pykvbinding.workers.install import import_workers

            return import_workers().Response(response)
        return response

    def __getattr__(self, name: str) -> Callable[..., LazyPromise]:
        if name.startswith("__") or name in ("then", "js_object"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> LazyPromise:
            return LazyPromise(
                self._objects.call(self._class_name, self._binding, self.id, name, args, kwargs)
            )

        return call

    def __repr__(self) -> str:
        return f"<Durable Object {self._class_name} {self.id.name or self.id.toString()}>"
