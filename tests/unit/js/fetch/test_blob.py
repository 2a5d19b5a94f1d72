"""`Blob` and `File`: of what they are made, and how they are read."""

from typing import Any
from unittest.mock import patch

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.types.object import JsArray, JsDate, JsObject
from pykvbinding.js.types.typed_array import ArrayBuffer, Uint8Array


def made(*parts: Any, **options: Any) -> Blob:
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
        (Uint8Array.of_bytes(b"\xff"), b"\xff"),
        (ArrayBuffer.of(b"\xff"), b"\xff"),
        (Blob.of(b"\xff", "x/y"), b"\xff"),
        (b"x", b"b'x'"),
    ],
)
def test_parts_are_bytes_or_text(part: Any, data: bytes) -> None:
    assert made(part, part).data == data + data


def test_without_parts_a_blob_is_empty_and_false() -> None:
    blob = Blob()

    assert (blob.size, blob.type, bool(blob)) == (0, "", False)
    assert (len(made("ab")), bool(made("ab"))) == (2, True)


@pytest.mark.parametrize("parts", [["a"], ("a",), "a", b"a", 5, jsnull, JsObject()])
def test_only_an_array_holds_parts(parts: Any) -> None:
    with pytest.raises(JsException, match="'Blob': constructor parameter 1 is not of type 'Array'"):
        Blob(parts)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("Text/PLAIN; X=y", "text/plain; x=y"), ("é", ""), ("a\n", ""), (5, "5"), (None, "")],
)
def test_a_type_is_in_lower_case_or_not_there(given: Any, kept: str) -> None:
    assert made(type=given).type == made().slice(0, 1, given).type == kept


def test_the_type_in_a_dict_is_the_name_of_the_proxy_as_in_production() -> None:
    assert Blob(None, {"type": "text/plain"}).type == "dict"
    assert Blob(None, {}).type == ""


def test_endings_are_refused_unless_they_are_undefined() -> None:
    assert made("a", endings=None).size == 1
    with pytest.raises(JsException, match="The 'endings' field on 'Options' is not implemented"):
        made("a", endings=jsnull)


@pytest.mark.parametrize("options", [5, "x", True])
def test_options_are_an_object(options: Any) -> None:
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
async def test_a_slice_counts_from_either_end(bounds: tuple[Any, ...], text: str) -> None:
    assert await made("abcdef", type="a/b").slice(*bounds).text() == text


async def test_a_blob_is_read_in_four_ways() -> None:
    blob = made(Uint8Array.of_bytes(b"\xef\xbb\xbfa\xff"))

    assert await blob.text() == "\ufeffa\ufffd"
    assert (await blob.arrayBuffer()).to_bytes() == blob.data
    assert (await blob.bytes()).to_bytes() == blob.data
    assert b"".join([bytes(chunk) async for chunk in blob.stream()]) == blob.data
    assert [chunk async for chunk in Blob().stream()] == []


async def test_what_is_read_is_a_copy() -> None:
    blob = Blob.of(b"abc")
    array = await blob.bytes()

    array[0] = 0

    assert (array.to_bytes(), blob.data) == (b"\0bc", b"abc")


def test_a_file_has_a_name_and_a_time() -> None:
    file = File(JsArray(["a"]), "n\ud800", JsObject({"type": "A/B", "lastModified": 5.5}))

    assert (file.name, file.type, file.lastModified) == ("n\ufffd\ufffd\ufffd", "a/b", 5.5)
    assert (file.size, file.constructor.name) == (1, "File")
    assert type(file.slice()) is Blob


@pytest.mark.parametrize(
    ("given", "kept"), [("7", 7), (jsnull, 0), ("x", 0), (JsDate(5), 5), (-3, -3)]
)
def test_the_time_of_a_file_is_a_number(given: Any, kept: float) -> None:
    assert File(None, "n", JsObject({"lastModified": given})).lastModified == kept


def test_a_file_is_new_unless_it_is_said_otherwise() -> None:
    with patch("time.time", return_value=1_700_000_000.25):
        files = [File(None, "n"), File.of_blob(Blob.of(b"a", "x/y"), "m")]

    assert [file.lastModified for file in files] == [1_700_000_000_250] * 2
    assert (files[1].name, files[1].type, files[1].data) == ("m", "x/y", b"a")


def test_a_file_needs_a_name() -> None:
    assert File(None, None).name == "undefined"
    with pytest.raises(
        JsException, match="'File': constructor parameter 2 is not of type 'string'"
    ):
        File()
    with pytest.raises(JsException, match="'File': constructor parameter 1 is not of type 'Array'"):
        File("a", "n")


def test_they_print_as_in_javascript() -> None:
    assert [repr(Blob()), str(File(None, "n"))] == ["[object Blob]", "[object File]"]
