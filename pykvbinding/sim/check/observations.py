"""Trace preprocessing for guarantees: one observation per key of each operation, and messages.

Rules shared by all guarantees:

- A read of several keys and a list count as one read of each key that they accessed.
- A refused write is not an operation. A write that failed after taking effect creates a version,
  but it is not acknowledged, so no later operation has to observe it. A failed read returns
  nothing.
- A deleted or expired value is a version like any other. But a read of nothing is the same whether
  the key never existed or was deleted. Where a guarantee asks whether a read is new enough, it
  counts as the newest consistent version; where a guarantee asks what the reader learned, it counts
  as the version that was actually read.
- An operation must observe what had happened when it was invoked, not when it took effect: of two
  concurrent operations (`gather`), neither has to observe the other.
- The same key in two bindings is two keys. External effects are not operations.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from pykvbinding._text.glyphs import UNICODE
from pykvbinding._text.tables import shorten
from pykvbinding.sim.trace import TEST_INVOCATION, Commit, Event, KeyAccess, Trace
from pykvbinding.storage.record import Value

Key: TypeAlias = tuple[str, str]
"""A binding and a key."""

SessionId: TypeAlias = str | int
"""The name of a session, or the number of an invocation that belongs to no session."""

LogicalTime: TypeAlias = tuple[int, int]
"""Nanoseconds since the epoch, and the number of the event, which orders events of one instant."""

OK = "ok"

MAX_SHOWN_CHARACTERS = 40
"""Limit for a key or a value in a message."""

_VERBS = {"get": "read", "list": "listed", "put": "put", "delete": "deleted"}

Cause = TypeVar("Cause")


@dataclass(slots=True)
class Observation:
    """One key of one operation that took effect.

    `version` is the version that was read or written. `newest_consistent_version` is the newest
    version that the result could be of. It differs from `version` only for reads of nothing.
    """

    event: Event
    access: KeyAccess
    key: Key
    version: int
    newest_consistent_version: int
    is_write: bool

    @property
    def session(self) -> SessionId:
        """The session of the operation. The test itself is one session at all locations."""
        return self.event.session or self.event.invocation

    @property
    def is_acknowledged(self) -> bool:
        """True if the caller received a response that the operation took effect."""
        return self.event.outcome == OK


class Observations:
    """A trace, preprocessed for guarantees. Construction costs O(operations + versions)."""

    __slots__ = ("_events", "_has_many_bindings", "_invocations", "entries", "trace")

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.entries = list(_observations(trace))
        self._invocations = {span.number: span for span in trace.invocations}
        self._events = {event.number: event for event in trace.events}
        self._has_many_bindings = len({observation.key[0] for observation in self.entries}) > 1

    def commit(self, key: Key, version: int) -> Commit | None:
        """Return a version of a key, or `None` if it does not exist."""
        commits = self.trace.commits.get(key, ())
        return commits[version] if version < len(commits) else None

    def writer(self, key: Key, version: int) -> Event | None:
        """Return the operation that wrote a version, or `None`."""
        commit = self.commit(key, version)
        return None if commit is None or commit.event is None else self._events[commit.event]

    def superseding_commit(self, observation: Observation) -> Commit | None:
        """Return the version that had superseded this one when its operation was invoked, or
        `None`.

        If there are several, return the one that was written first.
        """
        missed_commits = self.missed_commits(observation)
        return min(
            missed_commits, key=lambda commit: (commit.at or 0, commit.event or 0), default=None
        )

    def missed_commits(self, observation: Observation) -> list[Commit]:
        """Return the newer versions that existed when the operation was invoked.

        Runtime complexity: O(newer versions when it took effect).
        """
        commits = self.trace.commits.get(observation.key, ())
        newer = commits[observation.newest_consistent_version + 1 : observation.access.latest + 1]
        return [commit for commit in newer if was_visible(commit, observation)]

    def newest(self, observation: Observation) -> int:
        """Return the newest version of the key when the operation was invoked.

        Runtime complexity: O(versions written while it was in flight).
        """
        version = observation.access.latest
        while (commit := self.commit(observation.key, version)) and not was_visible(
            commit, observation
        ):
            version -= 1
        return version

    def describe_invocation(self, event: Event) -> str:
        """Return the name of an operation's invocation in messages: `visit ②`."""
        if event.invocation == TEST_INVOCATION:
            return "the test"
        span = self._invocations.get(event.invocation)
        return f"{'invocation' if span is None else span.name} {UNICODE.number(event.invocation)}"

    def describe_earlier_invocation(self, event: Event, later: Event) -> str:
        """Return the name of an earlier operation's invocation in a sentence about `later`."""
        if event.invocation == later.invocation:
            return "it"
        name = event.session or ""
        # The simulator numbers sessions that have no name.
        session = (
            "the same session" if name.removeprefix("#").isdigit() else f"session {quote(name)}"
        )
        return f"{self.describe_invocation(event)} of {session}"

    def format_key(self, key: Key) -> str:
        """Return a key, prefixed with its binding if there are several bindings."""
        binding, name = key
        return f"{binding}/{quote(name)}" if self._has_many_bindings else quote(name)

    def describe_with_invocation(self, observation: Observation) -> str:
        """Describe an operation with its invocation: `visit ② read "visits" = null (version 0)`."""
        return f"{self.describe_invocation(observation.event)} {self.describe(observation)}"

    def describe(self, observation: Observation) -> str:
        """Describe an operation with its version: `read "visits" = null (version 0)`."""
        return f"{self.describe_write(observation)} (version {observation.version})"

    def describe_write(self, observation: Observation) -> str:
        """Describe an operation without its version: `put "visits" = "1"`."""
        what = f"{_VERBS[observation.event.kind]} {self.format_key(observation.key)}"
        return (
            what
            if observation.event.kind == "delete"
            else f"{what} = {_format_value(observation.access.value)}"
        )

    def version(self, observation: Observation) -> str:
        """Describe an operation in a sentence that already names the key: `put version 2`."""
        verb = (
            "deleted it as"
            if observation.event.kind == "delete"
            else _VERBS[observation.event.kind]
        )
        return f"{verb} version {observation.version}"


