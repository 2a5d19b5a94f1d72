"""`ArrayBuffer`; `JsBuffer`, the base class of all JavaScript buffers; the bytes of any buffer."""

from collections.abc import Callable
from math import isnan, trunc
from typing import IO, Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import as_buffer, to_js_number
from pykvbinding.js.core.proxy import DefaultConverter, JsProxy

Buffer = bytes | bytearray | memoryview


class JsBuffer(JsProxy, name="ArrayBuffer"):
    """A JavaScript buffer or view, with the methods that Pyodide gives all of them."""

    __slots__ = ()

    def view(self) -> memoryview:
        """Return a memoryview of the items, without copying."""
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        """Return a copy as `bytes`."""
        return self.view().tobytes()

    def to_memoryview(self) -> memoryview:
        """Return a memoryview of a copy of the items."""
        view = self.view()
        return memoryview(bytearray(view.cast("B"))).cast("B").cast(view.format)  # type: ignore[call-overload, no-any-return]

    def to_py(
        self,
        *,
        depth: int = -1,  # noqa: ARG002
        default_converter: DefaultConverter | None = None,  # noqa: ARG002
    ) -> memoryview:
        """Return `to_memoryview()`."""
        return self.to_memoryview()

    def to_string(self, encoding: str | None = None) -> str:
        """Decode the bytes, by default as UTF-8; invalid bytes become U+FFFD."""
        return self.to_bytes().decode(encoding or "utf-8", "replace").removeprefix("\ufeff")

    def assign(self, source: Any) -> None:
        """Copy the bytes of a Python buffer of the same size into this buffer."""
        own, other = self.view().cast("B"), memoryview(source).cast("B")
        if len(own) != len(other):
            raise errors.assign_size_mismatch(len(own), len(other))
        own[:] = other

    def assign_to(self, target: Any) -> None:
        """Copy the bytes of this buffer into a Python buffer of the same size."""
        own, other = self.view().cast("B"), memoryview(target).cast("B")
        if len(own) != len(other):
            raise errors.assign_to_size_mismatch(len(own), len(other))
        other[:] = own

    def to_file(self, file: IO[bytes]) -> None:
        """Write the bytes to a file."""
        file.write(self.to_bytes())

    def from_file(self, file: IO[bytes]) -> None:
        """Read bytes from a file, at most the size of the buffer."""
        view = self.view().cast("B")
        read = file.read(len(view))
        view[: len(read)] = read

    def toString(self) -> str:
        """Return `String(this)`."""
        return str(self)

    def __bool__(self) -> bool:
        return bool(self.byteLength > 0)

    def __repr__(self) -> str:
        return str(self)


class ArrayBuffer(JsBuffer):
    """An ArrayBuffer of `length` zero bytes.

    >>> ArrayBuffer(3).to_bytes(), ArrayBuffer.from_bytes(b"abc").slice(1).to_bytes()
    (b'\\x00\\x00\\x00', b'bc')
    """

    __slots__ = ("_data",)

    def __init__(self, length: Any = None, options: Any = None) -> None:  # noqa: ARG002
        self._data: Buffer = bytearray(to_length(length, errors.buffer_length))

    @classmethod
    def from_bytes(cls, data: Buffer) -> "ArrayBuffer":
        """Return an ArrayBuffer over `data`; immutable bytes are copied on the first `view()`.

        A memoryview must have items of one byte.
        """
        buffer = cls.__new__(cls)
        buffer._data = data
        return buffer

    @staticmethod
    def isView(value: Any) -> bool:
        """Return whether `value` is a typed array or a DataView."""
        return isinstance(value, JsBuffer) and not isinstance(value, ArrayBuffer)

    @property
    def byteLength(self) -> int:
        """The length in bytes."""
        return len(self._data)

    @property
    def detached(self) -> bool:
        """False: transfer is not emulated."""
        return False

    @property
    def resizable(self) -> bool:
        """False: resizable buffers are not emulated."""
        return False

    @property
    def maxByteLength(self) -> int:
        """The length in bytes, as for any buffer that is not resizable."""
        return len(self._data)

    def view(self) -> memoryview:
        """Return a memoryview of the bytes, without copying."""
        if type(self._data) is bytes:
            self._data = bytearray(self._data)
        return memoryview(self._data)

    def to_bytes(self) -> bytes:
        """Return a copy as `bytes`."""
        return self._data if type(self._data) is bytes else bytes(self._data)

    def slice(self, start: int = 0, end: int | None = None) -> "ArrayBuffer":
        """Return a new buffer of the bytes from `start` up to `end`, exclusive."""
        return ArrayBuffer.from_bytes(bytes(self._data[start:end]))


def as_bytes(value: Any) -> bytes | None:
    """Return the bytes of a Python or JavaScript buffer; `None` if `value` is not a buffer."""
    if type(value) is bytes:
        return value
    if isinstance(value, JsBuffer):
        return value.to_bytes()
    view = as_buffer(value)
    return None if view is None else view.tobytes()


def to_length(value: Any, make_error: Callable[..., Exception]) -> int:
    """Convert a length argument. Raises: the error of `make_error`, if it is out of range."""
    length = to_js_number(value)
    if isnan(length):
        return 0
    if not 0 <= length <= 2**53 - 1:
        raise make_error(value) if make_error is errors.typed_array_length else make_error()
    return trunc(length)
