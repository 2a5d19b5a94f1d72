"""The layout of the text: a column for each invocation, or a lane where columns have no room.

A row is one operation. What is remarked on it stands to the right, or below if there is no room.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from pykvbinding._text.glyphs import pad, width, wrap
from pykvbinding._text.spans import Line, Span
from pykvbinding.sim.render.text_model import (
    CENTRAL,
    CHOSEN,
    FAINT,
    GAP,
    HEAD,
    INSTANT,
    STALE,
    Row,
    Sheet,
    lane_style,
)

MOST_COLUMNS = 6
"""Invocations that have a column each, at most; an eye cannot follow more."""

_BELOW = 44
"""Columns of remarks below a row, where their invocation's column has no room for more."""


class Layout(Protocol):
    """Where the operations of a sheet stand. `end` is the first column after them."""

    end: int

    def head(self) -> list[Line]:
        """The lines above the first row."""
        ...

    def start(self, row: Row) -> int:
        """The column at which the text of a row begins."""
        ...

    def spans(self, row: Row) -> Line:
        """The operation of a row, from the sheet's body to `end`."""
        ...


class Columns:
    """A column for each invocation."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._widths = {lane: width(title) for lane, title in sheet.titles.items()}
        for row in sheet.rows:
            for lane, text in _cells(row).items():
                self._widths[lane] = max(self._widths[lane], width(text))
        self._starts = {}
        self.end: int = sheet.body
        for lane in sheet.titles:
            self._starts[lane] = self.end
            self.end += self._widths[lane] + GAP

    def head(self) -> list[Line]:
        """The titles, ruled."""
        titles = [
            Span(pad(title, self._widths[lane] + GAP), f"{HEAD} {lane_style(lane)}")
            for lane, title in self._sheet.titles.items()
        ]
        rules = [(self._starts[lane], self._widths[lane]) for lane in self._starts]
        return [[*_head(self._sheet), *titles], _rule(self._sheet, rules)]

    def start(self, row: Row) -> int:
        """Where its invocation's column begins."""
        return self._starts.get(row.lane or 0, self._sheet.body)

    def spans(self, row: Row) -> Line:
        """A cell for each invocation, most of them empty."""
        cells = _cells(row)
        return [
            Span(pad(cells.get(lane, ""), columns + GAP), row.style or lane_style(lane))
            for lane, columns in self._widths.items()
        ]


class Lanes:
    """A narrow lane for each invocation, and one column for what they all do."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.pitch: int = max([2, *(width(self._sign(lane)) + 1 for lane in sheet.titles)])
        self._text = sheet.body + self.pitch * len(sheet.titles) + 1
        self.end: int = self._text + sheet.text_width() + GAP

    def head(self) -> list[Line]:
        """Who is who, and the titles, ruled."""
        lanes = (self._text - GAP) - self._sheet.body
        rules = [(self._sheet.body, lanes), (self._text, self.end - GAP - self._text)]
        return [*_who(self._sheet), _head(self._sheet), _rule(self._sheet, rules)]

    def start(self, row: Row) -> int:  # noqa: ARG002, the same for all rows
        """After the lanes."""
        return self._text

    def spans(self, row: Row) -> Line:
        """The number in its lane, a line where another invocation is under way, the text."""
        lanes = [Span(pad(self._mark(row, i), self.pitch), lane_style(i)) for i in self._titles]
        text = pad(f" {row.text}", self.end - self._text + 1)
        return [*lanes, Span(text, row.style or lane_style(row.lane or 0))]

    @property
    def _titles(self) -> dict[int, str]:
        return self._sheet.titles

    def _mark(self, row: Row, lane: int) -> str:
        if lane == row.lane:
            return self._sign(lane)
        return self._sheet.glyphs.lane if lane in row.alive else ""

    def _sign(self, lane: int) -> str:
        return self._sheet.glyphs.number(lane) if lane else "T"


class Numbers:
    """Every operation after the number of its invocation. For this there is always room."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._pitch = max(width(sheet.glyphs.number(lane)) for lane in [0, *sheet.titles]) + 1
        self._text = sheet.body + self._pitch
        self.end: int = min(
            self._text + sheet.text_width() + GAP, sheet.columns - width(sheet.glyphs.chosen)
        )

    def head(self) -> list[Line]:
        """Who is who, and the titles, ruled."""
        rule = (self._sheet.body, max(self.end - GAP - self._sheet.body, 0))
        return [*_who(self._sheet), _head(self._sheet), _rule(self._sheet, [rule])]

    def start(self, row: Row) -> int:  # noqa: ARG002, the same for all rows
        """After the number."""
        return self._text

    def spans(self, row: Row) -> Line:
        """The number and the text."""
        sign = "" if row.lane is None else self._sheet.glyphs.number(row.lane)
        text = self._sheet.glyphs.fit(row.text, self.end - self._text - GAP)
        style = row.style or lane_style(row.lane or 0)
        return [
            Span(pad(sign, self._pitch), lane_style(row.lane or 0)),
            Span(pad(text, self.end - self._text), style),
        ]