class VersionFrontier(Generic[Cause]):
    """The highest known version of one key over time.

    Versions are recorded in the order of the events; a version that is not higher is ignored.
    """

    __slots__ = ("_causes", "_times", "_versions")

    def __init__(self) -> None:
        self._times: list[LogicalTime] = []
        self._versions: list[int] = []
        self._causes: list[Cause] = []

    def record(self, moment: LogicalTime, version: int, cause: Cause) -> None:
        """Record that a version is known from `moment` on. Runtime complexity: O(1)."""
        if not self._versions or version > self._versions[-1]:
            self._times.append(moment)
            self._versions.append(version)
            self._causes.append(cause)

    def before(self, moment: LogicalTime) -> tuple[int, Cause] | None:
        """Return the highest version known before `moment`. Runtime complexity: O(log n)."""
        index = bisect_left(self._times, moment) - 1
        return None if index < 0 else (self._versions[index], self._causes[index])


def invoked_at(event: Event) -> LogicalTime:
    """Return when an operation was invoked: it must observe everything before this time."""
    # Without latency, all events of a run share one instant: their order decides.
    return event.invoked, event.number if event.after is None else event.after + 1


def completed_at(event: Event) -> LogicalTime:
    """Return when an operation took effect and returned."""
    return event.at, event.number


def was_visible(commit: Commit, observation: Observation) -> bool:
    """Return whether a version existed when an operation on its key was invoked."""
    if commit.version > observation.access.latest:
        return False  # did not exist when the operation took effect
    return commit.at is None or (commit.at, commit.event or 0) < invoked_at(observation.event)


def quote(text: str) -> str:
    """Return a text in quotes, on one line, shortened."""
    return shorten(
        json.dumps(text[: MAX_SHOWN_CHARACTERS + 1], ensure_ascii=False), MAX_SHOWN_CHARACTERS
    )


def _format_value(value: Value | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return quote(value)
    return shorten(repr(value[: MAX_SHOWN_CHARACTERS + 1]), MAX_SHOWN_CHARACTERS)


def _observations(trace: Trace) -> Iterator[Observation]:
    nothing = {key: _newest_absences(commits) for key, commits in trace.commits.items()}
    for event in trace.events:
        is_write = event.kind in ("put", "delete")
        if not is_write and event.outcome != OK:
            continue
        for access in event.accesses:
            if access.version is None:
                continue
            key = (event.binding, access.key)
            newest_consistent_version = access.version
            if not is_write and access.value is None and key in nothing:
                newest_consistent_version = max(
                    newest_consistent_version,
                    _newest_absence(nothing[key], access.latest, trace.commits[key], event),
                )
            yield Observation(
                event, access, key, access.version, newest_consistent_version, is_write
            )


def _newest_absences(commits: list[Commit]) -> list[int]:
    """Return, for each version, the newest version up to it without a value, or -1."""
    newest, result = -1, []
    for commit in commits:
        newest = commit.version if commit.value is None else newest
        result.append(newest)
    return result


def _newest_absence(nothing: list[int], latest: int, commits: list[Commit], event: Event) -> int:
    """Return the newest version up to `latest` that has no value and precedes an event."""
    newest = nothing[latest]
    while newest > 0 and (commits[newest].event or 0) > event.number:
        newest = nothing[newest - 1]
    return newest
