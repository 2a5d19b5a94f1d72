"""What a location does with an operation: it answers from its caches, or asks further up."""

from collections.abc import Sequence

from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge.cache import Copy
from pykvbinding.edge.latency import Spread
from pykvbinding.edge.tiers import World
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store

REFRESH_INTERVAL = 60 * NANOSECONDS
"""The platform's default: an older copy is STALE, where a long cacheTtl allows one."""


class EdgeStore:
    """One location as it realistically behaves: deterministic, and always within the contract.

    A copy answers a read if it is younger than this read's `cache_ttl`; a missing key is copied
    too. Older than half of that (half a minute at most), the copy answers and is then refreshed, at
    the same instant. A write drops the copies here and in the tiers above, so it is visible here at
    once. Each answer tells where it came from: MISS, HIT, REVALIDATE or STALE.
    """

    def __init__(self, central: Store, world: World, location: str) -> None:
        settings = world.settings
        self._central = central
        self._world = world
        self._location = location
        self._place = world.places[location]
        self._find = self._place.cache.find
        self._links = settings.links
        self._latency = latency = settings.latency
        self._write = None if latency is None else latency.write
        near = self._place.near
        self._stores = None if latency is None else latency.near if near else latency.far
        self._clock = settings.clock
        self._now = settings.clock.now_nanoseconds

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key, from the nearest copy that is fresh enough."""
        now = self._now()
        copy = self._find(key)
        if copy is None or now - copy.fetched >= cache_ttl * NANOSECONDS:
            status = "MISS"
            copy = (await self._fetch((key,), cache_ttl, "GET"))[key]
        else:
            twice = 2 * (now - copy.fetched)
            if twice <= REFRESH_INTERVAL and twice <= cache_ttl * NANOSECONDS:
                # `_status`, written out, and one answer for all: this is what is asked most.
                if copy.hit is not None and self._latency is None:
                    return copy.hit
                status = "HIT"
            else:
                status = _status(now - copy.fetched, cache_ttl)
                await self._refresh((key,))
            if self._latency is not None:
                await self._wait(self._latency.hit)
        record = copy.record
        if record is not None and record.expiration is not None:
            return ReadResult(copy.shown(self._now()), status, copy.version)
        found = ReadResult(record, status, copy.version)
        if status == "HIT":
            copy.hit = found
        return found

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys, each from its own nearest copy: they may be of different moments."""
        now = self._now()
        copies: dict[str, Copy] = {}
        status = dict.fromkeys(keys, "MISS")
        for key in keys:
            copy = self._find(key)
            if copy is not None and now - copy.fetched < cache_ttl * NANOSECONDS:
                copies[key] = copy
                status[key] = _status(now - copy.fetched, cache_ttl)
        await self._refresh([key for key in copies if status[key] != "HIT"])
        if len(copies) < len(keys):
            missing = [key for key in keys if key not in copies]
            copies |= await self._fetch(missing, cache_ttl, "GET_BULK")
        elif self._latency is not None:
            await self._wait(self._latency.hit)
        now = self._now()
        return {
            key: ReadResult(copies[key].shown(now), status[key], copies[key].version)
            for key in keys
        }

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key to the central stores, and forget the copies on the way there."""
        half = await self._depart("PUT", self._write)
        version = await self._central.put(key, record)
        self._place.drop(key)
        await self._return(half)
        return version

    async def delete(self, key: str) -> int | None:
        """Remove one key from the central stores, and forget the copies on the way there."""
        half = await self._depart("DELETE", self._write)
        version = await self._central.delete(key)
        self._place.drop(key)
        await self._return(half)
        return version

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page: the one that was read here in the last minute, if there is one."""
        pages, question = self._place.pages, (prefix, after, limit)
        held = pages.find(question, self._now())
        if held is not None:
            if self._latency is not None:
                await self._wait(self._latency.hit)
            return held.shown(self._now(), "HIT")
        half = await self._depart("GET", self._stores)
        page = await self._central.list(prefix, after, limit)
        held = pages.keep(question, page, self._now())
        await self._return(half)
        return held.shown(self._now(), "MISS")

    async def _fetch(self, keys: Sequence[str], cache_ttl: int, method: str) -> dict[str, Copy]:
        """Copies from the nearest tier that has fresh ones, else from the central stores.

        They are kept on the way here, and only there: a region's old copy does not climb to the
        central tier, where another region has already written.
        """
        self._world.follow_the_test()
        caches = (self._place.cache, *self._place.tiers)
        drops = [cache.drops for cache in caches]
        copies, tiers_away = self._from_tiers(keys, cache_ttl)
        missing = [key for key in keys if key not in copies]
        if missing:
            half = await self._depart(method, self._stores)
            for key in missing:
                found = await self._central.get(key, cache_ttl)
                copies[key] = Copy(found.record, found.version, self._now())
            await self._return(half)
        elif self._latency is not None:
            is_near = max(tiers_away.values()) == 1
            await self._wait(self._latency.regional if is_near else self._latency.central)
        for key in keys:
            for number in range(tiers_away.get(key, len(caches))):
                caches[number].keep_late(key, copies[key], drops[number])
        return copies

    def _from_tiers(
        self, keys: Sequence[str], cache_ttl: int
    ) -> tuple[dict[str, Copy], dict[str, int]]:
        """Fresh copies that lie in the tiers, and how many tiers away: 1 regional, 2 central."""
        now = self._now()
        copies: dict[str, Copy] = {}
        tiers_away: dict[str, int] = {}
        for number, tier in enumerate(self._place.tiers, 1):
            for key in keys:
                copy = None if key in copies else tier.find(key)
                if copy is not None and now - copy.fetched < cache_ttl * NANOSECONDS:
                    copies[key] = copy
                    tiers_away[key] = number
        return copies, tiers_away

    async def _refresh(self, keys: Sequence[str]) -> None:
        """Take new copies from the central stores, in the background: without waiting."""
        if not keys or not self._links.is_open(self._location):
            return
        for key in keys:
            found = await self._central.get(key, 0)
            copy = Copy(found.record, found.version, self._now())
            for cache in (self._place.cache, *self._place.tiers):
                cache.keep(key, copy)

    async def _depart(self, method: str, spread: Spread | None) -> float:
        """Go to the central stores, once the link lets us; the seconds that the way back takes."""
        if not self._links.is_open(self._location):
            await self._links.cross(self._location, method)
        if spread is None:
            return 0
        half_seconds = self._world.draw_seconds(spread) / 2
        await self._clock.sleep(half_seconds)
        return half_seconds

    async def _return(self, seconds: float) -> None:
        if seconds:
            await self._clock.sleep(seconds)

    async def _wait(self, spread: Spread) -> None:
        await self._clock.sleep(self._world.draw_seconds(spread))


def _status(age: int, cache_ttl: int) -> str:
    """What a copy of that age is, in nanoseconds, to a read with that cacheTtl, in seconds."""
    if age > REFRESH_INTERVAL:
        return "STALE"
    return "HIT" if age + age <= min(cache_ttl * NANOSECONDS, REFRESH_INTERVAL) else "REVALIDATE"
