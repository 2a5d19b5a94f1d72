"""The trace of a run: what every operation requested, read and wrote, in order.

Guarantees are checked and pictures are drawn from the trace alone.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pykvbinding.storage.record import Value

OperationKind: TypeAlias = Literal["get", "put", "delete", "list", "external", "lapse"]

LapseEffectKind: TypeAlias = Literal["limit", "expiry", "copy", "timer"]

LIST_TTL = 60
"""Seconds by which a list may lag; a list has no `cacheTtl`."""

TEST_INVOCATION = 0
"""The invocation number of operations that the test itself makes."""


@dataclass(slots=True, kw_only=True)
class KeyAccess:
    """One key of one operation: the version that was read, or that a write created.

    `version` is `None` for a refused write. `latest` is the newest version at that instant, just
    before a write. `value` is the value that was read or written, `None` if absent. For a version
    that is not the newest, `justification` is the sentence of the documentation that permits it,
    and `age` is the number of seconds since it was superseded.
    """

    key: str
    version: int | None
    latest: int
    value: Value | None
    justification: str = ""
    age: float = 0

    @property
    def is_stale(self) -> bool:
        """True if a read returned an older version than the newest."""
        return self.version is not None and self.version < self.latest


@dataclass(slots=True, kw_only=True)
class LapseEffect:
    """Something that ended while time passed, at `at` (nanoseconds since the epoch).

    "limit": the key can be written again. "expiry": that version of the key expired. "copy": reads
    with that `cache_ttl` (seconds) can no longer return that version, which had been superseded.
    "timer": a timer of that invocation is due.
    """

    kind: LapseEffectKind
    at: int
    binding: str = ""
    key: str = ""
    version: int = 0
    cache_ttl: float = 0
    invocation: int = TEST_INVOCATION


@dataclass(slots=True, kw_only=True)
class Event:
    """One operation at the instant at which it took effect, or a lapse of time.

    Instants are in nanoseconds since the epoch: `invoked` when the handler called, `at` when the
    operation took effect and returned. `accesses` has one item per key: one for a get, put or
    delete, one per key in order for a read of several keys, and every key that a list examined.
    `deviations` lists the choices of the schedule that differ from the default.
    """

    number: int
    kind: OperationKind
    at: int
    invoked: int
    after: int | None = None
    """The number of the last event before the invocation; `None` if `invoked` decides."""

    invocation: int = TEST_INVOCATION
    session: str | None = None
    location: str | None = None
    binding: str = "KV"
    accesses: tuple[KeyAccess, ...] = ()
    prefix: str | None = None
    """The prefix of a list."""

    name: str = ""
    """The name of an external effect."""

    lapse_effects: tuple[LapseEffect, ...] = ()
    """For a lapse of time: what ended during it, earliest first."""

    cache_ttl: float | None = None
    """Of a read, in seconds."""

    outcome: str = "ok"
    """"ok", or the text of the error."""

    token: str = ""
    """The token of the event in the schedule."""

    deviations: tuple[str, ...] = ()
    """Any of "order", "stale", "accepted", "failed", "roamed", "tombstones", "overtakes", "time".

    """


@dataclass(slots=True, kw_only=True)
class InvocationSpan:
    """One invocation of a handler. `ended` is `None` while it is running."""

    number: int
    name: str
    location: str
    session: str
    started: int
    ended: int | None = None
    outcome: str = ""
    """The returned value, or the error, as text."""


@dataclass(slots=True, kw_only=True)
class Commit:
    """One version of one key. `at` is `None` if it existed before the simulation began.

    `event` is the number of the event that wrote it, `None` if the test wrote it directly.
    """

    version: int
    at: int | None
    value: Value | None
    event: int | None = None


@dataclass(slots=True)
class Trace:
    """Everything that happened in one network."""

    start: int = 0
    """When the network was created, in nanoseconds since the epoch."""

    events: list[Event] = field(default_factory=list)
    invocations: list[InvocationSpan] = field(default_factory=list)
    commits: dict[tuple[str, str], list[Commit]] = field(default_factory=dict)
    """The versions of each key, by binding and key, oldest first; version 0 is the absence."""

    staleness_grace_seconds: float = 0
    locations: tuple[str, ...] = ()
    schedule: str = ""
    """The schedule string of the whole run."""

    network_label: str = ""
    """Identifies the network if a run has several, for example "network 1 of 2"."""
