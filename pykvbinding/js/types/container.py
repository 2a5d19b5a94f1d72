"""`Container`, the base class of values that contain others; their conversion to Python."""

from typing import Any

from pykvbinding.js.core.proxy import DefaultConverter, JsProxy


class Container(JsProxy):
    """A JavaScript value that contains others, which `to_py` converts too."""

    __slots__ = ()

    def to_py(self, *, depth: int = -1, default_converter: DefaultConverter | None = None) -> Any:
        """Convert to a Python value, `depth` levels deep (-1: all levels)."""
        return ToPyConversion(default_converter).convert(self, depth)

    def convert_items(self, conversion: "ToPyConversion", depth: int) -> Any:
        """Return the Python container; add it to the cache of `conversion` before filling it."""
        raise NotImplementedError

    def toString(self) -> str:
        """Return `String(this)`."""
        return str(self)

    def __repr__(self) -> str:
        return str(self)


class ToPyConversion:
    """One call of `to_py`: its cache of converted values and its `default_converter`."""

    __slots__ = ("_default", "_results")

    def __init__(self, default_converter: DefaultConverter | None = None) -> None:
        self._default = default_converter
        self._results: dict[int, Any] = {}

    def convert(self, value: Any, depth: int) -> Any:
        """Convert `value`; a value that is not a JavaScript object is returned unchanged."""
        if not isinstance(value, JsProxy):
            return value
        if id(value) in self._results:
            return self._results[id(value)]
        if isinstance(value, Container):
            return value.convert_items(self, depth - 1) if depth else value
        plain = value.to_py()
        if plain is not value or self._default is None:
            return plain
        return self._default(value, lambda item: self.convert(item, depth - 1), self.cache)

    def cache(self, value: Any, result: Any) -> None:
        """Store `result`, so that the conversion of a cyclic value terminates."""
        self._results[id(value)] = result


def unescape_keyword(name: str) -> str:
    """Return the JavaScript name of a member: `from` for `from_`, `finally` for `finally_`."""
    return name[:-1] if name[-1:] == "_" and name[:-1] in _KEYWORDS else name


_KEYWORDS = frozenset(
    (
        *("and", "as", "assert", "async", "await", "class", "def", "del", "elif", "except"),
        *("finally", "from", "global", "is", "lambda", "nonlocal", "not", "or", "pass", "raise"),
        *("with", "False", "None", "True", "print", "exec"),
    )
)
