"""The typed arrays: views of an `ArrayBuffer` as items of one number type."""

from collections.abc import Callable, Iterable, Iterator
from math import isfinite, isnan
from typing import Any, ClassVar

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import as_buffer, to_js_number, to_js_string, to_unsigned
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.array import JsArray, array_of_pairs
from pykvbinding.js.types.buffer import ArrayBuffer, Buffer, JsBuffer, as_bytes, to_length
from pykvbinding.js.types.object import normalize_number

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
    "from_python_buffer",
]


class TypedArray(JsBuffer, name="TypedArray"):
    """Base class of the typed arrays: a view of an ArrayBuffer as items of one number type."""

    __slots__ = ("_buffer", "_length", "_offset")

    BYTES_PER_ELEMENT: ClassVar[int] = 1
    FORMAT: ClassVar[str] = "B"

    def __init__(self, source: Any = None, offset: Any = None, length: Any = None) -> None:
        if isinstance(source, ArrayBuffer):
            self._init_from_buffer(source, offset, length)
            return
        if isinstance(source, bytes | bytearray) and self.FORMAT == "B":
            data = source if type(source) is bytes else bytearray(source)
            self._buffer, self._offset, self._length = ArrayBuffer.from_bytes(data), 0, len(data)
            return
        items = _source_items(source)
        if items is None:
            count = to_length(source, errors.typed_array_length)
            self._buffer, self._offset = ArrayBuffer(count * self.BYTES_PER_ELEMENT), 0
            self._length = count
            return
        values = [self.to_element(item) for item in items]
        self._buffer = ArrayBuffer(len(values) * self.BYTES_PER_ELEMENT)
        self._offset, self._length = 0, len(values)
        view = self.view()
        for index, value in enumerate(values):
            view[index] = value

    def _init_from_buffer(self, buffer: ArrayBuffer, offset: Any, length: Any) -> None:
        size, name = self.BYTES_PER_ELEMENT, self.constructor.name
        start = 0 if offset is None else int(offset)
        if start % size:
            raise errors.offset_unaligned(name, size)
        available = buffer.byteLength - start
        if length is None:
            if buffer.byteLength % size:
                raise errors.length_unaligned(name, size)
            if available < 0:
                raise errors.offset_outside(start)
        elif int(length) * size > available:
            raise errors.typed_array_length(length)
        self._buffer, self._offset = buffer, start
        self._length = available // size if length is None else int(length)

    @classmethod
    def from_bytes(cls, data: Buffer) -> Any:
        """Return a typed array over `data`; it shares mutable data and copies immutable data."""
        array = cls.__new__(cls)
        array._buffer, array._offset = ArrayBuffer.from_bytes(data), 0
        array._length = len(data) // cls.BYTES_PER_ELEMENT
        return array

    @classmethod
    def of(cls, *items: Any) -> Any:
        """Return `Uint8Array.of(1, 2)`."""
        return cls(JsArray(list(items)))

    @classmethod
    def from_(cls, items: Any, map_function: Callable[[Any, int], Any] | None = None) -> Any:
        """Return `Uint8Array.from(items)`."""
        values = list(items)
        if map_function is not None:
            values = [map_function(item, index) for index, item in enumerate(values)]
        return cls(JsArray(values))

    @classmethod
    def to_element(cls, value: Any) -> Any:
        """Convert `value` to an element: an integer modulo the element size, 0 for NaN."""
        return cls._wrap(to_js_number(value))

    @classmethod
    def _wrap(cls, number: float) -> int:
        bits = 8 * cls.BYTES_PER_ELEMENT
        integer = to_unsigned(number, bits)
        return integer - (1 << bits) if cls.FORMAT.islower() and integer >> (bits - 1) else integer

    # The range of the buffer.

    @property
    def buffer(self) -> ArrayBuffer:
        """The underlying ArrayBuffer."""
        return self._buffer

    @property
    def byteOffset(self) -> int:
        """The offset of its first byte in the buffer."""
        return self._offset

    @property
    def byteLength(self) -> int:
        """Its length in bytes."""
        return self._length * self.BYTES_PER_ELEMENT

    @property
    def length(self) -> int:
        """The number of items."""
        return self._length

    def view(self) -> memoryview:
        """Return a memoryview of the items, without copying."""
        part = self._buffer.view()[self._offset : self._offset + self.byteLength]
        return part if self.FORMAT == "B" else part.cast(self.FORMAT)  # type: ignore[call-overload]

    def to_bytes(self) -> bytes:
        """Return a copy as `bytes`."""
        data = self._buffer.to_bytes()
        if len(data) == self.byteLength:
            return data
        return data[self._offset : self._offset + self.byteLength]

    # The items.

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Any]:
        return map(self._from_element, self.view().tolist())

    def __contains__(self, item: object) -> bool:
        return item in self.view().tolist()

    def __getitem__(self, index: int) -> Any:
        if isinstance(index, slice):
            raise errors.typed_array_slice()
        return self._from_element(self.view()[self._index(index)])

    def __setitem__(self, index: int, value: Any) -> None:
        self.view()[self._index(index)] = self.to_element(value)

    def _index(self, index: int) -> int:
        if not -self._length <= index < self._length:
            raise IndexError(index)
        return index

    def _from_element(self, item: Any) -> Any:
        return normalize_number(item)

    def at(self, index: int) -> Any:
        """Return the item at `index`, from the end if negative; `None` if out of range."""
        return self[index] if -self._length <= index < self._length else None

    def set(self, source: Any, offset: int = 0) -> None:
        """Copy items to `offset`. Raises: JsException, "offset is out of bounds"."""
        values = [self.to_element(item) for item in source]
        if offset < 0 or offset + len(values) > self._length:
            raise errors.source_too_large()
        view = self.view()
        for index, value in enumerate(values):
            view[offset + index] = value

    def fill(self, value: Any, start: int | None = None, end: int | None = None) -> Any:
        """Set all items from `start` up to `end`, exclusive."""
        view, element = self.view(), self.to_element(value)
        for index in range(*slice(start, end).indices(self._length)):
            view[index] = element
        return self

    def slice(self, start: int | None = None, end: int | None = None) -> Any:
        """Return a copy of the items from `start` up to `end`, exclusive."""
        first, last, _ = slice(start, end).indices(self._length)
        size = self.BYTES_PER_ELEMENT
        return type(self).from_bytes(self.to_bytes()[first * size : last * size])

    def subarray(self, start: int | None = None, end: int | None = None) -> Any:
        """Return a view of the items from `start` up to `end`, exclusive."""
        first, last, _ = slice(start, end).indices(self._length)
        array = type(self).__new__(type(self))
        array._buffer, array._length = self._buffer, max(0, last - first)
        array._offset = self._offset + first * self.BYTES_PER_ELEMENT
        return array

    def indexOf(self, item: Any) -> int:
        """Return the first index of `item`; -1 if it is absent."""
        items = self.view().tolist()
        return items.index(item) if item in items else -1

    def includes(self, item: Any) -> bool:
        """Return whether `item` is in the array."""
        return item in self

    def join(self, separator: str = ",") -> str:
        """Return the joined strings of the numbers."""
        return separator.join(map(to_js_string, self))

    def object_keys(self) -> JsArray:
        """Return `Object.keys(this)`: the indexes as strings."""
        return JsArray([str(index) for index in range(self._length)])

    def object_values(self) -> JsArray:
        """Return `Object.values(this)`."""
        return JsArray(list(self))

    def object_entries(self) -> JsArray:
        """Return `Object.entries(this)`."""
        return array_of_pairs((str(index), item) for index, item in enumerate(self))

    def __str__(self) -> str:
        return self.join()


