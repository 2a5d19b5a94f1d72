"""Where the commands write: colours where they are wanted, lines no wider than the terminal."""

import os
import sys
from collections.abc import Mapping
from typing import Final, TextIO, TypeAlias

from pykvbinding.sim.render.glyphs import ASCII, UNICODE, Glyphs, width

Span: TypeAlias = tuple[str, str]
"""A text and its style: "" or one of `STYLES`."""

STYLES: Final = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}

USUAL_COLUMNS: Final = 100
"""Of what is no terminal: a file, a pipe."""

LEAST_COLUMNS: Final = 40


class Terminal:
    """A stream, and what it can show.

    `NO_COLOR` in the environment switches colours off (no-color.org), `FORCE_COLOR` on where there
    is no terminal, as node's programs have it.
    """

    def __init__(
        self, stream: TextIO | None = None, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._stream = sys.stdout if stream is None else stream
        self.is_terminal = self._stream.isatty()
        self.has_colours = _has_colours(self.is_terminal, environ)
        self.glyphs: Glyphs = UNICODE if _can_show(self._stream, "→…✗") else ASCII

    def columns(self) -> int:
        """How wide a line may be, as the terminal is now."""
        if not self.is_terminal:
            return USUAL_COLUMNS
        try:
            columns = os.get_terminal_size(self._stream.fileno()).columns
        except OSError:
            columns = 0
        return max(columns or USUAL_COLUMNS, LEAST_COLUMNS)

    def line(self, *spans: Span | str) -> None:
        """Write one line; what is too wide for a terminal is cut off."""
        parts = [(span, "") if isinstance(span, str) else span for span in spans]
        if self.is_terminal:
            parts = self._cut(parts)
        self._stream.write("".join(self._painted(*part) for part in parts).rstrip() + "\n")
        self._stream.flush()

    def text(self, text: str, style: str = "") -> None:
        """Write lines as they are, however wide."""
        for line in text.splitlines() or [""]:
            self._stream.write(self._painted(self._shown(line), style) + "\n")
        self._stream.flush()

    def _cut(self, parts: list[Span]) -> list[Span]:
        room = self.columns()
        if sum(width(text) for text, _ in parts) <= room:
            return parts
        whole = 0  # how many of the parts are
        while width(parts[whole][0]) <= room - width(self.glyphs.dots):
            room -= width(parts[whole][0])
            whole += 1
        text, style = parts[whole]
        return [*parts[:whole], (self.glyphs.fit(f"{text}   ", room), style)]

    def _shown(self, text: str) -> str:
        """The text in characters that the stream has."""
        encoding = self._stream.encoding or "utf-8"
        return text.encode(encoding, "backslashreplace").decode(encoding)

    def _painted(self, text: str, style: str) -> str:
        text = self._shown(text)
        if not text or not style or not self.has_colours:
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def _has_colours(is_terminal: bool, environ: Mapping[str, str]) -> bool:  # noqa: FBT001
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR", "")
    if forced:
        return forced not in ("0", "false")
    return is_terminal and environ.get("TERM") != "dumb"


def _can_show(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
