"""Headers between JavaScript and Python: `HTTPMessageMapping` reads them like an `HTTPMessage`."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pykvbinding.js.fetch.headers import Headers as JsHeaders
from pykvbinding.workers.standin import refusals

_READING: Final = frozenset(
    (
        *("as_bytes", "as_string", "get_boundary", "get_charsets", "get_content_charset"),
        *("get_content_disposition", "get_content_maintype", "get_content_subtype"),
        *("get_content_type", "get_default_type", "get_filename", "get_param"),
        *("get_params", "getallmatchingheaders", "raw_items"),
    )
)
"""What an `HTTPMessage` has beyond a mapping, and answers without changing."""


class HTTPMessageMapping(Mapping[str, str]):
    """Headers by name, whatever the case; a repeated one, as Set-Cookie, keeps all its values.

    Like the SDK's, which is an `http.client.HTTPMessage`: an absent name is None under `[…]`,
    assignment adds a value, and keys() and items() are lists with an entry for each value. It is
    a copy: what is changed in it reaches neither request nor response. Not the real class, whose
    import takes longer than a whole test; its parsing methods make one when they are called.
    """

    __slots__ = ("_pairs",)

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def get(self, name: str, failobj: Any = None) -> Any:
        """The first value of `name`, or `failobj`."""
        folded = name.lower()
        for key, value in self._pairs:
            if key.lower() == folded:
                return value
        return failobj

    def get_all(self, name: str, failobj: Any = None) -> Any:
        """All values of `name` in a list, or `failobj` where there is none."""
        folded = name.lower()
        return [value for key, value in self._pairs if key.lower() == folded] or failobj

    def keys(self) -> list[str]:  # type: ignore[override]
        """The names, one for each value."""
        return [key for key, _ in self._pairs]

    def values(self) -> list[str]:  # type: ignore[override]
        """All values."""
        return [value for _, value in self._pairs]

    def items(self) -> list[tuple[str, str]]:  # type: ignore[override]
        """Names and values."""
        return list(self._pairs)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self._pairs)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __setitem__(self, name: str, value: str) -> None:
        self._pairs.append((name, value))

    def __delitem__(self, name: str) -> None:
        folded = name.lower()
        self._pairs = [pair for pair in self._pairs if pair[0].lower() != folded]

    def add_header(self, name: str, value: str | None, /, **parameters: Any) -> None:
        """Add a value, with `; name="text"` for each of `parameters`."""
        message = self._message([])
        message.add_header(name, value, **parameters)
        self._pairs += message.items()

    def replace_header(self, name: str, value: str) -> None:
        """Put `value` in the place of the first of `name`.

        Raises: KeyError where there is none.
        """
        folded = name.lower()
        for index, (key, _) in enumerate(self._pairs):
            if key.lower() == folded:
                self._pairs[index] = (key, value)
                return
        raise refusals.header_absent(name)

    def __getattr__(self, name: str) -> Any:
        if name not in _READING:
            raise refusals.no_header_attribute(name)
        return getattr(self._message(self._pairs), name)

    def __str__(self) -> str:
        return str(self._message(self._pairs))

    @staticmethod
    def _message(pairs: list[tuple[str, str]]) -> Any:
        from http.client import HTTPMessage  # 20 ms at first: only for who parses

        message = HTTPMessage()
        for name, value in pairs:
            message[name] = value
        return message


def to_python(headers: JsHeaders) -> HTTPMessageMapping:
    """The headers of a request or response: each Set-Cookie first, then the others by name."""
    cookies: list[tuple[str, str]] = []
    others: dict[str, str] = {}
    for name, value in headers.pairs():
        if name == "set-cookie":
            cookies.append(("Set-Cookie", value.strip()))
        else:
            others[name] = f"{others[name]}, {value.strip()}" if name in others else value.strip()
    return HTTPMessageMapping([*cookies, *sorted(others.items())])


def to_js(headers: Any) -> JsHeaders:
    """JavaScript headers of what a Python Worker may give as headers.

    Raises: TypeError, "Received unexpected type for headers argument"
    """
    if isinstance(headers, list):
        return JsHeaders(headers)
    if isinstance(headers, dict):
        return JsHeaders(headers.items())
    if isinstance(headers, JsHeaders):
        return headers
    raise refusals.unexpected_headers()
