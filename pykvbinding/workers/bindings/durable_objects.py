"""Durable Objects: the binding, ids and stubs, and how a call reaches its object."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core.promise import Pending
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.fetch.request import Request
from pykvbinding.workers import errors
from pykvbinding.workers.bindings.object_ids import DurableObjectId
from pykvbinding.workers.bindings.object_instances import Objects
from pykvbinding.workers.current import CURRENT

MADE, CHECK = 48, 16
"""Hexadecimal digits of an id: those that were made, and those that tell whose it is."""


class DurableObjectNamespace(JsProxy, name="DurableObjectNamespace"):
    """The binding: from names to ids to stubs.

    Ids follow from the class and the name, and new ones from how many there were before: the same
    in every run.
    """

    is_of_a_worker = True

    __slots__ = ("_binding", "_class", "_objects")

    def __init__(self, objects: Objects, binding: str, class_name: str) -> None:
        self._objects = objects
        self._binding = binding
        self._class = class_name

    def idFromName(self, name: Any = None, /) -> DurableObjectId:
        """The id of that name, always the same.

        Raises: JsException, "Failed to execute 'idFromName' on 'DurableObjectNamespace': …"
        """
        if name is None:
            raise errors.namespace_argument("idFromName", "string")
        return self._id(f"name {name}", str(name))

    def newUniqueId(self, options: Any = None, /, **_: Any) -> DurableObjectId:  # noqa: ARG002
        """An id that nothing has yet."""
        return self._id(f"number {self._objects.next_number()}", None)

    def idFromString(self, text: Any = None, /) -> DurableObjectId:
        """The id that was written down as `text`; it has lost its name.

        Raises: JsException, "Invalid Durable Object ID: must be 64 hex digits" or "Durable Object
        ID is not valid for this namespace."
        """
        written = str(text).lower()
        if len(written) != MADE + CHECK or not set(written) <= set("0123456789abcdef"):
            raise errors.object_id_not_hexadecimal()
        if written[MADE:] != self._check(written[:MADE]):
            raise errors.object_id_of_others()
        return DurableObjectId(written, None)

    def get(self, id: Any = None, options: Any = None, /, **_: Any) -> "Stub":  # noqa: ARG002
        """The stub of an id, whose object is made when it is called first.

        Raises: JsException, "Failed to execute 'get' on 'DurableObjectNamespace': …"
        """
        if not isinstance(id, DurableObjectId):
            raise errors.namespace_argument("get", "DurableObjectId")
        return Stub(self._objects, self._class, self._binding, id)

    def getByName(self, name: Any = None, options: Any = None, /, **_: Any) -> "Stub":  # noqa: ARG002
        """The stub of a name.

        Raises: JsException, "Failed to execute 'getByName' on 'DurableObjectNamespace': …"
        """
        if name is None:
            raise errors.namespace_argument("getByName", "string")
        return self.get(self.idFromName(name))

    def jurisdiction(self, name: Any = None, /) -> "DurableObjectNamespace":  # noqa: ARG002
        """The same namespace: where an object lives makes no difference here."""
        return self

    def _id(self, what: str, name: str | None) -> DurableObjectId:
        made = sha256(f"{self._class} {what}".encode("utf-8", "surrogatepass")).hexdigest()[:MADE]
        return DurableObjectId(made + self._check(made), name)

    def _check(self, made: str) -> str:
        return sha256(f"{self._class} of {made}".encode()).hexdigest()[:CHECK]

    def __repr__(self) -> str:
        return f"<DurableObjectNamespace {self._binding}: {self._class}>"


def find(namespace: DurableObjectNamespace, name: str) -> tuple[str, DurableObjectId]:
    """The class of a namespace, and the id that is written so, else the one of that name."""
    try:
        return namespace._class, namespace.idFromString(name)
    except JsException:
        return namespace._class, namespace.idFromName(name)


class Stub(JsProxy, name="DurableObject"):
    """What a namespace hands out: its methods are those of the object, called over RPC."""

    __slots__ = ("_binding", "_class", "_objects", "id")

    def __init__(
        self, objects: Objects, class_name: str, binding: str, id: DurableObjectId
    ) -> None:
        self._objects = objects
        self._class = class_name
        self._binding = binding
        self.id: DurableObjectId = id

    @property
    def name(self) -> str | None:
        """The name that its id was made from."""
        return self.id.name

    def fetch(self, input: Any, init: Any = None, /, **named: Any) -> Pending:
        """The object's answer to a request.

        Raises: JsException, such as "Invalid URL: /x"; what the object raises.
        """
        return Pending(self._fetch(input, init, named))

    async def _fetch(self, input: Any, init: Any, named: dict[str, Any]) -> Any:
        request = getattr(input, "js_object", input)
        if type(request) is not Request or init is not None or named:
            request = Request(request, named if init is None else init)
        response = await self._objects.fetch(self._class, self._binding, self.id, request)
        if CURRENT.get() is None:  # a test asks
            from pykvbinding.workers.install import import_workers

            return import_workers().Response(response)
        return response

    def __getattr__(self, name: str) -> Callable[..., Pending]:
        if name.startswith("__") or name in ("then", "js_object"):
            raise AttributeError(name)

        def call(*args: Any, **named: Any) -> Pending:
            return Pending(
                self._objects.call(self._class, self._binding, self.id, name, args, named)
            )

        return call

    def __repr__(self) -> str:
        return f"<Durable Object {self._class} {self.id.name or self.id.toString()}>"
