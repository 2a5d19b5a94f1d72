"""Session guarantees: what one client reads and writes never goes backwards.

A session is a client: the calls of `net.session(name)`, one invocation that belongs to no session,
or the test itself. The four guarantees of Terry et al. (1994) are checked key by key; `causal`
combines them across keys.
"""

from collections import defaultdict
from functools import partial
from typing import TypeAlias

from pykvbinding.sim.check.observations import (
    Key,
    Observation,
    Observations,
    SessionId,
    VersionFrontier,
    completed_at,
    invoked_at,
)
from pykvbinding.sim.check.result import (
    CausalityViolation,
    CheckFindings,
    Guarantee,
    NonMonotonicRead,
    NonMonotonicWrite,
    ReadYourWritesViolation,
    WritesFollowReadsViolation,
)

Vector: TypeAlias = dict[Key, int]
"""The lowest allowed version of each key."""


def _find_regressions(
    observations: Observations, *, writes: bool, after_writes: bool
) -> CheckFindings:
    """Find reads or writes of a lower version than the session read or wrote before.

    Runtime complexity: O(n).
    """
    findings = CheckFindings()
    before: dict[tuple[SessionId, Key], VersionFrontier[Observation]] = defaultdict(VersionFrontier)
    for observation in observations.entries:
        known = before[observation.session, observation.key]
        if (
            observation.is_write == writes
            and (last := known.before(invoked_at(observation.event))) is not None
        ):
            findings.exercised += 1
            if observation.newest_consistent_version < last[0]:
                findings.add_violation(
                    _describe_regression(observations, observation, last[1]),
                    last[1].event,
                    observation.event,
                )
        if observation.is_write == after_writes and observation.is_acknowledged:
            known.record(completed_at(observation.event), observation.version, observation)
    return findings


def _describe_regression(
    observations: Observations, observation: Observation, last: Observation
) -> str:
    earlier = observations.describe_earlier_invocation(last.event, observation.event)
    had = f"{earlier} had {observations.version(last)}"
    return f"{observations.describe_with_invocation(observation)}, although {had} before."


def _causal(observations: Observations) -> CheckFindings:
    """Find operations below the version vector that the knowledge of their session depends on.

    Runtime complexity: O(n · keys).
    """
    findings = CheckFindings()
    knows: dict[SessionId, dict[Key, VersionFrontier[Observation]]] = defaultdict(
        lambda: defaultdict(VersionFrontier)
    )
    depends: dict[tuple[Key, int], Vector] = {}
    for observation in observations.entries:
        event, known = observation.event, knows[observation.session]
        own = known[observation.key].before(invoked_at(event))
        if own is not None:
            findings.exercised += 1
            if observation.newest_consistent_version < own[0]:
                text = _describe_causal_violation(observations, observation, *own)
                findings.add_violation(text, own[1].event, event)
        if observation.is_write:
            depends[observation.key, observation.version] = _vector(known, observation)
            imported = {observation.key: observation.version} if observation.is_acknowledged else {}
        else:
            own_version = {observation.key: observation.version}
            imported = depends.get((observation.key, observation.version), own_version)
        for key, version in imported.items():
            known[key].record(completed_at(event), version, observation)
    return findings


def _vector(known: dict[Key, VersionFrontier[Observation]], observation: Observation) -> Vector:
    """Return what a write depends on: the knowledge of its session when invoked, and itself."""
    moment = invoked_at(observation.event)
    lasts = ((key, frontier.before(moment)) for key, frontier in known.items())
    vector = {key: last[0] for key, last in lasts if last is not None}
    vector[observation.key] = max(
        observation.version, vector.get(observation.key, 0)
    )  # the write may be below the known version
    return vector


def _describe_causal_violation(
    observations: Observations, observation: Observation, version: int, cause: Observation
) -> str:
    if cause.key == observation.key and cause.version == version:
        return _describe_regression(observations, observation, cause)
    earlier = observations.describe_earlier_invocation(cause.event, observation.event)
    return (
        f"{observations.describe_with_invocation(observation)}, although {earlier} had "
        f"{observations.describe(cause)} before, which depends on version {version} "
        f"of {observations.format_key(observation.key)}."
    )


read_your_writes = Guarantee(
    "read_your_writes",
    ReadYourWritesViolation,
    partial(_find_regressions, writes=False, after_writes=True),
)
"""Broken when a session reads a version below its own last write of that key.

Exercised by each read of a key that the session has written. Raises `ReadYourWritesViolation`.
"""

monotonic_reads = Guarantee(
    "monotonic_reads",
    NonMonotonicRead,
    partial(_find_regressions, writes=False, after_writes=False),
)
"""Broken when a session reads a version below one that it has read before.

Exercised by each read of a key that the session has read. Raises `NonMonotonicRead`.
"""

monotonic_writes = Guarantee(
    "monotonic_writes",
    NonMonotonicWrite,
    partial(_find_regressions, writes=True, after_writes=True),
)
"""Broken when a write of a session is committed below an earlier write of the session.

Exercised by each write of a key that the session has written. Raises `NonMonotonicWrite`.
"""

writes_follow_reads = Guarantee(
    "writes_follow_reads",
    WritesFollowReadsViolation,
    partial(_find_regressions, writes=True, after_writes=False),
)
"""Broken when a write of a session is committed below a version that the session has read.

Exercised by each write of a key that the session has read. Raises `WritesFollowReadsViolation`.
"""

causal = Guarantee("causal", CausalityViolation, _causal)
"""Broken when a session misses a version that its knowledge depends on.

A version depends on everything that its writer had read or written before, on any key, and
transitively on what that depends on. A session that reads the version depends on all of this from
then on. Broken by a read that returns a lower version of a key, and by a write that is committed
below it. Implies the four other session guarantees. Exercised by each operation on a key of which
the session must know a version. Raises `CausalityViolation`.
"""
