"""The version log: all versions of each key of a namespace, in commit order."""

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
    absence or a deletion. `committed_ns` is in nanoseconds since the epoch, `None` if the version
    is older than the log. `location` is where it was written, `None` if not through a location.
    `commit_index` counts the commits of the namespace from 1, because several can happen at one
    instant. Later versions have later commits, except for those that
    `VersionLog.insert_before_latest` has inserted below another one.
    """

    number: int
    record: Record | None
    committed_ns: int | None
    location: str | None
    commit_index: int = field(default=0, compare=False)

    def is_expired(self, now_ns: int) -> bool:
        """Return whether the record has expired at `now_ns`, in nanoseconds."""
        expiration = None if self.record is None else self.record.expiration
        return expiration is not None and expiration * NANOSECONDS <= now_ns


ABSENT_VERSION = Version(0, None, None, None)
"""The version of a key before its first write."""


class VersionLog:
    """The versions of every key of one namespace.

    The log follows the engine: a record that a test stores directly is a version too. A key first
    seen now is assumed to have always had its current value; any other direct change is dated with
    the instant at which it is detected.
    """

    __slots__ = ("_clock", "_commits", "_engine", "_versions")

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._versions: dict[str, list[Version]] = {}
        self._commits = 0

    def latest(self, key: str) -> Version:
        """Return the newest version of a key. Runtime complexity: O(1)."""
        return self.versions(key)[-1]

    def versions(self, key: str) -> Sequence[Version]:
        """Return all versions of a key, oldest first. Runtime complexity: O(1)."""
        record = self._engine.lookup(key)
        versions = self._versions.get(key)
        if versions is None:
            versions = [ABSENT_VERSION]
            if record is not None:
                versions.append(Version(1, record, None, None))
            self._versions[key] = versions
            return versions
        last = versions[-1]
        if last.record is not record:
            now_ns = self._clock.now_nanoseconds()
            # An absent record after an expired one is not a change: the engine has evicted it.
            if record is not None or not last.is_expired(now_ns):
                self._commits += 1
                versions.append(Version(last.number + 1, record, now_ns, None, self._commits))
        return versions

    def keys(self, prefix: str, after: str | None) -> list[str]:
        """Return the keys with the prefix, after `after`, that have or had a record, sorted.

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
        """Iterate over the keys that have been read or written."""
        return iter(list(self._versions))

    def commit(self, key: str, record: Record | None, location: str | None) -> int:
        """Add a version that the engine is about to store; return its number."""
        versions = self.versions(key)
        number = versions[-1].number + 1
        now_ns = self._clock.now_nanoseconds()
        self._commits += 1
        self._versions[key].append(Version(number, record, now_ns, location, self._commits))
        return number

    def insert_before_latest(self, key: str, record: Record | None, location: str | None) -> int:
        """Add a version before the newest one, although it was written after it.

        The engine still stores the newest version, which gets the next number. Return the number of
        the added version, which is the previous number of the newest. Runtime complexity: O(1).
        """
        newest = self.versions(key)[-1]
        number, now_ns = newest.number, self._clock.now_nanoseconds()
        newest.number = number + 1
        self._commits += 1
        self._versions[key].insert(-1, Version(number, record, now_ns, location, self._commits))
        return number


class VersionStore:
    """The layer that adds every write to the version log and its version to every result.

    Lists bypass it: its `list` is that of the next store.
    """

    __slots__ = ("_inner", "_location", "_version_log", "list")

    def __init__(self, inner: Store, version_log: VersionLog, location: str | None = None) -> None:
        self._inner = inner
        self._version_log = version_log
        self._location = location
        self.list = inner.list

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key with its version."""
        result = await self._inner.get(key, cache_ttl)
        result.version = self._version_log.latest(key).number
        return result

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys, each with its version."""
        results = await self._inner.get_many(keys, cache_ttl)
        for key, result in results.items():
            result.version = self._version_log.latest(key).number
        return results

    async def put(self, key: str, record: Record) -> int:
        """Write one key; return its new version."""
        version = self._version_log.commit(key, record, self._location)
        await self._inner.put(key, record)
        return version

    async def delete(self, key: str) -> int:
        """Delete one key; return its new version."""
        version = self._version_log.commit(key, None, self._location)
        await self._inner.delete(key)
        return version


class ListVersionStore:
    """The layer that adds the version of each name to a page, for schedules and timelines.

    Its cost is proportional to the length of the page. All methods except `list` are those of the
    next store.
    """

    __slots__ = ("_inner", "_version_log", "delete", "get", "get_many", "put")

    def __init__(self, inner: Store, version_log: VersionLog) -> None:
        self._inner = inner
        self._version_log = version_log
        self.get = inner.get
        self.get_many = inner.get_many
        self.put = inner.put
        self.delete = inner.delete

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page with the version of each name."""
        page = await self._inner.list(prefix, after, limit)
        page.versions = {name: self._version_log.latest(name).number for name in page.names}
        return page
