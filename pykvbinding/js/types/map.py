"""`JsMap` and `JsSet`: a Map is a mapping and a Set a set for Python, as in Pyodide."""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.array import JsArray
from pykvbinding.js.types.container import Container, Conversion


class JsMap(Container, MutableMapping[Any, Any], name="Map"):
    """A Map. Where Python and JavaScript use one name, Python's meaning holds: `keys()`, `get()`.

    >>> sizes = JsMap({"a": 1})
    >>> sizes["a"], sizes.get("b"), sizes.size, sizes.has("a")
    (1, None, 1, True)
    """

    __slots__ = ("_held",)

    def __init__(self, held: dict[Any, Any] | None = None) -> None:
        self._held: dict[Any, Any] = {} if held is None else held

    def __getitem__(self, key: Any) -> Any:
        return self._held[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._held[key] = value

    def __delitem__(self, key: Any) -> None:
        del self._held[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = Container.__hash__

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self._held)

    def has(self, key: Any) -> bool:
        """Whether there is such a key."""
        return key in self._held

    def set(self, key: Any, value: Any = None) -> "JsMap":
        """Set, and return the map."""
        self._held[key] = value
        return self

    def delete(self, key: Any) -> bool:
        """Remove; whether it was there."""
        return self._held.pop(key, _NOTHING) is not _NOTHING

    def entries(self) -> Iterator[JsArray]:
        """Pairs of key and value."""
        return (JsArray([key, value]) for key, value in self._held.items())

    def forEach(self, visit: Callable[..., Any]) -> None:
        """Call `visit` with each value, its key and the map."""
        for key, value in list(self._held.items()):
            visit(value, key, self)

    def fill(self, conversion: Conversion, depth: int) -> dict[Any, Any]:
        """A dict of the entries."""
        found: dict[Any, Any] = {}
        conversion.note(self, found)
        for key, value in self._held.items():
            if isinstance(key, JsProxy):
                raise errors.key_of_dict(key.constructor.name, "dict")
            found[key] = conversion.convert(value, depth)
        return found

    def __str__(self) -> str:
        return "[object Map]"


class LiteralMap(JsMap, name="Map"):
    """What `to_js` makes of a dict: a Map whose strings are members too (Pyodide 0.26.1 to 0.28).

    Before, it was a plain Map, in which nobody finds an option; a Worker of compatibility date
    before 2025-09-29 that runs Python 3.12 still gets that one.

    >>> to_js_made = LiteralMap({"status": 404, "get": 1})
    >>> to_js_made.status, to_js_made["get"], callable(to_js_made.get)
    (404, 1, True)
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name in self._held:
            return self._held[name]
        raise AttributeError(name)

    def literal_members(self) -> Mapping[str, Any]:
        """What JavaScript finds as members: the strings that a Map has no own meaning for."""
        return {
            key: value
            for key, value in self._held.items()
            if isinstance(key, str) and key not in _OWN_NAMES
        }


class JsSet(Container, name="Set"):
    """A Set.

    >>> seen = JsSet(["a"])
    >>> seen.has("a"), seen.size, "a" in seen, seen.to_py()
    (True, 1, True, {'a'})
    """

    __slots__ = ("_held",)

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._held: dict[Any, None] = dict.fromkeys(items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, item: object) -> bool:
        return item in self._held

    @property
    def size(self) -> int:
        """How many items there are."""
        return len(self._held)

    def has(self, item: Any) -> bool:
        """Whether `item` is in it."""
        return item in self._held

    def add(self, item: Any) -> "JsSet":
        """Add, and return the set."""
        self._held[item] = None
        return self

    def delete(self, item: Any) -> bool:
        """Remove; whether it was there."""
        return self._held.pop(item, _NOTHING) is not _NOTHING

    def clear(self) -> None:
        """Remove all."""
        self._held.clear()

    def values(self) -> Iterator[Any]:
        """The items, in the order in which they came."""
        return iter(self._held)

    keys = values

    def entries(self) -> Iterator[JsArray]:
        """Each item twice, as in a Map."""
        return (JsArray([item, item]) for item in self._held)

    def forEach(self, visit: Callable[..., Any]) -> None:
        """Call `visit` with each item, the same again, and the set."""
        for item in list(self._held):
            visit(item, item, self)

    def fill(self, conversion: Conversion, depth: int) -> set[Any]:  # noqa: ARG002
        """A Python set of the items."""
        for item in self._held:
            if isinstance(item, JsProxy):
                raise errors.key_of_dict(item.constructor.name, "set")
        return set(self._held)

    def __str__(self) -> str:
        return "[object Set]"


_NOTHING: Any = object()
_OWN_NAMES = frozenset(
    ("clear", "constructor", "delete", "entries", "forEach", "get", "has", "keys", "set", "size")
) | {"values", "toString", "toJSON", "valueOf", "hasOwnProperty"}
