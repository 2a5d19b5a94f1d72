"""Tests of `Body`: types of content, reading methods, single use, streams and clones."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from pykvbinding import KVNamespace
from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.blob import Blob
from pykvbinding.js.fetch.form_data import FormData
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.js.types.typed_array import Uint8Array
from pykvbinding.js.url.search_params import URLSearchParams

USED = (
    "TypeError: Body has already been used. It can only be used once. Use tee() first if you need "
    "to read it twice."
)
FORM = "application/x-www-form-urlencoded"


async def catch_error(call: Callable[[], Any]) -> str:
    with pytest.raises(JsException) as caught:  # noqa: PT012
        outcome = call()
        if hasattr(outcome, "__await__"):
            await outcome
    return f"{caught.value.name}: {caught.value.message}"


def of_type(body: Any, content_type: str) -> Response:
    return Response(body, JsObject({"headers": JsObject({"Content-Type": content_type})}))


def bytes_of(text: str) -> Uint8Array:
    array: Uint8Array = Uint8Array.from_bytes(text.encode())
    return array


def form() -> FormData:
    form_data = FormData()
    form_data.append("a", "1")
    return form_data


@pytest.mark.parametrize(
    ("body", "text", "content_type"),
    [
        ("text", "text", "text/plain;charset=UTF-8"),
        (b"bytes", "bytes", None),
        (bytearray(b"bytes"), "bytes", None),
        (bytes_of("array"), "array", None),
        (Blob.of(b"blob", "text/css"), "blob", "text/css"),
        (Blob.of(b"blob"), "blob", None),
        (URLSearchParams("a=é"), "a=%C3%A9", f"{FORM};charset=UTF-8"),
        (None, "", None),
        (jsnull, "", None),
        (5, "5", "text/plain;charset=UTF-8"),
        (True, "true", "text/plain;charset=UTF-8"),
        (JsObject({}), "[object Object]", "text/plain;charset=UTF-8"),
        (JsArray([b"a", b"b"]), "ab", None),
    ],
)
async def test_a_body_of_any_type_sets_the_content_type(
    body: Any, text: str, content_type: str | None
) -> None:
    response = Response(body)

    assert response.headers.get("content-type") == (content_type or jsnull)
    assert await response.text() == text


async def test_an_async_generator_can_be_a_body() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    assert await Response(chunks()).text() == "ab"


async def test_a_form_as_body_can_be_parsed_again() -> None:
    response = Response(form())

    content_type = response.headers.get("content-type")
    received = await response.formData()

    assert content_type.startswith("multipart/form-data; boundary=")
    assert received.get("a") == "1"


@pytest.mark.parametrize("accessed", [True, False])
@pytest.mark.parametrize("body", ["text", b"bytes"])
async def test_a_body_can_be_read_once(body: Any, accessed: bool) -> None:
    response = Response(body)
    if accessed:
        assert not response.body.locked

    await response.text()

    assert response.bodyUsed
    for read in (response.text, response.json, response.bytes, response.blob, response.formData):
        assert await catch_error(read) == USED
    assert (response.body.locked, response.body.disturbed) == (True, True)


async def test_a_null_body_can_be_read_repeatedly() -> None:
    response = Response(None)

    assert (await response.text(), await response.text()) == ("", "")
    assert (await response.bytes()).to_bytes() == b""
    assert (response.body, response.bodyUsed) == (jsnull, False)
    assert await catch_error(response.json) == "SyntaxError: Unexpected end of JSON input"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("é", "é"),
        ("\ufeffa", "a"),
        ("\ud800a", "\ufffd\ufffd\ufffda"),
        (b"\xef\xbb\xbfa", "a"),
        (b"\xffa", "\ufffda"),
    ],
)
async def test_text_decodes_utf8(body: Any, text: str) -> None:
    assert await Response(body).text() == text


async def test_bytes_and_arraybuffer_return_copies() -> None:
    array = await Response("é").bytes()
    buffer = await Response(b"ab").arrayBuffer()
    surrogate = await Response("\ud800").bytes()

    array[0] = 0

    assert (array.constructor.name, array.to_bytes()) == ("Uint8Array", b"\0\xa9")
    assert (buffer.constructor.name, buffer.to_bytes()) == ("ArrayBuffer", b"ab")
    assert surrogate.to_bytes() == b"\xed\xa0\x80"


async def test_json_returns_values_of_javascript() -> None:
    value = await Response('{"a": [1, null]}').json()

    assert (value.constructor.name, value.a[0], value.a[1]) == ("Object", 1, jsnull)
    assert await catch_error(Response("{").json) == (
        "SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)"
    )


async def test_blob_uses_the_content_type_of_the_headers() -> None:
    typed = await of_type("x", "TEXT/css; a=b").blob()
    plain = await Response(b"x").blob()

    assert (typed.type, typed.data, plain.type) == ("text/css;a=b", b"x", "")


async def test_formdata_requires_the_content_type_of_a_form() -> None:
    untyped, wrong = Response(b"x"), Response("x")

    assert await catch_error(untyped.formData) == (
        "TypeError: Parsing a Body as FormData requires a Content-Type header."
    )
    assert not untyped.bodyUsed
    assert "Unrecognized Content-Type header value" in await catch_error(wrong.formData)
    assert wrong.bodyUsed
    assert (await of_type("a=1", FORM).formData()).get("a") == "1"
    assert (await of_type("\ufeffa=1", FORM).formData()).get("a") == "1"


async def test_a_stream_argument_becomes_the_body() -> None:
    stream = ReadableStream.from_([bytes_of("a"), bytes_of("b")])
    response = Response(stream)

    assert response.body is stream
    assert await response.text() == "ab"
    assert (stream.locked, response.bodyUsed) == (True, True)
    assert await catch_error(lambda: Response(stream)) == (
        "TypeError: This ReadableStream is disturbed (has already been read from), and cannot be "
        "used as a body."
    )


async def test_a_locked_body_cannot_be_read() -> None:
    response = Response("text")
    response.body.getReader()

    assert not response.bodyUsed
    assert await catch_error(response.text) == (
        "TypeError: This ReadableStream is currently locked to a reader."
    )


async def test_a_stream_of_text_cannot_be_read_as_a_body() -> None:
    assert await catch_error(Response(ReadableStream.from_(["text"])).text) == (
        "TypeError: This ReadableStream did not return bytes."
    )


async def test_put_accepts_a_body_and_a_stored_stream_can_be_a_body() -> None:
    kv = KVNamespace()
    response = Response("text")

    await kv.put("key", response.body)
    stored = await kv.get("key", "stream")

    assert response.bodyUsed
    assert await catch_error(response.text) == USED
    assert await Response(stored).text() == "text"


async def test_iterating_over_a_body_yields_uint8arrays_and_uses_it() -> None:
    request = Request.make("POST", "http://a/", [], b"x" * 5000)

    chunks = [chunk.to_bytes() async for chunk in request.body]

    assert [len(chunk) for chunk in chunks] == [4096, 904]
    assert await catch_error(request.text) == USED


@pytest.mark.parametrize("accessed", [True, False])
async def test_a_clone_has_its_own_body(accessed: bool) -> None:
    response = Response("text")
    before = response.body if accessed else None

    clone = response.clone()

    assert await clone.text() == "text"
    assert not response.bodyUsed
    assert response.body is not before
    assert await response.text() == "text"
    assert await catch_error(response.clone) == (
        "TypeError: This ReadableStream is currently locked to a reader,"
    )


async def test_a_response_with_a_used_body_cannot_be_cloned() -> None:
    response = Response("text")
    await response.text()

    assert await catch_error(response.clone) == (
        "TypeError: This ReadableStream is currently locked to a reader,"
    )


async def test_a_tee_of_the_body_marks_it_as_used() -> None:
    response = Response("text")

    first, _ = response.body.tee()

    assert response.bodyUsed
    assert await catch_error(response.text) == USED
    assert await Response(first).text() == "text"
