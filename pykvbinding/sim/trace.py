"""The trace of a run: what every operation asked, saw and did, in the order in which it happened.

Guarantees are judged on it and pictures are drawn from it; neither looks at anything else.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pykvbinding.storage.record import Value

Kind: TypeAlias = Literal["get", "put", "delete", "list", "external", "lapse"]

Ending: TypeAlias = Literal["limit", "expiry", "copy", "timer"]

LIST_TTL = 60
"""Seconds for which a list may lag: it has no `cacheTtl`."""

TEST = 0
"""The number that stands for the test itself, where an invocation has its own."""


@dataclass(slots=True, kw_only=True)
class Look:
    """One key of one operation: the version that was read, or that a write has become.

    `version` is `None` for a write that was refused. `latest` is the newest version at that
    instant, just before a write. `value` is what was read or written, `None` for nothing there.
    `because` is the sentence that permits a version that is not the newest, with `age` (seconds
    since it was replaced).
    """

    key: str
    version: int | None
    latest: int
    value: Value | None
    because: str = ""
    age: float = 0

    @property
    def is_stale(self) -> bool:
        """Whether a read saw an older version than there was."""
        return self.version is not None and self.version < self.latest


@dataclass(slots=True, kw_only=True)
class End:
    """Something that ended while time passed, at `at` (nanoseconds since the epoch).

    "limit": the key may be written again. "expiry": that version of it has expired. "copy": reads
    with that `cache_ttl` (seconds) may no longer see that version, which had been replaced.
    "timer": a timer of that invocation is due.
    """

    kind: Ending
    at: int
    binding: str = ""
    key: str = ""
    version: int = 0
    cache_ttl: float = 0
    invocation: int = TEST


@dataclass(slots=True, kw_only=True)
class Event:
    """One operation, at the instant at which it took effect; or time that passed.

    Instants are in nanoseconds since the epoch: `asked` when the handler called, `at` when it took
    effect, which is also when it was answered. `looks` has an item for each key: one of a get, put
    or delete, those of a read of several keys in order, and for a list every key that it looked at.
    `deviates` tells what a schedule has chosen that is not the ordinary thing.
    """

    number: int
    kind: Kind
    at: int
    asked: int
    after: int | None = None
    """The number of the last event that had happened when it was asked; `None`: `asked` tells."""

    invocation: int = TEST
    session: str | None = None
    location: str | None = None
    binding: str = "KV"
    looks: tuple[Look, ...] = ()
    prefix: str | None = None
    """Of a list."""

    name: str = ""
    """Of an external effect."""

    ends: tuple[End, ...] = ()
    """Of time that passes: what that has put an end to, earliest first."""

    cache_ttl: float | None = None
    """Of a read, in seconds."""

    outcome: str = "ok"
    """Or the text of the error."""

    token: str = ""
    """How the schedule spells it."""

    deviates: tuple[str, ...] = ()
    """Of "order", "stale", "accepted", "failed", "roamed", "tombstones", "overtakes", "time"."""


@dataclass(slots=True, kw_only=True)
class Act:
    """One invocation as a picture needs it. `ended` is `None` for one that has not."""

    number: int
    name: str
    location: str
    session: str
    started: int
    ended: int | None = None
    outcome: str = ""
    """The value that it returned, or the error, as text."""


@dataclass(slots=True, kw_only=True)
class Commit:
    """One version of one key. `at` is `None` for what has been so since before anybody looked.

    `event` is the number of the event that wrote it, `None` for what a test put there directly.
    """

    version: int
    at: int | None
    value: Value | None
    event: int | None = None


@dataclass(slots=True)
class Trace:
    """Everything that happened in one network."""

    start: int = 0
    """When the network was made, in nanoseconds since the epoch."""

    events: list[Event] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    commits: dict[tuple[str, str], list[Commit]] = field(default_factory=dict)
    """The versions of each key, by binding and key, oldest first; version 0 is the absence."""

    grace: float = 0
    locations: tuple[str, ...] = ()
    schedule: str = ""
    """The whole run in the language of schedules."""

    place: str = ""
    """Which network it is of, such as "network 1 of 2", where several make one run."""
