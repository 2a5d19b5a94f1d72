"""The SDK's `Response` and `FetchResponse` on our JavaScript classes."""

from collections.abc import Iterator
from http import HTTPStatus
from types import ModuleType

import pytest

from pykvbinding import ReadableStream
from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy
from tests.support import workers_fixture

workers = workers_fixture.workers


async def test_response_has_a_status_headers_and_a_body(workers: ModuleType) -> None:
    response = workers.Response("hello", status=201, headers={"X-One": "1"})

    assert response.status == 201
    assert response.ok
    assert response.headers["x-one"] == "1"
    assert await response.text() == "hello"


async def test_text_body_sets_the_content_type(workers: ModuleType) -> None:
    response = workers.Response("hello")

    assert response.status == 200
    assert response.status_text == "OK"
    assert response.headers["Content-Type"] == "text/plain;charset=UTF-8"
    assert response.url == ""
    assert not response.redirected
    assert response.type == "default"


async def test_body_is_optional(workers: ModuleType) -> None:
    response = workers.Response(None, status=HTTPStatus.NO_CONTENT)

    assert response.status == 204
    assert response.body is None
    assert await response.text() == ""


@pytest.mark.parametrize("body", ["text", b"text"], ids=["str", "bytes"])
async def test_accepts_text_and_bytes_as_body(workers: ModuleType, body: str | bytes) -> None:
    assert await workers.Response(body).bytes() == b"text"


async def test_accepts_a_stream_as_body(workers: ModuleType) -> None:
    response = workers.Response(ReadableStream([b"he", b"llo"]))

    assert response.body.constructor.name == "ReadableStream"
    assert await response.text() == "hello"


async def test_accepts_a_form_as_body(workers: ModuleType) -> None:
    response = workers.Response(workers.FormData({"a": "1"}))

    form = await response.form_data()

    assert response.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert form["a"] == "1"


async def test_accepts_javascript_values_as_body(workers: ModuleType) -> None:
    import js
    from pyodide.ffi import to_js

    assert await workers.Response(js.URLSearchParams.new("a=1&b=2")).text() == "a=1&b=2"
    assert await workers.Response(js.Uint8Array.new([104, 105])).text() == "hi"
    assert await workers.Response(js.Blob.new(to_js(["hi"]))).text() == "hi"


def test_rejects_other_javascript_values_by_class_name(workers: ModuleType) -> None:
    import js
    from pyodide.ffi import jsnull

    with pytest.raises(TypeError, match=r"^Unsupported type in Response: Object$"):
        workers.Response(js.Object.new())
    with pytest.raises(TypeError, match=r"^Unsupported type in Response: JsNull$"):
        workers.Response(jsnull)


async def test_wraps_a_javascript_response_unchanged(workers: ModuleType) -> None:
    import js

    inner = js.Response.new("x", status=404)

    response = workers.Response(inner)

    assert response.js_object is inner
    assert response.status == 404


def test_runtime_errors_are_javascript_errors(workers: ModuleType) -> None:
    with pytest.raises(JsException) as caught:
        workers.Response("x", status=999)

    assert caught.value.name == "RangeError"


def test_from_json_raises_a_python_error(workers: ModuleType) -> None:
    with pytest.raises(ValueError, match="status"):
        workers.Response.from_json({}, status=999)


async def test_json_of_the_class_is_from_json(workers: ModuleType) -> None:
    for make in (workers.Response.json, workers.Response.from_json):
        response = make({"a": [1, None]}, status=201, headers={"x-one": "1"})

        assert response.status == 201
        assert response.headers["content-type"] == "application/json"
        assert response.headers["x-one"] == "1"
        assert await response.text() == '{"a": [1, null]}'


async def test_json_of_an_instance_parses_the_body(workers: ModuleType) -> None:
    assert await workers.Response('{"a": [1, null, 2.0]}').json() == {"a": [1, None, 2.0]}


async def test_from_json_keeps_the_given_content_type(workers: ModuleType) -> None:
    response = workers.Response.from_json([], headers=[("Content-Type", "application/feed+json")])

    assert response.headers.get_all("content-type") == ["application/feed+json"]


async def test_from_json_accepts_a_javascript_value(workers: ModuleType) -> None:
    from pyodide.ffi import to_js

    response = workers.Response.from_json(to_js([1, 2]), status=202)

    assert response.status == 202
    assert await response.text() == "[1,2]"
    assert response.headers["content-type"] == "application/json"


