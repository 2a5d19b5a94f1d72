"""The structured clone: a JavaScript value taken apart into plain data, and put together anew."""

from typing import Any, Final, TypeAlias

from pykvbinding.js.core import runtime_errors
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types import typed_array as binary
from pykvbinding.js.types.object import (
    JsArray,
    JsDate,
    JsError,
    JsMap,
    JsObject,
    JsSet,
    entries_of,
)

Plain: TypeAlias = Any
"""str, int, float, bool, None (null), or a list whose first item is a tag; msgpack can hold it."""

SCALARS: Final = (str, int, float)


def taken_apart(value: Any) -> Plain:
    """`value` as plain data.

    Raises: JsException, "DataCloneError: … could not be cloned."
    """
    if isinstance(value, SCALARS):
        return value
    if value is jsnull:
        return None
    if value is None:
        return ["undefined"]
    if isinstance(value, JsArray):
        return ["array", *map(taken_apart, value)]
    if isinstance(value, JsObject):
        return ["object", *([name, taken_apart(item)] for name, item in entries_of(value))]
    if isinstance(value, JsMap):
        pairs = ([taken_apart(key), taken_apart(item)] for key, item in value.items())
        return ["map", *pairs]
    if isinstance(value, JsSet):
        return ["set", *map(taken_apart, value)]
    if isinstance(value, JsDate):
        return ["date", value.getTime()]
    if isinstance(value, JsError):
        return ["error", value.name, value.message]
    data = binary.as_bytes(value)
    if data is None:
        raise runtime_errors.cannot_be_cloned(value)
    name = value.constructor.name if hasattr(value, "constructor") else "Uint8Array"
    return ["bytes", name, bytes(data)]


def put_together(plain: Plain) -> Any:
    """The value that was taken apart into `plain`; each time another one."""
    if plain is None:
        return jsnull
    if not isinstance(plain, list | tuple):
        return plain
    tag, *inside = plain
    return _MAKERS[tag](inside)


def _error(inside: list[Any]) -> JsError:
    error = JsError(inside[1])
    error.name = inside[0]
    return error


def _bytes(inside: list[Any]) -> Any:
    kind: Any = getattr(binary, inside[0], binary.Uint8Array)
    data = bytearray(inside[1])
    return kind.of(data) if kind is binary.ArrayBuffer else kind.of_bytes(data)


_MAKERS: Final[dict[str, Any]] = {
    "undefined": lambda _: None,
    "array": lambda inside: JsArray([put_together(each) for each in inside]),
    "object": lambda inside: JsObject({name: put_together(each) for name, each in inside}),
    "map": lambda inside: JsMap({put_together(k): put_together(v) for k, v in inside}),
    "set": lambda inside: JsSet([put_together(each) for each in inside]),
    "date": lambda inside: JsDate(inside[0]),
    "error": _error,
    "bytes": _bytes,
}
