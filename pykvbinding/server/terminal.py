"""Where the commands write: colours where they are wanted, lines no wider than the terminal."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final, TextIO

from pykvbinding._text.glyphs import Glyphs, glyphs_for
from pykvbinding._text.spans import Span, fit_line, paint

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
        self.has_colours: bool = _has_colours(self.is_terminal, environ)
        self.glyphs: Glyphs = glyphs_for(self._stream)

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
        """Write one line; a line that is too wide for the terminal is cut off."""
        line = [Span(span) if isinstance(span, str) else span for span in spans]
        columns = self.columns() if self.is_terminal else sys.maxsize
        self._write(fit_line(line, columns, self.glyphs))

    def text(self, text: str, style: str = "") -> None:
        """Write lines as they are, however wide."""
        for line in text.splitlines() or [""]:
            self._write([Span(line, style)])

    def _write(self, line: Sequence[Span]) -> None:
        text = paint(line, colours=self.has_colours)
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        self._stream.flush()


def _has_colours(is_terminal: bool, environ: Mapping[str, str]) -> bool:  # noqa: FBT001
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR", "")
    if forced:
        return forced not in ("0", "false")
    return is_terminal and environ.get("TERM") != "dumb"
