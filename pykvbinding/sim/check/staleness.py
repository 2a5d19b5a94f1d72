"""The guarantees to readers: how long a read may lag behind the central stores."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias, overload

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.check.observations import Evidence, Fact, Key, had_happened
from pykvbinding.sim.check.result import (
    Findings,
    Guarantee,
    NotConverged,
    NotLinearizable,
    StaleRead,
)
from pykvbinding.sim.trace import Commit

DOCUMENTED_SECONDS = 60
"""The documented bound where a read has no cacheTtl of its own, as a list has none."""

MOST_NAMED = 3
"""Keys and locations that a note names one by one."""

Bound: TypeAlias = Callable[[Evidence, Fact], float]
"""How many seconds a read may lag behind."""


def _documented(evidence: Evidence, fact: Fact) -> float:
    ttl = fact.event.cache_ttl
    return (DOCUMENTED_SECONDS if ttl is None else ttl) + evidence.trace.grace


def _constant(seconds: float) -> Bound:
    return lambda *_: seconds


def _fresh_within(evidence: Evidence, *, name: str, bound: Bound) -> Findings:
    """Find reads that were asked `bound` seconds or more after what they return was replaced.

    Runtime complexity: O(n).
    """
    findings = Findings()
    for fact in _reads_after_writes(evidence):
        findings.exercised += 1
        successor = evidence.replaced(fact)
        if successor is None:
            continue
        seconds = bound(evidence, fact)
        if _lag(successor, fact) >= _nanoseconds(seconds):
            text = (
                f"{evidence.who(fact.event)} {evidence.did(fact)} {_ago(successor, fact)} after "
                f"version {successor.version} had replaced it; {name} permits less than "
                f"{seconds:g} s."
            )
            findings.blame(text, evidence.writer(fact.key, successor.version), fact.event)
    return findings


def _fresh_versions(evidence: Evidence, *, name: str, versions: int) -> Findings:
    """Find reads that return more than so many versions less than there were.

    Runtime complexity: O(n).
    """
    findings = Findings()
    for fact in _reads_after_writes(evidence):
        findings.exercised += 1
        if len(evidence.missed(fact)) > versions:
            newest = evidence.newest(fact)
            text = (
                f"{evidence.who(fact.event)} {evidence.did(fact)} when there was version {newest}; "
                f"{name} permits none below {newest - versions}."
            )
            findings.blame(text, evidence.writer(fact.key, newest), fact.event)
    return findings


def _converges(evidence: Evidence, *, name: str, bound: Bound) -> Findings:
    """Find reads that miss the last version of a key although `bound` seconds have passed.

    Runtime complexity: O(n + locations · keys).
    """
    findings = Findings()
    lasts = dict(_last_writes(evidence))
    probed: set[tuple[str | None, Key]] = set()
    for fact in evidence.facts:
        last = lasts.get(fact.key)
        if fact.is_write or last is None or not had_happened(last, fact):
            continue
        seconds = bound(evidence, fact)
        if _lag(last, fact) < _nanoseconds(seconds):
            continue
        findings.exercised += 1
        probed.add((fact.event.location, fact.key))
        if fact.shown < last.version:
            where = f" at {fact.event.location}" if fact.event.location else ""
            text = (
                f"{evidence.who(fact.event)}{where} {evidence.did(fact)} {_ago(last, fact)} after "
                f"the last write, version {last.version}; {name} permits that for less than "
                f"{seconds:g} s."
            )
            findings.blame(text, evidence.writer(fact.key, last.version), fact.event)
    if findings.exercised:
        findings.notes += _unprobed(evidence, lasts, probed)
    return findings


def _unprobed(
    evidence: Evidence, lasts: dict[Key, Commit], probed: set[tuple[str | None, Key]]
) -> list[str]:
    missing = [
        f"{evidence.name(key)} at {location}"
        for key in lasts
        for location in evidence.trace.locations
        if (location, key) not in probed
    ]
    if not missing:
        return []
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    return [f"not read after that: {', '.join(missing[:MOST_NAMED])}{more}"]


def _linearizable(evidence: Evidence) -> Findings:
    """Find operations that fit no order of the commits. Runtime complexity: O(n)."""
    findings = Findings()
    for fact in evidence.facts:
        if len(evidence.trace.commits.get(fact.key, ())) < 2:
            continue
        findings.exercised += 1
        successor, writer = evidence.replaced(fact), evidence.writer(fact.key, fact.version)
        said = f"{evidence.who(fact.event)} {evidence.did(fact)}"
        if successor is not None:
            text = f"{said}, although version {successor.version} was there before it asked."
            findings.blame(text, evidence.writer(fact.key, successor.version), fact.event)
        elif writer is not None and fact.event.at < writer.asked:
            text = f"{said} before {evidence.who(writer)} asked to write that."
            findings.blame(text, writer, fact.event)
    return findings


def _reads_after_writes(evidence: Evidence) -> Iterator[Fact]:
    """Reads that could have been stale: of keys that have been written in the run before them."""
    for fact in evidence.facts:
        if not fact.is_write:
            latest = evidence.commit(fact.key, fact.look.latest)
            if latest is not None and latest.at is not None:
                yield fact


def _last_writes(evidence: Evidence) -> Iterator[tuple[Key, Commit]]:
    """The last version of each key that was written in the run."""
    for key, commits in evidence.trace.commits.items():
        if commits[-1].at is not None:
            yield key, commits[-1]


def _lag(since: Commit, fact: Fact) -> float:
    """Nanoseconds from a commit until an operation was asked."""
    return math.inf if since.at is None else fact.event.asked - since.at


def _ago(since: Commit, fact: Fact) -> str:
    lag = _lag(since, fact)
    return "long" if lag == math.inf else f"{lag / NANOSECONDS:.12g} s"


def _nanoseconds(seconds: float) -> float:
    # In whole nanoseconds, as caches count.
    return seconds if seconds == math.inf else round(seconds * NANOSECONDS)


def _checked(name: str, value: object, *, whole: bool = False) -> None:
    kinds = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not value >= 0:
        raise ValueError(f"{name}={value!r}): give a number, 0 or more (of versions, a whole one)")


@overload
def fresh() -> Guarantee: ...
@overload
def fresh(*, within: float) -> Guarantee: ...
@overload
def fresh(*, versions: int) -> Guarantee: ...
def fresh(*args: object, within: float | None = None, versions: int | None = None) -> Guarantee:
    """Broken by a read of what had been replaced for too long when it was asked.

    `fresh(within=60)`: for 60 s or more. `fresh(versions=2)`: by more than two versions. `fresh`
    without a bound has the documented one, which every read on the platform keeps: the cacheTtl of
    the read (60 s for a list) and the network's `grace`. Exercised by each read of a key that has
    been written in the run. It is broken by a `StaleRead`.

    Raises: TypeError for two bounds or a bound without its name; ValueError for a bound below 0.
    """
    if args or (within is not None and versions is not None):
        raise TypeError("fresh does not take that; write fresh(within=60) or fresh(versions=1)")
    if versions is not None:
        _checked("fresh(versions", versions, whole=True)
        name = f"fresh(versions={versions})"
        return Guarantee(name, StaleRead, partial(_fresh_versions, name=name, versions=versions))
    if within is not None:
        _checked("fresh(within", within)
        name = f"fresh(within={within})"
        find = partial(_fresh_within, name=name, bound=_constant(within))
        return Guarantee(name, StaleRead, find)
    find = partial(_fresh_within, name="the documentation", bound=_documented)
    return Guarantee("fresh", StaleRead, find)


@overload
def converges() -> Guarantee: ...
@overload
def converges(*, within: float) -> Guarantee: ...
def converges(*args: object, within: float | None = None) -> Guarantee:
    """Broken by a read that misses the last version of a key, so many seconds after it was written.

    `converges(within=60)`: a read that is asked 60 s or more after the last write of its key,
    wherever it is asked, returns that version. Every such read counts, not the last one at its
    location alone: one that still misses it shows that convergence has taken longer, whatever later
    reads return. `converges` without a bound waits for the documented one, as `fresh` does. It
    differs from `fresh` in that only the last version of each key matters, which is what a test
    that waits for quiet asks for.

    A test has to look: exercised by each such read, and a location where there is none is named in
    the verdict's notes. It is broken by a `NotConverged`.

    Raises: TypeError for a bound without its name; ValueError for a bound below 0.
    """
    if args:
        raise TypeError("converges does not take that; write converges(within=60)")
    if within is not None:
        _checked("converges(within", within)
        name = f"converges(within={within})"
        find = partial(_converges, name=name, bound=_constant(within))
        return Guarantee(name, NotConverged, find)
    find = partial(_converges, name="the documentation", bound=_documented)
    return Guarantee("converges", NotConverged, find)


linearizable: Guarantee = Guarantee("linearizable", NotLinearizable, _linearizable)
"""Broken by an operation that one single copy of the data could not have answered so.

The order of the versions is known, so this needs no search: an operation fits if its version was
the newest at some instant between its being asked and its answer, and no operation that was asked
after a version was there may come before it. Nothing that reads through a cache has this guarantee.
Exercised by each operation on a key that has been written. Raises `NotLinearizable`.
"""
