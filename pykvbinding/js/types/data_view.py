"""`DataView`: numbers of any size, anywhere in an `ArrayBuffer`."""

import struct
from collections.abc import Callable
from typing import Any

from pykvbinding.js.core import errors as refusals
from pykvbinding.js.types.buffer import ArrayBuffer, JsBuffer
from pykvbinding.js.types.object import number
from pykvbinding.js.types.typed_array import TYPED_ARRAYS, TypedArray

_KINDS = {made.constructor.name.removesuffix("Array"): made for made in TYPED_ARRAYS}
"""What `getInt16` gets an item of, by what follows "get"."""


class DataView(JsBuffer, name="DataView"):
    """A view of a buffer with `getUint8(offset)`, `setFloat64(offset, value, littleEndian)` ….

    >>> view = DataView(ArrayBuffer(4))
    >>> view.setUint16(1, 0x0102)
    >>> view.getUint16(1), view.getUint16(1, True), view.to_bytes()
    (258, 513, b'\\x00\\x01\\x02\\x00')
    """

    __slots__ = ("_length", "_start", "buffer")

    def __init__(self, buffer: Any = None, offset: Any = 0, length: Any = None) -> None:
        if not isinstance(buffer, ArrayBuffer):
            raise refusals.not_a_buffer()
        start = int(offset or 0)
        if not 0 <= start <= buffer.byteLength:
            raise refusals.offset_outside(start)
        room = buffer.byteLength - start
        if length is not None and int(length) > room:
            raise refusals.view_length(length)
        self.buffer = buffer
        self._start = start
        self._length = room if length is None else int(length)

    @property
    def byteOffset(self) -> int:
        """Where in the buffer it begins."""
        return self._start

    @property
    def byteLength(self) -> int:
        """How many bytes it covers."""
        return self._length

    def view(self) -> memoryview:
        """The bytes in place."""
        return self.buffer.view()[self._start : self._start + self._length]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        kind = _KINDS.get(name[3:]) if name != "getUint8Clamped" else None
        if kind is not None and name.startswith("get"):
            return lambda offset=0, little=False: self._get(kind, offset, little)
        if kind is not None and name.startswith("set"):
            return lambda offset, value=None, little=False: self._set(kind, offset, value, little)
        raise AttributeError(name)

    def _get(self, kind: type[TypedArray], offset: int, little: Any) -> Any:
        part = self._part(kind, offset)
        return number(struct.unpack(("<" if little else ">") + kind.FORMAT, part)[0])

    def _set(self, kind: type[TypedArray], offset: int, value: Any, little: Any) -> None:
        part = self._part(kind, offset)
        part[:] = struct.pack(("<" if little else ">") + kind.FORMAT, kind.stored(value))

    def _part(self, kind: type[TypedArray], offset: int) -> memoryview:
        end = offset + kind.BYTES_PER_ELEMENT
        if offset < 0 or end > self._length:
            raise refusals.view_offset()
        return self.view()[offset:end]
