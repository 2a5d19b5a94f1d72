"""Which characters a part of a URL shows as %XX, and how they get back (WHATWG URL, 1.3)."""

import re
from typing import Final

_HEXADECIMAL_PAIR = re.compile(rb"%([0-9A-Fa-f]{2})")


class PercentEncodeSet:
    """The characters that one part of a URL cannot hold as they are.

    >>> PATH.encode("é {}"), QUERY.encode("é {}")
    ('%C3%A9%20%7B%7D', '%C3%A9%20{}')
    """

    __slots__ = ("_pattern",)

    def __init__(self, characters: str) -> None:
        self._pattern = re.compile(f"[^ -~]|[{re.escape(characters)}]" if characters else "[^ -~]")

    def encode(self, text: str) -> str:
        """`text` with each character of the set as the %XX of its UTF-8 bytes."""
        return self._pattern.sub(_encoded, text)


def _encoded(match: re.Match[str]) -> str:
    return "".join([f"%{byte:02X}" for byte in match[0].encode()])


# Beyond the controls and what is not ASCII, which no part holds.
CONTROL: Final = PercentEncodeSet("")
FRAGMENT: Final = PercentEncodeSet(' "<>`')
QUERY: Final = PercentEncodeSet(' "#<>')
SPECIAL_QUERY: Final = PercentEncodeSet(" \"#<>'")
PATH: Final = PercentEncodeSet(' "#<>?^`{}')
USERINFO: Final = PercentEncodeSet(' "#<>?^`{}/:;=@[\\]|')

_FORM: Final = re.compile("[^A-Za-z0-9*._-]")


def encode_form(text: str) -> str:
    """`text` as a form holds it (`application/x-www-form-urlencoded`): a space is a plus."""
    return _FORM.sub(_encoded_in_form, text)


def _encoded_in_form(match: re.Match[str]) -> str:
    return "+" if match[0] == " " else _encoded(match)


def decode(text: str) -> str:
    """`text` without its %XX; what they spell that is not UTF-8 becomes U+FFFD.

    >>> decode("%C3%A9%zz%ff")
    'é%zz\ufffd'
    """
    if "%" not in text:
        return text
    spelled = _HEXADECIMAL_PAIR.sub(_decoded, text.encode())
    return spelled.decode("utf-8", "replace")


def _decoded(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[1].decode())


def read_form(text: str) -> list[tuple[str, str]]:
    """The pairs of a form or of a query (without its question mark), in their order.

    >>> read_form("a=1&b&c=%20+")
    [('a', '1'), ('b', ''), ('c', '  ')]
    """
    pairs = []
    for part in text.replace("+", " ").split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((decode(name), decode(value)))
    return pairs


def write_form(pairs: list[tuple[str, str]]) -> str:
    """The text of a form with these pairs."""
    return "&".join([f"{encode_form(name)}={encode_form(value)}" for name, value in pairs])
