"""Layouts of the text timeline: a column per invocation, or narrow lanes if columns do not fit.

A row is one operation. Its annotations are at the right, or below if they do not fit.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from pykvbinding._text.glyphs import display_width, pad, wrap
from pykvbinding._text.spans import StyledLine, StyledText
from pykvbinding.sim.render.text_model import (
    CENTRAL,
    CHOSEN,
    FAINT,
    GAP,
    HEAD,
    INSTANT,
    STALE,
    TextRow,
    TextTable,
    lane_style,
)

MAX_COLUMNS = 6
"""Maximum number of invocations with a column each; more are hard to read."""

_BELOW = 44
"""Width of annotations below a row."""


class Layout(Protocol):
    """Positions of the operations of a table. `end` is the first column after them."""

    end: int

    def head(self) -> list[StyledLine]:
        """Return the lines above the first row."""
        ...

    def start(self, row: TextRow) -> int:
        """Return the column at which the text of a row begins."""
        ...

    def spans(self, row: TextRow) -> StyledLine:
        """Return the operation of a row, from the start of the body to `end`."""
        ...


class ColumnLayout:
    """A column for each invocation."""

    def __init__(self, table: TextTable) -> None:
        self._table = table
        self._widths = {lane: display_width(title) for lane, title in table.titles.items()}
        for row in table.rows:
            for lane, text in _cells(row).items():
                self._widths[lane] = max(self._widths[lane], display_width(text))
        self._starts = {}
        self.end = table.body_start
        for lane in table.titles:
            self._starts[lane] = self.end
            self.end += self._widths[lane] + GAP

    def head(self) -> list[StyledLine]:
        """Return the underlined titles."""
        titles = [
            StyledText(pad(title, self._widths[lane] + GAP), f"{HEAD} {lane_style(lane)}")
            for lane, title in self._table.titles.items()
        ]
        rules = [(self._starts[lane], self._widths[lane]) for lane in self._starts]
        return [[*_heading(self._table), *titles], _ruled_line(self._table, rules)]

    def start(self, row: TextRow) -> int:
        """Return where the column of the invocation begins."""
        return self._starts.get(row.lane or 0, self._table.body_start)

    def spans(self, row: TextRow) -> StyledLine:
        """Return one cell per invocation; most are empty."""
        cells = _cells(row)
        return [
            StyledText(pad(cells.get(lane, ""), columns + GAP), row.style or lane_style(lane))
            for lane, columns in self._widths.items()
        ]


class LaneLayout:
    """A narrow lane per invocation, and one column for the operations of all."""

    def __init__(self, table: TextTable) -> None:
        self._table = table
        self.pitch = max([2, *(display_width(self._sign(lane)) + 1 for lane in table.titles)])
        self._text = table.body_start + self.pitch * len(table.titles) + 1
        self.end = self._text + table.text_width() + GAP

    def head(self) -> list[StyledLine]:
        """Return the list of invocations and the underlined headings."""
        lanes = (self._text - GAP) - self._table.body_start
        rules = [(self._table.body_start, lanes), (self._text, self.end - GAP - self._text)]
        return [*_title_lines(self._table), _heading(self._table), _ruled_line(self._table, rules)]

    def start(self, row: TextRow) -> int:  # noqa: ARG002, the same for all rows
        """Return the column after the lanes."""
        return self._text

    def spans(self, row: TextRow) -> StyledLine:
        """Return the number in its lane, lines for other active invocations, and the text."""
        lanes = [
            StyledText(pad(self._mark(row, i), self.pitch), lane_style(i)) for i in self._titles
        ]
        text = pad(f" {row.text}", self.end - self._text + 1)
        return [*lanes, StyledText(text, row.style or lane_style(row.lane or 0))]

    @property
    def _titles(self) -> dict[int, str]:
        return self._table.titles

    def _mark(self, row: TextRow, lane: int) -> str:
        if lane == row.lane:
            return self._sign(lane)
        return self._table.glyphs.lane if lane in row.active else ""

    def _sign(self, lane: int) -> str:
        return self._table.glyphs.number(lane) if lane else "T"


class NumberedLayout:
    """Every operation after the number of its invocation. This layout fits any width."""

    def __init__(self, table: TextTable) -> None:
        self._table = table
        self._pitch = (
            max(display_width(table.glyphs.number(lane)) for lane in [0, *table.titles]) + 1
        )
        self._text = table.body_start + self._pitch
        self.end = min(
            self._text + table.text_width() + GAP,
            table.columns - display_width(table.glyphs.chosen),
        )

    def head(self) -> list[StyledLine]:
        """Return the list of invocations and the underlined headings."""
        rule = (self._table.body_start, max(self.end - GAP - self._table.body_start, 0))
        return [*_title_lines(self._table), _heading(self._table), _ruled_line(self._table, [rule])]

    def start(self, row: TextRow) -> int:  # noqa: ARG002, the same for all rows
        """Return the column after the number."""
        return self._text

    def spans(self, row: TextRow) -> StyledLine:
        """Return the number and the text."""
        sign = "" if row.lane is None else self._table.glyphs.number(row.lane)
        text = self._table.glyphs.truncate(row.text, self.end - self._text - GAP)
        style = row.style or lane_style(row.lane or 0)
        return [
            StyledText(pad(sign, self._pitch), lane_style(row.lane or 0)),
            StyledText(pad(text, self.end - self._text), style),
        ]


def render_layout(make_table: Callable[[int], TextTable]) -> list[StyledLine]:
    """Return the lines of the best layout that fits.

    `make_table(max_width)` returns a table with values and keys of at most `max_width` columns.
    """
    for max_width in (32, 20, 12):
        table = make_table(max_width)
        if len(table.titles) <= MAX_COLUMNS:
            columns = ColumnLayout(table)
            for beside in (True, False):
                if _has_room(columns, table, beside=beside):
                    return _lines(columns, table, beside=beside)
    for max_width in (32, 20, 12):
        table = make_table(max_width)
        lanes = LaneLayout(table)
        for beside in (True, False):
            narrow = lanes.pitch * len(table.titles) <= table.columns // 3
            if narrow and _has_room(lanes, table, beside=beside):
                return _lines(lanes, table, beside=beside)
    table = make_table(12)
    return _lines(NumberedLayout(table), table, beside=False)


def _has_room(layout: Layout, table: TextTable, *, beside: bool) -> bool:
    needed = table.annotation_width if beside else display_width(table.glyphs.chosen)
    return layout.end + needed <= table.columns


def _lines(layout: Layout, table: TextTable, *, beside: bool) -> list[StyledLine]:
    lines = layout.head()
    for row in table.rows:
        if row.cells and not isinstance(layout, ColumnLayout):
            continue  # outcomes are listed with the titles
        lines += _row(layout, table, row, beside=beside)
    return lines


def _row(layout: Layout, table: TextTable, row: TextRow, *, beside: bool) -> Iterator[StyledLine]:
    instant = row.instant.rjust(table.instant_width)
    line = [StyledText(" " * GAP), StyledText(pad(instant, table.instant_width + GAP), FAINT)]
    if row.lane is None and row.text:
        text = table.glyphs.truncate(row.text, layout.end - GAP - (table.instant_width + 2 * GAP))
        line.append(StyledText(pad(text, layout.end - (table.instant_width + 2 * GAP)), row.style))
    else:
        line += [StyledText(pad(row.central, table.central_width + GAP)), *layout.spans(row)]
    style = CHOSEN if row.chosen else STALE
    if beside:
        signs = display_width(table.glyphs.chosen) + 1
        sign = (
            table.glyphs.chosen
            if row.chosen
            else table.glyphs.annotation_mark * bool(row.annotations)
        )
        start = layout.end + signs
        first, *rest = wrap(row.annotations, table.columns - start)
        yield [*line, StyledText(f"{pad(sign, signs)}{first}", style)]
        yield from ([StyledText(" " * start), StyledText(text, style)] for text in rest)
        return
    yield [*line, StyledText(table.glyphs.chosen * row.chosen, style)]
    if row.annotations:
        text = f"{table.glyphs.annotation_mark} {row.annotations}"
        last = table.columns - min(display_width(text), _BELOW)
        start = max(min(layout.start(row) + 2, last), GAP)
        lines = wrap(text, table.columns - start)
        yield from ([StyledText(" " * start), StyledText(text, STALE)] for text in lines)


def _cells(row: TextRow) -> dict[int, str]:
    return row.cells if row.lane is None else {row.lane: row.text}


def _heading(table: TextTable) -> StyledLine:
    instant = " " * GAP + pad(INSTANT.rjust(table.instant_width), table.instant_width + GAP)
    return [StyledText(instant + pad(CENTRAL, table.central_width + GAP), HEAD)]


def _ruled_line(table: TextTable, columns: list[tuple[int, int]]) -> StyledLine:
    text = ""
    for start, long in [
        (GAP, table.instant_width),
        (table.body_start - GAP - table.central_width, table.central_width),
    ]:
        text = pad(text, start) + table.glyphs.rule * long
    for start, long in columns:
        text = pad(text, start) + table.glyphs.rule * long
    return [StyledText(text, FAINT)]


def _title_lines(table: TextTable) -> Iterator[StyledLine]:
    """Yield the titles with the outcomes of their invocations, several per line."""
    titles = {
        lane: table.glyphs.truncate(f"{title} {table.outcomes.get(lane, '')}".rstrip(), 44)
        for lane, title in table.titles.items()
    }
    pitch = max([0, *map(display_width, titles.values())]) + GAP
    per_line = max((table.columns - GAP) // pitch, 1)
    lanes = list(titles)
    for first in range(0, len(lanes), per_line):
        spans = [
            StyledText(pad(titles[i], pitch), lane_style(i))
            for i in lanes[first : first + per_line]
        ]
        yield [StyledText(" " * GAP), *spans]
    yield []
