"""`ArrayBuffer`, and `as_bytes` of any buffer."""

import array
import io
from typing import Any

import pytest

from pykvbinding.js.types.buffer import ArrayBuffer, JsBuffer, as_bytes
from pykvbinding.js.types.object import JsArray
from pykvbinding.js.types.typed_array import Uint8Array


def test_immutable_bytes_are_copied_on_write() -> None:
    data = b"abc"
    buffer = ArrayBuffer.from_bytes(data)

    assert buffer.to_bytes() is data

    Uint8Array(buffer)[0] = 88

    assert buffer.to_bytes() == b"Xbc"
    assert data == b"abc"


def test_a_buffer_is_not_resizable_and_not_detached() -> None:
    buffer = ArrayBuffer(3)

    assert (buffer.resizable, buffer.detached, buffer.maxByteLength) == (False, False, 3)


def test_writes_to_a_file_and_reads_from_one() -> None:
    file = io.BytesIO()
    ArrayBuffer.from_bytes(b"abc").to_file(file)
    file.seek(0)
    target = ArrayBuffer(5)

    target.from_file(file)

    assert target.to_bytes() == b"abc\0\0"


def test_to_string_removes_the_byte_order_mark_and_replaces_invalid_bytes() -> None:
    assert ArrayBuffer.from_bytes(b"\xef\xbb\xbfa\xff").to_string() == "a\ufffd"
    assert ArrayBuffer.from_bytes(b"\xe9").to_string("latin-1") == "é"


def test_repr_is_the_string_of_javascript() -> None:
    assert repr(ArrayBuffer(1)) == ArrayBuffer(1).toString() == "[object ArrayBuffer]"


def test_to_py_returns_a_copy() -> None:
    buffer = ArrayBuffer(2)

    buffer.to_py()[0] = 5

    assert buffer.to_bytes() == b"\0\0"


def test_a_subclass_must_implement_view() -> None:
    with pytest.raises(NotImplementedError):
        JsBuffer().view()


@pytest.mark.parametrize(
    "value",
    [
        b"ab",
        bytearray(b"ab"),
        memoryview(b"ab"),
        array.array("B", [97, 98]),
        ArrayBuffer.from_bytes(b"ab"),
        Uint8Array(b"ab"),
        Uint8Array(b"xaby").subarray(1, 3),
    ],
)
def test_as_bytes_returns_the_bytes_of_any_buffer(value: Any) -> None:
    assert as_bytes(value) == b"ab"


@pytest.mark.parametrize("value", ["ab", 5, None, JsArray([1]), [1]])
def test_as_bytes_returns_none_for_other_values(value: Any) -> None:
    assert as_bytes(value) is None