def laid_out(make_sheet: Callable[[int], Sheet]) -> list[Line]:
    """The lines of the best layout that has room.

    `make_sheet(room)` has values and keys of at most `room` columns.
    """
    for room in (32, 20, 12):
        sheet = make_sheet(room)
        if len(sheet.titles) <= MOST_COLUMNS:
            columns = Columns(sheet)
            for beside in (True, False):
                if _has_room(columns, sheet, beside=beside):
                    return _lines(columns, sheet, beside=beside)
    for room in (32, 20, 12):
        sheet = make_sheet(room)
        lanes = Lanes(sheet)
        for beside in (True, False):
            narrow = lanes.pitch * len(sheet.titles) <= sheet.columns // 3
            if narrow and _has_room(lanes, sheet, beside=beside):
                return _lines(lanes, sheet, beside=beside)
    sheet = make_sheet(12)
    return _lines(Numbers(sheet), sheet, beside=False)


def _has_room(layout: Layout, sheet: Sheet, *, beside: bool) -> bool:
    needed = sheet.remarks if beside else width(sheet.glyphs.chosen)
    return layout.end + needed <= sheet.columns


def _lines(layout: Layout, sheet: Sheet, *, beside: bool) -> list[Line]:
    lines = layout.head()
    for row in sheet.rows:
        if row.cells and not isinstance(layout, Columns):
            continue  # told where it says who is who
        lines += _row(layout, sheet, row, beside=beside)
    return lines


def _row(layout: Layout, sheet: Sheet, row: Row, *, beside: bool) -> Iterator[Line]:
    instant = row.instant.rjust(sheet.instants)
    line = [Span(" " * GAP), Span(pad(instant, sheet.instants + GAP), FAINT)]
    if row.lane is None and row.text:
        text = sheet.glyphs.fit(row.text, layout.end - GAP - (sheet.instants + 2 * GAP))
        line.append(Span(pad(text, layout.end - (sheet.instants + 2 * GAP)), row.style))
    else:
        line += [Span(pad(row.central, sheet.central + GAP)), *layout.spans(row)]
    style = CHOSEN if row.chosen else STALE
    if beside:
        signs = width(sheet.glyphs.chosen) + 1
        sign = sheet.glyphs.chosen if row.chosen else sheet.glyphs.remark * bool(row.remarks)
        start = layout.end + signs
        first, *more = wrap(row.remarks, sheet.columns - start)
        yield [*line, Span(f"{pad(sign, signs)}{first}", style)]
        yield from ([Span(" " * start), Span(text, style)] for text in more)
        return
    yield [*line, Span(sheet.glyphs.chosen * row.chosen, style)]
    if row.remarks:
        text = f"{sheet.glyphs.remark} {row.remarks}"
        last = sheet.columns - min(width(text), _BELOW)
        start = max(min(layout.start(row) + 2, last), GAP)
        lines = wrap(text, sheet.columns - start)
        yield from ([Span(" " * start), Span(text, STALE)] for text in lines)


def _cells(row: Row) -> dict[int, str]:
    return row.cells if row.lane is None else {row.lane: row.text}


def _head(sheet: Sheet) -> Line:
    instant = " " * GAP + pad(INSTANT.rjust(sheet.instants), sheet.instants + GAP)
    return [Span(instant + pad(CENTRAL, sheet.central + GAP), HEAD)]


def _rule(sheet: Sheet, columns: list[tuple[int, int]]) -> Line:
    text = ""
    for start, long in [(GAP, sheet.instants), (sheet.body - GAP - sheet.central, sheet.central)]:
        text = pad(text, start) + sheet.glyphs.rule * long
    for start, long in columns:
        text = pad(text, start) + sheet.glyphs.rule * long
    return [Span(text, FAINT)]


def _who(sheet: Sheet) -> Iterator[Line]:
    """The titles with what their invocations came to, as many on a line as have room."""
    told = {
        lane: sheet.glyphs.fit(f"{title} {sheet.endings.get(lane, '')}".rstrip(), 44)
        for lane, title in sheet.titles.items()
    }
    pitch = max([0, *map(width, told.values())]) + GAP
    per_line = max((sheet.columns - GAP) // pitch, 1)
    lanes = list(told)
    for first in range(0, len(lanes), per_line):
        spans = [Span(pad(told[i], pitch), lane_style(i)) for i in lanes[first : first + per_line]]
        yield [Span(" " * GAP), *spans]
    yield []
