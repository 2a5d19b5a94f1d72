"""Request: made of a URL, of another request, or as it comes in."""

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


def init(**members: Any) -> JsObject:
    return JsObject(members)


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(JsException) as caught:
        call()
    return f"{caught.value.name}: {caught.value.message}"


def pairs(headers: Headers) -> list[tuple[str, ...]]:
    return [tuple(pair) for pair in headers]


def test_a_request_of_a_url_has_the_defaults_of_the_platform() -> None:
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


def test_what_the_platform_has_not_is_no_attribute() -> None:
    for name in ("mode", "credentials", "referrer", "destination"):
        assert not hasattr(Request("http://a"), name)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("HTTP://A.com:80/é x#frag", "http://a.com/%C3%A9%20x#frag"),
        (URL("http://a/b"), "http://a/b"),
        ("  http://a.com  ", "http://a.com/"),
    ],
)
def test_the_url_is_spelled_out(given: Any, url: str) -> None:
    assert Request(given).url == url


@pytest.mark.parametrize("given", ["nope", "/nope", "", jsnull, 5])
def test_what_is_no_url_is_refused(given: Any) -> None:
    shown = "null" if given is jsnull else given

    assert refused(lambda: Request(given)) == f"TypeError: Invalid URL: {shown}"


@pytest.mark.parametrize("method", ["get", "Post", "pAtch", "PURGE", "propfind"])
def test_a_method_is_in_capitals(method: str) -> None:
    assert Request("http://a", init(method=method)).method == method.upper()


@pytest.mark.parametrize("method", ["FOO", "", "a b", "CONNECT"])
def test_a_method_that_workerd_does_not_know_is_refused(method: str) -> None:
    assert refused(lambda: Request("http://a", init(method=method))) == (
        f"TypeError: Invalid HTTP method string: {method}"
    )


def test_init_says_the_rest() -> None:
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


def test_a_signal_may_be_taken_away() -> None:
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
def test_what_init_may_not_say_is_refused(members: dict[str, Any], message: str) -> None:
    assert refused(lambda: Request("http://a", JsObject(members))).startswith(
        f"TypeError: {message}"
    )


def test_arguments_of_other_types_are_refused() -> None:
    assert refused(Request) == (
        "TypeError: Failed to construct 'Request': constructor parameter 1 is not of type "
        "'Request or string'."
    )
    assert refused(lambda: Request("http://a", "text")) == (
        "TypeError: Failed to construct 'Request': constructor parameter 2 is not of type "
        "'RequestInitializerDict or Request'."
    )


@pytest.mark.parametrize("body", ["x", "", b""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_some_methods_have_no_body(method: str, body: Any) -> None:
    assert refused(lambda: Request("http://a", init(method=method, body=body))) == NO_BODY


async def test_others_have_one_and_its_type() -> None:
    request = Request("http://a", init(method="DELETE", body="x"))

    assert pairs(request.headers) == [("content-type", "text/plain;charset=UTF-8")]
    assert await request.text() == "x"


def test_a_type_that_is_given_stays() -> None:
    request = Request(
        "http://a", init(method="POST", body="x", headers=init(**{"Content-Type": "a/b"}))
    )

    assert pairs(request.headers) == [("content-type", "a/b")]


async def test_a_request_of_a_request_takes_its_body() -> None:
    first = Request("http://a", init(method="POST", body="x", headers=init(x="y"), cf=init(a=1)))

    second = Request(first)

    assert (first.bodyUsed, second.bodyUsed) == (True, False)
    assert pairs(second.headers) == [("content-type", "text/plain;charset=UTF-8"), ("x", "y")]
    assert (second.method, second.url, second.cf.a) == ("POST", "http://a/", 1)
    assert await second.text() == "x"
    assert refused(lambda: Request(first)) == (
        "TypeError: Cannot reconstruct a Request with a used body."
    )


async def test_a_stream_that_was_looked_at_is_taken_too() -> None:
    first = Request("http://a", init(method="POST", body="x"))
    looked_at = first.body

    second = Request(first)

    assert first.body is looked_at
    assert looked_at.locked
    assert second.body is not looked_at
    assert [chunk.to_bytes() async for chunk in second.body] == [b"x"]


async def test_a_stream_that_was_taken_can_be_read_in_every_way() -> None:
    def taken() -> Request:
        stream = ReadableStream.from_([b"a", b"b"])
        return Request(Request("http://a", init(method="POST", body=stream)))

    first, second, third, fourth = taken(), taken(), taken(), taken()

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


async def test_another_body_leaves_the_first_request_its_own() -> None:
    first = Request("http://a", init(method="POST", body="x"))

    second = Request(first, init(body="new"))
    third = Request(first, init(body=jsnull))

    assert (await second.text(), third.body, await first.text()) == ("new", jsnull, "x")


def test_a_method_without_a_body_cannot_take_one() -> None:
    first = Request("http://a", init(method="POST", body="x"))

    assert refused(lambda: Request(first, init(method="GET"))) == NO_BODY


def test_a_body_that_somebody_holds_cannot_be_taken() -> None:
    first = Request("http://a", init(method="POST", body="x"))
    first.body.getReader()

    assert refused(lambda: Request(first)) == (
        "TypeError: The ReadableStream has been locked to a reader."
    )


async def test_a_request_serves_as_init() -> None:
    first = Request("http://a", init(method="PUT", body="x", headers=init(x="y")))

    second = Request("http://b", first)

    assert (second.url, second.method) == ("http://b/", "PUT")
    assert await second.text() == "x"


def test_other_headers_take_the_place_of_all() -> None:
    first = Request("http://a", init(headers=init(x="y")))

    assert pairs(Request(first, init(headers=init(z="1"))).headers) == [("z", "1")]


async def test_a_request_that_comes_in_is_made_of_its_parts() -> None:
    request = Request.make("POST", "http://a/", [("x", "y")], b"body", {"colo": "LHR"})

    assert (request.method, request.url, request.redirect) == ("POST", "http://a/", "manual")
    assert (request.headers.get("x"), request.cf.colo) == ("y", "LHR")
    assert request.headers is request.headers
    assert await request.text() == "body"


def test_the_headers_of_a_request_that_comes_in_are_not_to_be_changed_but_a_copys_are() -> None:
    request = Request.make("GET", "http://a/", [])
    copy, clone = Request(request), request.clone()

    copy.headers.set("a", "b")

    assert copy.headers.get("a") == "b"
    for kept in (request, clone):
        with pytest.raises(JsException, match=r"^Can't modify immutable headers\.$"):
            kept.headers.set("a", "b")


async def test_a_body_that_comes_in_may_be_a_stream() -> None:
    request = Request.make("POST", "http://a/", [], ReadableStream.from_([b"a", b"b"]))

    assert await request.text() == "ab"


async def test_a_clone_is_the_same_request() -> None:
    request = Request(
        "http://a", init(method="POST", body="x", cf=init(a=1), redirect="manual", cache="no-cache")
    )

    clone = request.clone()

    assert (clone.method, clone.url, clone.cf.a) == ("POST", "http://a/", 1)
    assert (clone.redirect, clone.cache) == ("manual", "no-cache")
    assert clone.headers is not request.headers
    assert (await clone.text(), await request.text()) == ("x", "x")
