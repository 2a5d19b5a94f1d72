"""Endings: what a lapse of time has put an end to, as far as it bears on what comes after it."""

from collections.abc import Iterable, Sequence

from pykvbinding.sim.trace import LIST_TTL, End, Event

_ORDER = ("limit", "expiry", "copy", "timer")


def endings(lapse: Event, later: Iterable[Event]) -> list[list[End]]:
    """What matters of what a lapse has ended; ends of one key that differ by their versions alone
    are together, oldest version first.

    A write limit matters to a later write of the key, an expiration and the age of a copy to a
    later read. If nothing matters to anything, there is what the lapse had led up to.
    """
    written: set[tuple[str, str]] = set()
    read: set[tuple[str, str, float]] = set()
    for event in later:
        names = [(event.binding, look.key) for look in event.looks]
        if event.kind in ("put", "delete"):
            written.update(names)
        else:
            ttl = LIST_TTL if event.cache_ttl is None else event.cache_ttl
            read.update((*name, ttl) for name in names)

    def matters(end: End) -> bool:
        name = (end.binding, end.key)
        if end.kind == "limit":
            return name in written
        if end.kind == "expiry":
            return any(each[:2] == name for each in read)
        return end.kind == "timer" or (*name, end.cache_ttl) in read

    told = [end for end in lapse.ends if matters(end)]
    return _together(told or [end for end in lapse.ends if end.at == lapse.at][:1])


def _together(ends: Sequence[End]) -> list[list[End]]:
    groups: dict[tuple[object, ...], list[End]] = {}
    for end in sorted(ends, key=lambda end: (_ORDER.index(end.kind), end.version)):
        alike = (end.kind, end.binding, end.key, end.cache_ttl, end.invocation)
        groups.setdefault(alike, []).append(end)
    return list(groups.values())
