"""The guarantees once more, as the literature defines them: over all pairs.

Each function returns how often it was exercised, and the numbers of the events to blame.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.trace import Event, Look, Trace

Found: TypeAlias = tuple[int, list[int]]


@dataclass(frozen=True, eq=False)
class Op:
    trace: Trace
    event: Event
    look: Look

    @property
    def key(self) -> tuple[str, str]:
        return self.event.binding, self.look.key

    @property
    def session(self) -> object:
        return self.event.session or self.event.invocation

    @property
    def is_write(self) -> bool:
        return self.event.kind in ("put", "delete")

    @property
    def version(self) -> int:
        assert self.look.version is not None
        return self.look.version

    @property
    def best(self) -> int:
        """The newest version that the answer could be of."""
        if self.is_write or self.look.value is not None:
            return self.version
        commits = self.trace.commits[self.key]
        later = range(self.version, self.look.latest + 1)
        there = (n for n in later if (commits[n].event or 0) <= self.event.number)
        return max([self.version, *(n for n in there if commits[n].value is None)])

    @property
    def asked(self) -> tuple[int, int]:
        after = self.event.after
        return self.event.asked, self.event.number if after is None else after + 1

    def is_before(self, other: "Op") -> bool:
        """Whether it was answered before the other was asked."""
        is_earlier = self.event.number < other.event.number
        return is_earlier and (self.event.at, self.event.number) < other.asked


def ops(trace: Trace) -> list[Op]:
    return [
        Op(trace, event, look)
        for event in trace.events
        for look in event.looks
        if look.version is not None
        if event.outcome == "ok" or event.kind in ("put", "delete")
    ]


def session_pairs(trace: Trace, *, writes: bool, after_writes: bool) -> Found:
    exercised, blamed = 0, []
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
                blamed.append(op.event.number)
    return exercised, blamed


def causal(trace: Trace) -> Found:
    """By the transitive closure of session order and of who has read what from whom."""
    everything = ops(trace)
    past: dict[Op, set[Op]] = {}
    for op in everything:  # whatever it depends on stands before it
        past[op] = set()
        for other in everything:
            in_session = other.session == op.session and other.is_before(op)
            in_session = in_session and other.event.outcome == "ok"
            read_from = (
                not op.is_write and other.is_write and other.key == op.key
            ) and other.version == op.version
            if in_session or read_from:
                past[op] |= {other} | past.get(other, set())
    exercised, blamed = 0, []
    for op in everything:
        before = [
            each
            for other in everything
            if other.session == op.session and other.is_before(op) and other.event.outcome == "ok"
            for each in {other} | past[other]
            if each.key == op.key
        ]
        if before:
            exercised += 1
            if any(each.version > op.best for each in before):
                blamed.append(op.event.number)
    return exercised, blamed


def no_lost_updates(trace: Trace) -> Found:
    exercised, blamed = 0, []
    everything = ops(trace)
    for op in everything:
        own = [
            other
            for other in everything
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
            blamed.append(op.event.number)
    return exercised, blamed


def is_there(op: Op, version: int) -> bool:
    """Whether a version was there when the operation was asked."""
    commit = op.trace.commits[op.key][version]
    if version > op.look.latest:
        return False
    return commit.at is None or (commit.at, commit.event or 0) < op.asked


def could_be_stale(trace: Trace) -> Iterator[Op]:
    for op in ops(trace):
        if not op.is_write and trace.commits[op.key][op.look.latest].at is not None:
            yield op


def fresh_within(trace: Trace, bound: Callable[[Op], float]) -> Found:
    exercised, blamed = 0, []
    for op in could_be_stale(trace):
        exercised += 1
        commits = trace.commits[op.key]
        for later in commits[op.best + 1 :]:
            age = op.event.asked - (later.at or 0)
            if is_there(op, later.version) and age >= bound(op) * NANOSECONDS:
                blamed.append(op.event.number)
                break
    return exercised, blamed


def fresh_versions(trace: Trace, most: int) -> Found:
    exercised, blamed = 0, []
    for op in could_be_stale(trace):
        exercised += 1
        commits = trace.commits[op.key]
        missed = [each for each in commits[op.best + 1 :] if is_there(op, each.version)]
        if len(missed) > most:
            blamed.append(op.event.number)
    return exercised, blamed


def converges(trace: Trace, bound: Callable[[Op], float]) -> Found:
    exercised, blamed = 0, []
    for op in ops(trace):
        last = trace.commits[op.key][-1]
        if op.is_write or last.at is None or not is_there(op, last.version):
            continue
        if op.event.asked - last.at >= bound(op) * NANOSECONDS:
            exercised += 1
            if op.best != last.version:
                blamed.append(op.event.number)
    return exercised, blamed


def linearizable(trace: Trace) -> Found:
    """No operation is ordered behind one that was over before it began."""
    exercised, blamed = 0, []
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
            if commit.event is None and is_there(op, commit.version)
        ]
        if any(version > op.best for version in over):
            blamed.append(op.event.number)
    return exercised, blamed


def together(trace: Trace, keys: str) -> Found:
    everything = [op for op in ops(trace) if op.look.key in keys]
    rounds: list[tuple[int, dict[object, int]]] = []
    for writer in {op.event.invocation for op in everything}:
        mine: list[dict[object, int]] = [{}]
        for op in everything:
            if op.event.invocation == writer and op.is_write:
                if op.key in mine[-1]:
                    mine.append({})
                mine[-1][op.key] = op.version
        rounds += [(writer, each) for each in mine]
    exercised, blamed = 0, []
    for reader in {op.event.invocation for op in everything} - {0}:
        reads = [op for op in everything if op.event.invocation == reader and not op.is_write]
        last = {op.key: op for op in reads}
        for new, old, (writer, update) in product(last.values(), last.values(), rounds):
            if new is old or writer == reader or not {new.key, old.key} <= update.keys():
                continue
            if new.version == update[new.key]:
                exercised += 1
                if old.best < update[old.key]:
                    blamed.append(max(new.event.number, old.event.number))
    return exercised, blamed
