"""Histories that were recorded elsewhere, in production above all, as traces."""

import math
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from pykvbinding.sim.check.jsonl import Glimpse, Row, Source, read_rows
from pykvbinding.sim.check.observations import Key
from pykvbinding.sim.trace import Act, Commit, Event, Look, Trace
from pykvbinding.storage.record import Value


def read_history(source: Source, *, session: str = "session") -> Trace:
    """A recorded history, for `check(read_history("prod.jsonl"), monotonic_reads)`.

    `source` is a path, a text, or lines: JSON objects, one for each operation, with the fields of
    `pykvbinding.sim.check.jsonl`; `History.to_jsonl()` writes such. `session` is the field that
    tells whose operation it was. An operation that names no invocation is one by itself, and one
    that names no session is of its invocation alone, so the guarantees to them are not exercised.

    Where every operation on a key tells its version, that is taken. Where one does not, versions
    are concluded from the values: the writes of the key must follow one another and be of one
    session or from one location, and no value that was read may have been written twice. What was
    read and never written was there before. A failed write counts if somebody has read its value.
    An answer of nothing is of before the first write, or of a delete; a key that expires needs
    versions. Nobody knows when exactly a write took effect: it counts from its answer, or from the
    first answer that shows it. What is blamed is so whenever that was. Lists tell no versions.

    Raises: ValueError for a line that is none, and for a key whose versions cannot be concluded.
    """
    rows = sorted(read_rows(source, session), key=lambda row: _at(row, math.inf))
    end = max((row.at or row.asked for row in rows), default=0)
    trace = Trace(start=min((row.asked for row in rows), default=0))
    trace.locations = tuple(dict.fromkeys(row.location for row in rows if row.location is not None))
    histories: dict[Key, _KeyHistory] = defaultdict(_KeyHistory)
    numbers: dict[str, int] = {}
    for row in rows:
        if row.at is None and not row.is_write:
            continue  # nobody was told anything
        event = _event(row, len(trace.events) + 1, end)
        event.invocation = _invocation(trace, row, event, numbers)
        trace.events.append(event)
        for glimpse, look in zip(row.glimpses, event.looks, strict=True):
            history = histories[event.binding, glimpse.key]
            history.moments.append(_Moment(row, glimpse, event, look))
    for (binding, key), history in histories.items():
        trace.commits[binding, key] = history.conclude(key)
    return trace


def _at(row: Row, never: float) -> float:
    return never if row.at is None else row.at


def _event(row: Row, number: int, end: int) -> Event:
    looks = [Look(key=each.key, version=None, latest=0, value=each.value) for each in row.glimpses]
    return Event(
        number=number,
        kind=row.kind,
        at=end if row.at is None else row.at,
        asked=row.asked,
        session=row.session,
        location=row.location,
        binding=row.binding,
        looks=tuple(looks),
        prefix=row.prefix,
        cache_ttl=row.cache_ttl,
        outcome="(in flight)" if row.at is None else row.outcome,
    )


def _invocation(trace: Trace, row: Row, event: Event, numbers: dict[str, int]) -> int:
    """The number of its invocation, which is added to the trace if it is new."""
    known = None if row.invocation is None else numbers.get(row.invocation)
    if known is not None:
        act = trace.acts[known - 1]
        act.started, act.ended = min(act.started, event.asked), event.at
        return known
    act = Act(
        number=len(trace.acts) + 1,
        name=row.invocation or row.kind,
        location=row.location or "",
        session=row.session or "",
        started=event.asked,
        ended=event.at,
    )
    trace.acts.append(act)
    if row.invocation is not None:
        numbers[row.invocation] = act.number
    return act.number


@dataclass(slots=True)
class _Moment:
    """One operation on one key: as recorded, and as the trace has it."""

    row: Row
    glimpse: Glimpse
    event: Event
    look: Look

    @property
    def version(self) -> int | None:
        return self.look.version


