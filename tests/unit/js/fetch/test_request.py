"""Tests of `Request`: construction from a URL or a request, incoming requests, clones."""

from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.abort import AbortController
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.js.url.url import URL

NO_BODY = "TypeError: Request with a GET or HEAD method cannot have a body."


def init(**option_members: Any) -> JsObject:
    return JsObject(option_members)


def catch_error(call: Callable[[], Any]) -> str:
    with pytest.raises(JsException) as caught:
        call()
    return f"{caught.value.name}: {caught.value.message}"


def pairs(headers: Headers) -> list[tuple[str, ...]]:
    return [tuple(pair) for pair in headers]


def test_a_request_has_the_defaults_of_the_platform() -> None:
    request = Request("http://a")

    assert (request.method, request.url, request.redirect) == ("GET", "http://a/", "follow")
    assert (request.body, request.bodyUsed, request.cf, request.cache) == (
        jsnull,
        False,
        None,
        None,
    )
    assert (request.integrity, request.keepalive, request.fetcher) == ("", False, jsnull)
    assert not request.signal.aborted
    assert request.signal is request.signal
    assert (request.constructor.name, str(request)) == ("Request", "[object Request]")


def test_attributes_missing_in_workerd_are_missing() -> None:
    for name in ("mode", "credentials", "referrer", "destination"):
        assert not hasattr(Request("http://a"), name)


@pytest.mark.parametrize(
    ("argument", "url"),
    [
        ("HTTP://A.com:80/é x#frag", "http://a.com/%C3%A9%20x#frag"),
        (URL("http://a/b"), "http://a/b"),
        ("  http://a.com  ", "http://a.com/"),
    ],
)
def test_the_url_is_normalized(argument: Any, url: str) -> None:
    assert Request(argument).url == url


@pytest.mark.parametrize("url", ["nope", "/nope", "", jsnull, 5])
def test_rejects_an_invalid_url(url: Any) -> None:
    text = "null" if url is jsnull else url

    assert catch_error(lambda: Request(url)) == f"TypeError: Invalid URL: {text}"


@pytest.mark.parametrize("method", ["get", "Post", "pAtch", "PURGE", "propfind"])
def test_a_method_is_uppercased(method: str) -> None:
    assert Request("http://a", init(method=method)).method == method.upper()


@pytest.mark.parametrize("method", ["FOO", "", "a b", "CONNECT"])
def test_rejects_a_method_unknown_to_workerd(method: str) -> None:
    assert catch_error(lambda: Request("http://a", init(method=method))) == (
        f"TypeError: Invalid HTTP method string: {method}"
    )


def test_init_sets_the_other_attributes() -> None:
    controller = AbortController()
    request = Request(
        "http://a",
        init(
            redirect="manual",
            cache="no-store",
            cf={"cacheTtl": 5},
            signal=controller.signal,
            fetcher=jsnull,
            headers=JsArray([("X", "y")]),
        ),
    )

    assert (request.redirect, request.cache, request.cf.cacheTtl) == ("manual", "no-store", 5)
    assert request.cf is request.cf
    assert request.signal is controller.signal
    assert pairs(request.headers) == [("x", "y")]


def test_a_null_signal_removes_the_signal() -> None:
    first = Request("http://a", init(signal=AbortController().signal))

    second = Request(first, init(signal=jsnull))

    assert second.init_signal is None
    assert second.signal is not first.signal


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"redirect": "error"}, "Invalid redirect value, must be one of"),
        ({"redirect": jsnull}, "Invalid redirect value, must be one of"),
        ({"cache": "reload"}, "Unsupported cache mode: reload"),
        ({"cf": 5}, "Incorrect type for the 'cf' field on 'RequestInitializerDict'"),
        ({"headers": 5}, "Incorrect type for the 'headers' field on 'RequestInitializerDict'"),
        ({"signal": 5}, "Incorrect type for the 'signal' field on 'RequestInitializerDict'"),
        ({"fetcher": 5}, "Incorrect type for the 'fetcher' field on 'RequestInitializerDict'"),
        ({"integrity": "x"}, "Subrequest integrity checking is not implemented."),
    ],
)
def test_rejects_invalid_members_of_init(members: dict[str, Any], message: str) -> None:
    assert catch_error(lambda: Request("http://a", JsObject(members))).startswith(
        f"TypeError: {message}"
    )


def test_rejects_arguments_of_other_types() -> None:
    assert catch_error(Request) == (
        "TypeError: Failed to construct 'Request': constructor parameter 1 is not of type "
        "'Request or string'."
    )
    assert catch_error(lambda: Request("http://a", "text")) == (
        "TypeError: Failed to construct 'Request': constructor parameter 2 is not of type "
        "'RequestInitializerDict or Request'."
    )


