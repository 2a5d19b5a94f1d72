"""Values that hold others: how they become Python values, and `String(x)` of any value."""

from typing import Any

from pykvbinding.js.core.coercion import float_to_string
from pykvbinding.js.core.proxy import Convert, JsProxy, jsnull


class Container(JsProxy):
    """A value that holds others: `to_py` goes into it."""

    __slots__ = ()

    def to_py(self, *, depth: int = -1, default_converter: Convert | None = None) -> Any:
        """The Python value, converted `depth` levels deep (-1: all of them)."""
        return Conversion(default_converter).convert(self, depth)

    def fill(self, conversion: "Conversion", depth: int) -> Any:
        """The Python container, noted in `conversion` before it is filled."""
        raise NotImplementedError

    def toString(self) -> str:
        """`String(this)`."""
        return str(self)

    def __repr__(self) -> str:
        return str(self)


class Conversion:
    """One call of `to_py`: what it has converted already, and whom it asks about the rest."""

    __slots__ = ("_default", "_found")

    def __init__(self, default_converter: Convert | None = None) -> None:
        self._default = default_converter
        self._found: dict[int, Any] = {}

    def convert(self, value: Any, depth: int) -> Any:
        """The Python value of `value`; what is no JavaScript object stays as it is."""
        if not isinstance(value, JsProxy):
            return value
        if id(value) in self._found:
            return self._found[id(value)]
        if isinstance(value, Container):
            return value.fill(self, depth - 1) if depth else value
        plain = value.to_py()
        if plain is not value or self._default is None:
            return plain
        return self._default(value, lambda inner: self.convert(inner, depth - 1), self.note)

    def note(self, value: Any, result: Any) -> None:
        """Remember `result`, so that a value that holds itself ends."""
        self._found[id(value)] = result


def string_of(value: Any) -> str:
    """`String(value)`, of a JavaScript value, or of a Python one as JavaScript sees it.

    >>> [string_of(value) for value in (None, jsnull, True, 1.0, 1e21, "x")]
    ['undefined', 'null', 'true', '1', '1e+21', 'x']
    """
    if isinstance(value, str):
        return value
    if value is None:
        return "undefined"
    if value is jsnull:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return float_to_string(value) if isinstance(value, float) else str(value)


def python_name(name: str) -> str:
    """The name of a member: JavaScript's `from` and `finally` are `from_` and `finally_` here."""
    return name[:-1] if name[-1:] == "_" and name[:-1] in _KEYWORDS else name


_KEYWORDS = frozenset(
    (
        *("and", "as", "assert", "async", "await", "class", "def", "del", "elif", "except"),
        *("finally", "from", "global", "is", "lambda", "nonlocal", "not", "or", "pass", "raise"),
        *("with", "False", "None", "True", "print", "exec"),
    )
)
