"""Tombstones: what deleted and expired keys leave behind in the central stores, for a while."""

from sortedcontainers import SortedDict

from pykvbinding.clock import Clock
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ListPage, Record
from pykvbinding.storage.store import Store


class Tombstones:
    """The names of one namespace that a list has to pass over, each with the seconds of its stay.

    "recently expired or deleted keys must be iterated through but will not be included": a page's
    limit counts them, so a page may have few keys or none and not be the last. How recently is not
    documented; `ttl` is in seconds. What a test puts into the namespace directly leaves none.
    """

    def __init__(self, engine: Engine, clock: Clock, ttl: float) -> None:
        self._engine = engine
        self._clock = clock
        self.ttl = ttl
        self._stays: SortedDict[str, tuple[int, float]] = SortedDict()

    def put(self, key: str, record: Record) -> None:
        """Note that a key is there, until its expiration. Runtime complexity: O(log n)."""
        self._stays.pop(key, None)
        if record.expiration is not None:
            self._stays[key] = record.expiration, record.expiration + self.ttl

    def delete(self, key: str) -> None:
        """Note that a key goes. Runtime complexity: O(log n)."""
        now = self._clock.now_seconds()
        if self._engine.read(key, now) is not None:
            self._stays[key] = now, now + self.ttl

    def names(self, prefix: str, after: str | None, last: str | None, most: int) -> list[str]:
        """At most `most` names with the prefix, greater than `after`, up to `last`, in order.

        Runtime complexity: O(log n + names in that range).
        """
        now = self._clock.now_seconds()
        start = prefix if after is None or after < prefix else after
        found: list[str] = []
        forgotten: list[str] = []
        for name in self._stays.irange(start, last, inclusive=(start != after, True)):
            if not name.startswith(prefix) or len(found) == most:
                break
            since, until = self._stays[name]
            if until <= now:
                forgotten.append(name)
            elif since <= now and self._engine.read(name, now) is None:
                found.append(name)
        for name in forgotten:
            del self._stays[name]
        return found


class TombstoneStore:
    """The layer over the central stores that lists with tombstones.

    Reads do not pass through it: its `get` and `get_many` are those of the next store.
    """

    __slots__ = ("_inner", "_tombstones", "get", "get_many")

    def __init__(self, inner: Store, tombstones: Tombstones) -> None:
        self._inner = inner
        self._tombstones = tombstones
        self.get = inner.get
        self.get_many = inner.get_many

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key, and take its tombstone away."""
        version = await self._inner.put(key, record)
        self._tombstones.put(key, record)
        return version

    async def delete(self, key: str) -> int | None:
        """Remove one key, and leave a tombstone if it was there."""
        self._tombstones.delete(key)
        return await self._inner.delete(key)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page: at most `limit` names, of which only the live ones are told."""
        page = await self._inner.list(prefix, after, limit)
        # Beyond a full page of live names, tombstones are for the next one to pass over.
        dead = self._tombstones.names(prefix, after, page.next_after, limit + 1)
        passed = sorted(page.names + dead)
        if page.next_after is None and len(passed) <= limit:
            return page
        last = passed[limit - 1]
        names = [name for name in page.names if name <= last]
        annotated = {name: record for name, record in page.records.items() if name <= last}
        return ListPage(names, annotated, last, page.cache_status, page.versions)
