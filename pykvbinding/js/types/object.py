"""`JsObject`, a plain object; options arguments, iteration, and number normalization.

The module re-exports the other built-in object types: `JsArray`, `JsMap`, `JsSet`, `JsDate` and
`JsError`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import MAX_SAFE_INTEGER, order_names, to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.array import JsArray, array_of_pairs
from pykvbinding.js.types.container import Container, ToPyConversion, unescape_keyword
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
    "array_of_pairs",
    "from_entries",
    "jsnull",
    "normalize_number",
    "option_members",
    "own_entries",
]


class JsObject(Container, name="Object"):
    """A plain object: its members are attributes. An absent one raises AttributeError.

    >>> point = JsObject({"x": 1})
    >>> point.x, point.to_py(), hasattr(point, "y")
    (1, {'x': 1}, False)
    """

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, Any] | None = None) -> None:
        _set_members(self, {} if members is None else members)

    def __getattr__(self, name: str) -> Any:
        members = _get_members(self)
        try:
            return members[name]
        except KeyError:
            pass
        stripped = unescape_keyword(name)
        if stripped in members:
            return members[stripped]
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        _get_members(self)[unescape_keyword(name)] = value

    def __delattr__(self, name: str) -> None:
        _get_members(self).pop(unescape_keyword(name), None)

    def __dir__(self) -> list[str]:
        return sorted({*dir(type(self)), *_get_members(self)})

    def hasOwnProperty(self, name: str) -> bool:
        """Return whether the member `name` exists."""
        return name in _get_members(self)

    def object_keys(self) -> JsArray:
        """Return `Object.keys(this)`: integer names first, as JavaScript orders them."""
        return JsArray(order_names(list(_get_members(self))))

    def object_values(self) -> JsArray:
        """Return `Object.values(this)`."""
        return JsArray([value for _, value in own_entries(self)])

    def object_entries(self) -> JsArray:
        """Return `Object.entries(this)`: pairs of name and value."""
        return array_of_pairs(own_entries(self))

    def as_object_map(self, *, hereditary: bool = False) -> JsMap:  # noqa: ARG002
        """Return a mapping that shares the members of the object."""
        return JsMap(_get_members(self))

    def convert_items(self, conversion: ToPyConversion, depth: int) -> dict[str, Any]:
        """Return a dict of the converted members."""
        result: dict[str, Any] = {}
        conversion.cache(self, result)
        for name, value in own_entries(self):
            result[name] = conversion.convert(value, depth)
        return result


# The slot is accessed by its descriptor, because attributes of an object are its members.
_slot: Any = JsObject.__dict__["_members"]
_set_members = _slot.__set__
_get_members = _slot.__get__


def own_entries(value: JsObject) -> list[tuple[str, Any]]:
    """Return the members of an object, in JavaScript's order."""
    members: dict[str, Any] = _get_members(value)
    return [(name, members[name]) for name in order_names(list(members))]


def option_members(init: Any) -> Mapping[str, Any]:
    """Return the members of an options argument, such as the `init` of a Response, by name.

    As in Pyodide 0.28, a dict and a Map that `to_js` returned for a dict are options too. The
    members of any other object are its attributes (`Response.new(body, response)`). `None` and
    jsnull have no members.
    """
    if type(init) is JsObject:
        members: Mapping[str, Any] = _get_members(init)
        return members
    if init is None or init is jsnull:
        return {}
    if isinstance(init, dict):
        return init
    if isinstance(init, LiteralMap):
        return init.string_members()
    return {} if isinstance(init, str | float | int) else AttributeMapping(init)


class AttributeMapping(Mapping[str, Any]):
    """The attributes of an object as a mapping that supports lookup but not iteration."""

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
    """Return `Object.fromEntries(entries)`.

    >>> from_entries([("a", 1)]).a
    1

    Raises: JsException, "Iterator value 1 is not an entry object".
    """
    return JsObject({to_js_string(name): value for name, value in iterate_entries(entries)})


def iterate_entries(entries: Any) -> Iterable[tuple[Any, Any]]:
    """Iterate over the pairs of an iterable of pairs; a Map yields its entries, as in JavaScript.

    Raises: JsException, "undefined is not iterable", "Iterator value 1 is not an entry object".
    """
    if isinstance(entries, JsMap):
        return list(entries.items())
    if entries is jsnull:
        raise errors.value_not_iterable("undefined")  # V8's message for null too
    return [_split_entry(entry) for entry in iterate(entries)]


def iterate(items: Any) -> Iterable[Any]:
    """Iterate as JavaScript does. Raises: JsException, "number 5 is not iterable …"."""
    try:
        iterator: Iterable[Any] = iter(items)
    except TypeError:
        raise errors.value_not_iterable(describe_value(items)) from None
    return iterator


def _split_entry(entry: Any) -> tuple[Any, Any]:
    if isinstance(entry, str | int | float) or entry is None or entry is jsnull:
        raise errors.not_an_entry(to_js_string(entry))
    parts = [*iterate(entry), None, None]
    return parts[0], parts[1]


def describe_value(value: Any) -> str:
    """Describe a value as V8 does in its errors: "number 5", "object null"."""
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return f"boolean {to_js_string(value)}"
    if isinstance(value, int | float):
        return f"number {to_js_string(value)}"
    return f"object {to_js_string(value)}" if value is jsnull else to_js_string(value)


def normalize_number(value: float) -> float:
    """Convert a number as Pyodide does: a safe integer becomes an `int`.

    >>> normalize_number(5.0), normalize_number(0.5), normalize_number(2.0**53)
    (5, 0.5, 9007199254740992.0)
    """
    if isinstance(value, float) and value.is_integer() and abs(value) <= MAX_SAFE_INTEGER:
        return int(value)
    return value
