"""`ArrayBuffer`, what Python can do with any buffer of JavaScript, and the bytes of any buffer."""

from collections.abc import Callable
from math import isnan, trunc
from typing import IO, Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import as_buffer, to_js_number
from pykvbinding.js.core.proxy import Convert, JsProxy

Buffer = bytes | bytearray | memoryview


class JsBuffer(JsProxy, name="ArrayBuffer"):
    """What Python can do with any buffer of JavaScript (Pyodide's methods)."""

    __slots__ = ()

    def view(self) -> memoryview:
        """The bytes in place, in the format of the items."""
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        """A copy as `bytes`."""
        return self.view().tobytes()

    def to_memoryview(self) -> memoryview:
        """A copy, as a view in the format of the items."""
        view = self.view()
        return memoryview(bytearray(view.cast("B"))).cast("B").cast(view.format)  # type: ignore[call-overload, no-any-return]

    def to_py(
        self,
        *,
        depth: int = -1,  # noqa: ARG002
        default_converter: Convert | None = None,  # noqa: ARG002
    ) -> memoryview:
        """As `to_memoryview`."""
        return self.to_memoryview()

    def to_string(self, encoding: str | None = None) -> str:
        """The text in it, UTF-8 by default; what is not, is U+FFFD."""
        return self.to_bytes().decode(encoding or "utf-8", "replace").removeprefix("\ufeff")

    def assign(self, source: Any) -> None:
        """Copy a Python buffer of the same size into this one."""
        mine, theirs = self.view().cast("B"), memoryview(source).cast("B")
        if len(mine) != len(theirs):
            raise errors.assigned_of_other_size(len(mine), len(theirs))
        mine[:] = theirs

    def assign_to(self, target: Any) -> None:
        """Copy this buffer into a Python one of the same size."""
        mine, theirs = self.view().cast("B"), memoryview(target).cast("B")
        if len(mine) != len(theirs):
            raise errors.assigned_to_other_size(len(mine), len(theirs))
        theirs[:] = mine

    def to_file(self, file: IO[bytes]) -> None:
        """Write the bytes to a file."""
        file.write(self.to_bytes())

    def from_file(self, file: IO[bytes]) -> None:
        """Read as many bytes from a file as fit."""
        view = self.view().cast("B")
        read = file.read(len(view))
        view[: len(read)] = read

    def toString(self) -> str:
        """`String(this)`."""
        return str(self)

    def __bool__(self) -> bool:
        return bool(self.byteLength > 0)

    def __repr__(self) -> str:
        return str(self)


class ArrayBuffer(JsBuffer):
    """An ArrayBuffer of so many bytes, all zero.

    >>> ArrayBuffer(3).to_bytes(), ArrayBuffer.of(b"abc").slice(1).to_bytes()
    (b'\\x00\\x00\\x00', b'bc')
    """

    __slots__ = ("_data",)

    def __init__(self, length: Any = None, options: Any = None) -> None:  # noqa: ARG002
        self._data: Buffer = bytearray(length_of(length, errors.buffer_length))

    @classmethod
    def of(cls, data: Buffer) -> "ArrayBuffer":
        """An ArrayBuffer of these bytes; immutable ones are copied when somebody may write.

        A memoryview is one of bytes, not of wider items.
        """
        made = cls.__new__(cls)
        made._data = data
        return made

    @staticmethod
    def isView(value: Any) -> bool:
        """Whether `value` is a typed array or a DataView."""
        return isinstance(value, JsBuffer) and not isinstance(value, ArrayBuffer)

    @property
    def byteLength(self) -> int:
        """How many bytes there are."""
        return len(self._data)

    @property
    def detached(self) -> bool:
        """Whether it was handed over: never here."""
        return False

    @property
    def resizable(self) -> bool:
        """Whether it may grow: never here."""
        return False

    @property
    def maxByteLength(self) -> int:
        """How far it may grow."""
        return len(self._data)

    def view(self) -> memoryview:
        """The bytes in place."""
        if type(self._data) is bytes:
            self._data = bytearray(self._data)
        return memoryview(self._data)

    def to_bytes(self) -> bytes:
        """A copy as `bytes`."""
        return self._data if type(self._data) is bytes else bytes(self._data)

    def slice(self, start: int = 0, end: int | None = None) -> "ArrayBuffer":
        """A new buffer of the bytes from `start` to before `end`."""
        return ArrayBuffer.of(bytes(self._data[start:end]))


def as_bytes(value: Any) -> bytes | None:
    """The bytes of a buffer, of Python or of JavaScript; `None` for what is no buffer."""
    if type(value) is bytes:
        return value
    if isinstance(value, JsBuffer):
        return value.to_bytes()
    view = as_buffer(value)
    return None if view is None else view.tobytes()


def length_of(value: Any, refused: Callable[..., Exception]) -> int:
    """A length that a constructor got. Raises: what `refused` makes, for a negative one."""
    count = to_js_number(value)
    if isnan(count):
        return 0
    if not 0 <= count <= 2**53 - 1:
        raise refused(value) if refused is errors.typed_array_length else refused()
    return trunc(count)
