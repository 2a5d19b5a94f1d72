"""`URL`: a parsed URL whose components can be read and set. Ada does the parsing, as in workerd."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.webidl import MISSING, require_arguments, to_usv_string
from pykvbinding.js.url.search_params import URLSearchParams

if TYPE_CHECKING:
    import ada_url


def parse_url(text: str, base: str | None = None) -> str | None:
    """Return `text`, resolved against `base`, as a normalized URL; `None` if it is not a URL.

    >>> parse_url("HTTP://Example.com:80/a/../b c"), parse_url("/b", "http://a/c"), parse_url("b")
    ('http://example.com/b%20c', 'http://a/b', None)

    Raises: ModuleNotFoundError, "Parsing a URL needs ada-url: pip install 'pykvbinding[workers]'".
    """
    parsed = _parse(text, base)
    return None if parsed is None else parsed.href


class URL(JsProxy, name="URL"):
    """A URL. Its components can be set; a value that is invalid for a component is ignored.

    >>> url = URL("../c?d=1", "https://example.com/a/b/")
    >>> url.searchParams.append("e", "é")
    >>> url.port = "8080"
    >>> url.href, url.pathname
    ('https://example.com:8080/a/c?d=1&e=%C3%A9', '/a/c')

    Raises: JsException, "Invalid URL string."; ModuleNotFoundError without the extra `workers`.
    """

    __slots__ = ("_params", "_parsed")

    def __init__(self, url: Any = MISSING, base: Any = None) -> None:
        if url is MISSING:
            raise errors.constructor_not_of_type("URL", 1, "USVString")
        parsed = _parse(url, base)
        if parsed is None:
            raise errors.url_invalid()
        self._parsed = parsed
        self._params: URLSearchParams | None = None

    @staticmethod
    def canParse(url: Any = MISSING, base: Any = None) -> bool:
        """Return whether `url`, resolved against `base`, is a URL."""
        require_arguments("canParse", "URL", url, type_name="USVString")
        return _parse(url, base) is not None

    @staticmethod
    def parse(url: Any = MISSING, base: Any = None) -> Any:
        """Return a URL, or jsnull if `url`, resolved against `base`, is not one."""
        require_arguments("parse", "URL", url, type_name="USVString")
        return jsnull if _parse(url, base) is None else URL(url, base)

    @staticmethod
    def createObjectURL(_: Any = None) -> Any:
        """Not implemented by workerd. Raises: JsException, "… is not implemented"."""
        raise errors.url_object_not_implemented("createObjectURL")

    @staticmethod
    def revokeObjectURL(_: Any = None) -> Any:
        """Not implemented by workerd. Raises: JsException, "… is not implemented"."""
        raise errors.url_object_not_implemented("revokeObjectURL")

    @property
    def href(self) -> str:
        """The whole URL.

        Raises: JsException if set to an invalid URL, "Failed to set the 'href' property on …"
        """
        return self._parsed.href

    @href.setter
    def href(self, value: Any) -> None:
        parsed = _parse(value, None)
        if parsed is None:
            raise errors.url_href_invalid()
        self._parsed = parsed
        self._update_params()

    @property
    def origin(self) -> str:
        """Scheme, host and port; "null" if the scheme has no origin, as `data:`."""
        return self._parsed.origin

    @property
    def protocol(self) -> str:
        """The scheme and a colon."""
        return self._parsed.protocol

    @protocol.setter
    def protocol(self, value: Any) -> None:
        self._set("protocol", value)

    @property
    def username(self) -> str:
        """The user name, percent-encoded."""
        return self._parsed.username

    @username.setter
    def username(self, value: Any) -> None:
        self._set("username", value)

    @property
    def password(self) -> str:
        """The password, percent-encoded."""
        return self._parsed.password

    @password.setter
    def password(self, value: Any) -> None:
        self._set("password", value)

    @property
    def host(self) -> str:
        """The host, and the port unless it is the scheme's default."""
        return self._parsed.host

    @host.setter
    def host(self, value: Any) -> None:
        self._set("host", value)

    @property
    def hostname(self) -> str:
        """The host without the port."""
        return self._parsed.hostname

    @hostname.setter
    def hostname(self, value: Any) -> None:
        self._set("hostname", value)

    @property
    def port(self) -> str:
        """The port; empty if it is the scheme's default."""
        return self._parsed.port

    @port.setter
    def port(self, value: Any) -> None:
        self._set("port", value)

    @property
    def pathname(self) -> str:
        """The path."""
        return self._parsed.pathname

    @pathname.setter
    def pathname(self, value: Any) -> None:
        self._set("pathname", value)

    @property
    def search(self) -> str:
        """A question mark and the query; empty if the query is empty."""
        return self._parsed.search

    @search.setter
    def search(self, value: Any) -> None:
        self._set("search", value)
        self._update_params()

    @property
    def searchParams(self) -> URLSearchParams:
        """The parameters of the query; a change of either updates the other."""
        if self._params is None:
            self._params = URLSearchParams.of(self.search[1:], self._update_query)
        return self._params

    @property
    def hash(self) -> str:
        """A number sign and the fragment; empty if the fragment is empty."""
        return self._parsed.hash

    @hash.setter  # noqa: A003 -- the property above
    def hash(self, value: Any) -> None:
        self._set("hash", value)

    def toString(self) -> str:
        """Return the whole URL."""
        return self.href

    def toJSON(self) -> str:
        """Return the whole URL."""
        return self.href

    def __str__(self) -> str:
        return self.href

    __repr__ = __str__

    def _set(self, component: str, value: Any) -> None:
        with suppress(ValueError):  # JavaScript ignores a value that is invalid for the component
            setattr(self._parsed, component, to_usv_string(value))

    def _update_params(self) -> None:
        if self._params is not None:
            self._params.replace(self.search[1:])

    def _update_query(self) -> None:
        self._parsed.search = str(self._params)


def _parse(url: Any, base: Any) -> "ada_url.URL | None":
    """Parse `url`; `None` if it is not a URL. A `base` of undefined means no base."""
    try:
        import ada_url  # takes 11 ms, and most programs parse no URL
    except ModuleNotFoundError:
        message = "Parsing a URL needs ada-url: pip install 'pykvbinding[workers]'"
        raise ModuleNotFoundError(message, name="ada_url") from None
    try:
        return ada_url.URL(to_usv_string(url), None if base is None else to_usv_string(base))
    except ValueError:
        return None
