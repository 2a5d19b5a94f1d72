"""Tests of `Blob` and `File`: construction, slices and reading."""

from typing import Any
from unittest.mock import patch

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.types.object import JsArray, JsDate, JsObject
from pykvbinding.js.types.typed_array import ArrayBuffer, Uint8Array


def make_blob(*parts: Any, **options: Any) -> Blob:
    return Blob(JsArray(list(parts)), JsObject(options))


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("é", b"\xc3\xa9"),
        ("\ud800", b"\xed\xa0\x80"),
        ("\ud83d\ude00", "😀".encode()),
        (5, b"5"),
        (None, b"undefined"),
        (jsnull, b"null"),
        (JsObject(), b"[object Object]"),
        (Uint8Array.from_bytes(b"\xff"), b"\xff"),
        (ArrayBuffer.from_bytes(b"\xff"), b"\xff"),
        (Blob.of(b"\xff", "x/y"), b"\xff"),
        (b"x", b"b'x'"),
    ],
)
def test_parts_are_concatenated_as_bytes(part: Any, data: bytes) -> None:
    assert make_blob(part, part).data == data + data


def test_a_blob_without_parts_is_empty_and_false() -> None:
    blob = Blob()

    assert (blob.size, blob.type, bool(blob)) == (0, "", False)
    assert (len(make_blob("ab")), bool(make_blob("ab"))) == (2, True)


@pytest.mark.parametrize("parts", [["a"], ("a",), "a", b"a", 5, jsnull, JsObject()])
def test_rejects_parts_that_are_not_an_array(parts: Any) -> None:
    with pytest.raises(JsException, match="'Blob': constructor parameter 1 is not of type 'Array'"):
        Blob(parts)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Text/PLAIN; X=y", "text/plain; x=y"), ("é", ""), ("a\n", ""), (5, "5"), (None, "")],
)
def test_a_type_is_lowercased_or_dropped_if_invalid(value: Any, expected: str) -> None:
    assert make_blob(type=value).type == make_blob().slice(0, 1, value).type == expected


def test_a_dict_as_options_sets_the_type_of_its_proxy() -> None:
    assert Blob(None, {"type": "text/plain"}).type == "dict"
    assert Blob(None, {}).type == ""


def test_rejects_endings_unless_undefined() -> None:
    assert make_blob("a", endings=None).size == 1
    with pytest.raises(JsException, match="The 'endings' field on 'Options' is not implemented"):
        make_blob("a", endings=jsnull)


@pytest.mark.parametrize("options", [5, "x", True])
def test_rejects_options_that_are_not_an_object(options: Any) -> None:
    with pytest.raises(JsException, match="'Blob': constructor parameter 2 is not of type 'Opt"):
        Blob(None, options)
    with pytest.raises(JsException, match="'File': constructor parameter 3 is not of type 'Opt"):
        File(None, "n", options)


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ((), "abcdef"),
        ((None, None), "abcdef"),
        ((2,), "cdef"),
        ((-3, -1), "de"),
        ((3, 1), ""),
        ((1.7, "3"), "bc"),
        ((jsnull, jsnull), ""),
        ((-100, 100), "abcdef"),
    ],
)
async def test_slice_converts_its_indexes(bounds: tuple[Any, ...], text: str) -> None:
    assert await make_blob("abcdef", type="a/b").slice(*bounds).text() == text


async def test_a_blob_can_be_read_as_text_buffer_bytes_and_stream() -> None:
    blob = make_blob(Uint8Array.from_bytes(b"\xef\xbb\xbfa\xff"))

    assert await blob.text() == "\ufeffa\ufffd"
    assert (await blob.arrayBuffer()).to_bytes() == blob.data
    assert (await blob.bytes()).to_bytes() == blob.data
    assert b"".join([bytes(chunk) async for chunk in blob.stream()]) == blob.data
    assert [chunk async for chunk in Blob().stream()] == []


async def test_bytes_returns_a_copy() -> None:
    blob = Blob.of(b"abc")
    array = await blob.bytes()

    array[0] = 0

    assert (array.to_bytes(), blob.data) == (b"\0bc", b"abc")


def test_a_file_has_a_name_and_a_modification_time() -> None:
    file = File(JsArray(["a"]), "n\ud800", JsObject({"type": "A/B", "lastModified": 5.5}))

    assert (file.name, file.type, file.lastModified) == ("n\ufffd\ufffd\ufffd", "a/b", 5.5)
    assert (file.size, file.constructor.name) == (1, "File")
    assert type(file.slice()) is Blob


@pytest.mark.parametrize(
    ("value", "expected"), [("7", 7), (jsnull, 0), ("x", 0), (JsDate(5), 5), (-3, -3)]
)
def test_the_modification_time_is_converted_to_a_number(value: Any, expected: float) -> None:
    assert File(None, "n", JsObject({"lastModified": value})).lastModified == expected


def test_the_modification_time_is_now_by_default() -> None:
    with patch("time.time", return_value=1_700_000_000.25):
        files = [File(None, "n"), File.of_blob(Blob.of(b"a", "x/y"), "m")]

    assert [file.lastModified for file in files] == [1_700_000_000_250] * 2
    assert (files[1].name, files[1].type, files[1].data) == ("m", "x/y", b"a")


def test_a_file_requires_a_name() -> None:
    assert File(None, None).name == "undefined"
    with pytest.raises(
        JsException, match="'File': constructor parameter 2 is not of type 'string'"
    ):
        File()
    with pytest.raises(JsException, match="'File': constructor parameter 1 is not of type 'Array'"):
        File("a", "n")


def test_str_and_repr_are_those_of_javascript() -> None:
    assert [repr(Blob()), str(File(None, "n"))] == ["[object Blob]", "[object File]"]
