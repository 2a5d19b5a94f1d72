"""The SDK's `Blob`, `File` and `FormData` on our JavaScript classes."""

from types import ModuleType

import pytest

from pykvbinding.errors import JsException
from tests.support import workers_fixture

workers = workers_fixture.workers


async def test_creates_a_blob_from_one_or_several_parts(workers: ModuleType) -> None:
    parts = ["a", b"b", memoryview(b"c"), bytearray(b"d"), workers.Blob("e")]

    assert await workers.Blob("text").text() == "text"
    assert await workers.Blob(b"bytes").bytes() == b"bytes"
    assert await workers.Blob(parts).text() == "abcde"
    assert await workers.Blob([]).bytes() == b""


def test_blob_has_a_size_and_a_content_type(workers: ModuleType) -> None:
    blob = workers.Blob("é", content_type="text/plain")

    assert (blob.size, blob.content_type) == (2, "text/plain")
    assert (blob.js_object.size, blob.js_object.type) == (2, "text/plain")
    assert workers.Blob("é").content_type == ""


def test_blob_of_a_blob_inherits_its_content_type(workers: ModuleType) -> None:
    blob = workers.Blob("x", content_type="text/css")

    assert workers.Blob(blob).content_type == "text/css"
    assert workers.Blob(blob.js_object).content_type == "text/css"
    assert workers.Blob(blob, content_type="text/html").content_type == "text/html"
    assert workers.Blob([blob]).content_type == ""


async def test_slice_has_no_content_type(workers: ModuleType) -> None:
    blob = workers.Blob("hello", content_type="text/plain")

    part = blob.slice(1, 3, "text/css")

    assert await part.text() == "el"
    assert part.content_type == ""
    assert await blob.slice().text() == "hello"
    assert await blob.slice(2).text() == "llo"


def test_rejects_the_option_endings(workers: ModuleType) -> None:
    assert [str(ending) for ending in workers.BlobEnding] == ["transparent", "native"]
    with pytest.raises(JsException, match=r"^The 'endings' field on 'Options' is not impl"):
        workers.Blob("a\r\n", endings=workers.BlobEnding.TRANSPARENT)


async def test_file_has_a_name_and_a_time(workers: ModuleType) -> None:
    file = workers.File("x", "a.txt", content_type="text/plain", last_modified=5)

    assert isinstance(file, workers.Blob)
    assert (file.name, file.last_modified, file.content_type) == ("a.txt", 5, "text/plain")
    assert await file.text() == "x"


def test_file_of_a_file_inherits_its_time(workers: ModuleType) -> None:
    file = workers.File("x", "a.txt", content_type="text/plain", last_modified=5)

    for given in (file, file.js_object):
        copy = workers.File(given, "b.txt")
        assert (copy.name, copy.last_modified, copy.content_type) == ("b.txt", 5, "text/plain")
    assert workers.File(file, "b.txt", last_modified=6).last_modified == 6
    assert workers.File(workers.Blob("x", "text/css"), "b.txt").content_type == "text/css"


async def test_form_is_a_mapping(workers: ModuleType) -> None:
    form = workers.FormData({"a": "1", "b": workers.Blob("x")})

    form["c"] = "3"
    del form["a"]

    assert "a" not in form
    assert "c" in form
    assert list(form) == list(form.keys()) == ["b", "c"]
    assert await form["b"].text() == "x"
    assert form["c"] == "3"


async def test_form_keys_may_repeat(workers: ModuleType) -> None:
    form = workers.FormData()
    form.append("a", "1")
    form.append("a", "2")
    form.append("a", workers.Blob("x"), "x.txt")

    values = form.get_all("a")

    assert values[:2] == ["1", "2"]
    assert isinstance(values[2], workers.File)
    assert values[2].name == "x.txt"
    assert [key for key, _ in form.items()] == ["a", "a", "a"]
    assert [type(value) for value in form.values()] == [str, str, workers.File]
    assert form["a"] == "1"
    form["a"] = "only"
    assert list(form.items()) == [("a", "only")]
    form.delete("a")
    assert list(form.items()) == []


def test_missing_key_is_null(workers: ModuleType) -> None:
    from pyodide.ffi import jsnull

    form = workers.FormData({})

    assert form["nope"] is jsnull
    assert form.get("nope") is jsnull
    assert form.get_all("nope") == []


def test_wraps_a_javascript_form_unchanged(workers: ModuleType) -> None:
    import js

    inner = js.FormData.new()
    inner.append("a", "1")

    form = workers.FormData(inner)

    assert form.js_object is inner
    assert form["a"] == "1"
