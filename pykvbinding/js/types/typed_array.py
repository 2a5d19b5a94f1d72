"""The typed arrays: items of one format over an `ArrayBuffer`."""

from collections.abc import Callable, Iterable, Iterator
from math import isfinite, isnan
from typing import Any, ClassVar

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import as_buffer, to_js_number, to_js_string, to_unsigned
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.array import JsArray, pairs
from pykvbinding.js.types.buffer import ArrayBuffer, Buffer, JsBuffer, as_bytes, length_of
from pykvbinding.js.types.object import number

__all__ = [
    "TYPED_ARRAYS",
    "ArrayBuffer",
    "BigInt64Array",
    "BigUint64Array",
    "Buffer",
    "Float32Array",
    "Float64Array",
    "Int8Array",
    "Int16Array",
    "Int32Array",
    "JsBuffer",
    "TypedArray",
    "Uint8Array",
    "Uint8ClampedArray",
    "Uint16Array",
    "Uint32Array",
    "as_bytes",
    "of_python_buffer",
]


class TypedArray(JsBuffer, name="TypedArray"):
    """What all typed arrays have: items of one format over an ArrayBuffer."""

    __slots__ = ("_buffer", "_count", "_start")

    BYTES_PER_ELEMENT: ClassVar[int] = 1
    FORMAT: ClassVar[str] = "B"

    def __init__(self, source: Any = None, offset: Any = None, length: Any = None) -> None:
        if isinstance(source, ArrayBuffer):
            self._over(source, offset, length)
            return
        if isinstance(source, bytes | bytearray) and self.FORMAT == "B":
            data = source if type(source) is bytes else bytearray(source)
            self._buffer, self._start, self._count = ArrayBuffer.of(data), 0, len(data)
            return
        items = _items_of(source)
        if items is None:
            count = length_of(source, errors.typed_array_length)
            self._buffer, self._start = ArrayBuffer(count * self.BYTES_PER_ELEMENT), 0
            self._count = count
            return
        values = [self.stored(item) for item in items]
        self._buffer = ArrayBuffer(len(values) * self.BYTES_PER_ELEMENT)
        self._start, self._count = 0, len(values)
        view = self.view()
        for index, value in enumerate(values):
            view[index] = value

    def _over(self, buffer: ArrayBuffer, offset: Any, length: Any) -> None:
        size, name = self.BYTES_PER_ELEMENT, self.constructor.name
        start = 0 if offset is None else int(offset)
        if start % size:
            raise errors.offset_unaligned(name, size)
        room = buffer.byteLength - start
        if length is None:
            if buffer.byteLength % size:
                raise errors.length_unaligned(name, size)
            if room < 0:
                raise errors.offset_outside(start)
        elif int(length) * size > room:
            raise errors.typed_array_length(length)
        self._buffer, self._start = buffer, start
        self._count = room // size if length is None else int(length)

    @classmethod
    def of_bytes(cls, data: Buffer) -> Any:
        """A typed array of these bytes, in place where they can be written."""
        made = cls.__new__(cls)
        made._buffer, made._start = ArrayBuffer.of(data), 0
        made._count = len(data) // cls.BYTES_PER_ELEMENT
        return made

    @classmethod
    def of(cls, *items: Any) -> Any:
        """`Uint8Array.of(1, 2)`."""
        return cls(JsArray(list(items)))

    @classmethod
    def from_(cls, items: Any, mapped: Callable[[Any, int], Any] | None = None) -> Any:
        """`Uint8Array.from(items)`."""
        held = list(items)
        if mapped is not None:
            held = [mapped(item, index) for index, item in enumerate(held)]
        return cls(JsArray(held))

    @classmethod
    def stored(cls, value: Any) -> Any:
        """Convert `value` to an item: an integer modulo the size of an item, 0 for NaN."""
        return cls._wrapped(to_js_number(value))

    @classmethod
    def _wrapped(cls, number: float) -> int:
        bits = 8 * cls.BYTES_PER_ELEMENT
        whole = to_unsigned(number, bits)
        return whole - (1 << bits) if cls.FORMAT.islower() and whole >> (bits - 1) else whole

    # Where it lies.

    @property
    def buffer(self) -> ArrayBuffer:
        """The ArrayBuffer under it."""
        return self._buffer

    @property
    def byteOffset(self) -> int:
        """Where in the buffer it begins."""
        return self._start

    @property
    def byteLength(self) -> int:
        """How many bytes it covers."""
        return self._count * self.BYTES_PER_ELEMENT

    @property
    def length(self) -> int:
        """How many items there are."""
        return self._count

    def view(self) -> memoryview:
        """The items in place."""
        part = self._buffer.view()[self._start : self._start + self.byteLength]
        return part if self.FORMAT == "B" else part.cast(self.FORMAT)  # type: ignore[call-overload]

    def to_bytes(self) -> bytes:
        """A copy as `bytes`."""
        whole = self._buffer.to_bytes()
        if len(whole) == self.byteLength:
            return whole
        return whole[self._start : self._start + self.byteLength]

    # The items.

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Any]:
        return map(self._shown, self.view().tolist())

    def __contains__(self, item: object) -> bool:
        return item in self.view().tolist()

    def __getitem__(self, index: int) -> Any:
        if isinstance(index, slice):
            raise errors.typed_array_slice()
        return self._shown(self.view()[self._index(index)])

    def __setitem__(self, index: int, value: Any) -> None:
        self.view()[self._index(index)] = self.stored(value)

    def _index(self, index: int) -> int:
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return index

    def _shown(self, item: Any) -> Any:
        return number(item)

    def at(self, index: int) -> Any:
        """The item at `index`, counted from the end if negative; `None` where there is none."""
        return self[index] if -self._count <= index < self._count else None

    def set(self, source: Any, offset: int = 0) -> None:
        """Copy items in. Raises: JsException, "offset is out of bounds"."""
        values = [self.stored(item) for item in source]
        if offset < 0 or offset + len(values) > self._count:
            raise errors.source_too_large()
        view = self.view()
        for index, value in enumerate(values):
            view[offset + index] = value

    def fill(self, value: Any, start: int | None = None, end: int | None = None) -> Any:
        """Set all items from `start` to before `end`."""
        view, stored = self.view(), self.stored(value)
        for index in range(*slice(start, end).indices(self._count)):
            view[index] = stored
        return self

    def slice(self, start: int | None = None, end: int | None = None) -> Any:
        """A new array of the items from `start` to before `end`."""
        first, last, _ = slice(start, end).indices(self._count)
        size = self.BYTES_PER_ELEMENT
        return type(self).of_bytes(self.to_bytes()[first * size : last * size])

    def subarray(self, start: int | None = None, end: int | None = None) -> Any:
        """The items from `start` to before `end`, in place."""
        first, last, _ = slice(start, end).indices(self._count)
        made = type(self).__new__(type(self))
        made._buffer, made._count = self._buffer, max(0, last - first)
        made._start = self._start + first * self.BYTES_PER_ELEMENT
        return made

    def indexOf(self, item: Any) -> int:
        """Where `item` is first; -1 where it is not."""
        items = self.view().tolist()
        return items.index(item) if item in items else -1

    def includes(self, item: Any) -> bool:
        """Whether `item` is in it."""
        return item in self

    def join(self, separator: str = ",") -> str:
        """The numbers in a row."""
        return separator.join(map(to_js_string, self))

    def object_keys(self) -> JsArray:
        """`Object.keys(this)`: the indexes as strings."""
        return JsArray([str(index) for index in range(self._count)])

    def object_values(self) -> JsArray:
        """`Object.values(this)`."""
        return JsArray(list(self))

    def object_entries(self) -> JsArray:
        """`Object.entries(this)`."""
        return pairs((str(index), item) for index, item in enumerate(self))

    def __str__(self) -> str:
        return self.join()


