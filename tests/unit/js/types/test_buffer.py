"""`ArrayBuffer`, and the bytes of any buffer."""

import array
import io
from typing import Any

import pytest

from pykvbinding.js.types.buffer import ArrayBuffer, JsBuffer, as_bytes
from pykvbinding.js.types.object import JsArray
from pykvbinding.js.types.typed_array import Uint8Array


def test_immutable_bytes_are_copied_when_somebody_writes() -> None:
    data = b"abc"
    buffer = ArrayBuffer.of(data)

    assert buffer.to_bytes() is data

    Uint8Array(buffer)[0] = 88

    assert buffer.to_bytes() == b"Xbc"
    assert data == b"abc"


def test_a_buffer_never_grows_and_is_never_taken_away() -> None:
    buffer = ArrayBuffer(3)

    assert (buffer.resizable, buffer.detached, buffer.maxByteLength) == (False, False, 3)


def test_a_buffer_goes_to_a_file_and_comes_from_one() -> None:
    file = io.BytesIO()
    ArrayBuffer.of(b"abc").to_file(file)
    file.seek(0)
    target = ArrayBuffer(5)

    target.from_file(file)

    assert target.to_bytes() == b"abc\0\0"


def test_a_buffer_as_a_text_loses_its_mark_and_keeps_what_it_can() -> None:
    assert ArrayBuffer.of(b"\xef\xbb\xbfa\xff").to_string() == "a\ufffd"
    assert ArrayBuffer.of(b"\xe9").to_string("latin-1") == "é"


def test_a_buffer_is_shown_as_javascript_shows_it() -> None:
    assert repr(ArrayBuffer(1)) == ArrayBuffer(1).toString() == "[object ArrayBuffer]"


def test_what_python_gets_is_a_copy() -> None:
    buffer = ArrayBuffer(2)

    buffer.to_py()[0] = 5

    assert buffer.to_bytes() == b"\0\0"


def test_a_buffer_says_where_its_bytes_are() -> None:
    with pytest.raises(NotImplementedError):
        JsBuffer().view()


@pytest.mark.parametrize(
    "value",
    [
        b"ab",
        bytearray(b"ab"),
        memoryview(b"ab"),
        array.array("B", [97, 98]),
        ArrayBuffer.of(b"ab"),
        Uint8Array(b"ab"),
        Uint8Array(b"xaby").subarray(1, 3),
    ],
)
def test_the_bytes_of_any_buffer(value: Any) -> None:
    assert as_bytes(value) == b"ab"


@pytest.mark.parametrize("value", ["ab", 5, None, JsArray([1]), [1]])
def test_what_is_no_buffer_has_no_bytes(value: Any) -> None:
    assert as_bytes(value) is None
