"""Reference definitions of the guarantees, as in the literature: over all pairs.

Each function returns how often the guarantee was exercised, and the numbers of the violating
events.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.trace import Event, KeyAccess, Trace

Result: TypeAlias = tuple[int, list[int]]


@dataclass(frozen=True, eq=False)
class Op:
    trace: Trace
    event: Event
    access: KeyAccess

    @property
    def key(self) -> tuple[str, str]:
        return self.event.binding, self.access.key

    @property
    def session(self) -> object:
        return self.event.session or self.event.invocation

    @property
    def is_write(self) -> bool:
        return self.event.kind in ("put", "delete")

    @property
    def version(self) -> int:
        assert self.access.version is not None
        return self.access.version

    @property
    def best(self) -> int:
        """The newest version that the result could be of."""
        if self.is_write or self.access.value is not None:
            return self.version
        commits = self.trace.commits[self.key]
        later = range(self.version, self.access.latest + 1)
        there = (n for n in later if (commits[n].event or 0) <= self.event.number)
        return max([self.version, *(n for n in there if commits[n].value is None)])

    @property
    def invoked(self) -> tuple[int, int]:
        after = self.event.after
        return self.event.invoked, self.event.number if after is None else after + 1

    def is_before(self, other: "Op") -> bool:
        """Return whether the operation returned before the other was invoked."""
        is_earlier = self.event.number < other.event.number
        return is_earlier and (self.event.at, self.event.number) < other.invoked


def ops(trace: Trace) -> list[Op]:
    return [
        Op(trace, event, access)
        for event in trace.events
        for access in event.accesses
        if access.version is not None
        if event.outcome == "ok" or event.kind in ("put", "delete")
    ]


def session_pairs(trace: Trace, *, writes: bool, after_writes: bool) -> Result:
    exercised, violating = 0, []
    for op in ops(trace):
        earlier = [
            other.version
            for other in ops(trace)
            if other.is_write == after_writes
            and other.event.outcome == "ok"
            and (other.session, other.key) == (op.session, op.key)
            and other.is_before(op)
        ]
        if op.is_write == writes and earlier:
            exercised += 1
            if any(version > op.best for version in earlier):
                violating.append(op.event.number)
    return exercised, violating


def causal(trace: Trace) -> Result:
    """Compute the transitive closure of session order and read-from relations."""
    operations = ops(trace)
    past: dict[Op, set[Op]] = {}
    for op in operations:  # dependencies precede the operation
        past[op] = set()
        for other in operations:
            in_session = other.session == op.session and other.is_before(op)
            in_session = in_session and other.event.outcome == "ok"
            read_from = (
                not op.is_write and other.is_write and other.key == op.key
            ) and other.version == op.version
            if in_session or read_from:
                past[op] |= {other} | past.get(other, set())
    exercised, violating = 0, []
    for op in operations:
        before = [
            each
            for other in operations
            if other.session == op.session and other.is_before(op) and other.event.outcome == "ok"
            for each in {other} | past[other]
            if each.key == op.key
        ]
        if before:
            exercised += 1
            if any(each.version > op.best for each in before):
                violating.append(op.event.number)
    return exercised, violating


def no_lost_updates(trace: Trace) -> Result:
    exercised, violating = 0, []
    operations = ops(trace)
    for op in operations:
        own = [
            other
            for other in operations
            if (other.event.invocation, other.key) == (op.event.invocation, op.key)
        ]
        before = [other for other in own if other.is_before(op)]
        has_read = any(not other.is_write for other in before)
        if op.event.invocation == 0 or not op.is_write or not has_read:
            continue
        exercised += 1
        seen = max(other.best for other in before)
        written = {
            other.version
            for other in own
            if other.is_write and other.event.number < op.event.number
        }
        if set(range(seen + 1, op.version)) - written:
            violating.append(op.event.number)
    return exercised, violating


def was_visible(op: Op, version: int) -> bool:
    """Return whether a version existed when the operation was invoked."""
    commit = op.trace.commits[op.key][version]
    if version > op.access.latest:
        return False
    return commit.at is None or (commit.at, commit.event or 0) < op.invoked


def reads_after_writes(trace: Trace) -> Iterator[Op]:
    for op in ops(trace):
        if not op.is_write and trace.commits[op.key][op.access.latest].at is not None:
            yield op


def fresh_within(trace: Trace, bound: Callable[[Op], float]) -> Result:
    exercised, violating = 0, []
    for op in reads_after_writes(trace):
        exercised += 1
        commits = trace.commits[op.key]
        for later in commits[op.best + 1 :]:
            age = op.event.invoked - (later.at or 0)
            if was_visible(op, later.version) and age >= bound(op) * NANOSECONDS:
                violating.append(op.event.number)
                break
    return exercised, violating


def fresh_versions(trace: Trace, max_versions: int) -> Result:
    exercised, violating = 0, []
    for op in reads_after_writes(trace):
        exercised += 1
        commits = trace.commits[op.key]
        missed = [each for each in commits[op.best + 1 :] if was_visible(op, each.version)]
        if len(missed) > max_versions:
            violating.append(op.event.number)
    return exercised, violating


def converges(trace: Trace, bound: Callable[[Op], float]) -> Result:
    exercised, violating = 0, []
    for op in ops(trace):
        last = trace.commits[op.key][-1]
        if op.is_write or last.at is None or not was_visible(op, last.version):
            continue
        if op.event.invoked - last.at >= bound(op) * NANOSECONDS:
            exercised += 1
            if op.best != last.version:
                violating.append(op.event.number)
    return exercised, violating


def linearizable(trace: Trace) -> Result:
    """Check that no operation is ordered before one that returned before it was invoked."""
    exercised, violating = 0, []
    for op in ops(trace):
        if len(trace.commits[op.key]) == 1:
            continue
        exercised += 1
        over = [
            other.version for other in ops(trace) if other.key == op.key and other.is_before(op)
        ]
        over += [
            commit.version
            for commit in trace.commits[op.key]
            if commit.event is None and was_visible(op, commit.version)
        ]
        if any(version > op.best for version in over):
            violating.append(op.event.number)
    return exercised, violating


def together(trace: Trace, keys: str) -> Result:
    operations = [op for op in ops(trace) if op.access.key in keys]
    rounds: list[tuple[int, dict[object, int]]] = []
    for writer in {op.event.invocation for op in operations}:
        mine: list[dict[object, int]] = [{}]
        for op in operations:
            if op.event.invocation == writer and op.is_write:
                if op.key in mine[-1]:
                    mine.append({})
                mine[-1][op.key] = op.version
        rounds += [(writer, each) for each in mine]
    exercised, violating = 0, []
    for reader in {op.event.invocation for op in operations} - {0}:
        reads = [op for op in operations if op.event.invocation == reader and not op.is_write]
        last = {op.key: op for op in reads}
        for new, old, (writer, update) in product(last.values(), last.values(), rounds):
            if new is old or writer == reader or not {new.key, old.key} <= update.keys():
                continue
            if new.version == update[new.key]:
                exercised += 1
                if old.best < update[old.key]:
                    violating.append(max(new.event.number, old.event.number))
    return exercised, violating
