"""Values that hold others, and their conversion to Python values."""

from typing import Any

from pykvbinding.js.core.proxy import Convert, JsProxy


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
