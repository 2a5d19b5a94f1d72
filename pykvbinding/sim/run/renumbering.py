"""Renumbering: what has been told of versions is told anew when a write comes in below others."""

from collections.abc import Callable, Container, Iterable
from typing import Any

from pykvbinding.middleware.history import History
from pykvbinding.sim.trace import Trace
from pykvbinding.storage.record import ReadResult


def renumbering(
    trace: Trace, bindings: Container[str], history: History | None, namespace: str
) -> Callable[[str, int], None]:
    """What does it for one namespace, by the names of its bindings and its title.

    It is called with a key, and the number that the write has, which another one had before.
    """

    def renumber(key: str, number: int) -> None:
        renumber_trace(trace, bindings, key, number)
        if history is not None:
            renumber_history(history, namespace, key, number)

    return renumber


def renumber_trace(trace: Trace, bindings: Container[str], key: str, number: int) -> None:
    """Count one version more before those from `number` on, in all that a run has shown so far.

    Runtime complexity: O(n).
    """
    for event in trace.events:
        for end in event.lapse_effects:
            if end.binding in bindings and end.key == key and end.version >= number:
                end.version += 1
        if event.binding not in bindings:
            continue
        for look in event.accesses:
            if look.key == key:
                look.latest += look.latest >= number
                if look.version is not None:
                    look.version += look.version >= number


def renumber_history(history: History, namespace: str, key: str, number: int) -> None:
    """The same in a history, for the namespace of that title. Runtime complexity: O(n)."""
    for entry in history.entries:
        if entry.namespace != namespace:
            continue
        if entry.kind == "get":
            for found in _found(entry.key, entry.result, key):
                if found.version is not None:
                    found.version += found.version >= number
        elif entry.kind != "list" and entry.key == key and entry.result is not None:
            entry.result += entry.result >= number


def _found(asked: str | tuple[str, ...], answer: Any, key: str) -> Iterable[ReadResult]:
    """What a read of one key or of several has found under a key, if it has."""
    if answer is None:
        return ()
    if isinstance(asked, tuple):
        return (answer[key],) if key in asked else ()
    return (answer,) if asked == key else ()
