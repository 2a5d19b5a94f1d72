"""The axis of the drawing: time to scale, room for each operation, and long waits cut short."""

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median_low

from pykvbinding.sim.render.analysis import Seed, Story
from pykvbinding.sim.trace import Event

LABELLED = 72
"""Pixels from operation to operation from which on there is room for words."""

_PITCHES = ((6, 150), (12, 124), (32, 96), (100, 30))
"""Up to how many operations, how many pixels each."""

_DENSEST = 15
_TYPICAL, _SHORTEST, _LONGEST = 70, 28, 150
"""Pixels of the median wait, the least and the most that any wait gets."""


@dataclass(slots=True, kw_only=True)
class Wait:
    """Time that passes. `is_cut` if it is drawn shorter than the scale has it."""

    left: int
    right: int
    nanoseconds: int
    event: Event | None
    is_cut: bool


@dataclass(slots=True, kw_only=True)
class Instant:
    """Operations that all happen at one instant, in nanoseconds since the start."""

    left: int
    right: int
    at: int


@dataclass(slots=True)
class Axis:
    """Where each step of a story stands, in pixels from the left."""

    story: Story
    left: int
    right: int = 0
    pitch: int = 0
    is_cut: bool = False
    waits: list[Wait] = field(default_factory=list)
    instants: list[Instant] = field(default_factory=list)
    events: dict[int, int] = field(default_factory=dict)
    """By the number of an event."""

    _seeds: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        steps = list(self.story.steps())
        count = len(steps)
        self.pitch = next((pitch for most, pitch in _PITCHES if count <= most), _DENSEST)
        start = self.story.trace.start
        times = [start, *(max(_at(step), start) for step in steps)]
        gaps = [max(then - now, 0) for now, then in pairwise(times)]
        scale = _TYPICAL / (median_low(sorted(filter(None, gaps))) if any(gaps) else 1)
        now, self.right = start, self.left
        for step, gap in zip(steps, gaps, strict=True):
            if gap:
                now += gap
                self._wait(gap, scale, step)
            self._place(step, now - start)

    def commit(self, binding: str, key: str, version: int) -> int:
        """Where a version came to be: at the left edge if that was before anybody looked."""
        event = self.story.write(binding, key, version)
        if event is not None:
            return self.events[event.number]
        return self._seeds.get((binding, key, version), self.left)

    def _wait(self, gap: int, scale: float, step: Event | Seed) -> None:
        wanted = round(gap * scale)
        pixels = min(max(wanted, _SHORTEST), _LONGEST)
        lapse = step if isinstance(step, Event) and step.kind == "lapse" else None
        wait = Wait(
            left=self.right,
            right=self.right + pixels,
            nanoseconds=gap,
            event=lapse,
            is_cut=wanted > pixels,
        )
        self.waits.append(wait)
        self.is_cut = self.is_cut or wait.is_cut
        self.right = wait.right

    def _place(self, step: Event | Seed, at: int) -> None:
        if isinstance(step, Event) and step.kind == "lapse":
            self.events[step.number] = self.right
            return
        if not self.instants or self.instants[-1].at != at:
            self.instants.append(Instant(left=self.right, right=self.right, at=at))
        middle = self.right + self.pitch // 2
        self.right += self.pitch
        self.instants[-1].right = self.right
        if isinstance(step, Event):
            self.events[step.number] = middle
        else:
            self._seeds[(*step.name, step.commit.version)] = middle


def _at(step: Event | Seed) -> int:
    return step.at if isinstance(step, Event) else step.commit.at or 0
