"""Static functions of `js.Object` and `js.Array`; constructors of Object, Array, Map and Set."""

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
    array_of_pairs,
    iterate,
    iterate_entries,
    own_entries,
)
from pykvbinding.js.types.typed_array import TypedArray


def make_object(value: Any = None) -> Any:
    """Return a new object, or the argument, as `Object.new(a=1)` does with its keywords."""
    return JsObject({}) if value is None or value is jsnull else value


def entries(value: Any = None) -> JsArray:
    """Return `Object.entries(value)`.

    Raises: JsException, "Cannot convert undefined or null to object".
    """
    return array_of_pairs(_entries(value))


def keys(value: Any = None) -> JsArray:
    """Return `Object.keys(value)`."""
    return JsArray([name for name, _ in _entries(value)])


def values(value: Any = None) -> JsArray:
    """Return `Object.values(value)`."""
    return JsArray([item for _, item in _entries(value)])


def assign(target: Any, *sources: Any) -> Any:
    """Copy the members of `sources` to `target`, as `Object.assign`; skip null and undefined."""
    for source in sources:
        if source is not None and source is not jsnull:
            for name, item in _entries(source):
                setattr(target, name, item)
    return target


def has_own(value: Any, name: Any) -> bool:
    """Return `Object.hasOwn(value, name)`."""
    return to_js_string(name) in (key for key, _ in _entries(value))


def object_is(first: Any = None, second: Any = None) -> bool:
    """Return `Object.is(first, second)`."""
    if isinstance(first, float) and first != first:
        return isinstance(second, float) and second != second
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    return first is second or (isinstance(first, str | int | float) and first == second)


def freeze_noop(value: Any = None) -> Any:
    """Return `value`, as `Object.freeze(value)`; freezing is not emulated."""
    return value


def _entries(value: Any) -> list[tuple[str, Any]]:
    if value is None or value is jsnull:
        raise errors.null_to_object()
    if isinstance(value, JsObject):
        return own_entries(value)
    if isinstance(value, LiteralMap):
        return [(name, item) for name, item in value.items() if isinstance(name, str)]
    if isinstance(value, dict):  # a proxy of a dict keeps the order of the dict
        return [(to_js_string(name), item) for name, item in value.items()]
    if isinstance(value, JsArray | TypedArray | str):
        return [(str(index), item) for index, item in enumerate(value)]
    return []


def make_array(*items: Any) -> JsArray:
    """Return an Array: `Array.new(3)` has three holes, `Array.new(1, 2)` two items."""
    if len(items) == 1 and isinstance(items[0], int | float) and not isinstance(items[0], bool):
        if not (0 <= items[0] < 2**32 and items[0] == int(items[0])):
            raise errors.array_length()
        return JsArray([None] * int(items[0]))
    return JsArray(list(items))


def array_of(*items: Any) -> JsArray:
    """Return an Array of the arguments, as `Array.of(1, 2)`."""
    return JsArray(list(items))


def array_from(items: Any = None, map_function: Callable[[Any, int], Any] | None = None) -> JsArray:
    """Return an Array of an iterable, or of an object with a `length`, as `Array.from`.

    Raises: JsException, "object null is not iterable …".
    """
    if isinstance(items, JsMap):
        elements = list(array_of_pairs(items.items()))
    elif isinstance(items, JsObject):
        elements = [
            getattr(items, str(index), None) for index in range(getattr(items, "length", 0))
        ]
    elif isinstance(items, int | float) or (
        isinstance(items, JsProxy) and not hasattr(items, "__iter__")
    ):
        elements = []
    else:
        elements = list(iterate(items))
    if map_function is not None:
        elements = [map_function(item, index) for index, item in enumerate(elements)]
    return JsArray(elements)


def is_array(value: Any = None) -> bool:
    """Return `Array.isArray(value)`: false for a Python list."""
    return isinstance(value, JsArray)


def make_map(items: Any = None) -> JsMap:
    """Return a Map of pairs, as `Map.new(pairs)`."""
    return JsMap({} if items is None or items is jsnull else dict(iterate_entries(items)))


def make_set(items: Any = None) -> JsSet:
    """Return a Set of items, as `Set.new(items)`."""
    return JsSet(() if items is None or items is jsnull else iterate(items))
