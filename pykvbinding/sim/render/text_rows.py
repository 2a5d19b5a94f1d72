"""Rows of the text timeline: one per operation, with long runs of default operations collapsed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pykvbinding._text.glyphs import GlyphSet
from pykvbinding.sim.render.analysis import OK, DirectWrite, TraceAnalysis, stale_accesses
from pykvbinding.sim.render.labels import Labels, count_decimals, format_instant
from pykvbinding.sim.render.text_model import ERROR, FAINT, STALE, TextRow, TextTable
from pykvbinding.sim.trace import Event

MAX_ROWS = 40
"""Number of rows up to which nothing is collapsed."""

MIN_COLLAPSED = 4
"""Minimum number of consecutive default operations to collapse."""

_ENDS = 3
"""Number of operations at the beginning and the end that are never collapsed."""

_MAX_VERSIONS = 2
"""Number of versions of one row that are listed."""


@dataclass(slots=True)
class CollapsedRun:
    """Consecutive default operations that share one row."""

    events: list[Event]


@dataclass(slots=True)
class TableBuilder:
    """Builds the table of an analysis."""

    analysis: TraceAnalysis
    glyphs: GlyphSet
    full: bool

    def table(self, max_width: int, columns: int) -> TextTable:
        """Return the table with values and keys of at most `max_width` columns."""
        labels = Labels(self.analysis, self.glyphs, max_width)
        steps = list(self.analysis.steps())
        steps_shown = steps if self.full else collapse(self.analysis, steps)
        shown = [step for step in steps_shown if isinstance(step, Event)]
        lanes = self._lanes(shown)
        rows = [*self._initial_rows(labels), *self._step_rows(labels, steps_shown)]
        outcomes = {lane: outcome for lane in lanes if (outcome := labels.outcome(lane))}
        if any(outcome != f"{self.glyphs.arrow} None" for outcome in outcomes.values()):
            rows.append(TextRow(instant="end", cells=outcomes))
        titles = {lane: labels.title(lane) for lane in lanes}
        return TextTable(rows, titles, outcomes, self.glyphs, columns)

    def _lanes(self, shown: Sequence[Event]) -> list[int]:
        """Return the test if it made an operation, then the invocations that have a row."""
        seen = {event.invocation for event in shown if event.kind != "lapse"}
        if len(shown) == len(self.analysis.trace.events):
            seen |= set(self.analysis.invocations)  # nothing is collapsed: include idle invocations
        return sorted(seen)

    def _initial_rows(self, labels: Labels) -> Iterator[TextRow]:
        """Yield rows for the initial records."""
        initial = self.analysis.initial_records()
        listed = initial if len(initial) <= MIN_COLLAPSED else initial[: MIN_COLLAPSED - 1]
        yield from (
            TextRow(instant="before", central=labels.direct_write(direct_write))
            for direct_write in listed
        )
        if len(initial) > len(listed):
            yield TextRow(central=f"and {len(initial) - len(listed)} more keys")

    def _step_rows(
        self, labels: Labels, steps: Iterable[Event | DirectWrite | CollapsedRun]
    ) -> Iterator[TextRow]:
        start = self.analysis.trace.start
        digits = count_decimals([event.at - start for event in self.analysis.trace.events] or [0])
        is_empty = not self.analysis.initial_records()
        for step in steps:
            if isinstance(step, CollapsedRun):
                yield self._collapsed_row(step)
            elif isinstance(step, DirectWrite):
                at = format_instant((step.commit.at or 0) - start, digits)
                yield TextRow(instant=at, central=labels.direct_write(step))
            else:
                row = self._row(labels, step, format_instant(step.at - start, digits))
                if is_empty and not row.central and step.kind != "lapse":
                    row.central = self.glyphs.absent
                yield row
            is_empty = False

    def _row(self, labels: Labels, event: Event, at: str) -> TextRow:
        active = self._active(event)
        if event.kind == "lapse":
            middle = self.glyphs.middle
            text = f"{middle} {labels.lapse(event)} {middle}"
            return TextRow(
                instant=at,
                text=text,
                annotations="; ".join(labels.annotations(event)),
                chosen=bool(event.deviations),
                style=FAINT,
                active=active,
            )
        versions = labels.central_versions(event)
        if len(versions) > _MAX_VERSIONS:
            versions = [f"{len(versions)} versions"]
        style = ERROR if event.outcome != OK else STALE if any(stale_accesses(event)) else ""
        return TextRow(
            instant=at,
            central=", ".join(versions),
            lane=event.invocation,
            text=labels.operation(event),
            annotations="; ".join(labels.annotations(event)),
            chosen=bool(event.deviations),
            style=style,
            active=active,
        )

    def _active(self, event: Event) -> frozenset[int]:
        return frozenset(
            span.number
            for span in self.analysis.invocations.values()
            if span.started <= event.at and (span.ended is None or event.at <= span.ended)
        )

    def _collapsed_row(self, run: CollapsedRun) -> TextRow:
        operations = [event for event in run.events if event.kind != "lapse"]
        invocations = sorted({event.invocation for event in operations})
        numbers = " ".join(map(self.glyphs.number, invocations[:8])) + (
            f" {self.glyphs.ellipsis}" if len(invocations) > 8 else ""
        )
        ellipsis = self.glyphs.ellipsis
        text = f"{ellipsis} {len(operations)} ordinary operations of {numbers} {ellipsis}"
        return TextRow(text=text, style=FAINT)


def collapse(
    analysis: TraceAnalysis, steps: Sequence[Event | DirectWrite]
) -> Sequence[Event | DirectWrite | CollapsedRun]:
    """Return the steps, with long runs of default operations collapsed if there are many steps.

    Operations that explain a notable one are kept too, unless they alone exceed the maximum.
    """
    if len(steps) <= MAX_ROWS:
        return steps
    shown = _collapse_runs(
        steps, lambda event: analysis.is_notable(event) or analysis.explains_notable(event)
    )
    return shown if len(shown) <= MAX_ROWS else _collapse_runs(steps, analysis.is_notable)


def _collapse_runs(
    steps: Sequence[Event | DirectWrite], is_shown: Callable[[Event], bool]
) -> list[Event | DirectWrite | CollapsedRun]:
    result: list[Event | DirectWrite | CollapsedRun] = []
    last = len(steps) - _ENDS

    def is_collapsible(item: tuple[int, Event | DirectWrite]) -> bool:
        index, step = item
        return _ENDS <= index < last and isinstance(step, Event) and not is_shown(step)

    for collapsible, group in groupby(enumerate(steps), is_collapsible):
        run = [step for _, step in group]
        if collapsible and len(run) >= MIN_COLLAPSED:
            result.append(CollapsedRun([step for step in run if isinstance(step, Event)]))
        else:
            result += run
    return result
