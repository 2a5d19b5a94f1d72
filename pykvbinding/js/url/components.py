"""`Parts`: a URL in pieces, each read and set on its own (WHATWG URL, sections 4.1 and 4.4)."""

import re
from contextlib import suppress
from typing import Final

from pykvbinding.js.url import percent
from pykvbinding.js.url.host import parse_host

DEFAULT_PORTS: Final[dict[str, int | None]] = {
    "http": 80,
    "https": 443,
    "ws": 80,
    "wss": 443,
    "ftp": 21,
    "file": None,
}
"""The special schemes."""

MAX_PORT = 65_535

SLASHES: Final = ("/", "\\")
"""What ends a segment; the second one only where the scheme is special."""

DRIVE: Final = re.compile("[A-Za-z][:|]")

_ONE_DOT: Final = frozenset({".", "%2e"})
_TWO_DOTS: Final = frozenset({"..", ".%2e", "%2e.", "%2e%2e"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_DIGITS = re.compile(r"\d*", re.ASCII)
_END: Final = re.compile("[/?#]")
_SPECIAL_END: Final = re.compile(r"[/\\?#]")


class Invalid(Exception):  # noqa: N818 -- it says what the text is
    """The text is no URL. Whoever asked for the parts says it in the runtime's words."""


class Parts:
    """A URL in pieces, each as the URL spells it.

    `path` is the whole path with its slashes. One that is `opaque`, as in `mailto:a@b`, has no
    segments. `host`, `port`, `query` and `fragment` are None where the URL has none.
    """

    __slots__ = (
        "fragment",
        "host",
        "opaque",
        "password",
        "path",
        "port",
        "query",
        "scheme",
        "username",
    )

    def __init__(self, scheme: str = "") -> None:
        self.scheme = scheme
        self.username = self.password = self.path = ""
        self.host: str | None = None
        self.port: int | None = None
        self.opaque = False
        self.query: str | None = None
        self.fragment: str | None = None

    @property
    def special(self) -> bool:
        """Whether it is of a scheme that every browser knows: its host is a domain."""
        return self.scheme in DEFAULT_PORTS

    @property
    def may_have_port(self) -> bool:
        """Whether it can have credentials and a port."""
        return bool(self.host) and self.scheme != "file"

    def copy(self) -> "Parts":
        """The same again."""
        parts = Parts()
        for name in self.__slots__:
            setattr(parts, name, getattr(self, name))
        return parts

    def take_authority(self, other: "Parts") -> None:
        """Have the credentials, host and port of `other`."""
        self.username, self.password = other.username, other.password
        self.host, self.port = other.host, other.port

    # Pieces, each read from its own text.

    def read_authority(self, text: str) -> None:
        """`user:password@host:port`."""
        credentials, sign, place = text.rpartition("@")
        if sign:
            username, _, password = credentials.partition(":")
            self.username = percent.USERINFO.encode(username)
            self.password = percent.USERINFO.encode(password)
        host, colon, port = split_port(place)
        if not host and (self.special or sign or colon):
            raise Invalid
        self.read_host(host)
        digits = _DIGITS.match(port)
        if digits is None or digits.end() < len(port):
            raise Invalid
        self.read_port(port)

    def read_host(self, text: str) -> None:
        """A host; an empty one only of a scheme that is not special, or of a file."""
        host = parse_host(text, special=self.special) if text else ""
        if host is None:
            raise Invalid
        self.host = "" if self.scheme == "file" and host == "localhost" else host

    def read_port(self, digits: str) -> None:
        """A port; none, where it is the one that the scheme has anyway."""
        significant = digits.lstrip("0")
        if len(significant) > len(str(MAX_PORT)) or int(significant or "0") > MAX_PORT:
            raise Invalid
        port = int(significant or "0") if digits else None
        self.port = None if port == DEFAULT_PORTS.get(self.scheme) else port

    def read_path(self, text: str, segments: list[str] | None = None) -> None:
        """A path, from what stands before it: all `segments` of it, each with a slash."""
        path = [] if segments is None else segments
        if self.special:
            text = text.replace("\\", "/")
        *inner, last = percent.PATH.encode(text).split("/")
        for segment in inner:
            lowered = segment.lower()
            if lowered in _TWO_DOTS:
                self._shorten(path)
            elif lowered not in _ONE_DOT:
                self._append(path, segment)
        lowered = last.lower()
        if lowered in _TWO_DOTS:
            self._shorten(path)
            path.append("")
        else:
            self._append(path, "" if lowered in _ONE_DOT else last)
        self.path = "/" + "/".join(path)

    def _append(self, path: list[str], segment: str) -> None:
        if self.scheme == "file" and not path and DRIVE.fullmatch(segment):
            segment = segment[0] + ":"
        path.append(segment)

    def _shorten(self, path: list[str]) -> None:
        if path and not (self.scheme == "file" and len(path) == 1 and is_drive(path[0])):
            path.pop()

    def segments(self) -> list[str]:
        """The segments of its path, without the last one."""
        path = self.path.split("/")[1:]
        self._shorten(path)
        return path

    def read_query(self, text: str | None) -> None:
        """What stands behind the question mark."""
        encoding = percent.SPECIAL_QUERY if self.special else percent.QUERY
        self.query = None if text is None else encoding.encode(text)

    def read_fragment(self, text: str | None) -> None:
        """What stands behind the number sign."""
        self.fragment = None if text is None else percent.FRAGMENT.encode(text)

    # Pieces that are set. What does not fit changes nothing.

    def set_username(self, text: str) -> None:
        """Another user."""
        if self.may_have_port:
            self.username = percent.USERINFO.encode(text)

    def set_password(self, text: str) -> None:
        """Another password."""
        if self.may_have_port:
            self.password = percent.USERINFO.encode(text)

    def set_scheme(self, text: str) -> None:
        """Another scheme, of the same kind: what stands before a colon, or all of the text."""
        scheme = text.partition(":")[0]
        if _SCHEME.fullmatch(scheme) is None:
            return
        scheme = scheme.lower()
        if (scheme in DEFAULT_PORTS) != self.special:
            return
        if scheme == "file" and (self.credentials() or self.port is not None):
            return
        if self.scheme == "file" and not self.host:
            return
        self.scheme = scheme
        if self.port == DEFAULT_PORTS.get(scheme):
            self.port = None

    def set_place(self, text: str, *, with_port: bool) -> None:
        """Another host, and `with_port` another port, where `text` has one."""
        place = text[: end_of_place(self, text)]
        if self.scheme == "file":
            host, colon, port = place, "", ""
        else:
            host, colon, port = split_port(place)
        if self.opaque or (colon and not (host and with_port)):
            return
        if not host and (self._needs_host() or self.credentials() or self.port is not None):
            return
        with suppress(Invalid):
            self.read_host(host)
            self.set_port(port)

    def _needs_host(self) -> bool:
        return self.special and self.scheme != "file"

    def set_port(self, text: str) -> None:
        """Another port: the digits that `text` begins with."""
        found = _DIGITS.match(text)
        if not self.may_have_port or found is None or not found[0]:
            return
        with suppress(Invalid):
            self.read_port(found[0])

    def set_path(self, text: str) -> None:
        """Another path."""
        if self.opaque:
            return
        if self.special or text or self.host is None:
            self.read_path(without_slash(self, text))
        else:
            self.path = ""

    def origin(self) -> str:
        """Scheme, host and port; "null" where no web page can come from."""
        if not self.special or self.scheme == "file":
            return "null"
        return f"{self.scheme}://{self.place()}"

    def __str__(self) -> str:
        text = self.scheme + ":"
        if self.host is not None:
            text += "//" + self.credentials() + self.place()
        elif self.path.startswith("//"):
            text += "/."  # or the path would be read as a host
        text += self.path
        if self.query is not None:
            text += "?" + self.query
        if self.fragment is not None:
            text += "#" + self.fragment
        return text

    def credentials(self) -> str:
        """`user:password@`, or nothing."""
        if not self.username and not self.password:
            return ""
        password = f":{self.password}" if self.password else ""
        return f"{self.username}{password}@"

    def place(self) -> str:
        """The host, and the port if there is one."""
        host = self.host or ""
        return host if self.port is None else f"{host}:{self.port}"


def end_of_place(parts: Parts, text: str) -> int:
    """Where the host and port that `text` begins with end."""
    found = (_SPECIAL_END if parts.special else _END).search(text)
    return len(text) if found is None else found.start()


def split_port(place: str) -> tuple[str, str, str]:
    """The host, the colon behind it if there is one, and what follows."""
    bracket = place.find("]") if place.startswith("[") else -1
    if bracket < 0 and place.startswith("["):
        return place, "", ""
    host, colon, port = place[bracket + 1 :].partition(":")
    return place[: bracket + 1] + host, colon, port


def without_slash(parts: Parts, path: str) -> str:
    """`path` without one slash at its beginning."""
    return path[path[:1] in (SLASHES if parts.special else SLASHES[:1]) :]


def is_drive(segment: str) -> bool:
    """Whether a segment is the drive of a file, as it is spelled out: `C:`."""
    return DRIVE.fullmatch(segment) is not None and segment[1] == ":"
