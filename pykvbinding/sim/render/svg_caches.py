"""The copies that locations held, as far as their reads tell: each since when, until when, how old.

A copy lives from the read that fetched it until a read returns another version, or a write at its
location drops it.
"""

from dataclasses import dataclass
from itertools import pairwise

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.render.analysis import Name, Story, is_write
from pykvbinding.sim.render.svg_axis import Axis
from pykvbinding.sim.trace import Event, Look

FRESH_SECONDS = (1, 60)
STALE_SECONDS = (1, 60, 3600)
"""Ages at which a copy, or one that has been replaced, is shown in the next colour."""


@dataclass(slots=True)
class Copy:
    """What a location had of a key. `left` and `right` are in pixels."""

    location: str
    name: Name
    version: int
    look: Look
    fetched: Event
    left: int
    right: int


@dataclass(slots=True)
class Piece:
    """A part of a copy in one colour: `f0` to `f2` while it is the newest, then `s0` to `s3`."""

    left: int
    right: int
    shade: str


def copies(story: Story, axis: Axis) -> list[Copy]:
    """All copies, in the order in which they were fetched."""
    held: dict[tuple[str, Name], Copy] = {}
    answer = []
    for event in story.trace.events:
        location = story.location(event)
        if event.kind == "list" or event.outcome != "ok" or not location:
            continue  # a list has a cache of its own
        here = axis.events[event.number]
        for look in event.looks:
            name = (event.binding, look.key)
            copy = held.get((location, name))
            if copy is not None:
                copy.right = here
                if not is_write(event) and copy.version == look.version:
                    continue
                del held[location, name]
            if not is_write(event) and look.version is not None:
                fetched = Copy(location, name, look.version, look, event, here, here)
                held[location, name] = fetched
                answer.append(fetched)
    for copy in held.values():
        copy.right = axis.right
    return answer


def pieces(story: Story, axis: Axis, copy: Copy) -> list[Piece]:
    """The copy from left to right, in a new colour wherever its age is another."""
    newer = [commit for commit in story.commits(copy.name) if commit.version > copy.version]
    newer.sort(key=lambda commit: axis.commit(*copy.name, commit.version))
    replaced = copy.right
    if newer:  # one that is above in the order of commits may have been there before another
        replaced = max(axis.commit(*copy.name, newer[0].version), copy.left)
    edges = [copy.left, min(replaced, copy.right)]
    edges += [wait.right for wait in axis.waits if copy.left < wait.right < copy.right]
    edges = sorted({*edges, copy.right})
    answer: list[Piece] = []
    for left, right in pairwise(edges):
        now = _now(story, axis, left)
        if left < replaced:
            shade = f"f{_step(now - copy.fetched.at, FRESH_SECONDS)}"
        else:
            since = newer[0].at
            shade = f"s{_step(0 if since is None else now - since, STALE_SECONDS)}"
        if answer and answer[-1].shade == shade:
            answer[-1].right = right
        else:
            answer.append(Piece(left, right, shade))
    return answer


def _now(story: Story, axis: Axis, pixel: int) -> int:
    """The instant, in nanoseconds since the epoch, at a place on the axis."""
    return story.trace.start + max(
        (instant.at for instant in axis.instants if instant.left <= pixel), default=0
    )


def _step(age: int, limits: tuple[int, ...]) -> int:
    return sum(age >= limit * NANOSECONDS for limit in limits)
