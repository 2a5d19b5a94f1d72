"""The characters of a picture: signs in Unicode or ASCII, values shortened, widths in columns."""

import unicodedata
from dataclasses import dataclass

from pykvbinding.storage.record import Value

SHORTEST = 6
"""Columns below which a value says nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The signs of one alphabet."""

    is_ascii: bool
    arrow: str
    cross: str
    chosen: str
    remark: str
    dots: str
    absent: str
    rule: str
    lane: str
    middle: str

    def number(self, invocation: int) -> str:
        """How an invocation is called; the test itself has no number."""
        if invocation == 0:
            return "test"
        if self.is_ascii or invocation > 20:
            return f"({invocation})"
        return chr(ord("①") + invocation - 1)

    def plain(self, text: str) -> str:
        """The text with nothing in it that would move a cursor, or that is not of the alphabet."""
        return "".join(map(self._plain, text))

    def value(self, value: Value | None, columns: int) -> str:
        """A value in quotes, in so many columns. What is left out is never looked at."""
        if value is None:
            return "null"
        if isinstance(value, bytes):
            start = "".join(map(_byte, value[: columns + 1]))
            return self.fit(f'b"{start}"', max(columns, SHORTEST), end='"')
        quote = "'" if '"' in value and "'" not in value else '"'
        start = self.plain(value[: columns + 1])
        return self.fit(f"{quote}{start}{quote}", max(columns, SHORTEST), end=quote)

    def key(self, key: str, columns: int) -> str:
        """A key, bare if nobody can misread it. A long one keeps its two ends."""
        shown = self.plain(key)
        if not key or key != shown or not set(' ",=').isdisjoint(key):
            shown = f'"{shown}"'
        if width(shown) <= columns:
            return shown
        most = max(columns, SHORTEST) - width(self.dots)
        start = _start(shown, most - most // 2)
        end = _start(shown[::-1], most // 2)[::-1]
        return f"{start}{self.dots}{end}"

    def fit(self, text: str, columns: int, *, end: str = "") -> str:
        """The text if it is no wider, else its start, dots, and `end`."""
        if len(text) <= columns and text.isascii():
            return text
        if width(text) <= columns:
            return text
        tail = f"{self.dots}{end}"
        if width(tail) > columns:
            return _start(text, columns)
        return _start(text, columns - width(tail)) + tail

    def _plain(self, character: str) -> str:
        if (
            character.isprintable()
            and character != "\\"
            and (not self.is_ascii or character.isascii())
        ):
            return character
        return character.encode("unicode_escape").decode("ascii")


UNICODE = Glyphs(
    is_ascii=False,
    arrow="→",
    cross="✗",
    chosen="◄",
    remark="←",
    dots="…",
    absent="–",
    rule="─",
    lane="│",
    middle="·",
)

ASCII = Glyphs(
    is_ascii=True,
    arrow="->",
    cross="x",
    chosen="<<",
    remark="<-",
    dots="...",
    absent="-",
    rule="-",
    lane="|",
    middle="-",
)


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def pad(text: str, columns: int) -> str:
    """The text, filled with spaces to so many columns."""
    return text + " " * (columns - width(text))


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns, broken between words where that is possible."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width(joined) <= columns:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        while width(word) > columns:
            start = _start(word, columns) or word[0]
            lines[-1] = start
            lines.append("")
            word = word[len(start) :]
        lines[-1] = word
    return lines if lines[-1] or len(lines) == 1 else lines[:-1]


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _start(text: str, columns: int) -> str:
    taken = 0
    for index, character in enumerate(text):
        taken += _columns(character)
        if taken > columns:
            return text[:index]
    return text


def _byte(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}"
