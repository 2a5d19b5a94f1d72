"""`JsMap` and `JsSet`: a Map is a Python mapping and a Set a Python set, as in Pyodide."""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.array import JsArray
from pykvbinding.js.types.container import Container, ToPyConversion


class JsMap(Container, MutableMapping[Any, Any], name="Map"):
    """A Map. Where Python's mapping and JavaScript share a method name, the mapping's is used.

    >>> sizes = JsMap({"a": 1})
    >>> sizes["a"], sizes.get("b"), sizes.size, sizes.has("a")
    (1, None, 1, True)
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: dict[Any, Any] | None = None) -> None:
        self._entries: dict[Any, Any] = {} if entries is None else entries

    def __getitem__(self, key: Any) -> Any:
        return self._entries[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._entries[key] = value

    def __delitem__(self, key: Any) -> None:
        del self._entries[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = Container.__hash__

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self._entries)

    def has(self, key: Any) -> bool:
        """Return whether `key` exists."""
        return key in self._entries

    def set(self, key: Any, value: Any = None) -> "JsMap":
        """Set the value of `key`; return the map."""
        self._entries[key] = value
        return self

    def delete(self, key: Any) -> bool:
        """Remove `key`; return whether it existed."""
        return self._entries.pop(key, _ABSENT) is not _ABSENT

    def entries(self) -> Iterator[JsArray]:
        """Return an iterator over pairs of key and value."""
        return (JsArray([key, value]) for key, value in self._entries.items())

    def forEach(self, callback: Callable[..., Any]) -> None:
        """Call `callback` with each value, its key and the map."""
        for key, value in list(self._entries.items()):
            callback(value, key, self)

    def convert_items(self, conversion: ToPyConversion, depth: int) -> dict[Any, Any]:
        """Return a dict of the converted entries."""
        result: dict[Any, Any] = {}
        conversion.cache(self, result)
        for key, value in self._entries.items():
            if isinstance(key, JsProxy):
                raise errors.invalid_dict_key(key.constructor.name, "dict")
            result[key] = conversion.convert(value, depth)
        return result

    def __str__(self) -> str:
        return "[object Map]"


class LiteralMap(JsMap, name="Map"):
    """The result of `to_js` for a dict: a Map whose string keys are also members.

    This is Pyodide's class (0.26.1 to 0.28). Earlier versions return a plain Map, whose entries are
    not found as options; so does a Worker with Python 3.12 (compatibility date before 2025-09-29).

    >>> init = LiteralMap({"status": 404, "get": 1})
    >>> init.status, init["get"], callable(init.get)
    (404, 1, True)
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name in self._entries:
            return self._entries[name]
        raise AttributeError(name)

    def string_members(self) -> Mapping[str, Any]:
        """Return the entries that are members: string keys that are not members of every Map."""
        return {
            key: value
            for key, value in self._entries.items()
            if isinstance(key, str) and key not in _MAP_MEMBERS
        }


class JsSet(Container, name="Set"):
    """A Set.

    >>> seen = JsSet(["a"])
    >>> seen.has("a"), seen.size, "a" in seen, seen.to_py()
    (True, 1, True, {'a'})
    """

    __slots__ = ("_entries",)

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._entries: dict[Any, None] = dict.fromkeys(items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, item: object) -> bool:
        return item in self._entries

    @property
    def size(self) -> int:
        """The number of items."""
        return len(self._entries)

    def has(self, item: Any) -> bool:
        """Return whether `item` is in the set."""
        return item in self._entries

    def add(self, item: Any) -> "JsSet":
        """Add an item; return the set."""
        self._entries[item] = None
        return self

    def delete(self, item: Any) -> bool:
        """Remove `item`; return whether it existed."""
        return self._entries.pop(item, _ABSENT) is not _ABSENT

    def clear(self) -> None:
        """Remove all items."""
        self._entries.clear()

    def values(self) -> Iterator[Any]:
        """Return an iterator over the items, in insertion order."""
        return iter(self._entries)

    keys = values

    def entries(self) -> Iterator[JsArray]:
        """Return an iterator over pairs that contain each item twice, like entries of a Map."""
        return (JsArray([item, item]) for item in self._entries)

    def forEach(self, callback: Callable[..., Any]) -> None:
        """Call `callback` with each item, the same item again, and the set."""
        for item in list(self._entries):
            callback(item, item, self)

    def convert_items(self, conversion: ToPyConversion, depth: int) -> set[Any]:  # noqa: ARG002
        """Return a Python set of the items."""
        for item in self._entries:
            if isinstance(item, JsProxy):
                raise errors.invalid_dict_key(item.constructor.name, "set")
        return set(self._entries)

    def __str__(self) -> str:
        return "[object Set]"


_ABSENT: Any = object()
_MAP_MEMBERS = frozenset(
    ("clear", "constructor", "delete", "entries", "forEach", "get", "has", "keys", "set", "size")
) | {"values", "toString", "toJSON", "valueOf", "hasOwnProperty"}