class Uint8Array(TypedArray):
    """Bytes: what most of the platform hands around.

    >>> list(Uint8Array([1, 2, 300])), Uint8Array.of_bytes(b"abc").to_bytes()
    ([1, 2, 44], b'abc')
    """

    __slots__ = ()


class Uint8ClampedArray(TypedArray):
    """Bytes that stay between 0 and 255 and round, halves to even."""

    __slots__ = ()

    @classmethod
    def stored(cls, value: Any) -> int:
        """`value` as an item."""
        amount = to_js_number(value)
        return 0 if isnan(amount) else round(min(255, max(0, amount)))


class Int8Array(TypedArray):
    """Signed bytes."""

    __slots__ = ()
    FORMAT = "b"


class Uint16Array(TypedArray):
    """Integers of two bytes."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 2, "H"


class Int16Array(TypedArray):
    """Signed integers of two bytes."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 2, "h"


class Uint32Array(TypedArray):
    """Integers of four bytes."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 4, "I"


class Int32Array(TypedArray):
    """Signed integers of four bytes."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 4, "i"


class BigUint64Array(TypedArray):
    """Integers of eight bytes: BigInts.

    Any int is an item: in Python, a small BigInt that was read is the same as a Number.
    """

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 8, "Q"

    @classmethod
    def stored(cls, value: Any) -> int:
        """Convert `value` to an item: an integer modulo 2**64."""
        return cls._wrapped(value if isinstance(value, int) else to_js_number(value))


