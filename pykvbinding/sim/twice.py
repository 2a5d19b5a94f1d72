"""Twice: whether one schedule leads to one run, and if not, where two runs of it part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pykvbinding.sim.trace import Act, Event, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """The first thing that two runs of one schedule did differently.

    `number` is that of the event, from 1, or of the invocation whose outcome differs; `first` and
    `second` tell what happened there, "nothing" where a run had ended.
    """

    what: str
    number: int
    first: str
    second: str

    def __str__(self) -> str:
        return (
            f"two runs of one schedule part at {self.what} {self.number}: first {self.first}, then "
            f"{self.second}. Does a handler look at the wall clock, a set, or a global of its "
            "module?"
        )


def run_twice(body: Callable[[], Trace]) -> Divergence | None:
    """Where two runs of `body` part, `None` if they are the same.

    `body` runs one schedule in a network of its own and returns the network's trace; what it raises
    is raised.
    """
    return compare(body(), body())


def compare(first: Trace, second: Trace) -> Divergence | None:
    """Where two traces part. Runtime complexity: O(events)."""
    return _part("event", _told(first), _told(second)) or _part(
        "invocation", [_ended(act) for act in first.acts], [_ended(act) for act in second.acts]
    )


def parting(first: Sequence[str], second: Sequence[str]) -> tuple[int, str, str] | None:
    """The number of the first lines that differ, from 1, and both; "nothing" beyond an end."""
    pairs = zip_longest(first, second, fillvalue="nothing")
    numbered = ((number, one, other) for number, (one, other) in enumerate(pairs, 1))
    return next((each for each in numbered if each[1] != each[2]), None)


def _part(what: str, first: Sequence[str], second: Sequence[str]) -> Divergence | None:
    parted = parting(first, second)
    if parted is None:
        return None
    number, one, other = parted
    return Divergence(what=what, number=number, first=one, second=other)


def _told(trace: Trace) -> list[str]:
    return [_tell(event, trace.start) for event in trace.events]


def _tell(event: Event, start: int) -> str:
    """Everything of an event that a run decides, in words."""
    parts: list[Any] = [event.kind, *([event.name] if event.name else [])]
    if event.prefix is not None:
        parts.append(f"prefix {event.prefix!r}")
    parts += [f"{look.key!r} v{look.version} = {_shown(look.value)}" for look in event.looks]
    if event.invocation:
        parts.append(f"of invocation {event.invocation} at {event.location}")
    if event.outcome != "ok":
        parts.append(f"which failed: {event.outcome}")
    if event.token:
        parts.append(f"(token {event.token})")
    return " ".join([*parts, f"after {(event.at - start) / 1e9:.12g} s"])


def _ended(act: Act) -> str:
    return f"{act.name} at {act.location} ended with {act.outcome or 'nothing yet'}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


SHOWN_CHARACTERS = 60
"""Of a value."""