class Uint8Array(TypedArray):
    """Unsigned 8-bit integers: the type that most APIs of the platform return.

    >>> list(Uint8Array([1, 2, 300])), Uint8Array.from_bytes(b"abc").to_bytes()
    ([1, 2, 44], b'abc')
    """

    __slots__ = ()


class Uint8ClampedArray(TypedArray):
    """Unsigned 8-bit integers; values are clamped to 0..255 and rounded half to even."""

    __slots__ = ()

    @classmethod
    def to_element(cls, value: Any) -> int:
        """Convert `value` to an element."""
        number = to_js_number(value)
        return 0 if isnan(number) else round(min(255, max(0, number)))


class Int8Array(TypedArray):
    """Signed 8-bit integers."""

    __slots__ = ()
    FORMAT = "b"


class Uint16Array(TypedArray):
    """Unsigned 16-bit integers."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 2, "H"


class Int16Array(TypedArray):
    """Signed 16-bit integers."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 2, "h"


class Uint32Array(TypedArray):
    """Unsigned 32-bit integers."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 4, "I"


class Int32Array(TypedArray):
    """Signed 32-bit integers."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 4, "i"


class BigUint64Array(TypedArray):
    """Unsigned 64-bit integers: BigInts.

    Any int is accepted: in Python, a small BigInt cannot be distinguished from a Number.
    """

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 8, "Q"

    @classmethod
    def to_element(cls, value: Any) -> int:
        """Convert `value` to an element: an integer modulo 2**64."""
        return cls._wrap(value if isinstance(value, int) else to_js_number(value))