def test_redirect_returns_a_javascript_response(workers: ModuleType) -> None:
    response = workers.Response.redirect("https://example.com/there")

    assert response.constructor.name == "Response"
    assert response.status == 302
    assert response.headers.get("location") == "https://example.com/there"
    moved = HTTPStatus.MOVED_PERMANENTLY
    assert workers.Response.redirect("https://example.com/", moved).status == 301


def test_redirect_rejects_an_invalid_status(workers: ModuleType) -> None:
    with pytest.raises(ValueError, match="redirect"):
        workers.Response.redirect("https://example.com/", 200)
    with pytest.raises(TypeError, match="Unable to parse URL: nowhere"):
        workers.Response.redirect("nowhere")


def test_accepts_repeated_header_pairs(workers: ModuleType) -> None:
    pairs = [("Set-Cookie", "a=1"), ("Vary", "Accept"), ("set-cookie", "b=2"), ("vary", "Origin")]

    headers = workers.Response("x", headers=pairs).headers

    assert headers.get_all("set-cookie") == ["a=1", "b=2"]
    assert headers["vary"] == "Accept, Origin"
    assert headers.items() == [
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("content-type", "text/plain;charset=UTF-8"),
        ("vary", "Accept, Origin"),
    ]


def test_accepts_javascript_headers(workers: ModuleType) -> None:
    import js

    headers = js.Headers.new([("x-one", "1")])

    assert workers.Response("x", headers=headers).headers["x-one"] == "1"


async def test_replace_body_keeps_status_and_headers(workers: ModuleType) -> None:
    first = workers.Response("one", status=203, status_text="Changed", headers={"x-one": "1"})

    second = first.replace_body("two")

    assert isinstance(second, workers.Response)
    assert (second.status, second.status_text) == (203, "Changed")
    assert second.headers["x-one"] == "1"
    assert await second.text() == "two"
    assert await first.replace_body(workers.FormData({"a": "b"})).text() != ""


async def test_body_can_be_read_once(workers: ModuleType) -> None:
    response = workers.Response("x")
    await response.text()

    assert response.body_used
    for read in (response.text, response.json, response.bytes, response.buffer, response.blob):
        with pytest.raises(OSError, match=r"[Bb]ody"):
            await read()
    with pytest.raises(OSError, match=r"[Bb]ody"):
        await response.form_data()


async def test_clone_has_a_separate_body(workers: ModuleType) -> None:
    response = workers.Response("x", status=202)

    clone = response.clone()

    assert clone.status == 202
    assert await response.text() == "x"
    assert await clone.text() == "x"


async def test_reading_an_invalid_form_is_a_type_error(workers: ModuleType) -> None:
    with pytest.raises(TypeError, match="Content-Type"):
        await workers.Response("x").form_data()
    with pytest.raises(TypeError, match="Content-Type"):
        await workers.Response("x").formData()


async def test_reads_the_body_as_a_blob(workers: ModuleType) -> None:
    blob = await workers.Response("x", headers={"content-type": "text/css"}).blob()

    assert isinstance(blob, workers.Blob)
    assert blob.content_type == "text/css"
    assert await blob.text() == "x"


def test_repr_shows_status_and_content_type(workers: ModuleType) -> None:
    assert repr(workers.Response(None)) == "Response(status=200, status_text='OK')"
    assert (
        repr(workers.Response("x", status=404, status_text="Gone fishing"))
        == "Response(status=404, status_text='Gone fishing', "
        "content_type='text/plain;charset=UTF-8')"
    )


def test_repr_shows_type_and_url(workers: ModuleType) -> None:
    import js

    failed = workers.Response(js.Response.error())
    fetched = js.Response.new(None)
    fetched.url = "https://example.com/"

    assert repr(failed) == "Response(status=0, type='error')"
    assert (
        repr(workers.Response(fetched))
        == "Response(status=200, status_text='OK', url='https://example.com/')"
    )


def test_accepts_a_web_socket(workers: ModuleType) -> None:
    socket = type("WebSocket", (JsProxy,), {})()

    response = workers.Response(None, status=101, web_socket=socket)

    assert response.js_object.webSocket is socket


async def test_failing_body_is_a_javascript_error(workers: ModuleType) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"--x"
        raise JsException("Error", "broken")

    response = workers.Response(
        ReadableStream(chunks()), headers={"content-type": "multipart/form-data; boundary=x"}
    )

    with pytest.raises(JsException, match=r"^broken$"):
        await response.form_data()


def test_response_is_a_fetch_response(workers: ModuleType) -> None:
    import pyodide.http

    assert issubclass(workers.Response, workers.FetchResponse)
    assert issubclass(workers.FetchResponse, pyodide.http.FetchResponse)
