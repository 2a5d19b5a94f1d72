"""Guarantees for readers: how far a read may lag behind the central stores."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias, overload

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.check.observations import Key, Observation, Observations, was_visible
from pykvbinding.sim.check.result import (
    CheckFindings,
    Guarantee,
    NotConverged,
    NotLinearizable,
    StaleRead,
)
from pykvbinding.sim.trace import Commit

DOCUMENTED_SECONDS = 60
"""The documented bound for a read without cacheTtl, and for a list."""

MAX_NAMED = 3
"""Number of keys and locations that a note names."""

Bound: TypeAlias = Callable[[Observations, Observation], float]
"""Returns the number of seconds by which a read may lag."""


def _documented(observations: Observations, observation: Observation) -> float:
    ttl = observation.event.cache_ttl
    return (DOCUMENTED_SECONDS if ttl is None else ttl) + observations.trace.staleness_grace_seconds


def _constant(seconds: float) -> Bound:
    return lambda *_: seconds


def _fresh_within(observations: Observations, *, name: str, bound: Bound) -> CheckFindings:
    """Find reads invoked `bound` seconds or more after the version that they return was superseded.

    Runtime complexity: O(n).
    """
    findings = CheckFindings()
    for observation in _reads_after_writes(observations):
        findings.exercised += 1
        successor = observations.superseding_commit(observation)
        if successor is None:
            continue
        seconds = bound(observations, observation)
        if _lag(successor, observation) >= _nanoseconds(seconds):
            text = (
                f"{observations.describe_with_invocation(observation)} "
                f"{_format_lag(successor, observation)} after version {successor.version} had "
                f"replaced it; {name} permits less than {seconds:g} s."
            )
            findings.add_violation(
                text, observations.writer(observation.key, successor.version), observation.event
            )
    return findings


def _fresh_versions(observations: Observations, *, name: str, versions: int) -> CheckFindings:
    """Find reads that return a version more than `versions` behind the newest.

    Runtime complexity: O(n).
    """
    findings = CheckFindings()
    for observation in _reads_after_writes(observations):
        findings.exercised += 1
        if len(observations.missed_commits(observation)) > versions:
            newest = observations.newest(observation)
            text = (
                f"{observations.describe_with_invocation(observation)} when version {newest} "
                f"existed; {name} permits none below {newest - versions}."
            )
            findings.add_violation(
                text, observations.writer(observation.key, newest), observation.event
            )
    return findings


def _converges(observations: Observations, *, name: str, bound: Bound) -> CheckFindings:
    """Find reads that miss the last version of a key `bound` seconds or more after its write.

    Runtime complexity: O(n + locations · keys).
    """
    findings = CheckFindings()
    lasts = dict(_last_writes(observations))
    probed: set[tuple[str | None, Key]] = set()
    for observation in observations.entries:
        last = lasts.get(observation.key)
        if observation.is_write or last is None or not was_visible(last, observation):
            continue
        seconds = bound(observations, observation)
        if _lag(last, observation) < _nanoseconds(seconds):
            continue
        findings.exercised += 1
        probed.add((observation.event.location, observation.key))
        if observation.newest_consistent_version < last.version:
            where = f" at {observation.event.location}" if observation.event.location else ""
            text = (
                f"{observations.describe_invocation(observation.event)}{where} "
                f"{observations.describe(observation)} {_format_lag(last, observation)} after the "
                f"last write, version {last.version}; {name} permits that for less than "
                f"{seconds:g} s."
            )
            findings.add_violation(
                text, observations.writer(observation.key, last.version), observation.event
            )
    if findings.exercised:
        findings.notes += _unprobed_locations(observations, lasts, probed)
    return findings


def _unprobed_locations(
    observations: Observations, lasts: dict[Key, Commit], probed: set[tuple[str | None, Key]]
) -> list[str]:
    missing = [
        f"{observations.format_key(key)} at {location}"
        for key in lasts
        for location in observations.trace.locations
        if (location, key) not in probed
    ]
    if not missing:
        return []
    more = f" and {len(missing) - MAX_NAMED} more" if len(missing) > MAX_NAMED else ""
    return [f"not read after that: {', '.join(missing[:MAX_NAMED])}{more}"]


def _linearizable(observations: Observations) -> CheckFindings:
    """Find operations that contradict the order of the commits. Runtime complexity: O(n)."""
    findings = CheckFindings()
    for observation in observations.entries:
        if len(observations.trace.commits.get(observation.key, ())) < 2:
            continue
        findings.exercised += 1
        successor = observations.superseding_commit(observation)
        writer = observations.writer(observation.key, observation.version)
        description = observations.describe_with_invocation(observation)
        if successor is not None:
            text = f"{description}, although version {successor.version} existed before the call."
            findings.add_violation(
                text, observations.writer(observation.key, successor.version), observation.event
            )
        elif writer is not None and observation.event.at < writer.invoked:
            author = observations.describe_invocation(writer)
            text = f"{description} before {author} called that write."
            findings.add_violation(text, writer, observation.event)
    return findings


def _reads_after_writes(observations: Observations) -> Iterator[Observation]:
    """Yield the reads that could be stale: of keys written earlier in the run."""
    for observation in observations.entries:
        if not observation.is_write:
            latest = observations.commit(observation.key, observation.access.latest)
            if latest is not None and latest.at is not None:
                yield observation


def _last_writes(observations: Observations) -> Iterator[tuple[Key, Commit]]:
    """Yield the last version of each key that was written in the run."""
    for key, commits in observations.trace.commits.items():
        if commits[-1].at is not None:
            yield key, commits[-1]


def _lag(since: Commit, observation: Observation) -> float:
    """Return the nanoseconds from a commit until an operation was invoked."""
    return math.inf if since.at is None else observation.event.invoked - since.at


def _format_lag(since: Commit, observation: Observation) -> str:
    lag = _lag(since, observation)
    return "long" if lag == math.inf else f"{lag / NANOSECONDS:.12g} s"


def _nanoseconds(seconds: float) -> float:
    # Caches count whole nanoseconds.
    return seconds if seconds == math.inf else round(seconds * NANOSECONDS)


def _validate_bound(name: str, value: object, *, whole: bool = False) -> None:
    kinds = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not value >= 0:
        raise ValueError(f"{name}={value!r}): give a number, 0 or more (an integer for versions)")


@overload
def fresh() -> Guarantee: ...
@overload
def fresh(*, within: float) -> Guarantee: ...
@overload
def fresh(*, versions: int) -> Guarantee: ...
def fresh(*args: object, within: float | None = None, versions: int | None = None) -> Guarantee:
    """Broken by a read of a version that was superseded too long before the read was invoked.

    `fresh(within=60)`: 60 s or more. `fresh(versions=2)`: by more than two versions. `fresh`
    without a bound uses the documented bound, which every read on the platform satisfies: the
    cacheTtl of the read (60 s for a list) plus the staleness grace of the network. Exercised by
    each read of a key that was written in the run. Raises `StaleRead` when broken.

    Raises: TypeError for two bounds or a positional bound; ValueError for a bound below 0.
    """
    if args or (within is not None and versions is not None):
        raise TypeError(
            "fresh does not accept these arguments; write fresh(within=60) or fresh(versions=1)"
        )
    if versions is not None:
        _validate_bound("fresh(versions", versions, whole=True)
        name = f"fresh(versions={versions})"
        return Guarantee(name, StaleRead, partial(_fresh_versions, name=name, versions=versions))
    if within is not None:
        _validate_bound("fresh(within", within)
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
    """Broken by a read that misses the last version of a key some time after the version was
    written.

    `converges(within=60)`: every read of a key that is invoked 60 s or more after the last write of
    the key returns that version, at any location. Every such read counts, not only the last one of
    its location: a read that misses the version shows that convergence took longer, whatever later
    reads return. `converges` without a bound uses the documented bound, as `fresh` does. Unlike
    `fresh`, only the last version of each key matters, which suits a test that waits until the
    system is quiet.

    Exercised by each such read. The notes of the result name the locations without one. Raises
    `NotConverged` when broken.

    Raises: TypeError for a positional bound; ValueError for a bound below 0.
    """
    if args:
        raise TypeError("converges does not accept these arguments; write converges(within=60)")
    if within is not None:
        _validate_bound("converges(within", within)
        name = f"converges(within={within})"
        find = partial(_converges, name=name, bound=_constant(within))
        return Guarantee(name, NotConverged, find)
    find = partial(_converges, name="the documentation", bound=_documented)
    return Guarantee("converges", NotConverged, find)


linearizable = Guarantee("linearizable", NotLinearizable, _linearizable)
"""Broken by an operation that a single copy of the data could not have returned.

The order of the versions is known, so no search is needed: an operation fits if its version was the
newest at some instant between its invocation and its response, and no operation invoked after a
version existed may be ordered before it. No read through a cache has this guarantee. Exercised by
each operation on a key that was written. Raises `NotLinearizable`.
"""
