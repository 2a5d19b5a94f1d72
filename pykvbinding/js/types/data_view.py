"""`DataView`: a range of an `ArrayBuffer`."""

from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.not_emulated import not_emulated
from pykvbinding.js.types.buffer import ArrayBuffer, JsBuffer

_ELEMENT_TYPES = (
    *("BigInt64", "BigUint64", "Float16", "Float32", "Float64"),
    *("Int8", "Int16", "Int32", "Uint8", "Uint16", "Uint32"),
)
_ACCESSORS = frozenset(verb + element for verb in ("get", "set") for element in _ELEMENT_TYPES)


class DataView(JsBuffer, name="DataView"):
    """A view of a buffer. Its accessors, such as `getUint8`, are not emulated: use `struct`.

    >>> DataView(ArrayBuffer.from_bytes(b"abcd"), 1, 2).to_bytes()
    b'bc'

    Raises: NotImplementedError, "js.DataView.getUint8 is not emulated by pykvbinding; …"
    """

    __slots__ = ("_length", "_start", "buffer")

    def __init__(self, buffer: Any = None, offset: Any = 0, length: Any = None) -> None:
        if not isinstance(buffer, ArrayBuffer):
            raise errors.not_a_buffer()
        start = int(offset or 0)
        if not 0 <= start <= buffer.byteLength:
            raise errors.offset_outside(start)
        available = buffer.byteLength - start
        if length is not None and int(length) > available:
            raise errors.view_length(length)
        self.buffer: ArrayBuffer = buffer
        self._start = start
        self._length = available if length is None else int(length)

    @property
    def byteOffset(self) -> int:
        """The offset of its first byte in the buffer."""
        return self._start

    @property
    def byteLength(self) -> int:
        """Its length in bytes."""
        return self._length

    def view(self) -> memoryview:
        """Return a memoryview of the bytes, without copying."""
        return self.buffer.view()[self._start : self._start + self._length]

    def __getattr__(self, name: str) -> Any:
        if name in _ACCESSORS:
            raise not_emulated(f"DataView.{name}")
        raise AttributeError(name)
