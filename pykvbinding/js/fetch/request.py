"""`Request`: what a handler gets, and what it hands to `fetch`."""

from collections.abc import Mapping
from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.fetch.abort import AbortSignal
from pykvbinding.js.fetch.body import Body, Content, extract, headers_of
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.types.object import JsObject, members
from pykvbinding.js.url.url import parse_url

METHODS = frozenset(
    (
        *("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "PURGE", "OPTIONS", "TRACE", "COPY"),
        *("LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK", "ACL", "REPORT"),
        *("MKACTIVITY", "CHECKOUT", "MERGE", "MSEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE"),
        *("QUERY", "BAN"),
    )
)
"""The methods that workerd knows; it refuses any other."""

CACHE_MODES = ("no-store", "no-cache")
INIT = "RequestInitializerDict"


class Request(Body, name="Request"):
    """A request: `Request(url, {"method": "POST", "body": "…"})`, or one made of another.

    >>> request = Request("HTTP://Example.com", {"method": "put", "body": "x"})
    >>> request.method, request.url, request.headers.get("content-type")
    ('PUT', 'http://example.com/', 'text/plain;charset=UTF-8')

    Raises: JsException, "Invalid URL: …", "Invalid HTTP method string: …", "Request with a GET or
    HEAD method cannot have a body." and others, in workerd's words.
    """

    __slots__ = (
        *("_cache", "_cf", "_fetcher", "_headers", "_immutable", "_method", "_pairs", "_redirect"),
        *("_signal", "_url", "given_signal"),
    )

    integrity = ""
    keepalive = False

    def __init__(self, input: Any = None, init: Any = None) -> None:
        if input is None:
            raise errors.constructor_not_of_type("Request", 1, "Request or string")
        if isinstance(init, str | int | float):
            raise errors.constructor_not_of_type("Request", 2, f"{INIT} or Request")
        other = input if isinstance(input, Request) else None
        found = members(init)
        options = _Options(found)
        content: Content = None
        if other is None:
            text = to_js_string(input)
            url = parse_url(text)
            if url is None:
                raise runtime_errors.request_url_invalid(text)
            self._start("GET", url)
        else:
            if found.get("body") is None:
                content = other._detach()
            self._start(other._method, other._url)
            self._take_after(other)
        self._choose(options, content, found.get("body"), other)

    @classmethod
    def make(
        cls,
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        body: Content = None,
        cf: Mapping[str, Any] | None = None,
    ) -> "Request":
        """A request as it comes in, of parts that are right; its headers cannot be changed.

        `headers` are pairs with names in lower case, `url` is spelled out (`parse_url`).
        """
        made = cls.__new__(cls)
        made._start(method, url)
        made._pairs = headers
        made._immutable = True
        made._redirect = "manual"
        made._cf = cf
        if body is None or type(body) is str or type(body) is bytes:
            made._content = body
            made._stream = None
            made._used = False
        else:
            made._carry(body)
        return made

    def _start(self, method: str, url: str) -> None:
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
        self.given_signal: AbortSignal | None = None

    def _take_after(self, other: "Request") -> None:
        self._redirect = other._redirect
        self._cf = other._cf
        self._cache = other._cache
        self._fetcher = other._fetcher
        self._signal = other._signal
        self.given_signal = other.given_signal

    def _detach(self) -> Content:
        """Give the body to another request, which is made of this one."""
        if self.bodyUsed:
            raise runtime_errors.request_body_used()
        return self._hand_over()

    def _choose(
        self, options: "_Options", content: Content, body: Any, other: "Request | None"
    ) -> None:
        """Take what `init` says, in the order in which workerd looks."""
        if options.method is not None:
            self._method = checked_method(options.method)
        headers = options.headers
        if headers is None and other is not None:
            headers = other.headers
        elif headers is not None and type(headers) is not Headers:
            headers = Headers(headers)
        content_type = None
        if body is not None:
            content, content_type = extract(body)
        if content is not None and self._method in ("GET", "HEAD"):
            raise runtime_errors.request_body_refused()
        if options.redirect is not None:
            self._redirect = checked_redirect(options.redirect)
        if options.cf is not None:
            self._cf = options.cf
        if options.cache is not None:
            self._cache = options.cache
        if options.fetcher is not None:
            self._fetcher = options.fetcher
        if options.signal is not None:
            self.given_signal = None if options.signal is jsnull else options.signal
            self._signal = self.given_signal
        if options.integrity:
            raise runtime_errors.request_integrity()
        self._headers = headers_of(headers, content_type)
        self._carry(content)

    @property
    def method(self) -> str:
        """The method, in capitals."""
        return self._method

    @property
    def url(self) -> str:
        """The URL, spelled out."""
        return self._url

    @property
    def headers(self) -> Headers:
        """The headers; those of a request that came in cannot be changed."""
        headers = self._headers
        if headers is None:
            pairs = [] if self._pairs is None else self._pairs
            self._headers = headers = Headers.of(pairs, immutable=self._immutable)
        return headers

    @property
    def redirect(self) -> str:
        """What to do with redirects: "follow" or "manual"."""
        return self._redirect

    @property
    def cf(self) -> Any:
        """What the platform adds about the request; `None` where it does not."""
        cf = self._cf
        if cf is None or isinstance(cf, JsProxy):
            return cf
        self._cf = made = JsObject(dict(cf))
        return made

    @property
    def cache(self) -> str | None:
        """How to use caches: "no-store", "no-cache" or nothing."""
        return self._cache

    @property
    def fetcher(self) -> Any:
        """Nobody knows; jsnull."""
        return self._fetcher

    @property
    def signal(self) -> AbortSignal:
        """The signal that calls it off; one that is never given, where there is none."""
        if self._signal is None:
            self._signal = AbortSignal.make()
        return self._signal

    def clone(self) -> "Request":
        """The same request with a body of its own.

        Raises: JsException, "This ReadableStream is currently locked to a reader," if it is used.
        """
        content = self._split()
        made = Request.__new__(Request)
        made._start(self._method, self._url)
        made._take_after(self)
        made._headers = Headers(self.headers)
        made._headers.immutable = self.headers.immutable
        made._carry(content)
        return made


class _Options:
    """The members of `init`, each of its type. Raises: JsException, "Incorrect type for the …"."""

    __slots__ = ("cache", "cf", "fetcher", "headers", "integrity", "method", "redirect", "signal")

    def __init__(self, found: Mapping[str, Any]) -> None:
        get = found.get
        self.method = get("method")
        self.redirect = get("redirect")
        self.integrity = get("integrity")
        cache = get("cache")
        self.headers = checked_headers(get("headers"), INIT)
        self.cf = checked_object("cf", get("cf"), INIT)
        self.fetcher = get("fetcher")
        if self.fetcher is not None and self.fetcher is not jsnull:
            self.fetcher = checked_object("fetcher", self.fetcher, INIT, "Fetcher")
        self.signal = get("signal")
        if not (self.signal is None or self.signal is jsnull) and not isinstance(
            self.signal, AbortSignal
        ):
            raise runtime_errors.wrong_field("signal", INIT, "AbortSignal")
        self.cache = None if cache is None else checked_cache(cache)


def checked_headers(headers: Any, owner: str) -> Any:
    """The `headers` of an init, which must be an object."""
    if headers is not None and (headers is jsnull or isinstance(headers, str | int | float)):
        raise runtime_errors.wrong_field("headers", owner, "Headers or Sequence or object")
    return headers


def checked_object(name: str, value: Any, owner: str, wanted: str = "Object") -> Any:
    """A member of an init that must be an object."""
    if value is not None and (value is jsnull or isinstance(value, str | int | float)):
        raise runtime_errors.wrong_field(name, owner, wanted)
    return value


def checked_method(method: Any) -> str:
    """A method in capitals. Raises: JsException, "Invalid HTTP method string: …"."""
    text = to_js_string(method)
    upper = str.__str__(text).upper()
    if upper not in METHODS:
        raise runtime_errors.request_method(text)
    return upper


def checked_redirect(redirect: Any) -> str:
    """A redirect mode. Raises: JsException, "Invalid redirect value, must be one of …"."""
    if redirect not in ("follow", "manual"):
        raise runtime_errors.request_redirect()
    return str(redirect)


def checked_cache(cache: Any) -> str:
    """A cache mode. Raises: JsException, "Unsupported cache mode: …"."""
    text = to_js_string(cache)
    if text not in CACHE_MODES:
        raise runtime_errors.request_cache(text)
    return text
