"""Timeline of a run: as text for exceptions and terminals, and as an HTML page."""

import os
import sys
from pathlib import Path

from pykvbinding._text.glyphs import ASCII, UNICODE, GlyphSet, glyphs_for_stream, wrap
from pykvbinding._text.glyphs import display_width as measured
from pykvbinding._text.spans import StyledLine, StyledText, paint, truncate_line
from pykvbinding.sim.render import html
from pykvbinding.sim.render.analysis import DOC_PAGE, TraceAnalysis
from pykvbinding.sim.render.labels import format_literal
from pykvbinding.sim.render.text_layout import render_layout
from pykvbinding.sim.render.text_model import HEAD
from pykvbinding.sim.render.text_rows import TableBuilder
from pykvbinding.sim.trace import Trace

_INDENT = "  "

_PAGE_WIDTH = 140
"""Width of the text on a page, in columns."""


class Timeline:
    """The events of a network, as text or HTML.

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
        """Return one column per invocation and one row per operation; the central stores are at the
        left.

        ◄ marks a choice of the schedule that differs from the default, ← another remark. No line is
        wider than `width` columns. Long runs of default operations are collapsed into one line
        unless `full`. `color=None` uses colours on a terminal unless NO_COLOR is set; `ascii=None`
        uses ASCII if standard output cannot encode other characters.
        """
        is_ascii = glyphs_for_stream(sys.stdout).is_ascii if ascii is None else ascii
        glyphs = ASCII if is_ascii else UNICODE
        analysis = TraceAnalysis(self._trace)
        lines = self._lines(analysis, glyphs, width, full=full)
        for sentence in analysis.sentences():
            page = f" ({DOC_PAGE[sentence]})" if sentence in DOC_PAGE else ""
            text = glyphs.escape(f'KV permits this: "{sentence}"{page}')
            lines += [[StyledText(_INDENT + line)] for line in wrap(text, width - len(_INDENT))]
        replay_lines = format_replay(self._trace.schedule, glyphs, width, self._trace.network_label)
        lines += [[StyledText(_INDENT + line, HEAD)] for line in replay_lines]
        colours = _has_colours() if color is None else color
        return "\n".join(
            paint(truncate_line(line, width, glyphs), colours=colours) for line in lines
        )

    def html(self, path: str | Path) -> None:
        """Write a self-contained HTML page with one lane per location and the age of its copies."""
        Path(path).write_text(self.page(), encoding="utf-8", newline="\n")

    def page(self) -> str:
        """Return the text of that page; it is the same for the same run."""
        analysis = TraceAnalysis(self._trace)
        lines = self._lines(analysis, UNICODE, _PAGE_WIDTH, full=False)
        fitted = (truncate_line(line, _PAGE_WIDTH, UNICODE) for line in lines)
        return html.page(analysis, "\n".join(paint(line, colours=False) for line in fitted))

    def _lines(
        self, analysis: TraceAnalysis, glyphs: GlyphSet, width: int, *, full: bool
    ) -> list[StyledLine]:
        if not self._trace.events and not self._trace.invocations:
            return [[StyledText("Nothing has happened.")]]
        rows = TableBuilder(analysis, glyphs, full=full)
        return render_layout(lambda max_width: rows.table(max_width, width))


def format_replay(
    schedule: str, glyphs: GlyphSet, width: int, network_label: str = ""
) -> list[str]:
    """Return the decorator that replays the run, as valid Python; several lines if it is long.

    For one of several networks, return its `schedule` argument instead.
    """
    literal = format_literal(schedule, glyphs)
    opening = f"Replay:  {network_label}: schedule=(" if network_label else "Replay:  @example("
    text = (
        f"Replay:  {network_label}: schedule={literal}" if network_label else f"{opening}{literal})"
    )
    if measured(text) + len(_INDENT) <= width:
        return [text]
    parts = [format_literal(part, glyphs) for part in _parts(schedule, width - len(_INDENT) - 8)]
    return [opening, *(f"    {part}" for part in parts), ")"]


def _parts(schedule: str, columns: int) -> list[str]:
    """Split a schedule after spaces, to be written as adjacent literals."""
    lines = wrap(schedule, columns)
    return [f"{line} " for line in lines[:-1]] + lines[-1:]


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
