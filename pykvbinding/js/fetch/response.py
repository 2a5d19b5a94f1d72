"""`Response`: the result of a fetch handler, and of `fetch`."""

from collections.abc import Mapping
from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.fetch.body import CONTENT_TYPE, TEXT_TYPE, Body, Content, extract, make_headers
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.fetch.request import validate_headers, validate_object
from pykvbinding.js.types.json import stringify
from pykvbinding.js.types.object import JsObject, option_members
from pykvbinding.js.types.webidl import to_int32
from pykvbinding.js.url.url import parse_url

NULL_BODY_STATUSES = frozenset((101, 204, 205, 304))
REDIRECT_STATUSES = (301, 302, 303, 307, 308)
JSON_TYPE = "application/json"
INIT = "InitializerDict"

STATUS_TEXTS = {
    101: "Switching Protocols",
    200: "OK",
    201: "Created",
    202: "Accepted",
    203: "Non-Authoritative Information",
    204: "No Content",
    205: "Reset Content",
    206: "Partial Content",
    207: "Multi-Status",
    208: "Already Reported",
    226: "IM Used",
    300: "Multiple Choices",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    305: "Use Proxy",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Payload Too Large",
    414: "URI Too Long",
    415: "Unsupported Media Type",
    416: "Range Not Satisfiable",
    417: "Expectation Failed",
    418: "I'm a teapot",
    421: "Misdirected Request",
    422: "Unprocessable Entity",
    423: "Locked",
    424: "Failed Dependency",
    426: "Upgrade Required",
    428: "Precondition Required",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    505: "HTTP Version Not Supported",
    506: "Variant Also Negotiates",
    507: "Insufficient Storage",
    508: "Loop Detected",
    510: "Not Extended",
    511: "Network Authentication Required",
}
"""The `statusText` that workerd uses by default."""

STATUS_CLASS_TEXTS = {2: "Successful", 3: "Redirection", 4: "Client Error", 5: "Server Error"}


