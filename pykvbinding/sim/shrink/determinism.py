"""Twice: whether one schedule leads to one run, and if not, where two runs of it part."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from pykvbinding.sim.trace import Act, Event, Trace

NOT_DETERMINISTIC = (
    "The test is not deterministic: on one schedule it does different things. A handler that asks "
    "the wall clock, `random`, `uuid`, a set, or something that is left from an earlier run (a "
    "module's global) does; give it what it needs as an argument."
)

NOTHING = "nothing"
"""What a run does that has ended."""

SHOWN_CHARACTERS = 60
"""Of a value."""


def divergence(first: Sequence[Trace], second: Sequence[Trace]) -> list[str]:
    """Where two runs of one schedule part, as lines; none if they are the same.

    Each run is told by the traces of its networks. Runtime complexity: O(events).
    """
    for tell in (_events, _ends):
        pairs = zip_longest(tell(first), tell(second), fillvalue=("", NOTHING))
        for (where, one), (there, other) in pairs:
            if one != other:
                return [
                    "Run twice on one schedule, it parts here:",
                    f"  {where or there} was  {one}",
                    f"  and then  {other}",
                ]
    return []


def why_twice(parted: Sequence[str]) -> str:
    """The note for a test that is not the same twice, with where it parts if that is known."""
    return "\n".join([NOT_DETERMINISTIC, *parted])


def _events(traces: Sequence[Trace]) -> Iterator[tuple[str, str]]:
    """Everything that happened: where, and what."""
    for network, trace in zip(_networks(traces), traces, strict=True):
        for event in trace.events:
            yield f"{network}event {event.number}", _event(event, trace.start)


def _ends(traces: Sequence[Trace]) -> Iterator[tuple[str, str]]:
    """What came of every invocation."""
    for network, trace in zip(_networks(traces), traces, strict=True):
        for act in trace.acts:
            yield f"{network}invocation {act.number}", _finish_event(act)


def _networks(traces: Sequence[Trace]) -> list[str]:
    """How each network is named, if there are several."""
    several = len(traces) > 1
    return [f"network {number}, " if several else "" for number in range(1, len(traces) + 1)]


def _event(event: Event, start: int) -> str:
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


def _finish_event(act: Act) -> str:
    return f"{act.name} at {act.location} ended with {act.outcome or 'nothing yet'}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
