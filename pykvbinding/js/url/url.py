"""`URL`: the parts of an address, each to be read and set."""

from typing import TYPE_CHECKING, Any

from pykvbinding.js.core import errors as refusals
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.webidl import MISSING, check_given, to_usv
from pykvbinding.js.url.search_params import URLSearchParams
from pykvbinding.js.url.simple import plain_groups

if TYPE_CHECKING:
    from pykvbinding.js.url.components import Parts


def parse_url(text: str, base: str | None = None) -> str | None:
    """The URL that `text` means, spelled out; `None` if it means none.

    One that is written as it is read comes back as it is, without being taken apart.

    >>> parse_url("HTTP://Example.com:80/a/../b c"), parse_url("/b", "http://a/c"), parse_url("b")
    ('http://example.com/b%20c', 'http://a/b', None)
    """
    if plain_groups(text) is not None:
        return text
    parts = _parsed(text, base)
    return None if parts is None else str(parts)


class URL(JsProxy, name="URL"):
    """A URL. Its parts can be set; what cannot be such a part changes nothing.

    >>> url = URL("../c?d=1", "https://example.com/a/b/")
    >>> url.searchParams.append("e", "é")
    >>> url.port = "8080"
    >>> url.href, url.pathname
    ('https://example.com:8080/a/c?d=1&e=%C3%A9', '/a/c')

    Raises: JsException, "Invalid URL string."
    """

    __slots__ = ("_params", "_parts")

    def __init__(self, url: Any = MISSING, base: Any = None) -> None:
        if url is MISSING:
            raise refusals.constructor_not_of_type("URL", 1, "USVString")
        parts = _parsed(url, base)
        if parts is None:
            raise refusals.url_invalid()
        self._parts = parts
        self._params: URLSearchParams | None = None

    @staticmethod
    def canParse(url: Any = MISSING, base: Any = None) -> bool:
        """Whether it is a URL."""
        check_given("canParse", "URL", url, wanted="USVString")
        return _parsed(url, base) is not None

    @staticmethod
    def parse(url: Any = MISSING, base: Any = None) -> Any:
        """The URL, or jsnull."""
        check_given("parse", "URL", url, wanted="USVString")
        return jsnull if _parsed(url, base) is None else URL(url, base)

    @staticmethod
    def createObjectURL(_: Any = None) -> Any:
        """Nothing that the runtime has. Raises: JsException, "… is not implemented"."""
        raise refusals.url_object_not_implemented("createObjectURL")

    @staticmethod
    def revokeObjectURL(_: Any = None) -> Any:
        """Nothing that the runtime has. Raises: JsException, "… is not implemented"."""
        raise refusals.url_object_not_implemented("revokeObjectURL")

    @property
    def href(self) -> str:
        """The whole URL.

        Raises: JsException when set to what is none, "Failed to set the 'href' property on …"
        """
        return str(self._parts)

    @href.setter
    def href(self, value: Any) -> None:
        parts = _parsed(value, None)
        if parts is None:
            raise refusals.url_href_invalid()
        self._parts = parts
        self._tell_params()

    @property
    def origin(self) -> str:
        """Scheme, host and port; "null" where no web page can come from."""
        parts = self._parts
        if parts.scheme != "blob":
            return parts.origin()
        inner = _parsed(parts.path, None)
        return inner.origin() if inner is not None and inner.scheme.startswith("http") else "null"

    @property
    def protocol(self) -> str:
        """The scheme and a colon."""
        return self._parts.scheme + ":"

    @protocol.setter
    def protocol(self, value: Any) -> None:
        self._parts.set_scheme(_plain_text(value))

    @property
    def username(self) -> str:
        """What stands before the password."""
        return self._parts.username

    @username.setter
    def username(self, value: Any) -> None:
        self._parts.set_username(to_usv(value))

    @property
    def password(self) -> str:
        """What stands between user name and host."""
        return self._parts.password

    @password.setter
    def password(self, value: Any) -> None:
        self._parts.set_password(to_usv(value))

    @property
    def host(self) -> str:
        """The host, and the port unless it is the scheme's own."""
        return self._parts.place()

    @host.setter
    def host(self, value: Any) -> None:
        self._parts.set_place(_plain_text(value), with_port=True)

    @property
    def hostname(self) -> str:
        """The host alone."""
        return self._parts.host or ""

    @hostname.setter
    def hostname(self, value: Any) -> None:
        self._parts.set_place(_plain_text(value), with_port=False)

    @property
    def port(self) -> str:
        """The port; empty if it is the scheme's own."""
        port = self._parts.port
        return "" if port is None else str(port)

    @port.setter
    def port(self, value: Any) -> None:
        text = to_usv(value)
        if text:
            self._parts.set_port(_plain_text(text))
        elif self._parts.may_have_port:
            self._parts.port = None

    @property
    def pathname(self) -> str:
        """The path."""
        return self._parts.path

    @pathname.setter
    def pathname(self, value: Any) -> None:
        self._parts.set_path(_plain_text(value))

    @property
    def search(self) -> str:
        """The question mark and the query; empty if there is no query."""
        query = self._parts.query
        return f"?{query}" if query else ""

    @search.setter
    def search(self, value: Any) -> None:
        text = to_usv(value)
        self._parts.read_query(_plain_text(text.removeprefix("?")) if text else None)
        self._tell_params()

    @property
    def searchParams(self) -> URLSearchParams:
        """The parameters of the query: what changes them changes the URL, and the other way."""
        if self._params is None:
            self._params = URLSearchParams.of(self._parts.query or "", self._params_changed)
        return self._params

    @property
    def hash(self) -> str:
        """The number sign and what follows; empty if nothing does."""
        fragment = self._parts.fragment
        return f"#{fragment}" if fragment else ""

    @hash.setter  # noqa: A003 -- the property above
    def hash(self, value: Any) -> None:
        text = to_usv(value)
        self._parts.read_fragment(_plain_text(text.removeprefix("#")) if text else None)

    def toString(self) -> str:
        """The whole URL."""
        return self.href

    def toJSON(self) -> str:
        """The whole URL."""
        return self.href

    def __str__(self) -> str:
        return self.href

    __repr__ = __str__

    def _tell_params(self) -> None:
        if self._params is not None:
            self._params.replace(self._parts.query or "")

    def _params_changed(self) -> None:
        self._parts.query = str(self._params) or None


def _parsed(url: Any, base: Any) -> "Parts | None":
    """The parts of a URL, `None` if it is none. A `base` that is undefined is not given."""
    from pykvbinding.js.url.parser import parse_both  # most programs take no URL apart

    return parse_both(to_usv(url), None if base is None else to_usv(base))


def _plain_text(value: Any) -> str:
    """A value that is set, without the tabs and line ends that no part of a URL holds."""
    return to_usv(value).replace("\t", "").replace("\n", "").replace("\r", "")
