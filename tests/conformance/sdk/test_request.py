"""The SDK's `Request` and `fetch` on our JavaScript classes."""

from http import HTTPMethod
from types import ModuleType
from typing import Any

import pytest

from pykvbinding.errors import JsException
from tests.support import workers_fixture

workers = workers_fixture.workers

URL = "https://example.com/a?b=c"


async def test_request_has_a_method_a_url_and_headers(workers: ModuleType) -> None:
    request = workers.Request(URL, method="PUT", headers={"X-One": "1"}, body="hello")

    assert request.method is HTTPMethod.PUT
    assert request.method == "PUT"
    assert request.url == URL
    assert request.headers["x-one"] == "1"
    assert await request.text() == "hello"
    assert repr(request) == f"Request(method='PUT', url={URL!r})"


def test_method_defaults_to_get(workers: ModuleType) -> None:
    request = workers.Request("https://example.com")

    assert request.method is HTTPMethod.GET
    assert request.url == "https://example.com/"
    assert request.redirect == "follow"
    assert request.cf is None
    assert not request.body
    assert not request.body_used


def test_accepts_an_http_method_of_python(workers: ModuleType) -> None:
    assert workers.Request(URL, method=HTTPMethod.DELETE).js_object.method == "DELETE"


@pytest.mark.parametrize("body", ["text", b"text"], ids=["str", "bytes"])
async def test_accepts_text_and_bytes_as_body(workers: ModuleType, body: str | bytes) -> None:
    request = workers.Request(URL, method="POST", body=body)

    assert await request.bytes() == b"text"


async def test_accepts_a_form_as_body(workers: ModuleType) -> None:
    form = workers.FormData({"a": "1"})

    request = workers.Request(URL, method="POST", body=form)

    assert (await request.form_data())["a"] == "1"


async def test_wraps_a_javascript_request_unchanged(workers: ModuleType) -> None:
    import js

    inner = js.Request.new(URL)

    assert workers.Request(inner).js_object is inner
    with pytest.raises(ValueError, match=r"^Expected no options when constructing Request from a"):
        workers.Request(inner, method="POST")


async def test_creates_a_request_from_another(workers: ModuleType) -> None:
    first = workers.Request(URL, method="POST", body="x", headers={"x-one": "1"})

    second = workers.Request(first, headers={"x-two": "2"})

    assert second.method == "POST"
    assert second.headers["x-two"] == "2"
    assert second.headers["x-one"] is None
    assert await second.text() == "x"


def test_runtime_errors_are_javascript_errors(workers: ModuleType) -> None:
    with pytest.raises(JsException, match="Invalid URL"):
        workers.Request("nowhere")


async def test_body_can_be_read_once(workers: ModuleType) -> None:
    request = workers.Request(URL, method="POST", body="x")
    await request.text()

    assert request.body_used
    for read in (request.text, request.json, request.bytes, request.buffer, request.blob):
        with pytest.raises(OSError, match=r"^Body already used$"):
            await read()
    with pytest.raises(OSError, match=r"^Body already used$"):
        await request.form_data()
    with pytest.raises(OSError, match=r"^Body already used$"):
        request.clone()


async def test_clone_has_a_separate_body(workers: ModuleType) -> None:
    request = workers.Request(URL, method="POST", body="x")

    clone = request.clone()

    assert await request.text() == "x"
    assert await clone.text() == "x"


async def test_reads_the_body_as_a_blob_or_a_buffer(workers: ModuleType) -> None:
    request = workers.Request(URL, method="POST", body="hi", headers={"content-type": "text/plain"})
    other = request.clone()

    blob = await request.blob()

    assert (blob.content_type, await blob.text()) == ("text/plain", "hi")
    assert (await other.buffer()).to_bytes() == b"hi"


async def test_reading_an_invalid_form_is_a_type_error(workers: ModuleType) -> None:
    with pytest.raises(TypeError, match="Content-Type"):
        await workers.Request(URL, method="POST", body="x").form_data()


def test_cf_comes_from_the_javascript_request(workers: ModuleType) -> None:
    from pykvbinding.js.fetch.request import Request as JsRequest

    request = workers.Request(JsRequest.make("GET", URL, [], None, {"colo": "LHR"}))

    assert request.cf.colo == "LHR"


def test_browser_properties_come_from_the_javascript_request(workers: ModuleType) -> None:
    request = workers.Request(URL)

    for name, javascript in {
        "cache": "cache",
        "credentials": "credentials",
        "destination": "destination",
        "integrity": "integrity",
        "is_history_navigation": "isHistoryNavigation",
        "keepalive": "keepalive",
        "mode": "mode",
        "referrer": "referrer",
        "referrer_policy": "referrerPolicy",
    }.items():
        assert outcome(request, name) == outcome(request.js_object, javascript)


def outcome(value: object, name: str) -> Any:
    """Return an attribute, or "absent": workerd omits some browser properties."""
    try:
        return getattr(value, name)
    except AttributeError:
        return "absent"


async def test_fetch_calls_the_outbound_handler(workers: ModuleType) -> None:
    import js

    from pykvbinding.js.fetch.fetch import outbound_handler

    requests = []

    async def network(request: Any) -> Any:
        requests.append((request.method, request.url, await request.text()))
        return js.Response.new("answer", status=202)

    token = outbound_handler.set(network)
    try:
        by_url = await workers.fetch(URL, method=HTTPMethod.POST, body="x")
        by_request = await workers.fetch(workers.Request(URL))
    finally:
        outbound_handler.reset(token)

    assert isinstance(by_url, workers.Response)
    assert by_url.status == by_request.status == 202
    assert await by_url.text() == "answer"
    assert requests == [("POST", URL, "x"), ("GET", URL, "")]


async def test_failing_fetch_is_an_os_error(workers: ModuleType) -> None:
    with pytest.raises(OSError, match="Invalid URL"):
        await workers.fetch("nowhere")
