"""Invariants of every run, and of runs in which an anomaly is switched off."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from pykvbinding import EdgeNetwork
from pykvbinding.clock import NANOSECONDS
from pykvbinding.middleware.history import History
from pykvbinding.middleware.versions import Version, VersionLog
from pykvbinding.sim.trace import Event, KeyAccess, Trace


@dataclass
class Run:
    """A finished run."""

    trace: Trace
    ledger: VersionLog
    history: History
    switches: dict[str, bool]


Check: TypeAlias = Callable[[Run], None]

CACHE_TTL = 60

READS = ("get", "list")
WRITES = ("put", "delete")


def accesses(run: Run, *kinds: str) -> Iterator[tuple[Event, KeyAccess]]:
    """Yield every key of every operation of some kinds."""
    for event in run.trace.events:
        if event.kind in kinds:
            yield from ((event, look) for look in event.accesses)


def versions(run: Run, look: KeyAccess) -> list[Version]:
    """Return all versions of a key at the end of the run."""
    return list(run.ledger.versions(look.key))


def newer(run: Run, event: Event, look: KeyAccess) -> list[Version]:
    """Return the versions newer than the one read that existed at the time."""
    assert look.version is not None
    commits = run.trace.commits[event.binding, look.key]
    above = versions(run, look)[look.version + 1 : look.latest + 1]
    return [each for each in above if (commits[each.number].event or 0) < event.number]


def span(run: Run, look: KeyAccess) -> tuple[int, float]:
    """Return the interval of commits in which a version was current: at least one."""
    assert look.version is not None
    version, *newer = versions(run, look)[look.version :]
    return version.commit_index, max(
        min((n.commit_index for n in newer), default=math.inf), version.commit_index + 1
    )


def written(run: Run) -> dict[str, list[tuple[Event, int]]]:
    """Yield the accepted writes of each key, in order."""
    answer = defaultdict(list)
    for event, look in accesses(run, *WRITES):
        if look.version is not None:
            answer[look.key].append((event, look.version))
    return answer


# Invariants of every run.


def check_reads(run: Run) -> None:
    """A read returns a version that is not too stale and not expired."""
    for event, look in accesses(run, *READS):
        assert look.version is not None
        version = versions(run, look)[look.version]
        assert look.value in (None, version.record and version.record.value)
        assert look.value is None or not version.is_expired(event.at)
        if look.is_stale:
            replaced = min(each.committed_ns or 0 for each in newer(run, event, look))
            lasts = (event.cache_ttl or CACHE_TTL) + run.trace.staleness_grace_seconds
            assert event.at - replaced < lasts * NANOSECONDS
            assert look.justification
            assert look.age == (event.at - replaced) / NANOSECONDS


def check_limit(run: Run) -> None:
    """A 429 comes only within a second of an accepted write of its key."""
    accepted: dict[str, int] = {}
    for event, look in accesses(run, *WRITES):
        if look.version is not None:  # accepted, although it may have failed afterwards
            accepted[look.key] = event.at
        elif "429" in event.outcome:
            assert event.at - accepted[look.key] < NANOSECONDS


def check_order(run: Run) -> None:
    """Versions are in the order of the writes, except for inserted ones."""
    for writes in written(run).values():
        order: list[Event] = []
        for event, _ in writes:
            if "overtakes" in event.deviations:
                last = order[-1]
                assert last.location != event.location
                assert (
                    event.at - last.at
                    < (CACHE_TTL + run.trace.staleness_grace_seconds) * NANOSECONDS
                )
                order.insert(-1, event)
            else:
                order.append(event)
        by_version = [event for event, _ in sorted(writes, key=lambda write: write[1])]
        assert [event.number for event in by_version] == [event.number for event in order]


def check_history(run: Run) -> None:
    """The history has the same versions as the trace."""
    history: dict[tuple[str, str], list[Any]] = {
        (kind, key): [] for kind in ("get", *WRITES) for key in "abc"
    }
    trace: dict[tuple[str, str], list[Any]] = {name: [] for name in history}
    for operation in run.history:
        if operation.kind != "list" and operation.version is not None:
            names = operation.keys or (operation.key,)
            found = operation.version if operation.keys else (operation.version,)
            for key, version in zip(names, found, strict=True):  # type: ignore[arg-type]
                history[operation.kind, key].append(version)
    for event, look in accesses(run, "get", *WRITES):
        if event.outcome == "ok":
            trace[event.kind, look.key].append(look.version)
    assert {n: sorted(v) for n, v in history.items()} == {n: sorted(v) for n, v in trace.items()}


# Invariants of runs in which an anomaly is switched off.


def never(deviation: str) -> Check:
    def check(run: Run) -> None:
        assert not any(deviation in event.deviations for event in run.trace.events)

    return check


def never_stale(kind: str, is_so: Callable[[Run, Event, KeyAccess], bool]) -> Check:
    """No read of this kind is stale and satisfies the predicate."""

    def check(run: Run) -> None:
        for event, look in accesses(run, kind):
            assert not (look.is_stale and is_so(run, event, look))

    return check


def check_own(run: Run) -> None:
    """A location reads its own last write, or a newer version."""
    last: dict[tuple[str | None, str], int] = {}
    for event, look in accesses(run, *READS, *WRITES):
        place = (event.location, look.key)
        if event.kind in READS:
            assert (look.version or 0) >= last.get(place, 0)
        elif look.version is not None:
            last[place] = look.version


def check_cold(run: Run) -> None:
    """The first read of a key in a location is fresh."""
    seen = set()
    for event, look in accesses(run, *READS):
        assert (event.location, look.key) in seen or not look.is_stale
        seen.add((event.location, look.key))


def check_refresh(run: Run) -> None:
    """A location returns its copy until the copy is too old or it has written the key."""
    copies: dict[tuple[str | None, str], int] = {}
    own: dict[tuple[str | None, str], int] = {}
    for event, look in accesses(run, *READS, *WRITES):
        place = (event.location, look.key)
        if event.kind in WRITES:
            own[place] = own.get(place, 0) if look.version is None else look.version
        elif event.kind == "get" or (event.kind == "list" and run.switches["list_lag"]):
            assert look.version is not None
            copy = copies.get(place, look.version)
            if look.version != copy >= own.get(place, 0):
                held = replace(look, version=copy)
                above = (each.committed_ns or 0 for each in newer(run, event, held))
                replaced = min(above, default=event.at)
                is_long = run.switches["long_cache_ttl"]
                ttl = (event.cache_ttl or CACHE_TTL) if is_long else CACHE_TTL
                assert (
                    event.at - replaced >= (ttl + run.trace.staleness_grace_seconds) * NANOSECONDS
                )
            copies[place] = look.version


def check_flap(run: Run) -> None:
    """The gets of a key in a location never go back to an older version."""
    seen: dict[tuple[str | None, str], int] = {}
    for event, look in accesses(run, "get"):
        assert look.version is not None
        assert look.version >= seen.get((event.location, look.key), 0)
        seen[event.location, look.key] = look.version


def check_races(run: Run) -> None:
    """The later invocation wins if two writes of a key are concurrent."""
    for writes in written(run).values():
        for place, (first, _) in enumerate(writes):
            for second, _ in writes[place + 1 :]:
                assert second.after is not None
                if second.after < first.number:
                    assert first.invocation <= second.invocation


def bound(run: Run) -> Iterator[tuple[Event, list[tuple[int, float]]]]:
    """Yield the version intervals of each get, except for keys that its invocation has written."""
    own: set[tuple[int, str]] = set()
    for event in run.trace.events:
        if event.kind in WRITES:
            own.add((event.invocation, event.accesses[0].key))
        elif event.kind == "get":
            others = (look for look in event.accesses if (event.invocation, look.key) not in own)
            yield event, [span(run, look) for look in others]


def check_moments(run: Run) -> None:
    """The reads of an invocation are of one instant, as long as that is allowed."""
    seen: dict[int, list[tuple[int, float]]] = defaultdict(list)
    commits = (version for key in run.ledger for version in run.ledger.versions(key))
    instants = {version.commit_index: version.committed_ns or 0 for version in commits}
    for event, spans in bound(run):
        for each in spans:
            seen[event.invocation].append(each)
            start, end = meeting(seen[event.invocation])
            if start >= end:
                assert event.at - instants[int(end)] >= CACHE_TTL * NANOSECONDS


def check_bulk(run: Run) -> None:
    """The keys of one read are of one instant."""
    for _, spans in bound(run):
        start, end = meeting(spans)
        assert start < end


def meeting(spans: list[tuple[int, float]]) -> tuple[int, float]:
    since = max((since for since, _ in spans), default=0)
    return since, min((until for _, until in spans), default=math.inf)


def is_behind_a_deletion(run: Run, event: Event, look: KeyAccess) -> bool:
    return any(each.record is None for each in newer(run, event, look))


def is_behind_what_expired(run: Run, event: Event, look: KeyAccess) -> bool:
    return any(each.is_expired(event.at) for each in newer(run, event, look))


def is_longer_than_usual(run: Run, event: Event, look: KeyAccess) -> bool:
    return look.age >= CACHE_TTL + run.trace.staleness_grace_seconds


def shows_nothing(run: Run, event: Event, look: KeyAccess) -> bool:
    return look.value is None


def is_stale(run: Run, event: Event, look: KeyAccess) -> bool:
    return True


ALWAYS: list[Check] = [check_reads, check_limit, check_order, check_history]

OFF: dict[str, list[Check]] = {
    "stale_reads": [never_stale("get", is_stale), never_stale("list", is_stale)],
    "stale_own_writes": [check_own],
    "stale_misses": [never_stale("get", shows_nothing)],
    "stale_first_reads": [check_cold],
    "early_refresh": [check_refresh],
    "non_monotonic_reads": [check_flap],
    "long_cache_ttl": [never_stale("get", is_longer_than_usual)],
    "racing_writes": [check_races],
    "reorder_writes": [never("overtakes")],
    "unlimited_writes": [never("accepted")],
    "stale_deletes": [
        never_stale("get", is_behind_a_deletion),
        never_stale("list", is_behind_a_deletion),
    ],
    "resurrect_after_expiry": [
        never_stale("get", is_behind_what_expired),
        never_stale("list", is_behind_what_expired),
    ],
    "list_lag": [never_stale("list", is_stale)],
    "tombstones": [never("tombstones")],
    "torn_reads": [check_bulk],
    "torn_sequential_reads": [check_moments],
    "faults": [never("failed")],
    "cross_location_routing": [never("roamed")],
}
"""The checks of what never happens, by the switch that is off."""


NARROWING = (
    *(name for name in OFF if name.startswith("stale_")),
    "non_monotonic_reads",
    "resurrect_after_expiry",
)
"""If one of these is off, a read may be unable to return the version that another one requires."""

NARROWED = ("torn_reads", "torn_sequential_reads", "early_refresh")


def check(net: EdgeNetwork, switches: dict[str, bool]) -> None:
    """Check that nothing happened that is not allowed."""
    run = Run(net.trace, net.account.version_log(net.namespace().id), net.history, switches)
    for always in ALWAYS:
        always(run)
    is_wide = all(switches[name] for name in NARROWING)
    for name, is_on in switches.items():
        is_checked = name not in NARROWED or (
            is_wide and all(switches[other] for other in NARROWED if other != name)
        )
        if is_checked and not is_on:
            for each in OFF[name]:
                each(run)
