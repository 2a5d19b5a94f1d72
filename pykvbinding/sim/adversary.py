"""The adversary: a location that returns any version that the contract permits, as a driver picks.

Like every store at the edge it stands before the central ones; unlike the realistic one it has no
cache, because what a cache could have held is what the ledger remembers.
"""

import math
from collections.abc import Callable, Sequence

from pykvbinding import errors
from pykvbinding.clock import NANOSECONDS, Clock
from pykvbinding.edge.contract import permitted
from pykvbinding.layers.ledger import Ledger, Version
from pykvbinding.layers.ratelimit import WriteRate
from pykvbinding.options import DEFAULT_CACHE_TTL
from pykvbinding.record import Found, Page, Record
from pykvbinding.sim.drivers import ACCEPT, FAIL, TOMBSTONES, VERSION, WHERE
from pykvbinding.sim.permissions import Permissions
from pykvbinding.store import Store


class Adversary:
    """What the locations of one namespace share, and what may be chosen there."""

    def __init__(
        self,
        ledger: Ledger,
        rate: WriteRate | None,
        clock: Clock,
        permissions: Permissions,
        choose: Callable[[int, str], int],
        locations: Sequence[str] = (),
    ) -> None:
        self.ledger = ledger
        self.rate = rate
        self.clock = clock
        self.permissions = permissions
        self.choose = choose
        self.locations = locations
        self.cache_ttls = {DEFAULT_CACHE_TTL}
        self.offered: tuple[str, Sequence[int]] = ("", ())
        self._seen: dict[tuple[str, str], int] = {}
        self._written: dict[tuple[str, str], int] = {}

    def place(self, home: str) -> str:
        """The location that carries out an operation of `home`."""
        places = self.permissions.places(home, self.locations)
        return places[self.choose(len(places), WHERE)] if places else home

    def read(self, key: str, location: str, cache_ttl: int) -> tuple[Version, int]:
        """The version that a read returns, and how many versions older than the newest it is."""
        ttl = self._ttl(cache_ttl)
        versions = self.allowed(key, location, ttl)
        self.offered = key, [version.number for version in versions]
        older = self.choose(len(versions), VERSION)
        self._seen[location, key] = versions[older].number
        return versions[older], older

    def read_together(
        self, keys: Sequence[str], location: str, cache_ttl: int, now: int
    ) -> dict[str, Found]:
        """The versions of one instant, which is chosen."""
        ttl = self._ttl(cache_ttl)
        allowed = {key: self.allowed(key, location, ttl) for key in keys}
        instants = sorted(
            {version.committed or 0 for versions in allowed.values() for version in versions},
            reverse=True,
        )
        moments = list(
            dict.fromkeys(
                tuple(_index_at(instant, versions) for versions in allowed.values())
                for instant in instants
            )
        )
        # No moment has a number that lasts: it is told by how many there are before it.
        self.offered = "", range(len(moments) - 1, -1, -1)
        moment = moments[self.choose(len(moments), VERSION)]
        answer = {}
        for (key, versions), older in zip(allowed.items(), moment, strict=True):
            self._seen[location, key] = versions[older].number
            answer[key] = _found(versions[older], older, now)
        return answer

    def allowed(self, key: str, location: str, ttl: int) -> list[Version]:
        """The versions that may be returned, newest first."""
        rules = self.permissions
        known = self.ledger.versions(key)
        if not rules.stale_reads or len(known) == 1:
            return [known[-1]]
        now = self.clock.now_nanoseconds()
        chosen = [known[each.version] for each in permitted(known, now, ttl, rules.grace)]
        place = (location, key)
        seen = self._seen.get(place)
        own = self._written.get(place, 0)
        least = 0 if rules.own_stale else own
        if not rules.cold_stale and seen is None:
            return chosen[:1]
        if not rules.flap and seen is not None:
            least = max(least, seen)
        allowed = [
            version
            for place_from_newest, version in enumerate(chosen)
            if place_from_newest == 0
            or (version.number >= least and (rules.negative_stale or _is_there(version, now)))
        ]
        # A write drops the copy of its own location.
        if not rules.early_refresh and seen is not None and seen >= own:
            same = [version for version in allowed if version.number == seen]
            return same or allowed
        return allowed

    def show(self, key: str, location: str) -> Version:
        """The version in which a list shows a key."""
        if not self.permissions.list_lag:
            return self.ledger.latest(key)
        return self.read(key, location, DEFAULT_CACHE_TTL)[0]

    def counts_tombstones(self, keys: Sequence[str], now: int) -> bool:
        """Whether a page counts the keys that were recently deleted, if there are any."""
        ttl = self.permissions.tombstone_ttl
        has_some = ttl > 0 and any(_is_tombstone(self.ledger.latest(key), now, ttl) for key in keys)
        return has_some and bool(self.choose(2, TOMBSTONES))

    def _ttl(self, cache_ttl: int) -> int:
        """How old a read lets a copy be, which makes a deadline for every version."""
        ttl = cache_ttl if self.permissions.long_cache_ttl else DEFAULT_CACHE_TTL
        self.cache_ttls.add(ttl)
        return ttl

    def deadlines(self, now: int) -> list[int]:
        """Instants after `now` at which something changes: a write is free again, an old version
        may no longer be read, a key expires. In nanoseconds since the epoch."""
        found: list[int] = []
        free = None if self.rate is None else self.rate.next_free()
        if free is not None:
            found.append(free)
        grace = self.permissions.grace
        lasting = (
            []
            if grace == math.inf
            else [round((ttl + grace) * NANOSECONDS) for ttl in self.cache_ttls]
        )
        for key in self.ledger:
            versions = self.ledger.versions(key)
            record = versions[-1].record
            expiration = None if record is None else record.expiration
            if expiration is not None:
                found.append(expiration * NANOSECONDS)
            for version in versions:
                if version.committed is not None:
                    for duration in lasting:
                        found.append(version.committed + duration)  # noqa: PERF401 -- it is hot
        return [instant for instant in found if instant > now]

    def accept(self, method: str, key: str, location: str) -> None:
        """Count a write, or refuse it for coming too soon.

        Raises: KVError, "KV PUT failed: 429 Too Many Requests".
        """
        rate = self.rate
        if rate is not None:
            is_full = rate.is_full(key)
            if is_full and not (self.permissions.unlimited_writes and self.choose(2, ACCEPT)):
                raise errors.too_many_requests(method)
            rate.count(key)
        self._written[location, key] = self.ledger.latest(key).number + 1

    def fail(self, method: str) -> None:
        """Fail after the effect, if that is permitted and chosen.

        Raises: KVError, "KV PUT failed: 500 Internal Server Error".
        """
        if self.permissions.faults and self.choose(2, FAIL):
            raise errors.injected(method, 500, "Internal Server Error")


