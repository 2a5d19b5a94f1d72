"""Trace analysis for rendering: writers, unseen overwrites, and the documentation behind anomalies.

The text and the HTML timeline both use it, so that they agree.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pykvbinding.edge import consistency as contract
from pykvbinding.sim.render.lapse_effects import select_lapse_effects
from pykvbinding.sim.trace import (
    TEST_INVOCATION,
    Commit,
    Event,
    InvocationSpan,
    KeyAccess,
    LapseEffect,
    Trace,
)

OK = "ok"

# Quoted from the Workers KV documentation (seed document 004); `...` is omitted.
RATE_LIMITED = (
    "Writes made to the same key within 1 second will cause rate limiting (`429`) errors to be "
    "thrown."
)
ACCEPTED = "An error may be thrown if a write to the same key is made within 1 second"
UNSEEN = "concurrent writes to the same key can end up overwriting one another"
FAILED = (
    "The put() method returns a Promise that you should `await` on to verify a successful update."
)
TOMBSTONES = (
    "It is possible to have an empty array in `keys`, but still have more keys to fetch, because "
    "recently expired or deleted keys must be iterated through"
)
OVERTAKES = (
    "An approach to achieve write-after-write consistency is to send all of your writes for a "
    "given KV key through a corresponding instance of a Durable Object"
)

DOC_PAGE = {
    contract.UPDATED: "Read key-value pairs",
    contract.CREATED: "How KV works",
    contract.DELETED: "Delete key-value pairs",
    contract.OR_MORE: "How KV works",
    contract.EXPIRED: "Write key-value pairs",
    RATE_LIMITED: "Write key-value pairs",
    ACCEPTED: "Write key-value pairs",
    UNSEEN: "Write key-value pairs",
    FAILED: "Write key-value pairs",
    TOMBSTONES: "List keys",
    OVERTAKES: "How KV works",
}
"""The title of the documentation page that contains a sentence."""

_SENTENCE_OF_DEVIATION = {
    "accepted": ACCEPTED,
    "failed": FAILED,
    "tombstones": TOMBSTONES,
    "overtakes": OVERTAKES,
}

KeyId: TypeAlias = tuple[str, str]
"""A binding and a key."""


@dataclass(slots=True)
class DirectWrite:
    """A version that the test wrote to the central stores directly, without a handler."""

    name: KeyId
    commit: Commit


@dataclass(slots=True)
class _LastSeen:
    """The version of a key that an invocation saw last."""

    version: int
    event: Event
    was_stale: bool


@dataclass(slots=True)
class TraceAnalysis:
    """A trace, and facts derived from it."""

    trace: Trace
    invocations: dict[int, InvocationSpan] = field(init=False)
    key_ids: list[KeyId] = field(init=False)
    """All keys, in the order of their first use."""

    unseen_overwrites: dict[int, tuple[int, int]] = field(init=False)
    """By the number of a write: the first and the last version that it overwrote although its
    invocation, which had read the key before, had not seen them.
    """

    _writes: dict[tuple[str, str, int], Event] = field(init=False)
    _explaining: set[int] = field(init=False)
    _explained: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.invocations = {span.number: span for span in self.trace.invocations}
        accessed = (
            (event.binding, access.key) for event in self.trace.events for access in event.accesses
        )
        self.key_ids = list(dict.fromkeys([*self.trace.commits, *accessed]))
        self._writes = {
            (event.binding, access.key, access.version): event
            for event in self.trace.events
            if is_write(event)
            for access in event.accesses
            if access.version is not None
        }
        self._explained = set()
        self.unseen_overwrites = {}
        self._explaining = set()
        self._find_unseen_overwrites()
        for event in self.trace.events:
            for access in stale_accesses(event):
                self._mark_explaining(
                    event.binding, access.key, self.newer_versions(event, access)[0]
                )
            last = self.reordered_write(event)
            if last is not None:
                self._explaining.add(last.number)

    @property
    def has_many_bindings(self) -> bool:
        """True if keys need their bindings to be distinguished."""
        return len({binding for binding, _ in self.key_ids}) > 1

    @property
    def shows_sessions(self) -> bool:
        """True if several sessions have names."""
        return len({span.session for span in self.trace.invocations if is_named(span)}) > 1

    def location(self, event: Event) -> str:
        """Return the location of an operation, default that of its invocation; "" if unknown."""
        span = self.invocations.get(event.invocation)
        return event.location or (span.location if span is not None else "")

    def needs_location(self, event: Event) -> bool:
        """Return whether the location differs from that of the invocation and must be shown."""
        span = self.invocations.get(event.invocation)
        return event.location is not None and (span is None or span.location != event.location)

    def writer(self, name: KeyId, version: int) -> int:
        """Return the invocation that wrote a version, `TEST_INVOCATION` if none did."""
        event = self.write(*name, version)
        return TEST_INVOCATION if event is None else event.invocation

    def write(self, binding: str, key: str, version: int) -> Event | None:
        """Return the operation that wrote a version, or `None`."""
        return self._writes.get((binding, key, version))

    def newer_versions(self, event: Event, access: KeyAccess) -> list[int]:
        """Return the newer versions that existed when a read saw an older one, in the order of
        writing.

        Runtime complexity: O(n log n) in the number of these versions.
        """
        numbers: dict[int, int] = {}
        for version in range((access.version or 0) + 1, access.latest + 1):
            write = self.write(event.binding, access.key, version)
            numbers[version] = 0 if write is None else write.number
        # A version written after the read was committed below the versions that it could see.
        return sorted((v for v in numbers if numbers[v] <= event.number), key=numbers.__getitem__)

    def reordered_write(self, event: Event) -> Event | None:
        """Return the earlier write before which this write was committed, or `None`."""
        if "overtakes" not in event.deviations:
            return None
        (access,) = event.accesses
        name, below = (event.binding, access.key), access.version or 0
        above = (commit.version for commit in self.commits(name) if commit.version > below)
        writes = (self.write(*name, version) for version in above)
        return next((item for item in writes if item and item.number < event.number), None)

    def commits(self, name: KeyId) -> list[Commit]:
        """Return the versions of a key that were written, oldest first."""
        return [commit for commit in self.trace.commits.get(name, ()) if commit.version > 0]

    def initial_records(self) -> list[DirectWrite]:
        """Return what the central stores held before the first instant."""
        return [
            DirectWrite(name, commits[-1])
            for name in self.trace.commits
            if (commits := [commit for commit in self.commits(name) if commit.at is None])
        ]

    def steps(self) -> Iterator[Event | DirectWrite]:
        """Yield operations and direct writes of the test, in order."""
        direct_writes = [
            DirectWrite(name, commit)
            for name in self.trace.commits
            for commit in self.commits(name)
            if commit.at is not None and (*name, commit.version) not in self._writes
        ]
        positioned = [
            (self._position(direct_write), direct_write) for direct_write in direct_writes
        ]
        positioned.sort(key=lambda item: item[0])
        for index, event in enumerate(self.trace.events):
            while positioned and positioned[0][0] <= index:
                yield positioned.pop(0)[1]
            yield event
        yield from (direct_write for _, direct_write in positioned)

    def is_notable(self, event: Event) -> bool:
        """Return whether an operation deviates from the default, failed or was stale."""
        return bool(event.deviations) or event.outcome != OK or any(stale_accesses(event))

    def explains_notable(self, event: Event) -> bool:
        """Return whether an operation explains a notable one, or overwrote unseen versions."""
        return event.number in self._explaining or event.number in self.unseen_overwrites

    def select_lapse_effects(self, lapse: Event) -> list[list[LapseEffect]]:
        """Return the effects of a lapse that matter to later operations, grouped."""
        later = (event for event in self.trace.events if event.number > lapse.number)
        return select_lapse_effects(lapse, later)

    def has_expired(self, event: Event, access: KeyAccess) -> bool:
        """Return whether a read returned nothing because the value had expired."""
        if access.value is not None or is_write(event) or access.version is None:
            return False
        versions = self.commits((event.binding, access.key))
        return any(c.version == access.version and c.value is not None for c in versions)

    def sentences(self) -> list[str]:
        """Return the sentences of the documentation that permit the run, without duplicates."""
        sentences: dict[str, None] = {}
        for event in self.trace.events:
            sentences.update(
                (access.justification, None)
                for access in stale_accesses(event)
                if access.justification
            )
            sentences.update(
                (_SENTENCE_OF_DEVIATION[d], None)
                for d in event.deviations
                if d in _SENTENCE_OF_DEVIATION
            )
            if is_write(event) and "429" in event.outcome and "failed" not in event.deviations:
                sentences[RATE_LIMITED] = None
            if event.number in self.unseen_overwrites and event.number not in self._explained:
                sentences[UNSEEN] = None
        return list(sentences)

    def _find_unseen_overwrites(self) -> None:
        last: dict[int, dict[KeyId, _LastSeen]] = defaultdict(dict)
        for event in self.trace.events:
            if event.invocation == TEST_INVOCATION:
                continue  # the test does not base its writes on its reads
            known = last[event.invocation]
            for access in event.accesses:
                name = (event.binding, access.key)
                if access.version is None:
                    continue
                if is_write(event) and name in known and known[name].version + 1 < access.version:
                    self._record_unseen_overwrite(event, access, known[name])
                if event.kind != "list":
                    known[name] = _LastSeen(access.version, event, access.is_stale)

    def _record_unseen_overwrite(self, event: Event, access: KeyAccess, seen: _LastSeen) -> None:
        assert access.version is not None
        self.unseen_overwrites[event.number] = (seen.version + 1, access.version - 1)
        self._explaining.add(seen.event.number)
        if seen.was_stale:
            self._explained.add(event.number)
        for version in range(seen.version + 1, access.version):
            self._mark_explaining(event.binding, access.key, version)

    def _position(self, direct_write: DirectWrite) -> int:
        """Return the index of the event before which a direct write is placed, as early as its
        instant and the reads allow.
        """
        events = self.trace.events
        blind = [
            index
            for index, event in enumerate(events)
            for access in event.accesses
            if (event.binding, access.key) == direct_write.name
            and access.latest < direct_write.commit.version
        ]
        at = direct_write.commit.at or 0
        earlier = (event.at < at or (event.kind == "lapse" and event.at == at) for event in events)
        return max([sum(earlier), *(index + 1 for index in blind)])

    def _mark_explaining(self, binding: str, key: str, version: int) -> None:
        event = self._writes.get((binding, key, version))
        if event is not None:
            self._explaining.add(event.number)


def is_write(event: Event) -> bool:
    """Return whether an operation changes a key."""
    return event.kind in ("put", "delete")


def stale_accesses(event: Event) -> Iterator[KeyAccess]:
    """Yield the keys of which a read returned an older version."""
    return (access for access in event.accesses if access.is_stale and not is_write(event))


def is_named(span: InvocationSpan) -> bool:
    """Return whether the session of an invocation has a name; a number is not a name."""
    return not span.session.removeprefix("#").isdigit() and bool(span.session)
