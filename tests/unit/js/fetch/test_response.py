"""Tests of `Response`: status, headers, body, static methods, and the messages of workerd."""

from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.globals.callables import JsClass
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.js.url.url import URL

RANGE = (
    "RangeError: Responses may only be constructed with status codes in the range 200 to 599, "
    "inclusive."
)
NULL_BODY = "TypeError: Response with null body status (101, 204, 205, or 304) cannot have a body."
IMMUTABLE = "TypeError: Can't modify immutable headers."
TEXT_TYPE = ("content-type", "text/plain;charset=UTF-8")


class WebSocket(JsProxy, name="WebSocket"):
    """A WebSocket that a test supplies, because pykvbinding does not emulate the class."""


def init(**option_members: Any) -> JsObject:
    return JsObject(option_members)


def catch_error(call: Callable[[], Any]) -> str:
    with pytest.raises(JsException) as caught:
        call()
    return f"{caught.value.name}: {caught.value.message}"


def pairs(response: Response) -> list[tuple[str, ...]]:
    return [tuple(pair) for pair in response.headers]


def test_a_response_has_the_defaults_of_the_platform() -> None:
    response = Response("text")

    assert (response.status, response.statusText, response.ok) == (200, "OK", True)
    assert (response.type, response.url, response.redirected) == ("default", "", False)
    assert (response.webSocket, response.cf, response.encodeBody) == (jsnull, None, "automatic")
    assert pairs(response) == [TEXT_TYPE]
    assert response.headers is response.headers
    assert (response.constructor.name, str(response)) == ("Response", "[object Response]")


def test_the_js_module_constructs_a_response() -> None:
    js_class: Any = JsClass(Response, json=Response.json)

    assert js_class.new("x", status=404).status == 404
    assert pairs(js_class.json({"a": 1})) == [("content-type", "application/json")]


@pytest.mark.parametrize(("value", "status"), [(599, 599), (200.7, 200), ("201", 201), (None, 200)])
def test_a_status_is_converted_to_an_integer(value: Any, status: int) -> None:
    assert Response("x", init(status=value)).status == status


@pytest.mark.parametrize("status", [99, 100, 103, 199, 600, 0, -1, "abc", jsnull, 101, True])
def test_rejects_a_status_out_of_range(status: Any) -> None:
    assert catch_error(lambda: Response("x", init(status=status))) == RANGE


@pytest.mark.parametrize("status", [204, 205, 304])
async def test_rejects_a_body_for_some_statuses(status: int) -> None:
    for body in ("x", b"x", ReadableStream.from_([])):
        with pytest.raises(JsException) as caught:
            Response(body, init(status=status))
        assert caught.value.message == NULL_BODY.removeprefix("TypeError: ")
    for empty in (None, "", b""):
        response = Response(empty, init(status=status))
        assert (response.body, pairs(response)) == (jsnull, [])


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (201, "Created"),
        (404, "Not Found"),
        (299, "Successful"),
        (399, "Redirection"),
        (499, "Client Error"),
        (599, "Server Error"),
    ],
)
def test_a_status_has_a_default_text(status: int, text: str) -> None:
    assert Response("x", init(status=status)).statusText == text
    assert Response("x", init(status=status)).ok is (status < 300)


def test_the_status_text_can_be_set() -> None:
    assert Response("x", init(statusText="Fine")).statusText == "Fine"
    assert catch_error(lambda: Response("x", init(statusText="a\nb"))) == (
        "TypeError: Invalid statusText"
    )


@pytest.mark.parametrize("init_value", ["text", 5])
def test_rejects_an_init_that_is_not_an_object(init_value: Any) -> None:
    expected = "is not of type 'InitializerDict or Response'."

    assert catch_error(lambda: Response("x", init_value)) == (
        f"TypeError: Failed to construct 'Response': constructor parameter 2 {expected}"
    )
    assert catch_error(lambda: Response.json({}, init_value)) == (
        f"TypeError: Failed to execute 'json' on 'Response': parameter 2 {expected}"
    )


@pytest.mark.parametrize("empty_init", [None, jsnull, JsArray([])])
def test_an_empty_init_has_no_effect(empty_init: Any) -> None:
    assert Response("x", empty_init).status == 200


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"headers": 5},
            "Incorrect type for the 'headers' field on 'InitializerDict': the provided value is "
            "not of type 'Headers or Sequence or object'.",
        ),
        (
            {"webSocket": 5},
            "Incorrect type for the 'webSocket' field on 'InitializerDict': the provided value is "
            "not of type 'WebSocket'.",
        ),
        (
            {"cf": 5},
            "Incorrect type for the 'cf' field on 'InitializerDict': the provided value is not of "
            "type 'Object'.",
        ),
        ({"encodeBody": "foo"}, "encodeBody: unexpected value: foo"),
    ],
)
def test_rejects_invalid_members_of_init(members: dict[str, Any], message: str) -> None:
    assert catch_error(lambda: Response("x", JsObject(members))) == f"TypeError: {message}"


