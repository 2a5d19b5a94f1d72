"""`Response`: what a handler answers, and what a `fetch` brings."""

from collections.abc import Mapping
from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.fetch.body import CONTENT_TYPE, TEXT_TYPE, Body, Content, extract, headers_of
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.fetch.request import checked_headers, checked_object
from pykvbinding.js.types.json import stringify
from pykvbinding.js.types.object import JsObject, members
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
"""What workerd says of a status that comes without a text."""

CLASS_TEXTS = {2: "Successful", 3: "Redirection", 4: "Client Error", 5: "Server Error"}


class _Json:
    """`json` is two functions: `Response.json(data, init)` and `response.json()`."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        return owner.of_json if instance is None else Body.json.__get__(instance)


class Response(Body, name="Response"):
    """A response: `Response("…", {"status": 404, "headers": …})`.

    >>> response = Response("gone", {"status": 410})
    >>> response.status, response.statusText, response.ok
    (410, 'Gone', False)

    Raises: JsException, named "RangeError" for a status that is none, "TypeError" for a body where
    none may be, and others, in workerd's words.
    """

    __slots__ = (
        *("_cf", "_content_type", "_headers", "_status_text", "_web_socket"),
        *("encodeBody", "status", "type", "url"),
    )

    status: int
    """The status, 200 by default."""

    url: str
    """Where it comes from: of one that a handler makes, nowhere."""

    type: str
    """ "default", or "error" for `Response.error()`."""

    encodeBody: str
    """Whether the platform is to compress the body: "automatic", or "manual"."""

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
        headers = None if init is None else self._choose(init)
        if type(body) is str:
            self._content = body
            self._stream = None
            self._used = False
            self._content_type: str | None = TEXT_TYPE
        else:
            content, self._content_type = extract(body)
            self._carry(content)
        if self.status in NULL_BODY_STATUSES:
            self._check_no_body()
        if headers is not None:
            self._headers = headers_of(headers, self._content_type)

    def _choose(self, init: Any) -> Any:
        """Take what `init` says, in the order in which workerd looks; returns the headers."""
        if isinstance(init, str | int | float):
            raise errors.constructor_not_of_type("Response", 2, f"{INIT} or Response")
        get = members(init).get
        status = get("status")
        if status is not None:
            self.status = status if type(status) is int else to_int32(status)
        headers = get("headers")
        if headers is not None and type(headers) is not Headers:
            headers = Headers(checked_headers(headers, INIT))
        self._cf = checked_object("cf", get("cf"), INIT)
        self._web_socket = checked_web_socket(get("webSocket"))
        encode_body = get("encodeBody")
        if encode_body is not None:
            self.encodeBody = checked_encode_body(encode_body)
        if status is not None or self._web_socket is not None:
            check_status(self.status, upgrades=self._web_socket is not None)
        text = get("statusText")
        if text is not None:
            self._status_text = checked_status_text(text)
        return headers

    def _check_no_body(self) -> None:
        """Refuse a body where the status allows none; an empty one is none."""
        if self._stream is not None or self._content:
            raise runtime_errors.response_null_body()
        self._content = self._content_type = None

    @classmethod
    def make(
        cls, status: int, headers: list[tuple[str, str]], content: Content = None, url: str = ""
    ) -> "Response":
        """A response of parts that are right, such as the answer to a `fetch`.

        `headers` are pairs with names in lower case.
        """
        made = cls()
        made.status = status
        made.url = url
        made._headers = Headers.of(headers)
        made._carry(content)
        return made

    json: Any = _Json()

    @staticmethod
    def of_json(data: Any = None, init: Any = None) -> "Response":
        """`Response.json(data, init)`: the data as JSON.

        Raises: JsException as the constructor does, and for what is no JSON.
        """
        text = stringify(data)
        if isinstance(init, str | int | float):
            raise errors.not_of_type("json", "Response", 2, f"{INIT} or Response")
        made = Response("undefined" if text is None else text, init)
        made._content_type = JSON_TYPE
        if made._headers is not None and not _has_type(members(init).get("headers")):
            made._headers.set(CONTENT_TYPE, JSON_TYPE)
        return made

    @staticmethod
    def redirect(url: Any, status: Any = 302) -> "Response":
        """`Response.redirect(url, status)`; its headers cannot be changed.

        Raises: JsException, "Unable to parse URL: …", "200 is not a redirect status code. …".
        """
        code = to_int32(status)
        if code not in REDIRECT_STATUSES:
            raise runtime_errors.redirect_status(code)
        text = to_js_string(url)
        parsed = parse_url(text)
        if parsed is None:
            raise runtime_errors.redirect_url(text)
        made = Response(None)
        made.status = code
        made._headers = Headers.of([("location", parsed)], immutable=True)
        return made

    @staticmethod
    def error() -> "Response":
        """`Response.error()`: no response at all, for a network error."""
        made = Response(None)
        made.status = 0
        made.type = "error"
        made._status_text = ""
        return made

    @property
    def ok(self) -> bool:
        """Whether the status tells of success."""
        return 200 <= self.status <= 299

    @property
    def statusText(self) -> str:
        """The text that goes with the status."""
        text = self._status_text
        if text is not None:
            return text
        return STATUS_TEXTS.get(self.status) or CLASS_TEXTS.get(self.status // 100, "")

    @property
    def headers(self) -> Headers:
        """The headers."""
        headers = self._headers
        if headers is None:
            held = self._content_type
            pairs = [] if held is None else [(CONTENT_TYPE, held)]
            self._headers = headers = Headers.of(pairs)
        return headers

    @property
    def cf(self) -> Any:
        """What `init` says for the platform."""
        cf = self._cf
        if isinstance(cf, Mapping) and not isinstance(cf, JsProxy):
            self._cf = cf = JsObject(dict(cf))
        return cf

    @property
    def webSocket(self) -> Any:
        """The WebSocket that an upgrade hands over, else jsnull."""
        return jsnull if self._web_socket is None else self._web_socket

    def clone(self) -> "Response":
        """The same response with a body of its own.

        Raises: JsException, "This ReadableStream is currently locked to a reader," if it is used.
        """
        if self._web_socket is not None:
            raise runtime_errors.response_handshake()
        content = self._split()
        made = Response(None)
        made.status = self.status
        made.url = self.url
        made.type = self.type
        made.encodeBody = self.encodeBody
        made._status_text = self._status_text
        made._cf = self._cf
        made._headers = Headers(self.headers)
        made._headers.immutable = self.headers.immutable
        made._carry(content)
        return made


def _has_type(headers: Any) -> bool:
    return Headers(headers).has(CONTENT_TYPE)


def check_status(status: int, *, upgrades: bool) -> None:
    """Refuse what is no status: of an upgrade it is 101, of anything else 200 to 599."""
    if upgrades:
        if status != 101:
            raise runtime_errors.response_web_socket()
    elif not 200 <= status <= 599:
        raise runtime_errors.response_status()


def checked_web_socket(value: Any) -> Any:
    """The `webSocket` of an init."""
    if value is None or value is jsnull:
        return None
    if not isinstance(value, JsProxy) or value.constructor.name != "WebSocket":
        raise runtime_errors.wrong_field("webSocket", INIT, "WebSocket")
    return value


def checked_encode_body(value: Any) -> str:
    """How to encode a body. Raises: JsException, "encodeBody: unexpected value: …"."""
    text = to_js_string(value)
    if text not in ("automatic", "manual"):
        raise runtime_errors.response_encode_body(text)
    return text


def checked_status_text(value: Any) -> str:
    """A text for a status. Raises: JsException, "Invalid statusText"."""
    text = to_js_string(value)
    if any(letter < " " for letter in text):
        raise runtime_errors.response_status_text()
    return text
