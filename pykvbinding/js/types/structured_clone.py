"""Structured clone: `serialize` converts JavaScript values to plain data, `deserialize` back."""

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
    own_entries,
)

SerializedValue: TypeAlias = Any
"""str, int, float, bool, None (null), or a list that starts with a tag; msgpack can encode it."""

SCALARS: Final = (str, int, float)


def serialize(value: Any) -> SerializedValue:
    """Serialize `value` (StructuredSerialize of the HTML standard).

    Raises: JsException, "DataCloneError: … could not be cloned."
    """
    if isinstance(value, SCALARS):
        return value
    if value is jsnull:
        return None
    if value is None:
        return ["undefined"]
    if isinstance(value, JsArray):
        return ["array", *map(serialize, value)]
    if isinstance(value, JsObject):
        return ["object", *([name, serialize(item)] for name, item in own_entries(value))]
    if isinstance(value, JsMap):
        return ["map", *([serialize(key), serialize(item)] for key, item in value.items())]
    if isinstance(value, JsSet):
        return ["set", *map(serialize, value)]
    if isinstance(value, JsDate):
        return ["date", value.getTime()]
    if isinstance(value, JsError):
        return ["error", value.name, value.message]
    data = binary.as_bytes(value)
    if data is None:
        raise runtime_errors.cannot_be_cloned(value)
    name = value.constructor.name if hasattr(value, "constructor") else "Uint8Array"
    return ["bytes", name, bytes(data)]


def deserialize(serialized: SerializedValue) -> Any:
    """Return a new copy of the value that was serialized (StructuredDeserialize)."""
    if serialized is None:
        return jsnull
    if not isinstance(serialized, list | tuple):
        return serialized
    tag, *parts = serialized
    return _DESERIALIZERS[tag](parts)


def _make_error(parts: list[Any]) -> JsError:
    error = JsError(parts[1])
    error.name = parts[0]
    return error


def _make_buffer(parts: list[Any]) -> Any:
    cls: Any = getattr(binary, parts[0], binary.Uint8Array)
    data = bytearray(parts[1])
    return cls.from_bytes(data)


_DESERIALIZERS: Final[dict[str, Any]] = {
    "undefined": lambda _: None,
    "array": lambda parts: JsArray([deserialize(item) for item in parts]),
    "object": lambda parts: JsObject({name: deserialize(item) for name, item in parts}),
    "map": lambda parts: JsMap({deserialize(k): deserialize(v) for k, v in parts}),
    "set": lambda parts: JsSet([deserialize(item) for item in parts]),
    "date": lambda parts: JsDate(parts[0]),
    "error": _make_error,
    "bytes": _make_buffer,
}
