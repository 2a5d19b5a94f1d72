"""`JsIterator`: the result of `entries()`, `keys()` and `values()` of a JavaScript object."""

from collections.abc import Iterator
from typing import Any

from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.object import JsArray, JsObject


class JsIterator(JsProxy, name="Iterator"):
    """An iterator with Python's protocol and JavaScript's `next()`."""

    __slots__ = ("_iterator",)

    def __init__(self, iterator: Iterator[Any]) -> None:
        self._iterator = iterator

    def __iter__(self) -> Iterator[Any]:
        return self._iterator

    def __next__(self) -> Any:
        return next(self._iterator)

    def next(self) -> JsObject:
        """Return an object with `done` and `value`."""
        for value in self._iterator:
            return JsObject({"done": False, "value": value})
        return JsObject({"done": True, "value": None})

    def __repr__(self) -> str:
        return str(self)


class EntryIterator(JsIterator, name="EntryIterator"):
    """Iterates over pairs of name and value, each an Array."""

    __slots__ = ()

    def __init__(self, pairs: Iterator[tuple[str, Any]]) -> None:
        super().__init__(JsArray([name, value]) for name, value in pairs)


class KeyIterator(JsIterator, name="KeyIterator"):
    """Iterates over the names of pairs."""

    __slots__ = ()

    def __init__(self, pairs: Iterator[tuple[str, Any]]) -> None:
        super().__init__(name for name, _ in pairs)


class ValueIterator(JsIterator, name="ValueIterator"):
    """Iterates over the values of pairs."""

    __slots__ = ()

    def __init__(self, pairs: Iterator[tuple[str, Any]]) -> None:
        super().__init__(value for _, value in pairs)


def iterate_by_index(pairs: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Iterate over a list that may change during the iteration."""
    index = 0
    while index < len(pairs):
        yield pairs[index]
        index += 1


class MapLike(JsProxy):
    """An object with `get`, `set`, `has` and `delete`, which Pyodide makes subscriptable."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return bool(self.has(name))

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self.set(name, value)

    def __delitem__(self, name: str) -> None:
        self.delete(name)
        raise KeyError(name)  # as in Pyodide: `delete` returns undefined, which counts as absent
