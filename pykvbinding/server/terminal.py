"""Terminal output: colors if supported, lines cut to the width of the terminal."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final, TextIO

from pykvbinding._text.glyphs import GlyphSet, glyphs_for_stream
from pykvbinding._text.spans import StyledText, paint, truncate_line

DEFAULT_COLUMNS: Final = 100
"""Width if the stream is not a terminal: a file or a pipe."""

MIN_COLUMNS: Final = 40


class Terminal:
    """A stream, and its capabilities.

    `NO_COLOR` in the environment disables colors (no-color.org). `FORCE_COLOR` enables them for a
    stream that is not a terminal, as in programs for Node.js.
    """

    def __init__(
        self, stream: TextIO | None = None, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._stream = sys.stdout if stream is None else stream
        self.is_terminal = self._stream.isatty()
        self.has_colors = _has_colors(self.is_terminal, environ)
        self.glyphs: GlyphSet = glyphs_for_stream(self._stream)

    def columns(self) -> int:
        """Return the maximum width of a line, by the current size of the terminal."""
        if not self.is_terminal:
            return DEFAULT_COLUMNS
        try:
            columns = os.get_terminal_size(self._stream.fileno()).columns
        except OSError:
            columns = 0
        return max(columns or DEFAULT_COLUMNS, MIN_COLUMNS)

    def line(self, *spans: StyledText | str) -> None:
        """Write one line, cut to the width of the terminal."""
        line = [StyledText(span) if isinstance(span, str) else span for span in spans]
        columns = self.columns() if self.is_terminal else sys.maxsize
        self._write(truncate_line(line, columns, self.glyphs))

    def text(self, text: str, style: str = "") -> None:
        """Write lines without cutting them."""
        for line in text.splitlines() or [""]:
            self._write([StyledText(line, style)])

    def _write(self, line: Sequence[StyledText]) -> None:
        text = paint(line, colours=self.has_colors)
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        self._stream.flush()


def _has_colors(is_terminal: bool, environ: Mapping[str, str]) -> bool:  # noqa: FBT001
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR", "")
    if forced:
        return forced not in ("0", "false")
    return is_terminal and environ.get("TERM") != "dumb"