def test_the_headers_of_init_are_copied() -> None:
    headers = Headers([("A", "1")])
    response = Response("x", init(headers=headers))

    headers.set("a", "2")

    assert pairs(response) == [("a", "1"), TEXT_TYPE]
    assert [tuple(pair) for pair in headers] == [("a", "2")]


def test_repeated_cookies_are_not_joined() -> None:
    cookies = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    response = Response(None, init(headers=JsArray(cookies)))

    assert response.headers.getSetCookie().to_py() == ["a=1", "b=2"]


def test_a_response_can_be_the_init() -> None:
    first = Response("x", init(status=404, statusText="Gone", headers=init(a="b"), cf={"c": 1}))

    second = Response(None, first)

    assert (second.status, second.statusText, second.cf.c) == (404, "Gone", 1)
    assert pairs(second) == [("a", "b"), TEXT_TYPE]
    assert second.cf is second.cf


def test_json_sets_the_content_type_unless_init_does() -> None:
    plain = Response.json(JsObject({"a": 1}))
    typed = Response.json([], init(status=201, headers=init(**{"content-type": "a/b", "x": "y"})))
    other = Response.json([], init(headers=init(x="y")))

    assert pairs(plain) == [("content-type", "application/json")]
    assert (typed.status, pairs(typed)) == (201, [("content-type", "a/b"), ("x", "y")])
    assert pairs(other) == [("content-type", "application/json"), ("x", "y")]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (JsObject({"a": 1, "b": JsArray([1, jsnull])}), '{"a":1,"b":[1,null]}'),
        ("s", '"s"'),
        (jsnull, "null"),
        (None, "undefined"),
    ],
)
async def test_json_serializes_the_data(data: Any, text: str) -> None:
    assert await Response.json(data).text() == text


async def test_json_of_an_instance_parses_the_body() -> None:
    assert (await Response.json(JsObject({"a": 1})).json()).a == 1


def test_json_rejects_a_status_without_a_body() -> None:
    assert catch_error(lambda: Response.json(JsObject({}), init(status=204))) == NULL_BODY


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_has_the_header_location(status: int) -> None:
    response = Response.redirect("http://a.com/b c", status)

    assert (response.status, pairs(response)) == (status, [("location", "http://a.com/b%20c")])
    assert response.body is jsnull
    assert catch_error(lambda: response.headers.set("a", "b")) == IMMUTABLE
    assert catch_error(lambda: response.clone().headers.set("a", "b")) == IMMUTABLE


def test_the_headers_of_a_copied_redirect_are_mutable() -> None:
    copy = Response(None, Response.redirect(URL("http://a/")))

    copy.headers.set("a", "b")

    assert (copy.status, pairs(copy)) == (302, [("a", "b"), ("location", "http://a/")])


@pytest.mark.parametrize("status", [200, 304, 0])
def test_redirect_rejects_other_statuses(status: int) -> None:
    assert catch_error(lambda: Response.redirect("nope", status)) == (
        f"RangeError: {status} is not a redirect status code. It must be one of: 301, 302, 303, "
        "307, or 308."
    )


@pytest.mark.parametrize("url", ["/relative", "nope", 5])
def test_redirect_rejects_a_relative_url(url: Any) -> None:
    assert catch_error(lambda: Response.redirect(url)) == f"TypeError: Unable to parse URL: {url}"


def test_error_returns_a_response_of_type_error() -> None:
    response = Response.error()

    assert (response.status, response.type, response.statusText) == (0, "error", "")
    assert (response.ok, response.body, response.clone().type) == (False, jsnull, "error")
    assert catch_error(lambda: Response("x", response)) == RANGE


async def test_a_clone_equals_the_response() -> None:
    response = Response("x", init(status=404, statusText="q", cf=init(a=1), encodeBody="manual"))

    clone = response.clone()
    clone.headers.set("a", "b")

    assert (clone.status, clone.statusText, clone.encodeBody) == (404, "q", "manual")
    assert (clone.cf.a, response.headers.has("a")) == (1, False)
    assert (await clone.text(), await response.text()) == ("x", "x")


async def test_make_returns_a_response() -> None:
    response = Response.make(404, [("a", "b")], b"body", "http://a/")

    assert (response.status, response.url, pairs(response)) == (404, "http://a/", [("a", "b")])
    assert await response.text() == "body"


def test_an_upgrade_has_a_websocket() -> None:
    socket = WebSocket()
    response = Response(None, init(status=101, webSocket=socket))

    assert (response.webSocket, response.statusText) == (socket, "Switching Protocols")
    assert catch_error(response.clone) == (
        "TypeError: Cannot clone a response to a WebSocket handshake."
    )
    assert catch_error(lambda: Response(None, init(webSocket=socket))) == (
        "RangeError: Responses with a WebSocket must have status code 101."
    )
    assert catch_error(lambda: Response("x", init(status=101, webSocket=socket))) == NULL_BODY
