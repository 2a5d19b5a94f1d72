"""Layout of the SVG: lanes, the invocations in them, and the rows of keys."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pykvbinding._text.glyphs import UNICODE, display_width
from pykvbinding.sim.render.analysis import KeyId, TraceAnalysis, stale_accesses
from pykvbinding.sim.render.labels import Labels
from pykvbinding.sim.render.svg_axis import LABELLED, TimeAxis
from pykvbinding.sim.render.svg_caches import cache_bars
from pykvbinding.sim.trace import Event

MAX_KEYS = 8
"""Number of keys in one lane that have their own row."""

LEFT = 190
"""Width of the names at the left, in pixels."""

TOP = 46
"""Height of the axis, in pixels."""

ROW = 24
"""Height of a key row, in pixels."""

LETTER = 6.7
"""Width of a letter of the monospaced font, in pixels."""

LINE = 13
"""Line height, in pixels."""

GAP = 14
"""Space between lanes, in pixels."""

_MARGIN = 8
_DOT = 28
_LINES = 2


@dataclass(slots=True)
class InvocationBox:
    """The operations of one invocation in one location, from `left` to `right`."""

    invocation: int
    events: list[Event]
    left: int
    right: int
    top: int = 0


@dataclass(slots=True, kw_only=True)
class LocationLane:
    """A location: its invocations at the top, its cached copies below."""

    location: str
    boxes: list[InvocationBox]
    key_ids: list[KeyId]
    top: int
    bars_top: int

    @property
    def bottom(self) -> int:
        """The y coordinate of its end."""
        return self.bars_top + len(self.key_ids) * ROW + 4

    def row(self, key_id: KeyId) -> int:
        """Return the vertical middle of the row of a key's copies."""
        return self.bars_top + self.key_ids.index(key_id) * ROW + ROW // 2


class SvgLayout:
    """The positions of all elements of one run."""

    def __init__(self, analysis: TraceAnalysis) -> None:
        self.analysis = analysis
        self.axis = TimeAxis(analysis, LEFT)
        self.labels = Labels(analysis, UNICODE, 48)
        self._tight = Labels(analysis, UNICODE, 14)
        self.cache_bars = cache_bars(analysis, self.axis)
        events = [event for event in analysis.trace.events if event.kind != "lapse"]
        self.is_labelled = self.axis.pitch >= LABELLED
        self.height = 40
        """Height of a box."""
        if self.is_labelled:
            max_lines = max([_LINES, *(len(self.lines(event)) for event in events)])
            self.height = 46 + LINE * max_lines
        self.central = self._shown(analysis.key_ids)
        self.hidden = len(analysis.key_ids) - len(self.central)
        self.lanes: dict[str, LocationLane] = {}
        self.right = self.axis.right
        self.bottom = self.central_bottom + GAP
        for location in dict.fromkeys([*analysis.trace.locations, *map(analysis.location, events)]):
            local_events = [event for event in events if analysis.location(event) == location]
            lane = self._lane(location, local_events)
            self.lanes[location] = lane
            self.bottom = lane.bottom + GAP

    @property
    def central_bottom(self) -> int:
        """The y coordinate of the end of the central lane."""
        return TOP + ROW * (len(self.central) + (self.hidden > 0)) + GAP

    def central_row(self, key_id: KeyId) -> int:
        """Return the vertical middle of a key's central row; hidden keys share one row."""
        row = self.central.index(key_id) if key_id in self.central else len(self.central)
        return TOP + row * ROW + ROW // 2 + 7

    def dot(self, box: InvocationBox) -> int:
        """Return the y coordinate of the operations in a box."""
        return box.top + _DOT

    def key(self, key_id: KeyId) -> str:
        """Return a key, truncated to the space at the left."""
        return UNICODE.truncate(self._tight.key(key_id), 14)

    def title(self, invocation: int) -> str:
        """Return the title of an invocation's box."""
        number = UNICODE.number(invocation)
        span = self.analysis.invocations.get(invocation)
        if span is None or not self.is_labelled:
            return number
        return f"{number} {UNICODE.truncate(UNICODE.escape(span.name), 28)}"

    def lines(self, event: Event) -> list[tuple[str, str]]:
        """Return the lines below an operation, with their CSS classes."""
        call, argument, result = self._tight.operation_parts(event)
        lines = [(call, "label"), (argument, "label given"), (result, "label answer")]
        if event.number in self.analysis.unseen_overwrites:
            lines.append((f"over {self.labels.unseen(event)}", "label age"))
        last = self.analysis.reordered_write(event)
        if last is not None:
            lines.append((f"before v{last.accesses[0].version}", "label age"))
        letters = int((self.axis.pitch - 4) / LETTER)
        return [(UNICODE.truncate(line, letters), css_class) for line, css_class in lines if line]

    def _shown(self, key_ids: Iterable[KeyId]) -> list[KeyId]:
        """Return the keys with a row: most stale reads first, then most accesses; in order."""
        stale: Counter[KeyId] = Counter()
        busy: Counter[KeyId] = Counter()
        for event in self.analysis.trace.events:
            busy.update((event.binding, access.key) for access in event.accesses)
            stale.update((event.binding, access.key) for access in stale_accesses(event))
        chosen = sorted(key_ids, key=lambda key_id: (-stale[key_id], -busy[key_id]))[:MAX_KEYS]
        return [key_id for key_id in self.analysis.key_ids if key_id in chosen]

    def _lane(self, location: str, events: list[Event]) -> LocationLane:
        boxes: dict[int, InvocationBox] = {}
        for event in events:
            local_events = self.axis.events[event.number]
            new = InvocationBox(event.invocation, [], local_events, local_events)
            box = boxes.setdefault(event.invocation, new)
            box.events.append(event)
            box.right = local_events
        rows: list[int] = []
        for box in boxes.values():
            self._stack(box, rows)
        cached = {bar.key_id for bar in self.cache_bars if bar.location == location}
        key_ids = self._shown(key_id for key_id in self.analysis.key_ids if key_id in cached)
        bars_top = self.bottom + 2 * _MARGIN + max(len(rows), 1) * (self.height + 6)
        return LocationLane(
            location=location,
            boxes=list(boxes.values()),
            key_ids=key_ids,
            top=self.bottom,
            bars_top=bars_top,
        )

    def _stack(self, box: InvocationBox, rows: list[int]) -> None:
        """Place a box in the first free row; `rows` has the x coordinate where each row ends."""
        half = self.axis.pitch // 2 - 3
        title = round(display_width(self.title(box.invocation)) * LETTER) + 16
        box.left -= half
        box.right = max(box.right + half, box.left + title)
        row = next((i for i, end in enumerate(rows) if end < box.left), len(rows))
        rows[row : row + 1] = [box.right + 4]
        self.right = max(self.right, box.right)
        box.top = self.bottom + _MARGIN + row * (self.height + 6)
