"""Time axis of the SVG: time to scale, space for each operation, and shortened long gaps."""

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median_low

from pykvbinding.sim.render.analysis import DirectWrite, TraceAnalysis
from pykvbinding.sim.trace import Event

LABELLED = 72
"""Minimum pitch, in pixels, at which operations have text labels."""

_PITCHES = ((6, 150), (12, 124), (32, 96), (100, 30))
"""Maximum number of operations, and the pitch in pixels."""

_DENSEST = 15
_TYPICAL, _SHORTEST, _LONGEST = 70, 28, 150
"""Pixels of the median gap, and the minimum and maximum for any gap."""


@dataclass(slots=True, kw_only=True)
class Gap:
    """Time that passes. `is_cut` if it is drawn shorter than to scale."""

    left: int
    right: int
    nanoseconds: int
    event: Event | None
    is_cut: bool


@dataclass(slots=True, kw_only=True)
class TimeGroup:
    """Operations at one instant, in nanoseconds since the start."""

    left: int
    right: int
    at: int


@dataclass(slots=True)
class TimeAxis:
    """The x coordinate of each step of a run, in pixels."""

    analysis: TraceAnalysis
    left: int
    right: int = 0
    pitch: int = 0
    is_cut: bool = False
    gaps: list[Gap] = field(default_factory=list)
    groups: list[TimeGroup] = field(default_factory=list)
    events: dict[int, int] = field(default_factory=dict)
    """X coordinates by event number."""

    _seeds: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        steps = list(self.analysis.steps())
        count = len(steps)
        self.pitch = next((pitch for max_steps, pitch in _PITCHES if count <= max_steps), _DENSEST)
        start = self.analysis.trace.start
        times = [start, *(max(_at(step), start) for step in steps)]
        durations = [max(then - now, 0) for now, then in pairwise(times)]
        scale = _TYPICAL / (median_low(sorted(filter(None, durations))) if any(durations) else 1)
        now, self.right = start, self.left
        for step, duration in zip(steps, durations, strict=True):
            if duration:
                now += duration
                self._add_gap(duration, scale, step)
            self._position(step, now - start)

    def commit(self, binding: str, key: str, version: int) -> int:
        """Return where a version was created; the left edge if it existed before the simulation."""
        event = self.analysis.write(binding, key, version)
        if event is not None:
            return self.events[event.number]
        return self._seeds.get((binding, key, version), self.left)

    def _add_gap(self, duration: int, scale: float, step: Event | DirectWrite) -> None:
        wanted = round(duration * scale)
        pixels = min(max(wanted, _SHORTEST), _LONGEST)
        lapse = step if isinstance(step, Event) and step.kind == "lapse" else None
        gap = Gap(
            left=self.right,
            right=self.right + pixels,
            nanoseconds=duration,
            event=lapse,
            is_cut=wanted > pixels,
        )
        self.gaps.append(gap)
        self.is_cut = self.is_cut or gap.is_cut
        self.right = gap.right

    def _position(self, step: Event | DirectWrite, at: int) -> None:
        if isinstance(step, Event) and step.kind == "lapse":
            self.events[step.number] = self.right
            return
        if not self.groups or self.groups[-1].at != at:
            self.groups.append(TimeGroup(left=self.right, right=self.right, at=at))
        middle = self.right + self.pitch // 2
        self.right += self.pitch
        self.groups[-1].right = self.right
        if isinstance(step, Event):
            self.events[step.number] = middle
        else:
            self._seeds[(*step.name, step.commit.version)] = middle


def _at(step: Event | DirectWrite) -> int:
    return step.at if isinstance(step, Event) else step.commit.at or 0
