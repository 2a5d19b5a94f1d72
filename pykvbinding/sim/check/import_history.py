"""Import of histories recorded elsewhere, for example in production, as traces."""

import math
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from pykvbinding.sim.check.jsonl import HistoryInput, HistoryLine, KeyValueVersion, read_lines
from pykvbinding.sim.check.observations import Key
from pykvbinding.sim.trace import Commit, Event, InvocationSpan, KeyAccess, Trace
from pykvbinding.storage.record import Value


def read_history(source: HistoryInput, *, session: str = "session") -> Trace:
    """Return the trace of a recorded history: `check(read_history("prod.jsonl"), monotonic_reads)`.

    `source` is a path, a text or an iterable of lines. Each line is a JSON object that describes
    one operation with the fields listed in `pykvbinding.sim.check.jsonl`; `History.to_jsonl()`
    writes this format. `session` is the name of the field that holds the session. An operation
    without an invocation becomes a separate invocation. An operation without a session belongs to
    its invocation only, so session guarantees are not exercised across invocations.

    If every operation on a key has a version, these versions are used. Otherwise versions are
    inferred from the values: the writes of the key must not overlap and must come from one session
    or one location, and no value that was read may have been written twice. A value that was read
    but never written counts as the initial value. A failed write counts if its value was read. A
    read of nothing is of the initial state or of a delete; for a key that expires, record versions.
    The exact instant of a write is unknown: it counts from its response, or from the first response
    that shows it. So a reported violation holds whenever the write took effect. Lists carry no
    versions.

    Raises: ValueError if a line is invalid, or if the versions of a key cannot be inferred.
    """
    lines = sorted(read_lines(source, session), key=lambda line: _completion_time(line, math.inf))
    end_of_history = max((line.at or line.invoked for line in lines), default=0)
    trace = Trace(start=min((line.invoked for line in lines), default=0))
    trace.locations = tuple(
        dict.fromkeys(line.location for line in lines if line.location is not None)
    )
    histories: dict[Key, _KeyHistory] = defaultdict(_KeyHistory)
    numbers: dict[str, int] = {}
    for line in lines:
        if line.at is None and not line.is_write:
            continue  # a read without a response returned nothing
        event = _event(line, len(trace.events) + 1, end_of_history)
        event.invocation = _invocation(trace, line, event, numbers)
        trace.events.append(event)
        for recorded, access in zip(line.keys, event.accesses, strict=True):
            history = histories[event.binding, recorded.key]
            history.operations.append(_KeyOperation(line, recorded, event, access))
    for (binding, key), history in histories.items():
        trace.commits[binding, key] = history.infer_versions(key)
    return trace


def _completion_time(line: HistoryLine, never: float) -> float:
    return never if line.at is None else line.at


def _event(line: HistoryLine, number: int, end_of_history: int) -> Event:
    accesses = [KeyAccess(key=op.key, version=None, latest=0, value=op.value) for op in line.keys]
    return Event(
        number=number,
        kind=line.kind,
        at=end_of_history if line.at is None else line.at,
        invoked=line.invoked,
        session=line.session,
        location=line.location,
        binding=line.binding,
        accesses=tuple(accesses),
        prefix=line.prefix,
        cache_ttl=line.cache_ttl,
        outcome="(in flight)" if line.at is None else line.outcome,
    )


def _invocation(trace: Trace, line: HistoryLine, event: Event, numbers: dict[str, int]) -> int:
    """Return the number of the line's invocation; add the invocation to the trace if it is new."""
    number = None if line.invocation is None else numbers.get(line.invocation)
    if number is not None:
        span = trace.invocations[number - 1]
        span.started, span.ended = min(span.started, event.invoked), event.at
        return number
    span = InvocationSpan(
        number=len(trace.invocations) + 1,
        name=line.invocation or line.kind,
        location=line.location or "",
        session=line.session or "",
        started=event.invoked,
        ended=event.at,
    )
    trace.invocations.append(span)
    if line.invocation is not None:
        numbers[line.invocation] = span.number
    return span.number


@dataclass(slots=True)
class _KeyOperation:
    """One operation on one key: the recorded line, and its event in the trace."""

    line: HistoryLine
    recorded: KeyValueVersion
    event: Event
    access: KeyAccess

    @property
    def version(self) -> int | None:
        return self.access.version


