"""Requests built from the arguments of `worker.fetch`."""

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
from pykvbinding.workers.runtime.request_factory import BASE_URL, build_request, describe_request
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
def test_path_is_requested_from_localhost(resource: str, url: str, host: str) -> None:
    request = build_request(resource)

    assert (request.method, request.url) == ("GET", url)
    assert headers_of(request) == {"host": host}
    assert request.cf.colo == "LHR"


@pytest.mark.parametrize("resource", ["", "notes", "ftp://example.com/", "http://", 5, None, b"/"])
def test_rejects_an_invalid_resource(resource: Any) -> None:
    with pytest.raises(TypeError) as caught:
        build_request(resource)

    assert str(caught.value) == (
        f'fetch({resource!r}): expected a path such as "/notes?page=2", a URL, or a Request'
    )


def test_request_is_used_unchanged(workers: Any) -> None:  # noqa: F811
    ready = Request("http://example.com/", {"method": "PUT"})

    assert build_request(ready) is ready
    assert build_request(workers.Request(ready)) is ready


@pytest.mark.parametrize("method", ["put", "PUT", HTTPMethod.PUT])
def test_method_is_upper_case(method: str) -> None:
    request = build_request("/", method=method)

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
async def test_body_sets_the_content_type(
    given: dict[str, Any], content: str, kind: str | None, length: str | None
) -> None:
    request = build_request("/", **given)

    headers = headers_of(request)
    assert request.method == "POST"
    assert await request.text() == content
    assert headers.get("content-type") == kind
    assert headers.get("content-length") == length


async def test_form_with_files_is_multipart() -> None:
    form = {
        "text": "é",
        "number": 5,
        "bytes": b"\x00",
        "named": ("a.txt", "content"),
        "typed": ("b.bin", b"\x01", "a/b"),
        "file": File(JsArray(["x"]), "c.txt"),
    }

    read = await build_request("/", form=form).formData()

    assert (read.get("text"), read.get("number")) == ("é", "5")
    assert await read.get("named").text() == "content"
    assert (read.get("typed").name, read.get("typed").type) == ("b.bin", "a/b")
    assert (read.get("file").name, read.get("bytes").size) == ("c.txt", 1)


async def test_accepts_form_data(workers: Any) -> None:  # noqa: F811
    raw = FormData()
    raw.append("a", "1")

    for form in (raw, workers.FormData(raw)):
        assert (await build_request("/", form=form).formData()).get("a") == "1"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "1", "Content-Type": "a/b", "Host": "example.com"},
        [("X-A", "1"), ("Content-Type", "a/b"), ("Host", "example.com")],
    ],
)
def test_given_headers_replace_default_ones(headers: Mapping[str, str]) -> None:
    request = build_request("/", json=1, headers=headers)

    assert headers_of(request) == {
        "content-length": "1",
        "content-type": "a/b",
        "host": "example.com",
        "x-a": "1",
    }


def test_accepts_repeated_headers() -> None:
    request = build_request("/", headers=[("accept", "a"), ("Accept", "b"), ("x-n", 5)])  # type: ignore[list-item]

    assert headers_of(request)["accept"] == "a, b"
    assert headers_of(request)["x-n"] == "5"


@pytest.mark.parametrize("given", [{"json": 1, "body": "x"}, {"form": {}, "json": None}])
def test_rejects_two_bodies(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError) as caught:
        build_request("/", **given)

    assert str(caught.value) == (
        "fetch(…): a request has one body; pass only one of json, form and body"
    )


@pytest.mark.parametrize("body", [{"a": 1}, ["a"], ("a", 1)])
def test_rejects_containers_as_body(body: Any) -> None:
    with pytest.raises(TypeError) as caught:
        build_request("/", body=body)

    assert str(caught.value) == (
        f"fetch(body=…) does not accept a {type(body).__name__}; use json=… or form=…, or pass "
        "str, bytes, a stream, a Blob or a form"
    )


async def test_accepts_form_data_as_body(workers: Any) -> None:  # noqa: F811
    form = workers.FormData()
    form.append("a", "1")

    assert (await build_request("/", body=form).formData()).get("a") == "1"


def test_request_has_cf_of_its_location() -> None:
    assert build_request("/", at="NRT").cf.to_py() == request_cf("NRT")
    assert build_request("/").cf.to_py() == request_cf("LHR")
    assert build_request("/", cf={"country": "JP"}, at="NRT").cf.to_py() == {"country": "JP"}
    assert BASE_URL == "http://localhost"


@pytest.mark.parametrize(
    ("resource", "request_", "text"),
    [
        ("/a", {}, "GET /a"),
        ("/a", {"method": "put"}, "PUT /a"),
        ("/a", {"json": {}}, "POST /a"),
        (Request("http://a/b", {"method": "DELETE"}), {}, "DELETE http://a/b"),
    ],
)
def test_describes_a_request(resource: Any, request_: dict[str, Any], text: str) -> None:
    assert describe_request(resource, request_) == text
