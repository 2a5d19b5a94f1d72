"""The ledger: every version that each key of a namespace has had, in the order of the commits."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pykvbinding.clock import NANOSECONDS, Clock
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store


@dataclass(slots=True)
class Version:
    """One version of one key.

    `number` counts from 0, which is the absence before the first write. `record` is `None` for an
    absence or a deletion. `committed` is in nanoseconds since the epoch, `None` for what has been
    so since before anybody looked; `location` is where it was written, `None` if that is nowhere.
    `place` counts the commits of its namespace, from 1: several may be of one instant. Later
    versions are committed later, but for those that `Ledger.insert` has put below others.
    """

    number: int
    record: Record | None
    committed: int | None
    location: str | None
    place: int = field(default=0, compare=False)

    def is_expired(self, now: int) -> bool:
        """Whether its record has expired at `now`, in nanoseconds."""
        expiration = None if self.record is None else self.record.expiration
        return expiration is not None and expiration * NANOSECONDS <= now


NEVER = Version(0, None, None, None)
"""Before the first write."""


class Ledger:
    """The versions of every key of one namespace.

    It follows the engine: what a test puts there directly is a version too. A key that nobody has
    read or written before was always so; any other change gets the instant at which it is noticed.
    """

    __slots__ = ("_clock", "_commits", "_engine", "_versions")

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._versions: dict[str, list[Version]] = {}
        self._commits = 0

    def latest(self, key: str) -> Version:
        """The newest version of a key. Runtime complexity: O(1)."""
        return self.versions(key)[-1]

    def versions(self, key: str) -> Sequence[Version]:
        """All versions of a key, oldest first. Runtime complexity: O(1)."""
        record = self._engine.lookup(key)
        known = self._versions.get(key)
        if known is None:
            always = [NEVER] if record is None else [NEVER, Version(1, record, None, None)]
            self._versions[key] = always
            return always
        last = known[-1]
        if last.record is not record:
            now = self._clock.now_nanoseconds()
            if record is not None or not last.is_expired(now):  # or the engine has only tidied up
                self._commits += 1
                known.append(Version(last.number + 1, record, now, None, self._commits))
        return known

    def keys(self, prefix: str, after: str | None) -> list[str]:
        """Every key with the prefix, beyond `after`, that has or had a record, in order.

        Runtime complexity: O(n log n).
        """
        names = {key for key in self._versions if key.startswith(prefix)}
        names.update(self._engine.scan(prefix, after, sys.maxsize - 1, 0).names)
        return sorted(
            key
            for key in names
            if (after is None or key > after)
            and any(version.record is not None for version in self.versions(key))
        )

    def __iter__(self) -> Iterator[str]:
        """Every key that anybody has read or written."""
        return iter(list(self._versions))

    def commit(self, key: str, record: Record | None, location: str | None) -> int:
        """Note a write that the engine is about to carry out; the number of its version."""
        versions = self.versions(key)
        number = versions[-1].number + 1
        now = self._clock.now_nanoseconds()
        self._commits += 1
        self._versions[key].append(Version(number, record, now, location, self._commits))
        return number

    def insert(self, key: str, record: Record | None, location: str | None) -> int:
        """Note a write that comes in before the newest one, though it was made after it.

        The engine goes on to hold the newest, which gets the next number; the answer is the number
        that it had, and that the write has now. Runtime complexity: O(1).
        """
        newest = self.versions(key)[-1]
        number, now = newest.number, self._clock.now_nanoseconds()
        newest.number = number + 1
        self._commits += 1
        self._versions[key].insert(-1, Version(number, record, now, location, self._commits))
        return number


class LedgerStore:
    """The layer that writes the ledger and tells each answer's version.

    Lists do not pass through it: its `list` is that of the next store.
    """

    __slots__ = ("_inner", "_ledger", "_location", "list")

    def __init__(self, inner: Store, ledger: Ledger, location: str | None = None) -> None:
        self._inner = inner
        self._ledger = ledger
        self._location = location
        self.list = inner.list

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key, with its version."""
        found = await self._inner.get(key, cache_ttl)
        found.version = self._ledger.latest(key).number
        return found

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys, each with its version."""
        answer = await self._inner.get_many(keys, cache_ttl)
        for key, found in answer.items():
            found.version = self._ledger.latest(key).number
        return answer

    async def put(self, key: str, record: Record) -> int:
        """Write one key; its new version."""
        version = self._ledger.commit(key, record, self._location)
        await self._inner.put(key, record)
        return version

    async def delete(self, key: str) -> int:
        """Remove one key; its new version."""
        version = self._ledger.commit(key, None, self._location)
        await self._inner.delete(key)
        return version


class NumberedPages:
    """The layer that tells the version of each name on a page, for schedules and their pictures.

    It costs as much as the page is long. All but lists are those of the next store.
    """

    __slots__ = ("_inner", "_ledger", "delete", "get", "get_many", "put")

    def __init__(self, inner: Store, ledger: Ledger) -> None:
        self._inner = inner
        self._ledger = ledger
        self.get = inner.get
        self.get_many = inner.get_many
        self.put = inner.put
        self.delete = inner.delete

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page, with the version of each name on it."""
        page = await self._inner.list(prefix, after, limit)
        page.versions = {name: self._ledger.latest(name).number for name in page.names}
        return page
