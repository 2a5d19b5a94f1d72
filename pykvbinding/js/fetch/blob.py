"""`Blob` and `File`: immutable bytes with a type; a File also has a name."""

import time
from math import isnan
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_number, to_js_string
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.streams.readable import ReadableStream
from pykvbinding.js.types.buffer import JsBuffer
from pykvbinding.js.types.object import JsArray, normalize_number, option_members
from pykvbinding.js.types.typed_array import ArrayBuffer, Uint8Array
from pykvbinding.js.types.webidl import MISSING, to_dom_string, to_int32

_FIRST_PRINTABLE, _LAST_PRINTABLE = " ", "\x7f"


class Blob(JsProxy, name="Blob"):
    """Immutable bytes and their type. An empty Blob is false, as in Pyodide.

    `parts` is an Array of strings, buffers and other Blobs: `to_js` converts a list to an Array.
    The runtime rejects a Python list, and converts Python bytes in an Array to text.

    >>> blob = Blob(JsArray(["a", Uint8Array.from_bytes(b"bc")]), {"endings": None})
    >>> blob.size, blob.slice(1).data
    (3, b'bc')

    Raises: JsException, "Failed to construct 'Blob': constructor parameter 1 is not of type
    'Array'.", "The 'endings' field on 'Options' is not implemented."
    """

    __slots__ = ("_data", "_type")

    def __init__(self, parts: Any = None, options: Any = None) -> None:
        self._data, self._type = _read_arguments(type(self).constructor.name, parts, options, 2)

    @classmethod
    def of(cls, data: bytes, content_type: str = "") -> "Blob":
        """Return a Blob of these bytes; `content_type` is not normalized. O(1)."""
        blob = Blob.__new__(Blob)
        blob._data, blob._type = data, content_type
        return blob

    @property
    def data(self) -> bytes:
        """The bytes."""
        return self._data

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self._data)

    @property
    def type(self) -> str:
        """The type, in lower case; empty if unknown."""
        return self._type

    def slice(self, start: Any = None, end: Any = None, content_type: Any = None) -> "Blob":
        """Return the bytes from `start` to before `end`; negative indexes count from the end.

        Raises: JsException, "Value out of range. Must be between …"
        """
        first = 0 if start is None else to_int32(start)
        last = len(self._data) if end is None else to_int32(end)
        return Blob.of(self._data[first:last], _read_type(content_type))

    async def text(self) -> str:
        """Decode the bytes as UTF-8; invalid bytes become U+FFFD."""
        return self._data.decode("utf-8", "replace")

    async def arrayBuffer(self) -> ArrayBuffer:
        """Return a copy of the bytes."""
        return ArrayBuffer.from_bytes(self._data)

    async def bytes(self) -> Any:
        """Return a copy of the bytes, as a Uint8Array."""
        return Uint8Array.from_bytes(self._data)

    def stream(self) -> ReadableStream:
        """Return a stream of the bytes, in one chunk."""
        return ReadableStream([self._data] if self._data else [])

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return str(self)


class File(Blob, name="File"):
    """A Blob with a name, and the time of its last modification (milliseconds since 1970).

    Raises: JsException, "Failed to construct 'File': constructor parameter 2 is not of type
    'string'.", and those of `Blob`.
    """

    __slots__ = ("_last_modified", "_name")

    def __init__(self, parts: Any = None, name: Any = MISSING, options: Any = None) -> None:
        if name is MISSING:
            raise errors.constructor_not_of_type("File", 2, "string")
        self._data, self._type = _read_arguments("File", parts, options, 3)
        self._name = to_dom_string(name)
        last_modified = option_members(options).get("lastModified")
        self._last_modified = _now() if last_modified is None else _read_time(last_modified)

    @classmethod
    def of_blob(cls, blob: Blob, name: str) -> "File":
        """Return a File with the bytes and the type of `blob`, modified now. O(1)."""
        file = cls.__new__(cls)
        file._data, file._type, file._name = blob._data, blob._type, name
        file._last_modified = _now()
        return file

    @property
    def name(self) -> str:
        """The name."""
        return self._name

    @property
    def lastModified(self) -> float:
        """The time of the last modification, in ms since 1970; by default of the construction."""
        return self._last_modified


def _read_arguments(
    owner: str, parts: Any, options: Any, options_position: int
) -> tuple[bytes, str]:
    """Return the bytes and the type that the arguments of a constructor describe."""
    if parts is not None and not isinstance(parts, JsArray):
        raise errors.constructor_not_of_type(owner, 1, "Array")
    if isinstance(options, str | int | float):
        raise errors.constructor_not_of_type(owner, options_position, "Options")
    fields = option_members(options)
    if fields.get("endings") is not None:
        raise errors.blob_endings()
    # A dict reaches JavaScript as a proxy, whose attribute `type` is the name of the Python type.
    content_type = "dict" if isinstance(options, dict) and options else fields.get("type")
    return b"".join([_part_to_bytes(part) for part in parts or ()]), _read_type(content_type)


def _part_to_bytes(part: Any) -> bytes:
    if isinstance(part, Blob):
        return part._data
    if isinstance(part, JsBuffer):
        return part.to_bytes()
    return to_js_string(part).encode("utf-8", "surrogatepass")


def _read_type(content_type: Any) -> str:
    text = "" if content_type is None else to_dom_string(content_type)
    printable = all(_FIRST_PRINTABLE <= character <= _LAST_PRINTABLE for character in text)
    return text.lower() if printable else ""


def _read_time(last_modified: Any) -> float:
    milliseconds = to_js_number(last_modified)
    return 0 if isnan(milliseconds) else normalize_number(milliseconds)


def _now() -> float:
    return int(time.time() * 1000)