class BigInt64Array(BigUint64Array):
    """Signed 64-bit integers: BigInts."""

    __slots__ = ()
    FORMAT = "q"


class Float32Array(TypedArray):
    """32-bit floating-point numbers."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 4, "f"

    @classmethod
    def to_element(cls, value: Any) -> float:
        """Convert `value` to an element; a number beyond the range becomes infinite."""
        number = float(to_js_number(value))
        if isfinite(number) and abs(number) >= _FLOAT32_LIMIT:
            return float("inf") if number > 0 else float("-inf")
        return number


class Float64Array(TypedArray):
    """64-bit floating-point numbers: the numbers of JavaScript."""

    __slots__ = ()
    BYTES_PER_ELEMENT, FORMAT = 8, "d"

    @classmethod
    def to_element(cls, value: Any) -> float:
        """Convert `value` to an element."""
        return float(to_js_number(value))


_FLOAT32_LIMIT = 3.4028235677973366e38

TYPED_ARRAYS: tuple[type[TypedArray], ...] = (
    *(Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array),
    *(BigUint64Array, BigInt64Array, Float32Array, Float64Array),
)
_BY_FORMAT: dict[str, type[TypedArray]] = {
    **{cls.FORMAT: cls for cls in reversed(TYPED_ARRAYS) if cls is not Uint8ClampedArray},
    "c": Uint8Array,
    "?": Uint8Array,
    "l": BigInt64Array,
    "L": BigUint64Array,
}


def from_python_buffer(value: Any, *, copy: bool = True) -> TypedArray | None:
    """Convert a Python buffer as Pyodide does; return `None` if `value` is not a buffer."""
    view = as_buffer(value)
    if view is None:
        return None
    cls = _BY_FORMAT.get(view.format.lstrip("@=<"), Uint8Array)
    data: Buffer = value if type(value) is bytes else view.tobytes() if copy else view
    if isinstance(data, memoryview) and not data.readonly and data.contiguous:
        data = data.cast("B")
    elif isinstance(data, memoryview):
        data = data.tobytes()
    array: TypedArray = cls.from_bytes(data)
    return array


def _source_items(source: Any) -> Iterable[Any] | None:
    """Return the items of a constructor argument; `None` if the argument is a length."""
    if isinstance(source, str | int | float) or source is None or source is jsnull:
        return None
    buffer = as_buffer(source)
    if buffer is not None:
        return buffer.tolist()
    return source if hasattr(type(source), "__iter__") else ()