class AdversaryStore:
    """One location of an adversarial network. Whoever calls it has had its turn."""

    def __init__(self, central: Store, adversary: Adversary, location: str) -> None:
        self._central = central
        self._adversary = adversary
        self._location = location

    async def get(self, key: str, cache_ttl: int) -> Found:
        """Read one key, in a version that is chosen."""
        adversary = self._adversary
        version, older = adversary.read(key, adversary.place(self._location), cache_ttl)
        return _found(version, older, adversary.clock.now_nanoseconds())

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, Found]:
        """Read several keys, each in a version of its own."""
        adversary, answer = self._adversary, {}
        location, now = adversary.place(self._location), adversary.clock.now_nanoseconds()
        if not adversary.permissions.torn_reads:
            return adversary.read_together(keys, location, cache_ttl, now)
        for key in keys:
            version, older = adversary.read(key, location, cache_ttl)
            answer[key] = _found(version, older, now)
        return answer

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key, if the rate allows it or need not be kept."""
        adversary = self._adversary
        adversary.accept("PUT", key, adversary.place(self._location))
        version = await self._central.put(key, record)
        adversary.fail("PUT")
        return version

    async def delete(self, key: str) -> int | None:
        """Remove one key, if the rate allows it or need not be kept."""
        adversary = self._adversary
        adversary.accept("DELETE", key, adversary.place(self._location))
        version = await self._central.delete(key)
        adversary.fail("DELETE")
        return version

    async def list(self, prefix: str, after: str | None, limit: int) -> Page:
        """Read one page, each key in a version of its own.

        A page that is full ends before the next key that will be listed, so the last page is empty
        only if there are tombstones to pass over.
        """
        adversary = self._adversary
        location, now = adversary.place(self._location), adversary.clock.now_nanoseconds()
        keys = adversary.ledger.keys(prefix, after)
        ttl = adversary.permissions.tombstone_ttl
        counts = adversary.counts_tombstones(keys, now)
        names: list[str] = []
        annotated: dict[str, Record] = {}
        versions: dict[str, int] = {}
        passed = 0
        for position, key in enumerate(keys):
            is_full = passed == limit
            if is_full and _is_there(adversary.ledger.latest(key), now):
                return Page(names, annotated, keys[position - 1], "HIT", versions)
            version = adversary.show(key, location)
            is_there = _is_there(version, now)
            takes_room = is_there or (counts and _is_tombstone(version, now, ttl))
            if is_full and takes_room:
                return Page(names, annotated, keys[position - 1], "HIT", versions)
            versions[key] = version.number
            passed += takes_room
            record = version.record
            if record is not None and is_there:
                names.append(key)
                if record.metadata is not None or record.expiration is not None:
                    annotated[key] = record
        return Page(names, annotated, None, "HIT", versions)


def _index_at(instant: int, versions: Sequence[Version]) -> int:
    """Which of some versions, newest first, was there at an instant; the oldest if none was."""
    for index, version in enumerate(versions):
        if (version.committed or 0) <= instant:
            return index
    return len(versions) - 1


def _is_there(version: Version, now: int) -> bool:
    return version.record is not None and not version.is_expired(now)


def _is_tombstone(version: Version, now: int, ttl: float) -> bool:
    """Whether its key was deleted or has expired within `ttl` seconds."""
    if version.number == 0 or _is_there(version, now):
        return False
    record = version.record
    expiration = None if record is None else record.expiration
    since = version.committed or 0 if expiration is None else expiration * NANOSECONDS
    return now - since < ttl * NANOSECONDS


def _found(version: Version, older: int, now: int) -> Found:
    record = version.record if _is_there(version, now) else None
    return Found(record, "HIT" if older else "MISS", version.number)
