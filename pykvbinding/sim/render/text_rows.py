"""The rows of the text: one for each operation, with long runs of ordinary ones folded into one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pykvbinding._text.glyphs import Glyphs
from pykvbinding.sim.render.analysis import OK, Seed, Story, stale_looks
from pykvbinding.sim.render.labels import Words, decimals, instant
from pykvbinding.sim.render.text_model import ERROR, FAINT, STALE, Row, Sheet
from pykvbinding.sim.trace import Event

MOST_ROWS = 40
"""Rows of a picture in which nothing is folded away."""

FEWEST_FOLDED = 4
"""Ordinary operations in a row that are folded into one line."""

_ENDS = 3
"""Operations at the beginning and at the end that are never folded away."""

_MOST_VERSIONS = 2
"""Versions of one row that are told one by one."""


@dataclass(slots=True)
class Folded:
    """Ordinary operations that have no row of their own."""

    events: list[Event]


@dataclass(slots=True)
class Rows:
    """Makes the sheet of a story."""

    story: Story
    glyphs: Glyphs
    full: bool

    def sheet(self, room: int, columns: int) -> Sheet:
        """The sheet with values and keys of at most `room` columns."""
        words = Words(self.story, self.glyphs, room)
        steps = list(self.story.steps())
        steps_shown = steps if self.full else folded(self.story, steps)
        shown = [step for step in steps_shown if isinstance(step, Event)]
        lanes = self._lanes(shown)
        rows = [*self._before(words), *self._rows(words, steps_shown)]
        endings = {lane: ending for lane in lanes if (ending := words.ending(lane))}
        if any(ending != f"{self.glyphs.arrow} None" for ending in endings.values()):
            rows.append(Row(instant="end", cells=endings))
        titles = {lane: words.title(lane) for lane in lanes}
        return Sheet(rows, titles, endings, self.glyphs, columns)

    def _lanes(self, shown: Sequence[Event]) -> list[int]:
        """The test first if it did anything, then the invocations that have a row."""
        seen = {event.invocation for event in shown if event.kind != "lapse"}
        if len(shown) == len(self.story.trace.events):
            seen |= set(self.story.acts)  # nothing is folded away: also those that did nothing
        return sorted(seen)

    def _before(self, words: Words) -> Iterator[Row]:
        """What was there before the first instant."""
        seeds = self.story.was_there()
        named = seeds if len(seeds) <= FEWEST_FOLDED else seeds[: FEWEST_FOLDED - 1]
        yield from (Row(instant="before", central=words.seed(seed)) for seed in named)
        if len(seeds) > len(named):
            yield Row(central=f"and {len(seeds) - len(named)} more keys")

    def _rows(self, words: Words, steps: Iterable[Event | Seed | Folded]) -> Iterator[Row]:
        start = self.story.trace.start
        digits = decimals([event.at - start for event in self.story.trace.events] or [0])
        nothing_yet = not self.story.was_there()
        for step in steps:
            if isinstance(step, Folded):
                yield self._folded(step)
            elif isinstance(step, Seed):
                at = instant((step.commit.at or 0) - start, digits)
                yield Row(instant=at, central=words.seed(step))
            else:
                row = self._row(words, step, instant(step.at - start, digits))
                if nothing_yet and not row.central and step.kind != "lapse":
                    row.central = self.glyphs.absent
                yield row
            nothing_yet = False

    def _row(self, words: Words, event: Event, at: str) -> Row:
        alive = self._alive(event)
        if event.kind == "lapse":
            middle = self.glyphs.middle
            text = f"{middle} {words.lapse(event)} {middle}"
            return Row(
                instant=at,
                text=text,
                remarks="; ".join(words.remarks(event)),
                chosen=bool(event.deviates),
                style=FAINT,
                alive=alive,
            )
        versions = words.central(event)
        if len(versions) > _MOST_VERSIONS:
            versions = [f"{len(versions)} versions"]
        style = ERROR if event.outcome != OK else STALE if any(stale_looks(event)) else ""
        return Row(
            instant=at,
            central=", ".join(versions),
            lane=event.invocation,
            text=words.operation(event),
            remarks="; ".join(words.remarks(event)),
            chosen=bool(event.deviates),
            style=style,
            alive=alive,
        )

    def _alive(self, event: Event) -> frozenset[int]:
        return frozenset(
            act.number
            for act in self.story.acts.values()
            if act.started <= event.at and (act.ended is None or event.at <= act.ended)
        )

    def _folded(self, fold: Folded) -> Row:
        operations = [event for event in fold.events if event.kind != "lapse"]
        who = sorted({event.invocation for event in operations})
        named = " ".join(map(self.glyphs.number, who[:8])) + (
            f" {self.glyphs.dots}" if len(who) > 8 else ""
        )
        dots = self.glyphs.dots
        text = f"{dots} {len(operations)} ordinary operations of {named} {dots}"
        return Row(text=text, style=FAINT)


def folded(story: Story, steps: Sequence[Event | Seed]) -> Sequence[Event | Seed | Folded]:
    """The steps, long runs of ordinary operations folded if there are many steps.

    What explains a remarkable operation is shown too, unless that alone would fill the picture.
    """
    if len(steps) <= MOST_ROWS:
        return steps
    shown = _folded(steps, lambda event: story.is_remarkable(event) or story.is_involved(event))
    return shown if len(shown) <= MOST_ROWS else _folded(steps, story.is_remarkable)


def _folded(
    steps: Sequence[Event | Seed], is_shown: Callable[[Event], bool]
) -> list[Event | Seed | Folded]:
    answer: list[Event | Seed | Folded] = []
    last = len(steps) - _ENDS

    def is_foldable(item: tuple[int, Event | Seed]) -> bool:
        index, step = item
        return _ENDS <= index < last and isinstance(step, Event) and not is_shown(step)

    for foldable, group in groupby(enumerate(steps), is_foldable):
        run = [step for _, step in group]
        if foldable and len(run) >= FEWEST_FOLDED:
            answer.append(Folded([step for step in run if isinstance(step, Event)]))
        else:
            answer += run
    return answer
