"""`JsProxy`, the base class of JavaScript values in Python; and JavaScript's null."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

DefaultConverter = Callable[[Any, Callable[[Any], Any], Callable[[Any, Any], None]], Any]
"""A `default_converter(value, convert, cache_conversion)`, as in Pyodide."""


class Constructor:
    """`value.constructor` of a JavaScript value: its `name` is that of the class."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name: str = name

    def __repr__(self) -> str:
        return f"[class {self.name}]"


class JsProxy:
    """A JavaScript value in Python (Pyodide's name).

    A subclass states its JavaScript name: `class Headers(JsProxy, name="Headers")`.
    """

    __slots__ = ()

    constructor: ClassVar[Constructor] = Constructor("Object")
    typeof: ClassVar[str] = "object"

    def __init_subclass__(cls, *, name: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.constructor = Constructor(cls.__name__ if name is None else name)

    def to_py(
        self,
        *,
        depth: int = -1,  # noqa: ARG002 -- used by containers
        default_converter: DefaultConverter | None = None,
    ) -> Any:
        """Convert to a Python value; return the proxy itself if Python has no equivalent."""
        if default_converter is None:
            return self
        return default_converter(self, _identity, _ignore)

    def __str__(self) -> str:
        return f"[object {self.constructor.name}]"

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def _identity(value: Any) -> Any:
    return value


def _ignore(value: Any, result: Any) -> None:
    """Discard the result: a value without items cannot contain itself."""


class JsNull:
    """JavaScript's null. JavaScript's undefined is None in Python."""

    __slots__ = ()

    typeof: ClassVar[str] = "object"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "jsnull"


jsnull: Final = JsNull()


def to_python_value(value: Any) -> Any:
    """Convert a JavaScript value to the Python value that arrives in JavaScript identically.

    Objects become dicts (without undefined members), Arrays lists, buffers memoryviews, Dates
    datetimes, null None. Any other value stays as it is, such as a Map, which has no members.
    """
    if value is jsnull:
        return None
    if not isinstance(value, JsProxy):
        return value
    name = value.constructor.name
    if name == "Object":
        members = value.to_py(depth=1).items()
        return {name: to_python_value(item) for name, item in members if item is not None}
    if name == "Array":
        return [to_python_value(item) for item in value.to_py(depth=1)]
    if name == "Date":
        return datetime.fromtimestamp(value.getTime() / 1000, UTC)
    plain = value.to_py()
    return plain if isinstance(plain, memoryview) else value
