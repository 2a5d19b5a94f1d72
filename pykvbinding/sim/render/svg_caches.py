"""Cached copies of each location, derived from its reads: lifetime and age.

A copy lives from the read that fetched it until a read returns another version or a write at the
location drops it.
"""

from dataclasses import dataclass
from itertools import pairwise

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.render.analysis import KeyId, TraceAnalysis, is_write
from pykvbinding.sim.render.svg_axis import TimeAxis
from pykvbinding.sim.trace import Event, KeyAccess

FRESH_SECONDS = (1, 60)
STALE_SECONDS = (1, 60, 3600)
"""Age limits at which a copy, or a superseded copy, changes its colour."""


@dataclass(slots=True)
class CacheBar:
    """A cached copy of a key in a location. `left` and `right` are in pixels."""

    location: str
    key_id: KeyId
    version: int
    access: KeyAccess
    fetched: Event
    left: int
    right: int


@dataclass(slots=True)
class BarSegment:
    """A part of a bar in one colour: `f0` to `f2` while the copy is newest, then `s0` to `s3`."""

    left: int
    right: int
    shade: str


def cache_bars(analysis: TraceAnalysis, axis: TimeAxis) -> list[CacheBar]:
    """Return all copies, in the order in which they were fetched."""
    held: dict[tuple[str, KeyId], CacheBar] = {}
    result = []
    for event in analysis.trace.events:
        location = analysis.location(event)
        if event.kind == "list" or event.outcome != "ok" or not location:
            continue  # lists do not use this cache
        x = axis.events[event.number]
        for access in event.accesses:
            key_id = (event.binding, access.key)
            bar = held.get((location, key_id))
            if bar is not None:
                bar.right = x
                if not is_write(event) and bar.version == access.version:
                    continue
                del held[location, key_id]
            if not is_write(event) and access.version is not None:
                fetched = CacheBar(location, key_id, access.version, access, event, x, x)
                held[location, key_id] = fetched
                result.append(fetched)
    for bar in held.values():
        bar.right = axis.right
    return result


def bar_segments(analysis: TraceAnalysis, axis: TimeAxis, bar: CacheBar) -> list[BarSegment]:
    """Return the segments of a bar from left to right, one per age class."""
    newer = [commit for commit in analysis.commits(bar.key_id) if commit.version > bar.version]
    newer.sort(key=lambda commit: axis.commit(*bar.key_id, commit.version))
    replaced = bar.right
    if newer:  # the next version in the order of commits need not be the next one in time
        replaced = max(axis.commit(*bar.key_id, newer[0].version), bar.left)
    edges = [bar.left, min(replaced, bar.right)]
    edges += [gap.right for gap in axis.gaps if bar.left < gap.right < bar.right]
    edges = sorted({*edges, bar.right})
    result: list[BarSegment] = []
    for left, right in pairwise(edges):
        now = _now(analysis, axis, left)
        if left < replaced:
            shade = f"f{_step(now - bar.fetched.at, FRESH_SECONDS)}"
        else:
            since = newer[0].at
            shade = f"s{_step(0 if since is None else now - since, STALE_SECONDS)}"
        if result and result[-1].shade == shade:
            result[-1].right = right
        else:
            result.append(BarSegment(left, right, shade))
    return result


def _now(analysis: TraceAnalysis, axis: TimeAxis, pixel: int) -> int:
    """Return the instant, in nanoseconds since the epoch, at an x coordinate."""
    return analysis.trace.start + max(
        (instant.at for instant in axis.groups if instant.left <= pixel), default=0
    )


def _step(age: int, limits: tuple[int, ...]) -> int:
    return sum(age >= limit * NANOSECONDS for limit in limits)
