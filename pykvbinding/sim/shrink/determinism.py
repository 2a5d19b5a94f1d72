"""Determinism check: compares two runs of one schedule and reports the first difference."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from pykvbinding.sim.trace import Event, InvocationSpan, Trace

NOT_DETERMINISTIC = (
    "The test is not deterministic: two runs of one schedule differ. A possible cause is a handler "
    "that uses the wall clock, `random`, `uuid`, the order of a set, or state of an earlier run (a "
    "module's global); pass what the handler needs as an argument."
)

NO_EVENT = "nothing"
"""Shown for a run that has already ended."""

MAX_SHOWN_CHARACTERS = 60
"""Limit for a value in a message."""


def first_divergence(first: Sequence[Trace], second: Sequence[Trace]) -> list[str]:
    """Return the first difference between two runs of one schedule, as lines; empty if equal.

    Each run is given by the traces of its networks. Runtime complexity: O(events).
    """
    for describe in (_events, _outcomes):
        pairs = zip_longest(describe(first), describe(second), fillvalue=("", NO_EVENT))
        for (where, first_text), (other_where, second_text) in pairs:
            if first_text != second_text:
                return [
                    "Two runs of the same schedule diverge here:",
                    f"  {where or other_where} was  {first_text}",
                    f"  and then  {second_text}",
                ]
    return []


def explain_nondeterminism(divergence: Sequence[str]) -> str:
    """Return the note for a nondeterministic test, with the first difference if it is known."""
    return "\n".join([NOT_DETERMINISTIC, *divergence])


def _events(traces: Sequence[Trace]) -> Iterator[tuple[str, str]]:
    """Yield the label and the description of every event."""
    for network, trace in zip(_network_labels(traces), traces, strict=True):
        for event in trace.events:
            yield f"{network}event {event.number}", _format_event(event, trace.start)


def _outcomes(traces: Sequence[Trace]) -> Iterator[tuple[str, str]]:
    """Yield the label and the outcome of every invocation."""
    for network, trace in zip(_network_labels(traces), traces, strict=True):
        for span in trace.invocations:
            yield f"{network}invocation {span.number}", _format_outcome(span)


def _network_labels(traces: Sequence[Trace]) -> list[str]:
    """Return a label for each network, or empty texts if there is only one."""
    has_many = len(traces) > 1
    return [f"network {number}, " if has_many else "" for number in range(1, len(traces) + 1)]


def _format_event(event: Event, start: int) -> str:
    """Return all properties of an event that a run decides."""
    parts: list[Any] = [event.kind, *([event.name] if event.name else [])]
    if event.prefix is not None:
        parts.append(f"prefix {event.prefix!r}")
    parts += [
        f"{access.key!r} v{access.version} = {_format_value(access.value)}"
        for access in event.accesses
    ]
    if event.invocation:
        parts.append(f"of invocation {event.invocation} at {event.location}")
    if event.outcome != "ok":
        parts.append(f"which failed: {event.outcome}")
    if event.token:
        parts.append(f"(token {event.token})")
    return " ".join([*parts, f"after {(event.at - start) / 1e9:.12g} s"])


def _format_outcome(span: InvocationSpan) -> str:
    return f"{span.name} at {span.location} ended with {span.outcome or 'nothing yet'}"


def _format_value(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[:MAX_SHOWN_CHARACTERS]}…"
