"""`JsProxy`: what a JavaScript value has in Python, whatever else it is; and JavaScript's null."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

Convert = Callable[[Any, Callable[[Any], Any], Callable[[Any, Any], None]], Any]
"""A `default_converter`: the value, how to convert what it holds, where to note a result."""


class Constructor:
    """What `value.constructor` tells of a JavaScript value: the `name` of its class."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name: str = name

    def __repr__(self) -> str:
        return f"[class {self.name}]"


class JsProxy:
    """A JavaScript value as Python holds it (Pyodide's name).

    A class says what it is in JavaScript: `class Headers(JsProxy, name="Headers")`.
    """

    __slots__ = ()

    constructor: ClassVar[Constructor] = Constructor("Object")
    typeof: ClassVar[str] = "object"

    def __init_subclass__(cls, *, name: str | None = None, **named: Any) -> None:
        super().__init_subclass__(**named)
        cls.constructor = Constructor(cls.__name__ if name is None else name)

    def to_py(
        self,
        *,
        depth: int = -1,  # noqa: ARG002 -- for those that hold others
        default_converter: Convert | None = None,
    ) -> Any:
        """The Python value of a JavaScript one; itself, where Python has no such value."""
        if default_converter is None:
            return self
        return default_converter(self, _as_is, _forget)

    def __str__(self) -> str:
        return f"[object {self.constructor.name}]"

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def _as_is(value: Any) -> Any:
    return value


def _forget(value: Any, result: Any) -> None:
    """A value that holds no others cannot hold itself, so nothing need be remembered."""


class JsNull:
    """JavaScript's null, where it is told from undefined, which is None."""

    __slots__ = ()

    typeof: ClassVar[str] = "object"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "jsnull"


jsnull: Final = JsNull()


def sent(value: Any) -> Any:
    """A Python value that arrives in JavaScript as `value` does.

    Objects become dicts (without what is undefined), Arrays lists, buffers views, Dates datetimes,
    null None. A Map, which has no members, stays one, and so does whatever else Python has not.
    """
    if value is jsnull:
        return None
    if not isinstance(value, JsProxy):
        return value
    name = value.constructor.name
    if name == "Object":
        members = value.to_py(depth=1).items()
        return {member: sent(held) for member, held in members if held is not None}
    if name == "Array":
        return [sent(item) for item in value.to_py(depth=1)]
    if name == "Date":
        return datetime.fromtimestamp(value.getTime() / 1000, UTC)
    plain = value.to_py()
    return plain if isinstance(plain, memoryview) else value
