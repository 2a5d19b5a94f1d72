"""Requests as a test writes them."""

from collections.abc import Mapping
from http import HTTPMethod
from typing import Any

import pytest

from pykvbinding import ReadableStream
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.fetch.form_data import FormData
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.types.object import JsArray
from pykvbinding.workers.runtime.cf import request_cf
from pykvbinding.workers.runtime.request_factory import BASE, make_request, shown
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

FORM = "application/x-www-form-urlencoded"


def headers_of(request: Request) -> dict[str, str]:
    return dict(request.headers)


@pytest.mark.parametrize(
    ("resource", "url", "host"),
    [
        ("/", "http://localhost/", "localhost"),
        ("/a b?c=d&c=é#e", "http://localhost/a%20b?c=d&c=%C3%A9", "localhost"),
        ("https://Example.com:8080", "https://example.com:8080/", "example.com:8080"),
        ("http://example.com/x", "http://example.com/x", "example.com"),
    ],
)
def test_a_path_is_one_of_localhost(resource: str, url: str, host: str) -> None:
    request = make_request(resource)

    assert (request.method, request.url) == ("GET", url)
    assert headers_of(request) == {"host": host}
    assert request.cf.colo == "LHR"


@pytest.mark.parametrize("resource", ["", "notes", "ftp://example.com/", "http://", 5, None, b"/"])
def test_what_is_no_resource_is_refused(resource: Any) -> None:
    with pytest.raises(TypeError) as caught:
        make_request(resource)

    assert str(caught.value) == (
        f'fetch({resource!r}): give a path as in "/notes?page=2", a URL, or a Request'
    )


def test_a_request_is_taken_as_it_is(workers: Any) -> None:  # noqa: F811
    ready = Request("http://example.com/", {"method": "PUT"})

    assert make_request(ready) is ready
    assert make_request(workers.Request(ready)) is ready


@pytest.mark.parametrize("method", ["put", "PUT", HTTPMethod.PUT])
def test_a_method_is_in_capitals(method: str) -> None:
    request = make_request("/", method=method)

    assert request.method == "PUT"
    assert type(request.method) is str


@pytest.mark.parametrize(
    ("given", "content", "kind", "length"),
    [
        ({"json": {"a": "é"}}, '{"a": "\\u00e9"}', "application/json", "15"),
        ({"json": None}, "null", "application/json", "4"),
        ({"body": "é"}, "é", "text/plain;charset=UTF-8", "2"),
        ({"body": b"ab"}, "ab", None, "2"),
        ({"body": bytearray(b"ab")}, "ab", None, "2"),
        ({"body": Blob.of(b"ab", "a/b")}, "ab", "a/b", "2"),
        ({"body": ReadableStream([b"ab"])}, "ab", None, None),
        ({"form": {"a": "1", "b": ["x y", 2]}}, "a=1&b=x+y&b=2", FORM, "13"),
        ({"form": [("a", "1"), ("a", "2")]}, "a=1&a=2", FORM, "7"),
    ],
)
async def test_a_body_says_what_it_is(
    given: dict[str, Any], content: str, kind: str | None, length: str | None
) -> None:
    request = make_request("/", **given)

    headers = headers_of(request)
    assert request.method == "POST"
    assert await request.text() == content
    assert headers.get("content-type") == kind
    assert headers.get("content-length") == length


async def test_a_form_with_files_is_sent_in_parts() -> None:
    form = {
        "text": "é",
        "number": 5,
        "bytes": b"\x00",
        "named": ("a.txt", "content"),
        "typed": ("b.bin", b"\x01", "a/b"),
        "file": File(JsArray(["x"]), "c.txt"),
    }

    read = await make_request("/", form=form).formData()

    assert (read.get("text"), read.get("number")) == ("é", "5")
    assert await read.get("named").text() == "content"
    assert (read.get("typed").name, read.get("typed").type) == ("b.bin", "a/b")
    assert (read.get("file").name, read.get("bytes").size) == ("c.txt", 1)


async def test_a_form_may_be_ready(workers: Any) -> None:  # noqa: F811
    raw = FormData()
    raw.append("a", "1")

    for form in (raw, workers.FormData(raw)):
        assert (await make_request("/", form=form).formData()).get("a") == "1"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "1", "Content-Type": "a/b", "Host": "example.com"},
        [("X-A", "1"), ("Content-Type", "a/b"), ("Host", "example.com")],
    ],
)
def test_headers_win_over_ours(headers: Mapping[str, str]) -> None:
    request = make_request("/", json=1, headers=headers)

    assert headers_of(request) == {
        "content-length": "1",
        "content-type": "a/b",
        "host": "example.com",
        "x-a": "1",
    }


def test_a_header_may_be_repeated() -> None:
    request = make_request("/", headers=[("accept", "a"), ("Accept", "b"), ("x-n", 5)])  # type: ignore[list-item]

    assert headers_of(request)["accept"] == "a, b"
    assert headers_of(request)["x-n"] == "5"


@pytest.mark.parametrize("given", [{"json": 1, "body": "x"}, {"form": {}, "json": None}])
def test_a_request_has_one_body(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError) as caught:
        make_request("/", **given)

    assert str(caught.value) == (
        "fetch(…): a request has one body; give one of json, form and body"
    )


@pytest.mark.parametrize("body", [{"a": 1}, ["a"], ("a", 1)])
def test_what_wants_to_be_json_is_no_body(body: Any) -> None:
    with pytest.raises(TypeError) as caught:
        make_request("/", body=body)

    assert str(caught.value) == (
        f"fetch(body=…) is no {type(body).__name__}: to send one, write json=… or form=…; "
        "a body is str, bytes, a stream, a Blob or a form"
    )


async def test_a_form_may_be_the_body(workers: Any) -> None:  # noqa: F811
    form = workers.FormData()
    form.append("a", "1")

    assert (await make_request("/", body=form).formData()).get("a") == "1"


def test_the_platform_adds_where_a_request_has_come_in() -> None:
    assert make_request("/", at="NRT").cf.to_py() == request_cf("NRT")
    assert make_request("/").cf.to_py() == request_cf("LHR")
    assert make_request("/", cf={"country": "JP"}, at="NRT").cf.to_py() == {"country": "JP"}
    assert BASE == "http://localhost"


@pytest.mark.parametrize(
    ("resource", "request_", "text"),
    [
        ("/a", {}, "GET /a"),
        ("/a", {"method": "put"}, "PUT /a"),
        ("/a", {"json": {}}, "POST /a"),
        (Request("http://a/b", {"method": "DELETE"}), {}, "DELETE http://a/b"),
    ],
)
def test_a_request_has_a_short_name(resource: Any, request_: dict[str, Any], text: str) -> None:
    assert shown(resource, request_) == text
