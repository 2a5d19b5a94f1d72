"""The plain values of JavaScript, in one place; and what an options argument holds.

`JsObject` is here; `JsArray`, `JsMap`, `JsSet`, `JsDate` and `JsError` have files of their own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import MAX_SAFE_INTEGER, order_names, to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.array import JsArray, pairs
from pykvbinding.js.types.container import Container, Conversion, python_name
from pykvbinding.js.types.date import JsDate
from pykvbinding.js.types.error import JsError
from pykvbinding.js.types.map import JsMap, JsSet, LiteralMap

__all__ = [
    "JsArray",
    "JsDate",
    "JsError",
    "JsMap",
    "JsObject",
    "JsProxy",
    "JsSet",
    "LiteralMap",
    "entries_of",
    "from_entries",
    "jsnull",
    "members",
    "number",
    "pairs",
]


class JsObject(Container, name="Object"):
    """A plain object: its members are attributes; one that is not there is an AttributeError.

    >>> point = JsObject({"x": 1})
    >>> point.x, point.to_py(), hasattr(point, "y")
    (1, {'x': 1}, False)
    """

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, Any] | None = None) -> None:
        _set_members(self, {} if members is None else members)

    def __getattr__(self, name: str) -> Any:
        found = _members_of(self)
        try:
            return found[name]
        except KeyError:
            pass
        stripped = python_name(name)
        if stripped in found:
            return found[stripped]
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        _members_of(self)[python_name(name)] = value

    def __delattr__(self, name: str) -> None:
        _members_of(self).pop(python_name(name), None)

    def __dir__(self) -> list[str]:
        return sorted({*dir(type(self)), *_members_of(self)})

    def hasOwnProperty(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in _members_of(self)

    def object_keys(self) -> JsArray:
        """`Object.keys(this)`: names that are integers first, as everywhere in JavaScript."""
        return JsArray(order_names(list(_members_of(self))))

    def object_values(self) -> JsArray:
        """`Object.values(this)`."""
        return JsArray([value for _, value in entries_of(self)])

    def object_entries(self) -> JsArray:
        """`Object.entries(this)`: pairs of name and value."""
        return pairs(entries_of(self))

    def as_object_map(self, *, hereditary: bool = False) -> JsMap:  # noqa: ARG002
        """The same members, as a mapping: what is set there is set here."""
        return JsMap(_members_of(self))

    def fill(self, conversion: Conversion, depth: int) -> dict[str, Any]:
        """A dict of the members."""
        found: dict[str, Any] = {}
        conversion.note(self, found)
        for name, value in entries_of(self):
            found[name] = conversion.convert(value, depth)
        return found


# The slot itself, because the attributes of an object are its members.
_slot: Any = JsObject.__dict__["_members"]
_set_members = _slot.__set__
_members_of = _slot.__get__


def entries_of(value: JsObject) -> list[tuple[str, Any]]:
    """The members of an object, in the order of JavaScript."""
    found: dict[str, Any] = _members_of(value)
    return [(name, found[name]) for name in order_names(list(found))]


def members(init: Any) -> Mapping[str, Any]:
    """What an argument of options holds, such as the `init` of a Response, by name.

    A dict counts as in Pyodide 0.28, and so does a Map that `to_js` made of one; any other object
    is asked for its attributes (`Response.new(body, response)`). `None` and jsnull hold nothing.
    """
    if type(init) is JsObject:
        found: Mapping[str, Any] = _members_of(init)
        return found
    if init is None or init is jsnull:
        return {}
    if isinstance(init, dict):
        return init
    if isinstance(init, LiteralMap):
        return init.literal_members()
    return {} if isinstance(init, str | float | int) else Attributes(init)


class Attributes(Mapping[str, Any]):
    """The attributes of an object, as a mapping that knows no end."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __getitem__(self, name: str) -> Any:
        try:
            return getattr(self._value, name)
        except AttributeError:
            raise KeyError(name) from None

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def from_entries(entries: Any = None) -> JsObject:
    """`Object.fromEntries`.

    >>> from_entries([("a", 1)]).a
    1

    Raises: JsException, "Iterator value 1 is not an entry object".
    """
    return JsObject({to_js_string(name): value for name, value in each_entry(entries)})


def each_entry(entries: Any) -> Iterable[tuple[Any, Any]]:
    """The pairs that an iterable of pairs holds; a Map iterates over pairs in JavaScript.

    Raises: JsException, "undefined is not iterable", "Iterator value 1 is not an entry object".
    """
    if isinstance(entries, JsMap):
        return list(entries.items())
    if entries is jsnull:
        raise errors.value_not_iterable("undefined")  # V8's word for both
    return [_entry(entry) for entry in each(entries)]


def each(items: Any) -> Iterable[Any]:
    """What iterates in JavaScript. Raises: JsException, "number 5 is not iterable …"."""
    try:
        found: Iterable[Any] = iter(items)
    except TypeError:
        raise errors.value_not_iterable(described(items)) from None
    return found


def _entry(entry: Any) -> tuple[Any, Any]:
    if isinstance(entry, str | int | float) or entry is None or entry is jsnull:
        raise errors.not_an_entry(to_js_string(entry))
    held = [*each(entry), None, None]
    return held[0], held[1]


def described(value: Any) -> str:
    """A value as V8 names one in its errors: "number 5", "object null"."""
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return f"boolean {to_js_string(value)}"
    if isinstance(value, int | float):
        return f"number {to_js_string(value)}"
    return f"object {to_js_string(value)}" if value is jsnull else to_js_string(value)


def number(value: float) -> float:
    """A number as it arrives in Python: an `int` where it is a safe integer.

    >>> number(5.0), number(0.5), number(2.0**53)
    (5, 0.5, 9007199254740992.0)
    """
    if isinstance(value, float) and value.is_integer() and abs(value) <= MAX_SAFE_INTEGER:
        return int(value)
    return value
