"""The host of a URL: domains, IPv4 and IPv6 addresses, and what is none (WHATWG URL, section 3)."""

import re
from typing import Final

from pykvbinding.js.url import percent

_PLAIN_DOMAIN = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z_-][a-z0-9_-]*")
"""A domain in lower case whose last label does not look like a number."""

_FORBIDDEN_IN_HOST: Final = frozenset("\0\t\n\r #/:<>?@[\\]^|")
_FORBIDDEN_IN_DOMAIN: Final = (
    _FORBIDDEN_IN_HOST | frozenset(map(chr, range(0x20))) | frozenset("%\x7f")
)
_NUMBER = re.compile(r"\d+|0[xX][0-9A-Fa-f]*", re.ASCII)
_IPV4_IN_IPV6 = re.compile(r"(0|[1-9]\d{0,2})(?:\.(0|[1-9]\d{0,2})){3}", re.ASCII)
_PIECE = re.compile(r"[0-9A-Fa-f]{1,4}")
_PIECES = 8
_BYTE = 256


def parse_host(text: str, *, special: bool) -> str | None:
    """The host as a URL spells it, `None` for what is no host.

    >>> parse_host("EXAMPLE.com", special=True), parse_host("0x7f.1", special=True)
    ('example.com', '127.0.0.1')
    """
    if text.startswith("["):
        return _parse_ipv6(text[1:-1]) if text.endswith("]") else None
    if not special:
        forbidden = not _FORBIDDEN_IN_HOST.isdisjoint(text)
        return None if forbidden else percent.CONTROL.encode(text)
    if _PLAIN_DOMAIN.fullmatch(text) and "xn--" not in text:
        return text
    domain = _to_ascii(percent.decode(text))
    if not domain or not _FORBIDDEN_IN_DOMAIN.isdisjoint(domain):
        return None
    return _parse_ipv4(domain) if _ends_in_a_number(domain) else domain


def _to_ascii(domain: str) -> str | None:
    if domain.isascii() and "xn--" not in domain.lower():
        return domain.lower()
    from pykvbinding.js.url.idna import to_ascii  # needs the tables of Unicode

    return to_ascii(domain)


def _ends_in_a_number(domain: str) -> bool:
    labels = domain.removesuffix(".").split(".")
    return bool(_NUMBER.fullmatch(labels[-1]))


def _parse_ipv4(domain: str) -> str | None:
    labels = domain.removesuffix(".").split(".")
    if len(labels) > 4 or not all(map(_NUMBER.fullmatch, labels)):
        return None
    try:
        numbers = [_read_number(label) for label in labels]
    except ValueError:  # a digit that octal has not
        return None
    *leading, last = numbers
    if any(number >= _BYTE for number in leading) or last >= _BYTE ** (4 - len(leading)):
        return None
    address = last
    for place, number in enumerate(leading):
        address += number << (8 * (3 - place))
    return ".".join([str(byte) for byte in address.to_bytes(4, "big")])


def _read_number(label: str) -> int:
    if label[:2] in ("0x", "0X"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label[0] == "0" else 10)


def _parse_ipv6(text: str) -> str | None:
    head, gap, tail = text.partition("::")
    if gap:
        before = _read_pieces(head) if head else []
        after = _read_pieces(tail, may_end_in_ipv4=True) if tail else []
        missing = None if before is None or after is None else _PIECES - len(before) - len(after)
        if before is None or after is None or missing is None or missing < 1:
            return None
        return _write_ipv6([*before, *[0] * missing, *after])
    pieces = _read_pieces(text, may_end_in_ipv4=True)
    return _write_ipv6(pieces) if pieces is not None and len(pieces) == _PIECES else None


def _read_pieces(text: str, *, may_end_in_ipv4: bool = False) -> list[int] | None:
    parts = text.split(":")
    last: list[int] = []
    if may_end_in_ipv4 and "." in parts[-1]:
        spelled = parts.pop()
        octets = list(map(int, spelled.split("."))) if _IPV4_IN_IPV6.fullmatch(spelled) else [_BYTE]
        if any(octet >= _BYTE for octet in octets):
            return None
        last = [octets[0] << 8 | octets[1], octets[2] << 8 | octets[3]]
    if not all(map(_PIECE.fullmatch, parts)):
        return None
    return [*(int(part, 16) for part in parts), *last]


def _write_ipv6(pieces: list[int]) -> str:
    """The pieces in hexadecimal, the first longest run of more than one zero as `::`."""
    start, length = 0, 1
    run = 0
    for place, piece in enumerate(pieces):
        run = run + 1 if piece == 0 else 0
        if run > length:
            start, length = place - run + 1, run
    spelled = [f"{piece:x}" for piece in pieces]
    if length == 1:
        return f"[{':'.join(spelled)}]"
    return f"[{':'.join(spelled[:start])}::{':'.join(spelled[start + length :])}]"