@dataclass(slots=True)
class _KeyHistory:
    """All operations on one key, in the order of their responses."""

    operations: list[_KeyOperation] = field(default_factory=list)

    def infer_versions(self, key: str) -> list[Commit]:
        """Set the version of every access, and return the versions. O(n log n)."""
        acknowledged = [op for op in self.operations if op.line.is_acknowledged]
        before: Value | None = None
        if all(op.recorded.version is not None for op in acknowledged):
            for op in self.operations:
                op.access.version = op.recorded.version
        else:
            before = self._infer_from_values(key)
        self._clear_failed_reads()
        commits = self._commits(key, before)
        self._set_latest(commits)
        return commits

    def _clear_failed_reads(self) -> None:
        for op in self.operations:
            if not op.line.is_write and not op.line.is_acknowledged:
                op.access.version = None

    def _infer_from_values(self, key: str) -> Value | None:
        """Infer the versions from the values; return the value before the first write."""
        reads = [op for op in self.operations if not op.line.is_write]
        read_values = {op.recorded.value for op in reads if op.line.is_acknowledged}
        writes = self._writes_in_order(key, read_values)
        versions: dict[Value | None, list[int]] = defaultdict(list)
        for number, write in enumerate(writes, 1):
            write.access.version = number
            versions[write.recorded.value].append(number)
        unwritten = [value for value in read_values if value is not None and value not in versions]
        if len(unwritten) > 1 or (unwritten and None in read_values and None not in versions):
            values = sorted(map(repr, read_values - versions.keys()))
            raise ValueError(
                f"{key!r} was read as {' and as '.join(values)}, but no recorded operation wrote "
                "that. Record its writes too, or the versions of its operations"
            )
        before = unwritten[0] if unwritten else None
        # A read of nothing can be of several versions: the first one is the least it implies.
        versions[before].insert(0, 0)
        for op in reads:
            if op.line.is_acknowledged:
                value = op.recorded.value
                if value is not None and len(versions[value]) > 1:
                    raise ValueError(
                        f"cannot infer which version of {key!r} was read as {value!r}: the value "
                        "was written more than once. Record the versions of its operations, "
                        "or write unique values"
                    )
                op.access.version = versions[value][0]
        return before

    def _writes_in_order(self, key: str, read_values: set[Value | None]) -> list[_KeyOperation]:
        """Return the writes that are known to have taken effect, in order."""
        certain = [op for op in self.operations if op.line.is_write and op.line.is_acknowledged]
        acknowledged = {op.recorded.value for op in certain}
        noticed = read_values - acknowledged - {None}
        writes = [
            op
            for op in self.operations
            if op.line.is_write and (op.line.is_acknowledged or op.recorded.value in noticed)
        ]
        writes.sort(key=lambda op: op.line.invoked)
        sessions = {op.event.session or op.event.invocation for op in writes}
        locations = {op.line.location for op in writes}
        overlap = any(later.line.invoked < first.event.at for first, later in pairwise(writes))
        if overlap or (len(sessions) > 1 and len(locations) > 1):
            raise ValueError(
                f"cannot order the versions of {key!r}: its writes overlap, or several sessions "
                "wrote it from several locations. Record the versions of its operations"
            )
        return writes

    def _commits(self, key: str, before: Value | None) -> list[Commit]:
        """Return the versions. One that was neither written nor read in the history is an empty
        text.
        """
        last = max((op.version for op in self.operations if op.version is not None), default=0)
        commits = [Commit(version=version, at=None, value="") for version in range(last + 1)]
        commits[0].value = before
        instants = [math.inf] * (last + 1)
        for op in self.operations:
            version = op.version
            if version is None:
                continue
            commit = commits[version]
            if op.line.is_write:
                if commit.event is not None:
                    raise ValueError(f"the history has two writes of version {version} of {key!r}")
                commit.event, commit.value = op.event.number, op.recorded.value
            elif commit.event is None and op.recorded.value is not None:
                commit.value = op.recorded.value
            if not op.line.is_write or op.line.is_acknowledged or op.recorded.version:
                instants[version] = min(instants[version], op.event.at)
        # A version that was seen implies that all earlier versions exist.
        first_seen = list(accumulate(reversed(instants), min))[::-1]
        for commit, instant in zip(commits[1:], first_seen[1:], strict=True):
            commit.at = int(instant)
        return commits

    def _set_latest(self, commits: list[Commit]) -> None:
        """Set the newest version that may have existed at each access, except its own write."""
        invoked = {op.version: op.line.invoked for op in self.operations if op.line.is_write}
        first = [invoked.get(commit.version, commit.at or 0) for commit in commits]
        possible = list(accumulate(reversed(first), min))[::-1]
        for op in self.operations:
            access, latest = op.access, bisect_right(possible, op.event.at) - 1
            if op.line.is_write and access.version is not None and latest <= access.version:
                access.latest = access.version - 1
            else:
                access.latest = max(latest, access.version or 0)