class BigInt64Array(BigUint64Array):
    """Signed integers of eight bytes: BigInts."""

    __slots__ = ()
    FORMAT = "q"


class Float32Array(TypedArray):
    """Numbers of four bytes."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 4, "f"

    @classmethod
    def stored(cls, value: Any) -> float:
        """`value` as an item; what is beyond four bytes is infinite."""
        amount = float(to_js_number(value))
        if isfinite(amount) and abs(amount) >= _FLOAT32_LIMIT:
            return float("inf") if amount > 0 else float("-inf")
        return amount


class Float64Array(TypedArray):
    """Numbers of eight bytes: those of JavaScript."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 8, "d"

    @classmethod
    def stored(cls, value: Any) -> float:
        """`value` as an item."""
        return float(to_js_number(value))


_FLOAT32_LIMIT = 3.4028235677973366e38

TYPED_ARRAYS: tuple[type[TypedArray], ...] = (
    *(Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array),
    *(BigUint64Array, BigInt64Array, Float32Array, Float64Array),
)
_OF_FORMAT: dict[str, type[TypedArray]] = {
    **{made.FORMAT: made for made in reversed(TYPED_ARRAYS) if made is not Uint8ClampedArray},
    "c": Uint8Array,
    "?": Uint8Array,
    "l": BigInt64Array,
    "L": BigUint64Array,
}


def of_python_buffer(value: Any, *, copied: bool = True) -> TypedArray | None:
    """The typed array that Pyodide makes of a Python buffer; `None` for what is none."""
    view = as_buffer(value)
    if view is None:
        return None
    made = _OF_FORMAT.get(view.format.lstrip("@=<"), Uint8Array)
    data: Buffer = value if type(value) is bytes else view.tobytes() if copied else view
    if isinstance(data, memoryview) and not data.readonly and data.contiguous:
        data = data.cast("B")
    elif isinstance(data, memoryview):
        data = data.tobytes()
    found: TypedArray = made.of_bytes(data)
    return found


def _items_of(source: Any) -> Iterable[Any] | None:
    """What a typed array is filled with, `None` for a length."""
    if isinstance(source, str | int | float) or source is None or source is jsnull:
        return None
    buffer = as_buffer(source)
    if buffer is not None:
        return buffer.tolist()
    return source if hasattr(type(source), "__iter__") else ()
