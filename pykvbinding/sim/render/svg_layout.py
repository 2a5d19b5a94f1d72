"""Where everything stands in the drawing: lanes, the invocations in them, and the rows of keys."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pykvbinding._text.glyphs import UNICODE, width
from pykvbinding.sim.render.analysis import Name, Story, stale_looks
from pykvbinding.sim.render.labels import Words
from pykvbinding.sim.render.svg_axis import LABELLED, Axis
from pykvbinding.sim.render.svg_caches import copies
from pykvbinding.sim.trace import Event

MOST_KEYS = 8
"""Keys of one lane that have a row each."""

LEFT = 190
"""Pixels of the names at the left."""

TOP = 46
"""Pixels of the axis."""

ROW = 24
"""Pixels of a key."""

LETTER = 6.7
"""Pixels of a letter in the drawing's fixed pitch."""

LINE = 13
"""Pixels from line to line."""

GAP = 14
"""Pixels between lanes."""

_MARGIN = 8
_DOT = 28
_LINES = 2


@dataclass(slots=True)
class Outline:
    """An invocation in one location: all that it did there, from `left` to `right`."""

    invocation: int
    events: list[Event]
    left: int
    right: int
    top: int = 0


@dataclass(slots=True, kw_only=True)
class Lane:
    """A location: the invocations in it above, the copies that it had below."""

    location: str
    outlines: list[Outline]
    names: list[Name]
    top: int
    copies_top: int

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.copies_top + len(self.names) * ROW + 4

    def row(self, name: Name) -> int:
        """The middle of the row of a key's copies."""
        return self.copies_top + self.names.index(name) * ROW + ROW // 2


class Scene:
    """The places of one story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.axis: Axis = Axis(story, LEFT)
        self.words: Words = Words(story, UNICODE, 48)
        self._tight = Words(story, UNICODE, 14)
        self.copies = copies(story, self.axis)
        events = [event for event in story.trace.events if event.kind != "lapse"]
        self.is_labelled: bool = self.axis.pitch >= LABELLED
        self.height: int = 40
        """Of an outline."""
        if self.is_labelled:
            most = max([_LINES, *(len(self.lines(event)) for event in events)])
            self.height = 46 + LINE * most
        self.central: list[Name] = self._shown(story.names)
        self.hidden: int = len(story.names) - len(self.central)
        self.lanes: dict[str, Lane] = {}
        self.right: int = self.axis.right
        self.bottom: int = self.central_bottom + GAP
        for location in dict.fromkeys([*story.trace.locations, *map(story.location, events)]):
            here = [event for event in events if story.location(event) == location]
            lane = self._lane(location, here)
            self.lanes[location] = lane
            self.bottom = lane.bottom + GAP

    @property
    def central_bottom(self) -> int:
        """Where the lane of the central stores ends."""
        return TOP + ROW * (len(self.central) + (self.hidden > 0)) + GAP

    def central_row(self, name: Name) -> int:
        """The middle of the row of a key in the central stores; one row is for all hidden keys."""
        row = self.central.index(name) if name in self.central else len(self.central)
        return TOP + row * ROW + ROW // 2 + 7

    def dot(self, outline: Outline) -> int:
        """The height at which the operations of an outline stand."""
        return outline.top + _DOT

    def key(self, name: Name) -> str:
        """A key, as short as its place at the left."""
        return UNICODE.fit(self._tight.key(name), 14)

    def title(self, invocation: int) -> str:
        """What stands in an outline."""
        number = UNICODE.number(invocation)
        act = self.story.acts.get(invocation)
        if act is None or not self.is_labelled:
            return number
        return f"{number} {UNICODE.fit(UNICODE.plain(act.name), 28)}"

    def lines(self, event: Event) -> list[tuple[str, str]]:
        """What stands below an operation, with what kind of text it is."""
        asked, given, answer = self._tight.lines(event)
        lines = [(asked, "label"), (given, "label given"), (answer, "label answer")]
        if event.number in self.story.unseen:
            lines.append((f"over {self.words.unseen(event)}", "label age"))
        last = self.story.overtaken(event)
        if last is not None:
            lines.append((f"before v{last.looks[0].version}", "label age"))
        letters = int((self.axis.pitch - 4) / LETTER)
        return [(UNICODE.fit(line, letters), kind) for line, kind in lines if line]

    def _shown(self, names: Iterable[Name]) -> list[Name]:
        """The keys that have a row: first those of stale reads, then the busiest, then in order."""
        stale: Counter[Name] = Counter()
        busy: Counter[Name] = Counter()
        for event in self.story.trace.events:
            busy.update((event.binding, look.key) for look in event.looks)
            stale.update((event.binding, look.key) for look in stale_looks(event))
        chosen = sorted(names, key=lambda name: (-stale[name], -busy[name]))[:MOST_KEYS]
        return [name for name in self.story.names if name in chosen]

    def _lane(self, location: str, events: list[Event]) -> Lane:
        outlines: dict[int, Outline] = {}
        for event in events:
            here = self.axis.events[event.number]
            new = Outline(event.invocation, [], here, here)
            outline = outlines.setdefault(event.invocation, new)
            outline.events.append(event)
            outline.right = here
        rows: list[int] = []
        for outline in outlines.values():
            self._stack(outline, rows)
        cached = {copy.name for copy in self.copies if copy.location == location}
        names = self._shown(name for name in self.story.names if name in cached)
        copies_top = self.bottom + 2 * _MARGIN + max(len(rows), 1) * (self.height + 6)
        return Lane(
            location=location,
            outlines=list(outlines.values()),
            names=names,
            top=self.bottom,
            copies_top=copies_top,
        )

    def _stack(self, outline: Outline, rows: list[int]) -> None:
        """Put an outline into the first row that is free; `rows` says from where on each is."""
        half = self.axis.pitch // 2 - 3
        title = round(width(self.title(outline.invocation)) * LETTER) + 16
        outline.left -= half
        outline.right = max(outline.right + half, outline.left + title)
        row = next((i for i, end in enumerate(rows) if end < outline.left), len(rows))
        rows[row : row + 1] = [outline.right + 4]
        self.right = max(self.right, outline.right)
        outline.top = self.bottom + _MARGIN + row * (self.height + 6)
