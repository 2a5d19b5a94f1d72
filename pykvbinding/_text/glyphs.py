"""Display width, and the symbols that a terminal can show."""

import unicodedata
from dataclasses import dataclass
from typing import Final, TextIO

MIN_VALUE_COLUMNS = 6
"""A value or key in fewer columns would show nothing but its dots."""

LAST_CIRCLED = 20
"""Unicode has circled digits up to this number."""


def width(text: str) -> int:
    """Return the number of terminal columns of a text."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def pad(text: str, columns: int) -> str:
    """Return the text, filled with spaces up to `columns` columns."""
    return text + " " * (columns - width(text))


def wrap(text: str, columns: int) -> list[str]:
    """Return the text in lines of at most `columns` columns, broken between words if possible."""
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
    """The longest start of a text that has room in `columns` columns."""
    taken = 0
    for index, character in enumerate(text):
        taken += _columns(character)
        if taken > columns:
            return text[:index]
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The symbols of one character set, Unicode or ASCII, and texts that use no other characters.

    Methods with a parameter `columns` return a text of at most that display width.
    """

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
        """Return the name of an invocation by its number; 0 is the test itself."""
        if invocation == 0:
            return "test"
        if self.is_ascii or invocation > LAST_CIRCLED:
            return f"({invocation})"
        return chr(ord("①") + invocation - 1)

    def plain(self, text: str) -> str:
        """Return the text with control characters and those of other character sets escaped."""
        return "".join(map(self._plain, text))

    def value(self, value: str | bytes | None, columns: int) -> str:
        """Return a value in quotes. O(columns), however long the value is."""
        if value is None:
            return "null"
        if isinstance(value, bytes):
            start = "".join(map(_byte, value[: columns + 1]))
            return self.fit(f'b"{start}"', max(columns, MIN_VALUE_COLUMNS), end='"')
        quote = "'" if '"' in value and "'" not in value else '"'
        start = self.plain(value[: columns + 1])
        return self.fit(f"{quote}{start}{quote}", max(columns, MIN_VALUE_COLUMNS), end=quote)

    def key(self, key: str, columns: int) -> str:
        """Return a key, without quotes unless it is ambiguous. A long key keeps both its ends."""
        shown = self.plain(key)
        if not key or key != shown or not set(' ",=').isdisjoint(key):
            shown = f'"{shown}"'
        if width(shown) <= columns:
            return shown
        most = max(columns, MIN_VALUE_COLUMNS) - width(self.dots)
        start = _start(shown, most - most // 2)
        end = _start(shown[::-1], most // 2)[::-1]
        return f"{start}{self.dots}{end}"

    def fit(self, text: str, columns: int, *, end: str = "") -> str:
        """Return the text if it is narrow enough, else its start, dots, and `end`."""
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


def _byte(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}"


UNICODE: Final = Glyphs(
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

ASCII: Final = Glyphs(
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


def glyphs_for(stream: TextIO) -> Glyphs:
    """Return the Unicode glyphs if the stream can encode all of them, else the ASCII ones."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        "①→◄←…–─│✗·".encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return ASCII
    return UNICODE
