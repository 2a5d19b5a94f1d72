"""For every text of `pykvbinding.js.core.runtime_errors` and of pipes, a call that raises it."""

from typing import Any

from pykvbinding import ReadableStream
from pykvbinding.errors import JsException
from pykvbinding.js.fetch.abort import AbortSignal
from pykvbinding.js.fetch.fetch import fetch
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.streams import js_readable as streams
from pykvbinding.js.streams.transform import TransformStream
from pykvbinding.js.streams.writable import WritableStream
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.structured_clone import serialize
from pykvbinding.js.types.typed_array import Uint8Array
from tests.support.error_cases import Case, type_error


class WebSocket(JsObject, name="WebSocket"):
    """A value supplied by a test."""


def js_error(message: str, name: str = "TypeError") -> JsException:
    return JsException(name, message)


def make_controller(**members: Any) -> Any:
    controllers: list[Any] = []
    streams.ReadableStream(JsObject({"start": controllers.append, **members}))
    return controllers[0]


def close_twice() -> None:
    controller = make_controller()
    controller.close()
    controller.close()


def enqueue_after_close() -> None:
    controller = make_controller()
    controller.close()
    controller.enqueue("late")


def lock_a_writable() -> None:
    writable = WritableStream()
    writable.getWriter()
    writable.getWriter()


async def write_after_close() -> None:
    writer = WritableStream().getWriter()
    await writer.close()
    await writer.write("late")


async def close_while_closing() -> None:
    writer = TransformStream().writable.getWriter()
    writer.write("waits")
    writer.close()
    await writer.close()


async def write_after_release() -> None:
    writer = WritableStream().getWriter()
    writer.releaseLock()
    await writer.write("late")


async def write_after_termination() -> None:
    controllers: list[Any] = []
    transform = TransformStream(JsObject({"start": controllers.append}))
    controllers[0].terminate()
    await transform.writable.getWriter().write("late")


async def read_a_body_twice() -> None:
    response = Response("text")
    await response.text()
    await response.text()


async def reuse_a_disturbed_stream() -> None:
    response = Response("text")
    await response.text()
    Response(response.body)


async def reuse_a_used_body() -> None:
    request = Request("http://a", JsObject({"method": "POST", "body": "x"}))
    await request.text()
    Request(request)


def make_upgrade() -> Response:
    return Response(None, JsObject({"status": 101, "webSocket": WebSocket()}))


def make_request(**members: Any) -> Request:
    return Request("http://a", JsObject(members))


def make_response(body: Any = "x", **members: Any) -> Response:
    return Response(body, JsObject(members))


