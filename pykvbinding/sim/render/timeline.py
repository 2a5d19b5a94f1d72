"""The picture of a run: as text for an exception and a terminal, and as a page for a browser."""

import os
import sys
from pathlib import Path

from pykvbinding._text.glyphs import ASCII, UNICODE, Glyphs, glyphs_for, wrap
from pykvbinding._text.glyphs import width as measured
from pykvbinding._text.spans import Line, Span, fit_line, paint
from pykvbinding.sim.render import html
from pykvbinding.sim.render.analysis import PAGES, Story
from pykvbinding.sim.render.labels import literal
from pykvbinding.sim.render.text_layout import laid_out
from pykvbinding.sim.render.text_model import HEAD
from pykvbinding.sim.render.text_rows import Rows
from pykvbinding.sim.trace import Trace

_INDENT = "  "

_PAGE_WIDTH = 140
"""Columns of the text on a page."""


class Timeline:
    """What happened in a network, as a picture.

    >>> print(Timeline(Trace(schedule="1 2~1")))
    Nothing has happened.
      Replay:  @example("1 2~1")
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __str__(self) -> str:
        return self.text()

    def text(
        self,
        *,
        color: bool | None = None,
        ascii: bool | None = None,
        width: int = 100,
        full: bool = False,
    ) -> str:
        """A column for each invocation, a row for each operation, the central stores at the left.

        ◄ marks what the schedule chose that is not the ordinary thing, ← what is worth a remark
        all the same. No line is wider than `width` columns. Long runs of ordinary operations are
        folded into one line unless `full`. `None` means: colour on a terminal that has not been
        told otherwise (NO_COLOR), and ASCII if standard output has no other characters.
        """
        is_ascii = glyphs_for(sys.stdout).is_ascii if ascii is None else ascii
        glyphs = ASCII if is_ascii else UNICODE
        story = Story(self._trace)
        lines = self._lines(story, glyphs, width, full=full)
        for sentence in story.sentences():
            page = f" ({PAGES[sentence]})" if sentence in PAGES else ""
            text = glyphs.plain(f'KV permits this: "{sentence}"{page}')
            lines += [[Span(_INDENT + line)] for line in wrap(text, width - len(_INDENT))]
        again = replay(self._trace.schedule, glyphs, width, self._trace.place)
        lines += [[Span(_INDENT + line, HEAD)] for line in again]
        colours = _has_colours() if color is None else color
        return "\n".join(paint(fit_line(line, width, glyphs), colours=colours) for line in lines)

    def html(self, path: str | Path) -> None:
        """Write one self-contained page: lanes for locations, and how old their copies are."""
        Path(path).write_text(self.page(), encoding="utf-8", newline="\n")

    def page(self) -> str:
        """The text of that page: the same bytes for the same run."""
        story = Story(self._trace)
        lines = self._lines(story, UNICODE, _PAGE_WIDTH, full=False)
        fitted = (fit_line(line, _PAGE_WIDTH, UNICODE) for line in lines)
        return html.page(story, "\n".join(paint(line, colours=False) for line in fitted))

    def _lines(self, story: Story, glyphs: Glyphs, width: int, *, full: bool) -> list[Line]:
        if not self._trace.events and not self._trace.acts:
            return [[Span("Nothing has happened.")]]
        rows = Rows(story, glyphs, full=full)
        return laid_out(lambda room: rows.sheet(room, width))


def replay(schedule: str, glyphs: Glyphs, width: int, place: str = "") -> list[str]:
    """The decorator that runs this again; over several lines where it is long, still Python.

    One network of several has an argument of its own instead.
    """
    told = literal(schedule, glyphs)
    opening = f"Replay:  {place}: schedule=(" if place else "Replay:  @example("
    text = f"Replay:  {place}: schedule={told}" if place else f"{opening}{told})"
    if measured(text) + len(_INDENT) <= width:
        return [text]
    parts = [literal(part, glyphs) for part in _parts(schedule, width - len(_INDENT) - 8)]
    return [opening, *(f"    {part}" for part in parts), ")"]


def _parts(schedule: str, columns: int) -> list[str]:
    """A schedule cut after spaces, to be written as adjacent literals."""
    lines = wrap(schedule, columns)
    return [f"{line} " for line in lines[:-1]] + lines[-1:]


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
