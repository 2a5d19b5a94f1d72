"""Tombstones: names that deleted and expired keys leave in the central stores for some time."""

from sortedcontainers import SortedDict

from pykvbinding.clock import Clock
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ListPage, Record
from pykvbinding.storage.store import Store


class Tombstones:
    """The names of one namespace that a list has to skip, with the period in which it does.

    "recently expired or deleted keys must be iterated through but will not be included": they count
    towards the limit of a page, so a page can have few keys or none without being the last. How
    long this lasts is not documented; `ttl` is in seconds. Direct changes to the namespace leave no
    tombstones.
    """

    def __init__(self, engine: Engine, clock: Clock, ttl: float) -> None:
        self._engine = engine
        self._clock = clock
        self.ttl = ttl
        self._retention: SortedDict[str, tuple[int, float]] = SortedDict()

    def put(self, key: str, record: Record) -> None:
        """Remove the tombstone of a written key, and add that of its expiration if it has one.

        Runtime complexity: O(log n).
        """
        self._retention.pop(key, None)
        if record.expiration is not None:
            self._retention[key] = record.expiration, record.expiration + self.ttl

    def delete(self, key: str) -> None:
        """Add the tombstone of a key that is about to be deleted. Runtime complexity: O(log n)."""
        now = self._clock.now_seconds()
        if self._engine.read(key, now) is not None:
            self._retention[key] = now, now + self.ttl

    def names(self, prefix: str, after: str | None, last: str | None, max_names: int) -> list[str]:
        """Return at most `max_names` names with the prefix, after `after` and up to `last`.

        They are sorted. Runtime complexity: O(log n + names in that range).
        """
        now = self._clock.now_seconds()
        start = prefix if after is None or after < prefix else after
        names: list[str] = []
        outdated: list[str] = []
        for name in self._retention.irange(start, last, inclusive=(start != after, True)):
            if not name.startswith(prefix) or len(names) == max_names:
                break
            since, until = self._retention[name]
            if until <= now:
                outdated.append(name)
            elif since <= now and self._engine.read(name, now) is None:
                names.append(name)
        for name in outdated:
            del self._retention[name]
        return names


class TombstoneStore:
    """The layer over the central stores that counts tombstones towards the limit of a list.

    Reads bypass it: its `get` and `get_many` are those of the next store.
    """

    __slots__ = ("_inner", "_tombstones", "get", "get_many")

    def __init__(self, inner: Store, tombstones: Tombstones) -> None:
        self._inner = inner
        self._tombstones = tombstones
        self.get = inner.get
        self.get_many = inner.get_many

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key and remove its tombstone."""
        version = await self._inner.put(key, record)
        self._tombstones.put(key, record)
        return version

    async def delete(self, key: str) -> int | None:
        """Delete one key and add a tombstone if the key existed."""
        self._tombstones.delete(key)
        return await self._inner.delete(key)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page of at most `limit` names and tombstones; it contains the names only."""
        page = await self._inner.list(prefix, after, limit)
        # Tombstones after a full page of live names belong to the next page.
        skipped = self._tombstones.names(prefix, after, page.next_after, limit + 1)
        iterated = sorted(page.names + skipped)
        if page.next_after is None and len(iterated) <= limit:
            return page
        last = iterated[limit - 1]
        names = [name for name in page.names if name <= last]
        records = {name: record for name, record in page.records.items() if name <= last}
        return ListPage(names, records, last, page.cache_status, page.versions)