CASES: dict[str, Case] = {
    "cannot_be_cloned": (
        lambda kv: serialize(print),
        JsException("DataCloneError", f"{print} could not be cloned."),
    ),
    "stream_not_byob": (
        lambda kv: ReadableStream().getReader({"mode": "byob"}),
        type_error("This ReadableStream does not support BYOB reads."),
    ),
    "stream_wrong_mode": (
        lambda kv: ReadableStream().getReader({"mode": "x"}),
        type_error("mode must be undefined or 'byob' in call to getReader()."),
    ),
    "stream_wrong_argument": (
        lambda kv: ReadableStream().pipeTo(5),
        type_error(
            "Failed to execute 'pipeTo' on 'ReadableStream': parameter 1 is not of type "
            "'WritableStream'."
        ),
    ),
    "stream_wrong_side": (
        lambda kv: ReadableStream().pipeThrough({}),
        type_error(
            "Incorrect type for the 'readable' field on 'Transform': the provided value is not of "
            "type 'ReadableStream'."
        ),
    ),
    "illegal_constructor": (lambda kv: AbortSignal(), js_error("Illegal constructor")),
    "field_type": (
        lambda kv: make_request(cf=5),
        js_error(
            "Incorrect type for the 'cf' field on 'RequestInitializerDict': the provided value is "
            "not of type 'Object'."
        ),
    ),
    "stream_type": (
        lambda kv: streams.ReadableStream(JsObject({"type": "x"})),
        js_error('"x" is not a valid type of ReadableStream.'),
    ),
    "stream_not_open": (lambda kv: enqueue_after_close(), js_error("Unable to enqueue")),
    "stream_closed": (lambda kv: close_twice(), js_error("This ReadableStream is closed.")),
    "chunk_empty": (
        lambda kv: make_controller(type="bytes").enqueue(Uint8Array.from_bytes(b"")),
        js_error("Cannot enqueue a zero-length ArrayBuffer."),
    ),
    "writable_locked": (
        lambda kv: lock_a_writable(),
        js_error("This WritableStream is currently locked to a writer."),
    ),
    "writable_closed": (
        lambda kv: write_after_close(),
        js_error("This WritableStream has been closed."),
    ),
    "writable_closing": (
        lambda kv: close_while_closing(),
        js_error("Cannot close a writer that is already being closed"),
    ),
    "writer_released": (
        lambda kv: write_after_release(),
        js_error("This WritableStream writer has been released."),
    ),
    "transformer_type": (
        lambda kv: TransformStream(JsObject({"readableType": "x"})),
        js_error("transformer.readableType must be undefined."),
    ),
    "transform_terminated": (
        lambda kv: write_after_termination(),
        js_error("The transform stream has been terminated"),
    ),
    "body_used": (
        lambda kv: read_a_body_twice(),
        js_error(
            "Body has already been used. It can only be used once. Use tee() first if you need to "
            "read it twice."
        ),
    ),
    "body_disturbed": (
        lambda kv: reuse_a_disturbed_stream(),
        js_error(
            "This ReadableStream is disturbed (has already been read from), and cannot be used as "
            "a body."
        ),
    ),
    "request_url_invalid": (lambda kv: Request("nope"), js_error("Invalid URL: nope")),
    "request_method": (
        lambda kv: make_request(method="FOO"),
        js_error("Invalid HTTP method string: FOO"),
    ),
    "request_redirect": (
        lambda kv: make_request(redirect="error"),
        js_error(
            'Invalid redirect value, must be one of "follow" or "manual" ("error" won\'t be '
            'implemented since it does not make sense at the edge; use "manual" and check the '
            "response status code)."
        ),
    ),
    "request_cache": (
        lambda kv: make_request(cache="reload"),
        js_error("Unsupported cache mode: reload"),
    ),
    "request_integrity": (
        lambda kv: make_request(integrity="x"),
        js_error(
            "Subrequest integrity checking is not implemented. The integrity option must be either "
            "undefined or an empty string."
        ),
    ),
    "request_body_not_allowed": (
        lambda kv: make_request(body="x"),
        js_error("Request with a GET or HEAD method cannot have a body."),
    ),
    "request_body_used": (
        lambda kv: reuse_a_used_body(),
        js_error("Cannot reconstruct a Request with a used body."),
    ),
    "response_status": (
        lambda kv: make_response(status=99),
        js_error(
            "Responses may only be constructed with status codes in the range 200 to 599, "
            "inclusive.",
            "RangeError",
        ),
    ),
    "response_null_body": (
        lambda kv: make_response(status=204),
        js_error("Response with null body status (101, 204, 205, or 304) cannot have a body."),
    ),
    "response_web_socket": (
        lambda kv: make_response(None, webSocket=WebSocket()),
        js_error("Responses with a WebSocket must have status code 101.", "RangeError"),
    ),
    "response_handshake": (
        lambda kv: make_upgrade().clone(),
        js_error("Cannot clone a response to a WebSocket handshake."),
    ),
    "response_status_text": (
        lambda kv: make_response(statusText="a\nb"),
        js_error("Invalid statusText"),
    ),
    "response_encode_body": (
        lambda kv: make_response(encodeBody="foo"),
        js_error("encodeBody: unexpected value: foo"),
    ),
    "redirect_url": (
        lambda kv: Response.redirect("nope"),
        js_error("Unable to parse URL: nope"),
    ),
    "redirect_status": (
        lambda kv: Response.redirect("http://a", 200),
        js_error(
            "200 is not a redirect status code. It must be one of: 301, 302, 303, 307, or 308.",
            "RangeError",
        ),
    ),
    "fetch_scheme": (
        lambda kv: fetch("ftp://a.com"),
        js_error("Fetch API cannot load: ftp://a.com/"),
    ),
}