class _JsonMethod:
    """Descriptor of two functions: `Response.json(data, init)` and `response.json()`."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        return owner.of_json if instance is None else Body.json.__get__(instance)


class Response(Body, name="Response"):
    """A response: `Response("…", {"status": 404, "headers": …})`.

    >>> response = Response("gone", {"status": 410})
    >>> response.status, response.statusText, response.ok
    (410, 'Gone', False)

    Raises: JsException, named "RangeError" for an invalid status, "TypeError" for a body that the
    status forbids, and other messages of workerd.
    """

    __slots__ = (
        *("_cf", "_content_type", "_headers", "_status_text", "_web_socket"),
        *("encodeBody", "status", "type", "url"),
    )

    status: int
    """The status, 200 by default."""

    url: str
    """The URL of the response; empty if a handler has made it."""

    type: str
    """ "default", or "error" for `Response.error()`."""

    encodeBody: str
    """The encoding mode: "automatic", or "manual" if the platform must not compress the body."""

    redirected = False

    def __init__(self, body: Any = None, init: Any = None) -> None:
        self.status = 200
        self.url = ""
        self.type = "default"
        self.encodeBody = "automatic"
        self._status_text: str | None = None
        self._cf: Any = None
        self._web_socket: Any = None
        self._headers: Headers | None = None
        headers = None if init is None else self._apply_init(init)
        if type(body) is str:
            self._content = body
            self._stream = None
            self._used = False
            self._content_type: str | None = TEXT_TYPE
        else:
            content, self._content_type = extract(body)
            self._set_body(content)
        if self.status in NULL_BODY_STATUSES:
            self._check_no_body()
        if headers is not None:
            self._headers = make_headers(headers, self._content_type)

    def _apply_init(self, init: Any) -> Any:
        """Apply the members of `init` in the order of workerd, and return the headers."""
        if isinstance(init, str | int | float):
            raise errors.constructor_not_of_type("Response", 2, f"{INIT} or Response")
        get = option_members(init).get
        status = get("status")
        if status is not None:
            self.status = status if type(status) is int else to_int32(status)
        headers = get("headers")
        if headers is not None and type(headers) is not Headers:
            headers = Headers(validate_headers(headers, INIT))
        self._cf = validate_object("cf", get("cf"), INIT)
        self._web_socket = validate_web_socket(get("webSocket"))
        encode_body = get("encodeBody")
        if encode_body is not None:
            self.encodeBody = validate_encode_body(encode_body)
        if status is not None or self._web_socket is not None:
            validate_status(self.status, upgrades=self._web_socket is not None)
        text = get("statusText")
        if text is not None:
            self._status_text = validate_status_text(text)
        return headers

    def _check_no_body(self) -> None:
        """Raise an error if there is a body; an empty body is removed."""
        if self._stream is not None or self._content:
            raise runtime_errors.response_null_body()
        self._content = self._content_type = None

    @classmethod
    def make(
        cls, status: int, headers: list[tuple[str, str]], content: Content = None, url: str = ""
    ) -> "Response":
        """Return a response, such as the result of `fetch`. The arguments are not validated.

        `headers` are pairs with names in lower case.
        """
        response = cls()
        response.status = status
        response.url = url
        response._headers = Headers.of(headers)
        response._set_body(content)
        return response

    json: Any = _JsonMethod()

    @staticmethod
    def of_json(data: Any = None, init: Any = None) -> "Response":
        """Return a response with `data` as JSON, as `Response.json(data, init)`.

        Raises: JsException as the constructor does, and if `data` cannot be serialized.
        """
        text = stringify(data)
        if isinstance(init, str | int | float):
            raise errors.not_of_type("json", "Response", 2, f"{INIT} or Response")
        response = Response("undefined" if text is None else text, init)
        response._content_type = JSON_TYPE
        if response._headers is not None and not _has_content_type(
            option_members(init).get("headers")
        ):
            response._headers.set(CONTENT_TYPE, JSON_TYPE)
        return response

    @staticmethod
    def redirect(url: Any, status: Any = 302) -> "Response":
        """Return a redirect with immutable headers, as `Response.redirect(url, status)`.

        Raises: JsException, "Unable to parse URL: …", "200 is not a redirect status code. …".
        """
        code = to_int32(status)
        if code not in REDIRECT_STATUSES:
            raise runtime_errors.redirect_status(code)
        text = to_js_string(url)
        parsed = parse_url(text)
        if parsed is None:
            raise runtime_errors.redirect_url(text)
        response = Response(None)
        response.status = code
        response._headers = Headers.of([("location", parsed)], immutable=True)
        return response

    @staticmethod
    def error() -> "Response":
        """Return the response of a network error, as `Response.error()`."""
        response = Response(None)
        response.status = 0
        response.type = "error"
        response._status_text = ""
        return response

    @property
    def ok(self) -> bool:
        """True if the status is 200 to 299."""
        return 200 <= self.status <= 299

    @property
    def statusText(self) -> str:
        """The text of the status; by default that of workerd."""
        text = self._status_text
        if text is not None:
            return text
        return STATUS_TEXTS.get(self.status) or STATUS_CLASS_TEXTS.get(self.status // 100, "")

    @property
    def headers(self) -> Headers:
        """The headers."""
        headers = self._headers
        if headers is None:
            content_type = self._content_type
            pairs = [] if content_type is None else [(CONTENT_TYPE, content_type)]
            self._headers = headers = Headers.of(pairs)
        return headers

    @property
    def cf(self) -> Any:
        """The member `cf` of the init."""
        cf = self._cf
        if isinstance(cf, Mapping) and not isinstance(cf, JsProxy):
            self._cf = cf = JsObject(dict(cf))
        return cf

    @property
    def webSocket(self) -> Any:
        """The WebSocket of an upgrade, or jsnull."""
        return jsnull if self._web_socket is None else self._web_socket

    def clone(self) -> "Response":
        """Return a copy of the response with its own body.

        Raises: KVError, "This ReadableStream is currently locked to a reader," if it is used;
        JsException for a response with a WebSocket.
        """
        if self._web_socket is not None:
            raise runtime_errors.response_handshake()
        content = self._tee_body()
        response = Response(None)
        response.status = self.status
        response.url = self.url
        response.type = self.type
        response.encodeBody = self.encodeBody
        response._status_text = self._status_text
        response._cf = self._cf
        response._headers = Headers(self.headers)
        response._headers.immutable = self.headers.immutable
        response._set_body(content)
        return response


def _has_content_type(headers: Any) -> bool:
    return Headers(headers).has(CONTENT_TYPE)


def validate_status(status: int, *, upgrades: bool) -> None:
    """Raise an error unless `status` is 101 for an upgrade, or else 200 to 599."""
    if upgrades:
        if status != 101:
            raise runtime_errors.response_web_socket()
    elif not 200 <= status <= 599:
        raise runtime_errors.response_status()


def validate_web_socket(value: Any) -> Any:
    """Return the member `webSocket` of an init. Raises: JsException if it is not a WebSocket."""
    if value is None or value is jsnull:
        return None
    if not isinstance(value, JsProxy) or value.constructor.name != "WebSocket":
        raise runtime_errors.field_type("webSocket", INIT, "WebSocket")
    return value


def validate_encode_body(value: Any) -> str:
    """Return an encoding mode. Raises: JsException, "encodeBody: unexpected value: …"."""
    text = to_js_string(value)
    if text not in ("automatic", "manual"):
        raise runtime_errors.response_encode_body(text)
    return text


def validate_status_text(value: Any) -> str:
    """Return a status text. Raises: JsException, "Invalid statusText"."""
    text = to_js_string(value)
    if any(character < " " for character in text):
        raise runtime_errors.response_status_text()
    return text
