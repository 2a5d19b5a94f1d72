"""What `js.Object` and `js.Array` have as static functions, and how the plain values are made."""

from collections.abc import Callable
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.object import (
    JsArray,
    JsMap,
    JsObject,
    JsSet,
    LiteralMap,
    each,
    each_entry,
    entries_of,
    pairs,
)
from pykvbinding.js.types.typed_array import TypedArray


def make_object(value: Any = None) -> Any:
    """`Object.new()`: a new object, or the one that is given (`Object.new(a=1)`)."""
    return JsObject({}) if value is None or value is jsnull else value


def entries(value: Any = None) -> JsArray:
    """`Object.entries(value)`.

    Raises: JsException, "Cannot convert undefined or null to object".
    """
    return pairs(_entries(value))


def keys(value: Any = None) -> JsArray:
    """`Object.keys(value)`."""
    return JsArray([name for name, _ in _entries(value)])


def values(value: Any = None) -> JsArray:
    """`Object.values(value)`."""
    return JsArray([item for _, item in _entries(value)])


def assign(target: Any, *sources: Any) -> Any:
    """`Object.assign(target, …)`: null and undefined have nothing to give."""
    for source in sources:
        if source is not None and source is not jsnull:
            for name, item in _entries(source):
                setattr(target, name, item)
    return target


def has_own(value: Any, name: Any) -> bool:
    """`Object.hasOwn(value, name)`."""
    return to_js_string(name) in (key for key, _ in _entries(value))


def same(first: Any = None, second: Any = None) -> bool:
    """`Object.is(first, second)`."""
    if isinstance(first, float) and first != first:
        return isinstance(second, float) and second != second
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    return first is second or (isinstance(first, str | int | float) and first == second)


def unchanged(value: Any = None) -> Any:
    """`Object.freeze(value)`: the value; that it is frozen is not emulated."""
    return value


def _entries(value: Any) -> list[tuple[str, Any]]:
    if value is None or value is jsnull:
        raise errors.no_object()
    if isinstance(value, JsObject):
        return entries_of(value)
    if isinstance(value, LiteralMap):
        return [(name, item) for name, item in value.items() if isinstance(name, str)]
    if isinstance(value, dict):  # a proxy of it, which knows no order of integers
        return [(to_js_string(name), item) for name, item in value.items()]
    if isinstance(value, JsArray | TypedArray | str):
        return [(str(index), item) for index, item in enumerate(value)]
    return []


def make_array(*items: Any) -> JsArray:
    """`Array.new(3)` has three holes, `Array.new(1, 2)` two items."""
    if len(items) == 1 and isinstance(items[0], int | float) and not isinstance(items[0], bool):
        if not (0 <= items[0] < 2**32 and items[0] == int(items[0])):
            raise errors.array_length()
        return JsArray([None] * int(items[0]))
    return JsArray(list(items))


def array_of(*items: Any) -> JsArray:
    """`Array.of(1, 2)`."""
    return JsArray(list(items))


def array_from(items: Any = None, mapped: Callable[[Any, int], Any] | None = None) -> JsArray:
    """`Array.from(items, mapped)`: of what iterates, or what has a `length`.

    Raises: JsException, "object null is not iterable …".
    """
    if isinstance(items, JsMap):
        found = list(pairs(items.items()))
    elif isinstance(items, JsObject):
        found = [getattr(items, str(index), None) for index in range(getattr(items, "length", 0))]
    elif isinstance(items, int | float) or (
        isinstance(items, JsProxy) and not hasattr(items, "__iter__")
    ):
        found = []
    else:
        found = list(each(items))
    if mapped is not None:
        found = [mapped(item, index) for index, item in enumerate(found)]
    return JsArray(found)


def is_array(value: Any = None) -> bool:
    """`Array.isArray(value)`: a Python list is none."""
    return isinstance(value, JsArray)


def make_map(items: Any = None) -> JsMap:
    """`Map.new(pairs)`."""
    return JsMap({} if items is None or items is jsnull else dict(each_entry(items)))


def make_set(items: Any = None) -> JsSet:
    """`Set.new(items)`."""
    return JsSet(() if items is None or items is jsnull else each(items))
