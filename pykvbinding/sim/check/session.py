"""The guarantees to sessions: what one client sees and writes never goes back.

A session is a client: what `net.session(name)` calls, one invocation that belongs to no session, or
the test itself. The four of Terry et al. (1994) are here judged key by key, and `causal` is all of
them together and across keys.
"""

from collections import defaultdict
from functools import partial
from typing import TypeAlias

from pykvbinding.sim.check.observations import Evidence, Fact, Key, Known, Session, asked, done
from pykvbinding.sim.check.result import (
    CausalityViolation,
    Findings,
    Guarantee,
    NonMonotonicRead,
    NonMonotonicWrite,
    OwnWriteUnseen,
    WriteBehindRead,
)

Vector: TypeAlias = dict[Key, int]
"""The least version of each key."""


def _no_older(evidence: Evidence, *, writes: bool, after_writes: bool) -> Findings:
    """Find reads, or writes, of a lower version than a session had read, or written, before.

    Runtime complexity: O(n).
    """
    findings = Findings()
    before: dict[tuple[Session, Key], Known[Fact]] = defaultdict(Known)
    for fact in evidence.facts:
        known = before[fact.session, fact.key]
        if fact.is_write == writes and (last := known.before(asked(fact.event))) is not None:
            findings.exercised += 1
            if fact.shown < last[0]:
                findings.blame(_text(evidence, fact, last[1]), last[1].event, fact.event)
        if fact.is_write == after_writes and fact.is_acknowledged:
            known.note(done(fact.event), fact.version, fact)
    return findings


def _text(evidence: Evidence, fact: Fact, last: Fact) -> str:
    who, earlier = evidence.who(fact.event), evidence.earlier(last.event, fact.event)
    had = f"{earlier} had {evidence.version(last)}"
    return f"{who} {evidence.did(fact)}, although {had} before."


def _causal(evidence: Evidence) -> Findings:
    """Find what is below the vector of versions on which all that a session knows depends.

    Runtime complexity: O(n · keys).
    """
    findings = Findings()
    knows: dict[Session, dict[Key, Known[Fact]]] = defaultdict(lambda: defaultdict(Known))
    depends: dict[tuple[Key, int], Vector] = {}
    for fact in evidence.facts:
        event, known = fact.event, knows[fact.session]
        own = known[fact.key].before(asked(event))
        if own is not None:
            findings.exercised += 1
            if fact.shown < own[0]:
                text = _causal_text(evidence, fact, *own)
                findings.blame(text, own[1].event, event)
        if fact.is_write:
            depends[fact.key, fact.version] = _vector(known, fact)
            imported = {fact.key: fact.version} if fact.is_acknowledged else {}
        else:
            own_version = {fact.key: fact.version}
            imported = depends.get((fact.key, fact.version), own_version)
        for key, version in imported.items():
            known[key].note(done(event), version, fact)
    return findings


def _vector(known: dict[Key, Known[Fact]], fact: Fact) -> Vector:
    """On what a write depends: what its session knew when it was asked, and itself."""
    moment = asked(fact.event)
    lasts = ((key, each.before(moment)) for key, each in known.items())
    vector = {key: last[0] for key, last in lasts if last is not None}
    vector[fact.key] = max(fact.version, vector.get(fact.key, 0))  # it may be below what it knew
    return vector


def _causal_text(evidence: Evidence, fact: Fact, version: int, why: Fact) -> str:
    if why.key == fact.key and why.version == version:
        return _text(evidence, fact, why)
    who, earlier = evidence.who(fact.event), evidence.earlier(why.event, fact.event)
    return (
        f"{who} {evidence.did(fact)}, although {earlier} had {evidence.did(why)} before, "
        f"which depends on version {version} of {evidence.name(fact.key)}."
    )


read_your_writes: Guarantee = Guarantee(
    "read_your_writes", OwnWriteUnseen, partial(_no_older, writes=False, after_writes=True)
)
"""Broken when a session's read returns a version below its own last write of that key.

Exercised by each read of a key that its session has written. Raises `OwnWriteUnseen`.
"""

monotonic_reads: Guarantee = Guarantee(
    "monotonic_reads", NonMonotonicRead, partial(_no_older, writes=False, after_writes=False)
)
"""Broken when a session's read returns a version below one that it has read before.

Exercised by each read of a key that its session has read. Raises `NonMonotonicRead`.
"""

monotonic_writes: Guarantee = Guarantee(
    "monotonic_writes", NonMonotonicWrite, partial(_no_older, writes=True, after_writes=True)
)
"""Broken when a session's write is committed below its own earlier write of that key.

Exercised by each write of a key that its session has written. Raises `NonMonotonicWrite`.
"""

writes_follow_reads: Guarantee = Guarantee(
    "writes_follow_reads", WriteBehindRead, partial(_no_older, writes=True, after_writes=False)
)
"""Broken when a session's write is committed below a version that the session has read before.

Exercised by each write of a key that its session has read. Raises `WriteBehindRead`.
"""

causal: Guarantee = Guarantee("causal", CausalityViolation, _causal)
"""Broken when a session misses something that what it knows depends on.

A version depends on everything that its writer had read or written before, on any key, and on what
that depends on; who reads it, depends on the same from then on. Broken by a read that returns less
of some key, and by a write that is committed below it. It implies the four other guarantees to
sessions. Exercised by each operation on a key of which its session has to know a version. Raises
`CausalityViolation`.
"""
