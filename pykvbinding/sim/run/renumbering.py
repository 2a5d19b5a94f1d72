"""Renumbering of recorded versions when a write is inserted before another one."""

from collections.abc import Callable, Container, Iterable
from typing import Any

from pykvbinding.middleware.history import History
from pykvbinding.sim.trace import Trace
from pykvbinding.storage.record import ReadResult


def make_renumberer(
    trace: Trace, bindings: Container[str], history: History | None, namespace: str
) -> Callable[[str, int], None]:
    """Return the function that renumbers the versions of one namespace.

    `bindings` are the names of its bindings, `namespace` is its title. The function takes a key and
    the number of the inserted write, which another write had before.
    """

    def renumber(key: str, number: int) -> None:
        renumber_trace(trace, bindings, key, number)
        if history is not None:
            renumber_history(history, namespace, key, number)

    return renumber


def renumber_trace(trace: Trace, bindings: Container[str], key: str, number: int) -> None:
    """Increase each version of a key in a trace from `number` on by one.

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
    """Do the same in a history, for the namespace with this title.

    Runtime complexity: O(n).
    """
    for entry in history.entries:
        if entry.namespace != namespace:
            continue
        if entry.kind == "get":
            for result in _results_for_key(entry.key, entry.result, key):
                if result.version is not None:
                    result.version += result.version >= number
        elif entry.kind != "list" and entry.key == key and entry.result is not None:
            entry.result += entry.result >= number


def _results_for_key(keys: str | tuple[str, ...], result: Any, key: str) -> Iterable[ReadResult]:
    """Return the result for `key` in the result of a read of one key or of several keys."""
    if result is None:
        return ()
    if isinstance(keys, tuple):
        return (result[key],) if key in keys else ()
    return (result,) if keys == key else ()
