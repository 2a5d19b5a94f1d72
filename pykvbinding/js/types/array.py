"""`JsArray`: an Array, with the methods of a Python list and those of JavaScript."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.container import Container, Conversion

Visit = Callable[..., Any]
"""A callback: it is called with item, index and array, and must take all three, as in Pyodide."""


class JsArray(Container, name="Array"):
    """An Array: a Python list, and JavaScript's methods where Python's do not stand in the way.

    >>> letters = JsArray(["a", "b"])
    >>> letters.push("c"), len(letters), letters[-1], letters.to_py()
    (3, 3, 'c', ['a', 'b', 'c'])
    """

    __slots__ = ("_items",)

    _items: list[Any]

    def __init__(self, items: list[Any] | None = None) -> None:
        self._items = [] if items is None else items

    # What Python calls it by.

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

    def __add__(self, other: Iterable[Any]) -> "JsArray":
        return JsArray([*self._items, *other])

    def __iadd__(self, other: Iterable[Any]) -> "JsArray":
        self._items.extend(other)
        return self

    def __mul__(self, count: int) -> "JsArray":
        return JsArray(self._items * count)

    def append(self, item: Any) -> None:
        """Add at the end."""
        self._items.append(item)

    def extend(self, items: Iterable[Any]) -> None:
        """Add them all at the end."""
        self._items.extend(items)

    def insert(self, index: int, item: Any) -> None:
        """Add before `index`."""
        self._items.insert(index, item)

    def pop(self, index: int = -1) -> Any:
        """Remove and return an item, the last by default."""
        return self._items.pop(index)

    def remove(self, item: Any) -> None:
        """Remove the first item that equals."""
        del self._items[self.index(item)]

    def index(self, item: Any, *bounds: int) -> int:
        """Where `item` is first. Raises: ValueError, "7 is not in list"."""
        try:
            return self._items.index(item, *bounds)
        except ValueError:
            raise ValueError(*_not_in_list(item)) from None

    def count(self, item: Any) -> int:
        """How often `item` is in it."""
        return self._items.count(item)

    def reverse(self) -> None:
        """Turn around in place: Python's method, so it returns nothing."""
        self._items.reverse()

    # What JavaScript calls it by.

    @property
    def length(self) -> int:
        """How many items there are."""
        return len(self._items)

    def push(self, *items: Any) -> int:
        """Add at the end; returns the new length."""
        self._items.extend(items)
        return len(self._items)

    def shift(self) -> Any:
        """Remove and return the first item; `None` (undefined) of an empty array."""
        return self._items.pop(0) if self._items else None

    def unshift(self, *items: Any) -> int:
        """Add in front; returns the new length."""
        self._items[:0] = items
        return len(self._items)

    def at(self, index: int) -> Any:
        """The item at `index`, counted from the end if negative; `None` where there is none."""
        inside = -len(self._items) <= index < len(self._items)
        return self._items[index] if inside else None

    def slice(self, start: int | None = None, end: int | None = None) -> "JsArray":
        """A new array of the items from `start` to before `end`."""
        return JsArray(self._items[start:end])

    def splice(self, start: int, delete: int | None = None, *items: Any) -> "JsArray":
        """Replace `delete` items at `start` (all that follow by default); returns the old ones."""
        start = slice(start, None).indices(len(self._items))[0]
        stop = len(self._items) if delete is None else start + max(0, delete)
        removed = self._items[start:stop]
        self._items[start:stop] = items
        return JsArray(removed)

    def concat(self, *others: Any) -> "JsArray":
        """A new array with the items of others behind, and with what is no array as it is."""
        items = list(self._items)
        for other in others:
            items.extend(other) if isinstance(other, JsArray) else items.append(other)
        return JsArray(items)

    def includes(self, item: Any) -> bool:
        """Whether `item` is in it."""
        return item in self._items

    def indexOf(self, item: Any) -> int:
        """Where `item` is first; -1 where it is not."""
        return self._items.index(item) if item in self._items else -1

    def join(self, separator: str = ",") -> str:
        """The strings of all items in a row; null and undefined are empty."""
        texts = (
            "" if item is None or item is jsnull else to_js_string(item) for item in self._items
        )
        return separator.join(texts)

    def forEach(self, visit: Visit) -> None:
        """Call `visit` with each item, its index and the array."""
        for _ in self._visited(visit):
            pass

    def map(self, visit: Visit) -> "JsArray":
        """A new array of what `visit` returns for each item."""
        return JsArray([answer for _, answer in self._visited(visit)])

    def filter(self, visit: Visit) -> "JsArray":
        """A new array of the items for which `visit` returns something true."""
        return JsArray([item for item, answer in self._visited(visit) if answer])

    def find(self, visit: Visit) -> Any:
        """The first item for which `visit` returns something true; `None` if there is none."""
        return next((item for item, answer in self._visited(visit) if answer), None)

    def some(self, visit: Visit) -> bool:
        """Whether `visit` returns something true for any item."""
        return any(answer for _, answer in self._visited(visit))

    def every(self, visit: Visit) -> bool:
        """Whether `visit` returns something true for all items."""
        return all(answer for _, answer in self._visited(visit))

    def _visited(self, visit: Visit) -> Iterator[tuple[Any, Any]]:
        for index, item in enumerate(self._items):
            yield item, visit(item, index, self)

    def values(self) -> Iterator[Any]:
        """The items."""
        yield from self._items

    def entries(self) -> Iterator["JsArray"]:
        """Pairs of index and item."""
        return (JsArray([index, item]) for index, item in enumerate(self._items))

    def object_keys(self) -> "JsArray":
        """`Object.keys(this)`: the indexes as strings."""
        return JsArray([str(index) for index in range(len(self._items))])

    def object_values(self) -> "JsArray":
        """`Object.values(this)`."""
        return JsArray(list(self._items))

    def object_entries(self) -> "JsArray":
        """`Object.entries(this)`."""
        return pairs((str(index), item) for index, item in enumerate(self._items))

    def fill(self, conversion: Conversion, depth: int) -> list[Any]:
        """A list of the items."""
        found: list[Any] = []
        conversion.note(self, found)
        found.extend(conversion.convert(item, depth) for item in self._items)
        return found

    def __str__(self) -> str:
        return self.join()


def pairs(items: Iterable[tuple[Any, Any]]) -> JsArray:
    """An Array of Arrays of two, as `Object.entries` returns it."""
    return JsArray([JsArray([name, value]) for name, value in items])


def _not_in_list(item: Any) -> tuple[str]:
    return (f"{item!r} is not in list",)
