"""`Request`: the argument of a fetch handler, and of `fetch`."""

from collections.abc import Mapping
from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.fetch.abort import AbortSignal
from pykvbinding.js.fetch.body import Body, Content, extract, make_headers
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.types.object import JsObject, option_members
from pykvbinding.js.url.url import parse_url

METHODS = frozenset(
    (
        *("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "PURGE", "OPTIONS", "TRACE", "COPY"),
        *("LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK", "ACL", "REPORT"),
        *("MKACTIVITY", "CHECKOUT", "MERGE", "MSEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE"),
        *("QUERY", "BAN"),
    )
)
"""The methods that workerd accepts; it rejects any other."""

CACHE_MODES = ("no-store", "no-cache")
INIT = "RequestInitializerDict"


class Request(Body, name="Request"):
    """A request: `Request(url, {"method": "POST", "body": "…"})`; `input` may be a Request.

    >>> request = Request("HTTP://Example.com", {"method": "put", "body": "x"})
    >>> request.method, request.url, request.headers.get("content-type")
    ('PUT', 'http://example.com/', 'text/plain;charset=UTF-8')

    Raises: JsException, "Invalid URL: …", "Invalid HTTP method string: …", "Request with a GET or
    HEAD method cannot have a body." and other messages of workerd.
    """

    __slots__ = (
        *("_cache", "_cf", "_fetcher", "_headers", "_immutable", "_method", "_pairs", "_redirect"),
        *("_signal", "_url", "init_signal"),
    )

    integrity = ""
    keepalive = False

    def __init__(self, input: Any = None, init: Any = None) -> None:
        if input is None:
            raise errors.constructor_not_of_type("Request", 1, "Request or string")
        if isinstance(init, str | int | float):
            raise errors.constructor_not_of_type("Request", 2, f"{INIT} or Request")
        original = input if isinstance(input, Request) else None
        fields = option_members(init)
        options = _RequestInit(fields)
        content: Content = None
        if original is None:
            text = to_js_string(input)
            url = parse_url(text)
            if url is None:
                raise runtime_errors.request_url_invalid(text)
            self._initialize("GET", url)
        else:
            if fields.get("body") is None:
                content = original._detach()
            self._initialize(original._method, original._url)
            self._copy_options(original)
        self._apply_init(options, content, fields.get("body"), original)

    @classmethod
    def make(
        cls,
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        body: Content = None,
        cf: Mapping[str, Any] | None = None,
    ) -> "Request":
        """Return an incoming request, with immutable headers. The arguments are not validated.

        `headers` are pairs with names in lower case, `url` is normalized (`parse_url`).
        """
        request = cls.__new__(cls)
        request._initialize(method, url)
        request._pairs = headers
        request._immutable = True
        request._redirect = "manual"
        request._cf = cf
        if body is None or type(body) is str or type(body) is bytes:
            request._content = body
            request._stream = None
            request._used = False
        else:
            request._set_body(body)
        return request

    def _initialize(self, method: str, url: str) -> None:
        self._method = method
        self._url = url
        self._headers: Headers | None = None
        self._immutable = False
        self._pairs: list[tuple[str, str]] | None = None
        self._redirect = "follow"
        self._cf: Any = None
        self._cache: str | None = None
        self._fetcher: Any = jsnull
        self._signal: AbortSignal | None = None
        self.init_signal: AbortSignal | None = None

    def _copy_options(self, original: "Request") -> None:
        self._redirect = original._redirect
        self._cf = original._cf
        self._cache = original._cache
        self._fetcher = original._fetcher
        self._signal = original._signal
        self.init_signal = original.init_signal

    def _detach(self) -> Content:
        """Return the body for a request that is constructed from this one."""
        if self.bodyUsed:
            raise runtime_errors.request_body_used()
        return self._transfer()

    def _apply_init(
        self, options: "_RequestInit", content: Content, body: Any, original: "Request | None"
    ) -> None:
        """Apply the members of `init`, in the order in which workerd reads them."""
        if options.method is not None:
            self._method = validate_method(options.method)
        headers = options.headers
        if headers is None and original is not None:
            headers = original.headers
        elif headers is not None and type(headers) is not Headers:
            headers = Headers(headers)
        content_type = None
        if body is not None:
            content, content_type = extract(body)
        if content is not None and self._method in ("GET", "HEAD"):
            raise runtime_errors.request_body_not_allowed()
        if options.redirect is not None:
            self._redirect = validate_redirect(options.redirect)
        if options.cf is not None:
            self._cf = options.cf
        if options.cache is not None:
            self._cache = options.cache
        if options.fetcher is not None:
            self._fetcher = options.fetcher
        if options.signal is not None:
            self.init_signal = None if options.signal is jsnull else options.signal
            self._signal = self.init_signal
        if options.integrity:
            raise runtime_errors.request_integrity()
        self._headers = make_headers(headers, content_type)
        self._set_body(content)

    @property
    def method(self) -> str:
        """The method, in upper case."""
        return self._method

    @property
    def url(self) -> str:
        """The normalized URL."""
        return self._url

    @property
    def headers(self) -> Headers:
        """The headers; those of an incoming request are immutable."""
        headers = self._headers
        if headers is None:
            pairs = [] if self._pairs is None else self._pairs
            self._headers = headers = Headers.of(pairs, immutable=self._immutable)
        return headers

    @property
    def redirect(self) -> str:
        """The redirect mode: "follow" or "manual"."""
        return self._redirect

    @property
    def cf(self) -> Any:
        """The platform's properties of the request, or `None`."""
        cf = self._cf
        if cf is None or isinstance(cf, JsProxy):
            return cf
        self._cf = cf_object = JsObject(dict(cf))
        return cf_object

    @property
    def cache(self) -> str | None:
        """The cache mode: "no-store", "no-cache" or `None`."""
        return self._cache

    @property
    def fetcher(self) -> Any:
        """The `fetcher` of the init; jsnull by default. It has no effect."""
        return self._fetcher

    @property
    def signal(self) -> AbortSignal:
        """The signal that aborts the request; by default one that never aborts."""
        if self._signal is None:
            self._signal = AbortSignal.make()
        return self._signal

    def clone(self) -> "Request":
        """Return a copy of the request with its own body.

        Raises: KVError, "This ReadableStream is currently locked to a reader," if it is used.
        """
        content = self._tee_body()
        request = Request.__new__(Request)
        request._initialize(self._method, self._url)
        request._copy_options(self)
        request._headers = Headers(self.headers)
        request._headers.immutable = self.headers.immutable
        request._set_body(content)
        return request


class _RequestInit:
    """The validated members of `init`. Raises: JsException, "Incorrect type for the …"."""

    __slots__ = ("cache", "cf", "fetcher", "headers", "integrity", "method", "redirect", "signal")

    def __init__(self, fields: Mapping[str, Any]) -> None:
        get = fields.get
        self.method = get("method")
        self.redirect = get("redirect")
        self.integrity = get("integrity")
        cache = get("cache")
        self.headers = validate_headers(get("headers"), INIT)
        self.cf = validate_object("cf", get("cf"), INIT)
        self.fetcher = get("fetcher")
        if self.fetcher is not None and self.fetcher is not jsnull:
            self.fetcher = validate_object("fetcher", self.fetcher, INIT, "Fetcher")
        self.signal = get("signal")
        if not (self.signal is None or self.signal is jsnull) and not isinstance(
            self.signal, AbortSignal
        ):
            raise runtime_errors.field_type("signal", INIT, "AbortSignal")
        self.cache = None if cache is None else validate_cache(cache)


def validate_headers(headers: Any, owner: str) -> Any:
    """Return the member `headers` of an init. Raises: JsException if it is not an object."""
    if headers is not None and (headers is jsnull or isinstance(headers, str | int | float)):
        raise runtime_errors.field_type("headers", owner, "Headers or Sequence or object")
    return headers


def validate_object(name: str, value: Any, owner: str, expected: str = "Object") -> Any:
    """Return a member of an init. Raises: JsException if it is not an object."""
    if value is not None and (value is jsnull or isinstance(value, str | int | float)):
        raise runtime_errors.field_type(name, owner, expected)
    return value


def validate_method(method: Any) -> str:
    """Return a method in upper case. Raises: JsException, "Invalid HTTP method string: …"."""
    text = to_js_string(method)
    upper = str.__str__(text).upper()
    if upper not in METHODS:
        raise runtime_errors.request_method(text)
    return upper


def validate_redirect(redirect: Any) -> str:
    """Return a redirect mode. Raises: JsException, "Invalid redirect value, must be one of …"."""
    if redirect not in ("follow", "manual"):
        raise runtime_errors.request_redirect()
    return str(redirect)


def validate_cache(cache: Any) -> str:
    """Return a cache mode. Raises: JsException, "Unsupported cache mode: …"."""
    text = to_js_string(cache)
    if text not in CACHE_MODES:
        raise runtime_errors.request_cache(text)
    return text
