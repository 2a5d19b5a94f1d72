"""The cache of a location or of an upper tier: entries by key, pages by list request, ages."""

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pykvbinding.clock import NANOSECONDS
from pykvbinding.storage.record import ListPage, ReadResult, Record

REMEMBERED_INVALIDATIONS = 1024
"""Per cache; rarely do more writes happen during one read."""


@dataclass(slots=True)
class CacheEntry:
    """One version of one key, as read from the central stores; `None` if the key was absent.

    All caches that the entry passed through share it. Its age, counted from `fetched_ns`
    (nanoseconds since the epoch), is therefore the same in each of them.
    """

    record: Record | None
    version: int | None
    fetched_ns: int
    hit_result: ReadResult | None = None
    """The result of a HIT, created once and returned to every reader: results are not modified."""

    def visible_record(self, now_ns: int) -> Record | None:
        """Return the record unless it has expired: expiration takes precedence over caches."""
        record = self.record
        if record is None or record.expiration is None or record.expiration * NANOSECONDS > now_ns:
            return record
        return None


class Cache:
    """A cache of entries by key with a maximum size.

    `find` is the dict's own `get`; whether an entry is fresh depends on the read. When the cache
    has `max_entries` entries, it evicts the oldest ones first. A key that is read regularly is
    refreshed regularly and therefore stays.
    """

    __slots__ = ("_invalidated_keys", "entries", "find", "invalidation_count", "max_entries")

    def __init__(self, max_entries: int) -> None:
        self.max_entries: int = max_entries
        self.entries: dict[str, CacheEntry] = {}
        self.find = self.entries.get
        self.invalidation_count: int = 0
        """The number of invalidations so far; see `put_if_current`."""
        self._invalidated_keys: deque[str | None] = deque(maxlen=REMEMBERED_INVALIDATIONS)

    def put(self, key: str, entry: CacheEntry) -> None:
        """Store an entry. Runtime complexity: O(1)."""
        entries = self.entries
        if key in entries:
            del entries[key]  # moves the key to the end: a dict keeps insertion order
        elif len(entries) >= self.max_entries:
            if not self.max_entries:
                return
            _evict(entries)
        entries[key] = entry

    def put_if_current(self, key: str, entry: CacheEntry, invalidation_count: int) -> None:
        """Store an entry that was requested at `invalidation_count`, unless it is outdated.

        It is outdated if its key was invalidated, that is written, since the request: the entry can
        be the version before that write. A newer entry is not replaced either.
        Runtime complexity: O(invalidations since the request).
        """
        cached = self.entries.get(key)
        if cached is entry or (cached is not None and cached.fetched_ns > entry.fetched_ns):
            return
        if self.invalidation_count == invalidation_count or not self._was_invalidated(
            key, invalidation_count
        ):
            self.put(key, entry)

    def invalidate(self, key: str) -> None:
        """Remove the entry of a key. Runtime complexity: O(1)."""
        self.invalidation_count += 1
        self._invalidated_keys.append(key)
        self.entries.pop(key, None)

    def clear(self) -> None:
        """Remove every entry."""
        self.invalidation_count += 1
        self._invalidated_keys.append(None)
        self.entries.clear()

    def _was_invalidated(self, key: str, invalidation_count: int) -> bool:
        """Return whether a key was invalidated since then, or too long ago to know."""
        since = self.invalidation_count - invalidation_count
        latest = islice(reversed(self._invalidated_keys), since)
        return since > len(self._invalidated_keys) or any(name in (key, None) for name in latest)


@dataclass(slots=True)
class CachedPage:
    """A page as read from the central stores at `fetched_ns`, in nanoseconds since the epoch."""

    page: ListPage
    fetched_ns: int

    def visible_page(self, now_ns: int, status: str) -> ListPage:
        """Return the page without the names that have expired."""
        page = self.page
        expired = {
            name
            for name, record in page.records.items()
            if record.expiration is not None and record.expiration * NANOSECONDS <= now_ns
        }
        if not expired:
            return ListPage(page.names, page.records, page.next_after, status, page.versions)
        names = [name for name in page.names if name not in expired]
        records = {name: record for name, record in page.records.items() if name not in expired}
        return ListPage(names, records, page.next_after, status, page.versions)


ListKey = tuple[str, str | None, int]
"""The arguments of a list: the prefix, the name after which to start, and the limit."""


class PageCache:
    """A cache of pages by the arguments of the list, with a maximum size.

    Neither writes nor `cacheTtl` affect it (platform facts, section 5): a page is served until it
    is `ttl` seconds old.
    """

    __slots__ = ("_pages", "_ttl_ns", "max_entries")

    def __init__(self, ttl: float, max_entries: int) -> None:
        self._ttl_ns = round(ttl * NANOSECONDS)
        self._pages: dict[ListKey, CachedPage] = {}
        self.max_entries: int = max_entries

    def find(self, list_key: ListKey, now_ns: int) -> CachedPage | None:
        """Return a fresh page for the same arguments. Runtime complexity: O(1)."""
        cached = self._pages.get(list_key)
        return None if cached is None or now_ns - cached.fetched_ns >= self._ttl_ns else cached

    def put(self, list_key: ListKey, page: ListPage, now_ns: int) -> CachedPage:
        """Store a page. Runtime complexity: O(1) amortised."""
        cached = CachedPage(page, now_ns)
        if self._ttl_ns and self.max_entries:
            self._pages.pop(list_key, None)
            if len(self._pages) >= self.max_entries:
                _evict(self._pages)
            self._pages[list_key] = cached
        return cached

    def clear(self) -> None:
        """Remove every page."""
        self._pages.clear()


def _evict(entries: dict[Any, Any]) -> None:
    """Remove the oldest sixteenth, at least one entry.

    Removing a single entry at a time would iterate over the gaps in the dict each time.
    """
    for key in list(islice(entries, len(entries) // 16 + 1)):
        del entries[key]
