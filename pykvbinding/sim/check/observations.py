"""The evidence in a trace: each key of each operation as guarantees judge it, and what prose says.

What counts, for all guarantees alike:

- A read of several keys and a list are a read of each key that they looked at.
- A write that was refused is none. One that failed after taking effect is a version like any other,
  but nobody may rely on it: it is not acknowledged. A read that failed has told nothing.
- Something deleted or expired is a version like any other. But an answer of nothing is the same
  whether the key was never there or has been deleted: it counts as the newest version up to then
  of which it could be the answer, where a guarantee asks whether it is new enough, and as the one
  that it was, where a guarantee asks what its reader has learnt.
- What an operation has to know is what had happened when it was asked, not when it took effect:
  of two operations in flight at once (`gather`) neither need know of the other.
- Keys of two bindings are two keys. External effects are no operations.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from pykvbinding._text.glyphs import UNICODE
from pykvbinding._text.tables import shortened
from pykvbinding.sim.trace import TEST, Commit, Event, Look, Trace
from pykvbinding.storage.record import Value

Key: TypeAlias = tuple[str, str]
"""A binding and a key."""

Session: TypeAlias = str | int
"""The name of a session; the number of an invocation that belongs to none."""

Moment: TypeAlias = tuple[int, int]
"""Nanoseconds since the epoch, and the number of the event: many things happen at one instant."""

OK = "ok"

SHOWN_CHARACTERS = 40
"""Of a key or a value, in prose."""

_DID = {"get": "read", "list": "listed", "put": "put", "delete": "deleted"}

Why = TypeVar("Why")


@dataclass(slots=True)
class Fact:
    """One key of one operation that took place.

    `version` is the one that was read, or that the write has become. `shown` is the newest version
    that the answer could be of; it is another one for an answer of nothing only.
    """

    event: Event
    look: Look
    key: Key
    version: int
    shown: int
    is_write: bool

    @property
    def session(self) -> Session:
        """Whose operation it is. The test itself is one session, whatever location it uses."""
        return self.event.session or self.event.invocation

    @property
    def is_acknowledged(self) -> bool:
        """Whether its caller was told that it took effect."""
        return self.event.outcome == OK


class Evidence:
    """A trace as guarantees read it. Making it costs O(operations + versions)."""

    __slots__ = ("_acts", "_events", "_has_many_bindings", "facts", "trace")

    def __init__(self, trace: Trace) -> None:
        self.trace: Trace = trace
        self.facts: list[Fact] = list(_facts(trace))
        self._acts = {act.number: act for act in trace.acts}
        self._events = {event.number: event for event in trace.events}
        self._has_many_bindings = len({fact.key[0] for fact in self.facts}) > 1

    def commit(self, key: Key, version: int) -> Commit | None:
        """A version of a key, `None` if there is none."""
        commits = self.trace.commits.get(key, ())
        return commits[version] if version < len(commits) else None

    def writer(self, key: Key, version: int) -> Event | None:
        """The operation that wrote a version, `None` if none did."""
        commit = self.commit(key, version)
        return None if commit is None or commit.event is None else self._events[commit.event]

    def replaced(self, fact: Fact) -> Commit | None:
        """The version that had replaced this one when its operation was asked, if one had.

        If several had, the one that was written first.
        """
        missed = self.missed(fact)
        return min(missed, key=lambda commit: (commit.at or 0, commit.event or 0), default=None)

    def missed(self, fact: Fact) -> list[Commit]:
        """The newer versions that were there when its operation was asked.

        Runtime complexity: O(newer versions when it took effect).
        """
        commits = self.trace.commits.get(fact.key, ())
        newer = commits[fact.shown + 1 : fact.look.latest + 1]
        return [commit for commit in newer if had_happened(commit, fact)]

    def newest(self, fact: Fact) -> int:
        """The newest version of its key when its operation was asked.

        Runtime complexity: O(versions that were written while it was in flight).
        """
        version = fact.look.latest
        while (commit := self.commit(fact.key, version)) and not had_happened(commit, fact):
            version -= 1
        return version

    # Prose.

    def who(self, event: Event) -> str:
        """How prose calls the invocation of an operation: `visit ②`."""
        if event.invocation == TEST:
            return "the test"
        act = self._acts.get(event.invocation)
        return f"{'invocation' if act is None else act.name} {UNICODE.number(event.invocation)}"

    def earlier(self, event: Event, later: Event) -> str:
        """How prose calls the invocation of an operation in a sentence about a later one."""
        if event.invocation == later.invocation:
            return "it"
        name = event.session or ""
        # The simulator calls a session that nobody has named by a number.
        session = (
            "the same session" if name.removeprefix("#").isdigit() else f"session {quoted(name)}"
        )
        return f"{self.who(event)} of {session}"

    def name(self, key: Key) -> str:
        """A key, with its binding where there are two."""
        binding, name = key
        return f"{binding}/{quoted(name)}" if self._has_many_bindings else quoted(name)

    def did(self, fact: Fact) -> str:
        """What an operation did: `read "visits" = null (version 0)`."""
        return f"{self.wrote(fact)} (version {fact.version})"

    def wrote(self, fact: Fact) -> str:
        """What an operation did, without the version: `put "visits" = "1"`."""
        what = f"{_DID[fact.event.kind]} {self.name(fact.key)}"
        return what if fact.event.kind == "delete" else f"{what} = {_value(fact.look.value)}"

    def version(self, fact: Fact) -> str:
        """What an operation did in a sentence that has named the key: `put version 2`."""
        verb = "deleted it as" if fact.event.kind == "delete" else _DID[fact.event.kind]
        return f"{verb} version {fact.version}"


class Known(Generic[Why]):
    """What is known of one key: the highest version, and since when.

    Versions are noted in the order of the events; one that is not higher tells nothing new.
    """

    __slots__ = ("_moments", "_versions", "_whys")

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._versions: list[int] = []
        self._whys: list[Why] = []

    def note(self, moment: Moment, version: int, why: Why) -> None:
        """From this moment on, this version is known. Runtime complexity: O(1)."""
        if not self._versions or version > self._versions[-1]:
            self._moments.append(moment)
            self._versions.append(version)
            self._whys.append(why)

    def before(self, moment: Moment) -> tuple[int, Why] | None:
        """The highest version that was known before a moment. Runtime complexity: O(log n)."""
        index = bisect_left(self._moments, moment) - 1
        return None if index < 0 else (self._versions[index], self._whys[index])


def asked(event: Event) -> Moment:
    """The moment at which an operation was asked: what happened before it, it has to know."""
    # At one instant, which is all that a run without latency takes, the order of the events tells.
    return event.asked, event.number if event.after is None else event.after + 1


def done(event: Event) -> Moment:
    """The moment at which an operation took effect and was answered."""
    return event.at, event.number


def had_happened(commit: Commit, fact: Fact) -> bool:
    """Whether a version was there when an operation on its key was asked."""
    if commit.version > fact.look.latest:
        return False  # not even when it took effect
    return commit.at is None or (commit.at, commit.event or 0) < asked(fact.event)


def quoted(text: str) -> str:
    """A text in quotes, on one line and not too long."""
    return shortened(json.dumps(text[: SHOWN_CHARACTERS + 1], ensure_ascii=False), SHOWN_CHARACTERS)


def _value(value: Value | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return quoted(value)
    return shortened(repr(value[: SHOWN_CHARACTERS + 1]), SHOWN_CHARACTERS)


def _facts(trace: Trace) -> Iterator[Fact]:
    nothing = {key: _nothing(commits) for key, commits in trace.commits.items()}
    for event in trace.events:
        is_write = event.kind in ("put", "delete")
        if not is_write and event.outcome != OK:
            continue
        for look in event.looks:
            if look.version is None:
                continue
            key = (event.binding, look.key)
            shown = look.version
            if not is_write and look.value is None and key in nothing:
                shown = max(shown, _newest(nothing[key], look.latest, trace.commits[key], event))
            yield Fact(event, look, key, look.version, shown, is_write)


def _nothing(commits: list[Commit]) -> list[int]:
    """For each version the newest one up to it that shows nothing, -1 if none does."""
    newest, answer = -1, []
    for commit in commits:
        newest = commit.version if commit.value is None else newest
        answer.append(newest)
    return answer


def _newest(nothing: list[int], latest: int, commits: list[Commit], event: Event) -> int:
    """The newest version up to `latest` that shows nothing and came in before an event."""
    newest = nothing[latest]
    while newest > 0 and (commits[newest].event or 0) > event.number:
        newest = nothing[newest - 1]
    return newest
