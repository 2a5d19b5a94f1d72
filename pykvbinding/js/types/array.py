"""`JsArray`: an Array, with the methods of a Python list and those of JavaScript."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.container import Container, ToPyConversion

Callback = Callable[..., Any]
"""A callback: it must accept three arguments, item, index and array, as in Pyodide."""


class JsArray(Container, name="Array"):
    """An Array. Where Python's list and JavaScript share a method name, the list's is used.

    >>> letters = JsArray(["a", "b"])
    >>> letters.push("c"), len(letters), letters[-1], letters.to_py()
    (3, 3, 'c', ['a', 'b', 'c'])
    """

    __slots__ = ("_items",)

    _items: list[Any]

    def __init__(self, items: list[Any] | None = None) -> None:
        self._items = [] if items is None else items

    # Members of a Python list.

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        yield from self._items

    def __reversed__(self) -> Iterator[Any]:
        yield from reversed(self._items)

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return JsArray(self._items[index])
        try:
            return self._items[index]
        except IndexError:
            raise IndexError(index) from None

    def __setitem__(self, index: int | slice, value: Any) -> None:
        self._items[index] = value

    def __delitem__(self, index: int | slice) -> None:
        del self._items[index]

    def __add__(self, value: Iterable[Any]) -> "JsArray":
        return JsArray([*self._items, *value])

    def __iadd__(self, value: Iterable[Any]) -> "JsArray":
        self._items.extend(value)
        return self

    def __mul__(self, count: int) -> "JsArray":
        return JsArray(self._items * count)

    def append(self, item: Any) -> None:
        """Append an item."""
        self._items.append(item)

    def extend(self, items: Iterable[Any]) -> None:
        """Append all items."""
        self._items.extend(items)

    def insert(self, index: int, item: Any) -> None:
        """Insert an item before `index`."""
        self._items.insert(index, item)

    def pop(self, index: int = -1) -> Any:
        """Remove and return the item at `index`, by default the last."""
        return self._items.pop(index)

    def remove(self, item: Any) -> None:
        """Remove the first item that is equal to `item`."""
        del self._items[self.index(item)]

    def index(self, item: Any, *bounds: int) -> int:
        """Return the first index of `item`. Raises: ValueError, "7 is not in list"."""
        try:
            return self._items.index(item, *bounds)
        except ValueError:
            raise ValueError(*_not_in_list_args(item)) from None

    def count(self, item: Any) -> int:
        """Return the number of occurrences of `item`."""
        return self._items.count(item)

    def reverse(self) -> None:
        """Reverse in place: Python's method, which returns None."""
        self._items.reverse()

    # Members of a JavaScript Array.

    @property
    def length(self) -> int:
        """The number of items."""
        return len(self._items)

    def push(self, *items: Any) -> int:
        """Append items; return the new length."""
        self._items.extend(items)
        return len(self._items)

    def shift(self) -> Any:
        """Remove and return the first item; `None` (undefined) if the array is empty."""
        return self._items.pop(0) if self._items else None

    def unshift(self, *items: Any) -> int:
        """Insert items at the start; return the new length."""
        self._items[:0] = items
        return len(self._items)

    def at(self, index: int) -> Any:
        """Return the item at `index`, from the end if negative; `None` if out of range."""
        inside = -len(self._items) <= index < len(self._items)
        return self._items[index] if inside else None

    def slice(self, start: int | None = None, end: int | None = None) -> "JsArray":
        """Return a new array of the items from `start` up to `end`, exclusive."""
        return JsArray(self._items[start:end])

    def splice(self, start: int, delete: int | None = None, *items: Any) -> "JsArray":
        """Replace `delete` items from `start` (by default all); return the removed items."""
        start = slice(start, None).indices(len(self._items))[0]
        stop = len(self._items) if delete is None else start + max(0, delete)
        removed = self._items[start:stop]
        self._items[start:stop] = items
        return JsArray(removed)

    def concat(self, *values: Any) -> "JsArray":
        """Return a new array with `values` appended; an Array among them is flattened."""
        items = list(self._items)
        for value in values:
            items.extend(value) if isinstance(value, JsArray) else items.append(value)
        return JsArray(items)

    def includes(self, item: Any) -> bool:
        """Return whether `item` is in the array."""
        return item in self._items

    def indexOf(self, item: Any) -> int:
        """Return the first index of `item`; -1 if it is absent."""
        return self._items.index(item) if item in self._items else -1

    def join(self, separator: str = ",") -> str:
        """Return the joined strings of the items; null and undefined are empty."""
        texts = (
            "" if item is None or item is jsnull else to_js_string(item) for item in self._items
        )
        return separator.join(texts)

    def forEach(self, callback: Callback) -> None:
        """Call `callback` with each item, its index and the array."""
        for _ in self._call_for_each(callback):
            pass

    def map(self, callback: Callback) -> "JsArray":
        """Return a new array of the results of `callback`."""
        return JsArray([result for _, result in self._call_for_each(callback)])

    def filter(self, callback: Callback) -> "JsArray":
        """Return a new array of the items for which `callback` returns a true value."""
        return JsArray([item for item, result in self._call_for_each(callback) if result])

    def find(self, callback: Callback) -> Any:
        """Return the first item for which `callback` returns a true value, or `None`."""
        return next((item for item, result in self._call_for_each(callback) if result), None)

    def some(self, callback: Callback) -> bool:
        """Return whether `callback` returns a true value for any item."""
        return any(result for _, result in self._call_for_each(callback))

    def every(self, callback: Callback) -> bool:
        """Return whether `callback` returns a true value for all items."""
        return all(result for _, result in self._call_for_each(callback))

    def _call_for_each(self, callback: Callback) -> Iterator[tuple[Any, Any]]:
        for index, item in enumerate(self._items):
            yield item, callback(item, index, self)

    def values(self) -> Iterator[Any]:
        """Return an iterator over the items."""
        yield from self._items

    def entries(self) -> Iterator["JsArray"]:
        """Return an iterator over pairs of index and item."""
        return (JsArray([index, item]) for index, item in enumerate(self._items))

    def object_keys(self) -> "JsArray":
        """Return `Object.keys(this)`: the indexes as strings."""
        return JsArray([str(index) for index in range(len(self._items))])

    def object_values(self) -> "JsArray":
        """Return `Object.values(this)`."""
        return JsArray(list(self._items))

    def object_entries(self) -> "JsArray":
        """Return `Object.entries(this)`."""
        return array_of_pairs((str(index), item) for index, item in enumerate(self._items))

    def convert_items(self, conversion: ToPyConversion, depth: int) -> list[Any]:
        """Return a list of the converted items."""
        result: list[Any] = []
        conversion.cache(self, result)
        result.extend(conversion.convert(item, depth) for item in self._items)
        return result

    def __str__(self) -> str:
        return self.join()


def array_of_pairs(items: Iterable[tuple[Any, Any]]) -> JsArray:
    """Return an Array of Arrays of two items, as `Object.entries` does."""
    return JsArray([JsArray([name, value]) for name, value in items])


def _not_in_list_args(item: Any) -> tuple[str]:
    return (f"{item!r} is not in list",)
