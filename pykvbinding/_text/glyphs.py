"""Display width, and the symbols that a terminal can show."""

import unicodedata
from dataclasses import dataclass
from typing import Final, TextIO

MIN_VALUE_COLUMNS = 6
"""Minimum width of a value or key; in less width, only the ellipsis would fit."""

LAST_CIRCLED = 20
"""The highest number for which Unicode has a circled digit (contiguous block)."""


def display_width(text: str) -> int:
    """Return the number of terminal columns that a text occupies."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def pad(text: str, columns: int) -> str:
    """Return the text, padded with spaces to `columns` columns."""
    return text + " " * (columns - display_width(text))


def wrap(text: str, columns: int) -> list[str]:
    """Return the text as lines of at most `columns` columns, broken between words if possible."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if display_width(joined) <= columns:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        while display_width(word) > columns:
            start = _prefix(word, columns) or word[0]
            lines[-1] = start
            lines.append("")
            word = word[len(start) :]
        lines[-1] = word
    return lines if lines[-1] or len(lines) == 1 else lines[:-1]


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _prefix(text: str, columns: int) -> str:
    """Return the longest prefix of a text that fits into `columns` columns."""
    used = 0
    for index, character in enumerate(text):
        used += _character_width(character)
        if used > columns:
            return text[:index]
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class GlyphSet:
    """The symbols of one character set, Unicode or ASCII, and conversion of texts to that set.

    Methods with a parameter `columns` return a text of at most that display width.
    """

    is_ascii: bool
    arrow: str
    cross: str
    chosen: str
    annotation_mark: str
    ellipsis: str
    absent: str
    rule: str
    lane: str
    middle: str

    def number(self, invocation: int) -> str:
        """Return the name of an invocation by its number; 0 is the test itself."""
        if invocation == 0:
            return "test"
        if self.is_ascii or invocation > LAST_CIRCLED:
            return f"({invocation})"
        return chr(ord("①") + invocation - 1)

    def escape(self, text: str) -> str:
        """Return the text with control characters and unsupported characters escaped."""
        return "".join(map(self._escape_character, text))

    def value(self, value: str | bytes | None, columns: int) -> str:
        """Return a value in quotes. O(columns), independent of the length of the value."""
        if value is None:
            return "null"
        if isinstance(value, bytes):
            start = "".join(map(_escape_byte, value[: columns + 1]))
            return self.truncate(f'b"{start}"', max(columns, MIN_VALUE_COLUMNS), end='"')
        quote = "'" if '"' in value and "'" not in value else '"'
        start = self.escape(value[: columns + 1])
        return self.truncate(f"{quote}{start}{quote}", max(columns, MIN_VALUE_COLUMNS), end=quote)

    def key(self, key: str, columns: int) -> str:
        """Return a key, in quotes only if it is ambiguous, shortened in the middle."""
        shown = self.escape(key)
        if not key or key != shown or not set(' ",=').isdisjoint(key):
            shown = f'"{shown}"'
        if display_width(shown) <= columns:
            return shown
        most = max(columns, MIN_VALUE_COLUMNS) - display_width(self.ellipsis)
        start = _prefix(shown, most - most // 2)
        end = _prefix(shown[::-1], most // 2)[::-1]
        return f"{start}{self.ellipsis}{end}"

    def truncate(self, text: str, columns: int, *, end: str = "") -> str:
        """Return the text if it fits, else its beginning, an ellipsis and `end`."""
        if len(text) <= columns and text.isascii():
            return text
        if display_width(text) <= columns:
            return text
        tail = f"{self.ellipsis}{end}"
        if display_width(tail) > columns:
            return _prefix(text, columns)
        return _prefix(text, columns - display_width(tail)) + tail

    def _escape_character(self, character: str) -> str:
        if (
            character.isprintable()
            and character != "\\"
            and (not self.is_ascii or character.isascii())
        ):
            return character
        return character.encode("unicode_escape").decode("ascii")


def _escape_byte(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}"


UNICODE: Final = GlyphSet(
    is_ascii=False,
    arrow="→",
    cross="✗",
    chosen="◄",
    annotation_mark="←",
    ellipsis="…",
    absent="–",
    rule="─",
    lane="│",
    middle="·",
)

ASCII: Final = GlyphSet(
    is_ascii=True,
    arrow="->",
    cross="x",
    chosen="<<",
    annotation_mark="<-",
    ellipsis="...",
    absent="-",
    rule="-",
    lane="|",
    middle="-",
)


def glyphs_for_stream(stream: TextIO) -> GlyphSet:
    """Return the Unicode glyphs if the stream can encode all of them, else the ASCII glyphs."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        "①→◄←…–─│✗·".encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return ASCII
    return UNICODE