@pytest.mark.parametrize("body", ["x", "", b""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_rejects_a_body_for_get_and_head(method: str, body: Any) -> None:
    assert catch_error(lambda: Request("http://a", init(method=method, body=body))) == NO_BODY


async def test_other_methods_accept_a_body_and_use_its_type() -> None:
    request = Request("http://a", init(method="DELETE", body="x"))

    assert pairs(request.headers) == [("content-type", "text/plain;charset=UTF-8")]
    assert await request.text() == "x"


def test_an_explicit_content_type_is_kept() -> None:
    request = Request(
        "http://a", init(method="POST", body="x", headers=init(**{"Content-Type": "a/b"}))
    )

    assert pairs(request.headers) == [("content-type", "a/b")]


async def test_a_request_of_a_request_uses_its_body() -> None:
    first = Request("http://a", init(method="POST", body="x", headers=init(x="y"), cf=init(a=1)))

    second = Request(first)

    assert (first.bodyUsed, second.bodyUsed) == (True, False)
    assert pairs(second.headers) == [("content-type", "text/plain;charset=UTF-8"), ("x", "y")]
    assert (second.method, second.url, second.cf.a) == ("POST", "http://a/", 1)
    assert await second.text() == "x"
    assert catch_error(lambda: Request(first)) == (
        "TypeError: Cannot reconstruct a Request with a used body."
    )


async def test_a_body_accessed_as_a_stream_can_be_transferred() -> None:
    first = Request("http://a", init(method="POST", body="x"))
    accessed = first.body

    second = Request(first)

    assert first.body is accessed
    assert accessed.locked
    assert second.body is not accessed
    assert [chunk.to_bytes() async for chunk in second.body] == [b"x"]


async def test_a_transferred_stream_can_be_read_in_every_way() -> None:
    def transfer() -> Request:
        stream = ReadableStream.from_([b"a", b"b"])
        return Request(Request("http://a", init(method="POST", body=stream)))

    first, second, third, fourth = transfer(), transfer(), transfer(), transfer()

    assert await first.text() == "ab"
    reader = second.body.getReader()
    assert (await reader.read()).value == b"a"
    reader.releaseLock()
    await second.body.cancel()
    assert second.bodyUsed
    async for _ in third.body:
        break
    assert third.bodyUsed
    assert await fourth.clone().text() == "ab"


async def test_an_explicit_body_leaves_the_first_request_unused() -> None:
    first = Request("http://a", init(method="POST", body="x"))

    second = Request(first, init(body="new"))
    third = Request(first, init(body=jsnull))

    assert (await second.text(), third.body, await first.text()) == ("new", jsnull, "x")


def test_rejects_the_body_of_another_request_for_get() -> None:
    first = Request("http://a", init(method="POST", body="x"))

    assert catch_error(lambda: Request(first, init(method="GET"))) == NO_BODY


def test_a_locked_body_cannot_be_transferred() -> None:
    first = Request("http://a", init(method="POST", body="x"))
    first.body.getReader()

    assert catch_error(lambda: Request(first)) == (
        "TypeError: The ReadableStream has been locked to a reader."
    )


async def test_a_request_can_be_the_init() -> None:
    first = Request("http://a", init(method="PUT", body="x", headers=init(x="y")))

    second = Request("http://b", first)

    assert (second.url, second.method) == ("http://b/", "PUT")
    assert await second.text() == "x"


def test_the_headers_of_init_replace_all_headers() -> None:
    first = Request("http://a", init(headers=init(x="y")))

    assert pairs(Request(first, init(headers=init(z="1"))).headers) == [("z", "1")]


async def test_make_returns_an_incoming_request() -> None:
    request = Request.make("POST", "http://a/", [("x", "y")], b"body", {"colo": "LHR"})

    assert (request.method, request.url, request.redirect) == ("POST", "http://a/", "manual")
    assert (request.headers.get("x"), request.cf.colo) == ("y", "LHR")
    assert request.headers is request.headers
    assert await request.text() == "body"


def test_the_headers_of_an_incoming_request_are_immutable_but_not_those_of_a_copy() -> None:
    request = Request.make("GET", "http://a/", [])
    copy, clone = Request(request), request.clone()

    copy.headers.set("a", "b")

    assert copy.headers.get("a") == "b"
    for immutable in (request, clone):
        with pytest.raises(JsException, match=r"^Can't modify immutable headers\.$"):
            immutable.headers.set("a", "b")


async def test_an_incoming_body_may_be_a_stream() -> None:
    request = Request.make("POST", "http://a/", [], ReadableStream.from_([b"a", b"b"]))

    assert await request.text() == "ab"


async def test_a_clone_equals_the_request() -> None:
    request = Request(
        "http://a", init(method="POST", body="x", cf=init(a=1), redirect="manual", cache="no-cache")
    )

    clone = request.clone()

    assert (clone.method, clone.url, clone.cf.a) == ("POST", "http://a/", 1)
    assert (clone.redirect, clone.cache) == ("manual", "no-cache")
    assert clone.headers is not request.headers
    assert (await clone.text(), await request.text()) == ("x", "x")