@dataclass(slots=True)
class _KeyHistory:
    """All operations on one key, in the order of their answers."""

    moments: list[_Moment] = field(default_factory=list)

    def conclude(self, key: str) -> list[Commit]:
        """Give every look its version, and tell the versions. O(n log n)."""
        told = [each for each in self.moments if each.row.is_acknowledged]
        before: Value | None = None
        if all(each.glimpse.version is not None for each in told):
            for each in self.moments:
                each.look.version = each.glimpse.version
        else:
            before = self._infer(key)
        self._forget_failed_reads()
        commits = self._commits(key, before)
        self._tell_latest(commits)
        return commits

    def _forget_failed_reads(self) -> None:
        for each in self.moments:
            if not each.row.is_write and not each.row.is_acknowledged:
                each.look.version = None

    def _infer(self, key: str) -> Value | None:
        """Conclude versions from values; the value from before the first write."""
        reads = [each for each in self.moments if not each.row.is_write]
        shown = {each.glimpse.value for each in reads if each.row.is_acknowledged}
        writes = self._writes_in_order(key, shown)
        versions: dict[Value | None, list[int]] = defaultdict(list)
        for number, write in enumerate(writes, 1):
            write.look.version = number
            versions[write.glimpse.value].append(number)
        unwritten = [value for value in shown if value is not None and value not in versions]
        if len(unwritten) > 1 or (unwritten and None in shown and None not in versions):
            values = sorted(map(repr, shown - versions.keys()))
            raise ValueError(
                f"{key!r} was read as {' and as '.join(values)}, and nobody has written that. "
                "Record its writes, too, or the versions of its operations"
            )
        before = unwritten[0] if unwritten else None
        # An answer of nothing may be of any of several: the first is what it says at least.
        versions[before].insert(0, 0)
        for each in reads:
            if each.row.is_acknowledged:
                value = each.glimpse.value
                if value is not None and len(versions[value]) > 1:
                    raise ValueError(
                        f"which version of {key!r} was read as {value!r} cannot be told: it was "
                        "written twice. Record the versions of its operations, or write values "
                        "that are unique"
                    )
                each.look.version = versions[value][0]
        return before

    def _writes_in_order(self, key: str, shown: set[Value | None]) -> list[_Moment]:
        """The writes that took effect, as far as anybody has noticed."""
        certain = [each for each in self.moments if each.row.is_write and each.row.is_acknowledged]
        acknowledged = {each.glimpse.value for each in certain}
        noticed = shown - acknowledged - {None}
        writes = [
            each
            for each in self.moments
            if each.row.is_write and (each.row.is_acknowledged or each.glimpse.value in noticed)
        ]
        writes.sort(key=lambda each: each.row.asked)
        sessions = {each.event.session or each.event.invocation for each in writes}
        locations = {each.row.location for each in writes}
        overlap = any(later.row.asked < first.event.at for first, later in pairwise(writes))
        if overlap or (len(sessions) > 1 and len(locations) > 1):
            raise ValueError(
                f"which version of {key!r} came first cannot be told: it was written twice at "
                "once, or by several sessions from several locations. Record the versions of its "
                "operations"
            )
        return writes

    def _commits(self, key: str, before: Value | None) -> list[Commit]:
        """The versions. What nobody has seen written or read is an empty text: no answer fits."""
        last = max((each.version for each in self.moments if each.version is not None), default=0)
        commits = [Commit(version=version, at=None, value="") for version in range(last + 1)]
        commits[0].value = before
        instants = [math.inf] * (last + 1)
        for each in self.moments:
            version = each.version
            if version is None:
                continue
            commit = commits[version]
            if each.row.is_write:
                if commit.event is not None:
                    raise ValueError(
                        f"version {version} of {key!r} was written twice, by what was recorded"
                    )
                commit.event, commit.value = each.event.number, each.glimpse.value
            elif commit.event is None and each.glimpse.value is not None:
                commit.value = each.glimpse.value
            if not each.row.is_write or each.row.is_acknowledged or each.glimpse.version:
                instants[version] = min(instants[version], each.event.at)
        # Who shows a version shows that those before it are there, too.
        shown = list(accumulate(reversed(instants), min))[::-1]
        for commit, instant in zip(commits[1:], shown[1:], strict=True):
            commit.at = int(instant)
        return commits

    def _tell_latest(self, commits: list[Commit]) -> None:
        """Tell each look the newest version that may have been there, beside what it wrote."""
        asked = {each.version: each.row.asked for each in self.moments if each.row.is_write}
        first = [asked.get(commit.version, commit.at or 0) for commit in commits]
        possible = list(accumulate(reversed(first), min))[::-1]
        for each in self.moments:
            look, latest = each.look, bisect_right(possible, each.event.at) - 1
            if each.row.is_write and look.version is not None and latest <= look.version:
                look.latest = look.version - 1
            else:
                look.latest = max(latest, look.version or 0)
