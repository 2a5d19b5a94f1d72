"""The store of one location: it reads from the caches, then from the central stores."""

from collections.abc import Sequence

from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge.cache import CacheEntry
from pykvbinding.edge.latency import Spread
from pykvbinding.edge.tiers import CacheHierarchy
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store

REFRESH_INTERVAL = 60 * NANOSECONDS
"""The platform's default. With a longer cacheTtl, an older entry is served as STALE."""


class EdgeStore:
    """Realistic behaviour of one location: deterministic, never weaker than the documentation.

    An entry serves a read if it is younger than the `cache_ttl` of this read; missing keys are
    cached too. An entry older than half of that (at most half a minute) is served and then
    refreshed, at the same instant. A write invalidates the key here and in the tiers above, so it
    is visible here at once. Each result has its origin: MISS, HIT, REVALIDATE or STALE.
    """

    def __init__(self, central: Store, hierarchy: CacheHierarchy, location: str) -> None:
        config = hierarchy.config
        self._central = central
        self._hierarchy = hierarchy
        self._location = location
        self._caches = caches = hierarchy.locations[location]
        self._find = caches.cache.find
        self._links = config.links
        self._latency = latency = config.latency
        self._write_latency = None if latency is None else latency.write
        self._read_latency = None
        if latency is not None:
            self._read_latency = latency.near if caches.is_near_central_store else latency.far
        self._clock = config.clock
        self._now = config.clock.now_nanoseconds

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key from the nearest entry that is fresh enough."""
        now = self._now()
        entry = self._find(key)
        if entry is None or now - entry.fetched_ns >= cache_ttl * NANOSECONDS:
            status = "MISS"
            entry = (await self._fetch((key,), cache_ttl, "GET"))[key]
        else:
            twice = 2 * (now - entry.fetched_ns)
            if twice <= REFRESH_INTERVAL and twice <= cache_ttl * NANOSECONDS:
                # `_cache_status` inlined, and one shared result: this is the most frequent case.
                if entry.hit_result is not None and self._latency is None:
                    return entry.hit_result
                status = "HIT"
            else:
                status = _cache_status(now - entry.fetched_ns, cache_ttl)
                await self._refresh((key,))
            if self._latency is not None:
                await self._simulate_latency(self._latency.hit)
        record = entry.record
        if record is not None and record.expiration is not None:
            return ReadResult(entry.visible_record(self._now()), status, entry.version)
        result = ReadResult(record, status, entry.version)
        if status == "HIT":
            entry.hit_result = result
        return result

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys, each from its nearest entry: the entries can differ in age."""
        now = self._now()
        entries: dict[str, CacheEntry] = {}
        status = dict.fromkeys(keys, "MISS")
        for key in keys:
            entry = self._find(key)
            if entry is not None and now - entry.fetched_ns < cache_ttl * NANOSECONDS:
                entries[key] = entry
                status[key] = _cache_status(now - entry.fetched_ns, cache_ttl)
        await self._refresh([key for key in entries if status[key] != "HIT"])
        if len(entries) < len(keys):
            missing = [key for key in keys if key not in entries]
            entries |= await self._fetch(missing, cache_ttl, "GET_BULK")
        elif self._latency is not None:
            await self._simulate_latency(self._latency.hit)
        now = self._now()
        return {
            key: ReadResult(entries[key].visible_record(now), status[key], entries[key].version)
            for key in keys
        }

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key to the central stores and invalidate it in the caches on the way."""
        seconds_back = await self._send_upstream("PUT", self._write_latency)
        version = await self._central.put(key, record)
        self._caches.invalidate(key)
        await self._await_response(seconds_back)
        return version

    async def delete(self, key: str) -> int | None:
        """Delete one key in the central stores and invalidate it in the caches on the way."""
        seconds_back = await self._send_upstream("DELETE", self._write_latency)
        version = await self._central.delete(key)
        self._caches.invalidate(key)
        await self._await_response(seconds_back)
        return version

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page, from the location's cache if the page is less than a minute old."""
        pages, list_key = self._caches.pages, (prefix, after, limit)
        cached = pages.find(list_key, self._now())
        if cached is not None:
            if self._latency is not None:
                await self._simulate_latency(self._latency.hit)
            return cached.visible_page(self._now(), "HIT")
        seconds_back = await self._send_upstream("GET", self._read_latency)
        page = await self._central.list(prefix, after, limit)
        cached = pages.put(list_key, page, self._now())
        await self._await_response(seconds_back)
        return cached.visible_page(self._now(), "MISS")

    async def _fetch(
        self, keys: Sequence[str], cache_ttl: int, method: str
    ) -> dict[str, CacheEntry]:
        """Return entries from the nearest tier that has fresh ones, else from the central stores.

        The caches between that tier and this location store the entries, and only those: an old
        entry of a region must not reach the central tier after another region has written.
        """
        self._hierarchy.sync_with_direct_writes()
        caches = (self._caches.cache, *self._caches.tiers)
        counts = [cache.invalidation_count for cache in caches]
        entries, tiers_away = self._find_in_tiers(keys, cache_ttl)
        missing = [key for key in keys if key not in entries]
        if missing:
            seconds_back = await self._send_upstream(method, self._read_latency)
            for key in missing:
                result = await self._central.get(key, cache_ttl)
                entries[key] = CacheEntry(result.record, result.version, self._now())
            await self._await_response(seconds_back)
        elif self._latency is not None:
            is_regional = max(tiers_away.values()) == 1
            latency = self._latency.regional if is_regional else self._latency.central
            await self._simulate_latency(latency)
        for key in keys:
            for number in range(tiers_away.get(key, len(caches))):
                caches[number].put_if_current(key, entries[key], counts[number])
        return entries

    def _find_in_tiers(
        self, keys: Sequence[str], cache_ttl: int
    ) -> tuple[dict[str, CacheEntry], dict[str, int]]:
        """Return the fresh entries of the tiers and the distance of each: 1 regional, 2 central."""
        now = self._now()
        entries: dict[str, CacheEntry] = {}
        tiers_away: dict[str, int] = {}
        for number, tier in enumerate(self._caches.tiers, 1):
            for key in keys:
                entry = None if key in entries else tier.find(key)
                if entry is not None and now - entry.fetched_ns < cache_ttl * NANOSECONDS:
                    entries[key] = entry
                    tiers_away[key] = number
        return entries, tiers_away

    async def _refresh(self, keys: Sequence[str]) -> None:
        """Fetch new entries from the central stores in the background, that is without latency."""
        if not keys or not self._links.is_open(self._location):
            return
        for key in keys:
            result = await self._central.get(key, 0)
            entry = CacheEntry(result.record, result.version, self._now())
            for cache in (self._caches.cache, *self._caches.tiers):
                cache.put(key, entry)

    async def _send_upstream(self, method: str, spread: Spread | None) -> float:
        """Reach the central stores once the link allows it; return the seconds of the way back."""
        if not self._links.is_open(self._location):
            await self._links.traverse(self._location, method)
        if spread is None:
            return 0
        half_seconds = self._hierarchy.sample_seconds(spread) / 2
        await self._clock.sleep(half_seconds)
        return half_seconds

    async def _await_response(self, seconds: float) -> None:
        if seconds:
            await self._clock.sleep(seconds)

    async def _simulate_latency(self, spread: Spread) -> None:
        await self._clock.sleep(self._hierarchy.sample_seconds(spread))


def _cache_status(age_ns: int, cache_ttl: int) -> str:
    """Return the status of an entry of that age for a read with that cacheTtl, in seconds."""
    if age_ns > REFRESH_INTERVAL:
        return "STALE"
    is_young = age_ns + age_ns <= min(cache_ttl * NANOSECONDS, REFRESH_INTERVAL)
    return "HIT" if is_young else "REVALIDATE"
