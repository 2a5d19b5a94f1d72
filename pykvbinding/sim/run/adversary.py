"""The adversary: a location that returns any version that the contract permits, as a driver picks.

Like every store at the edge it stands before the central ones; unlike the realistic one it has no
cache, because what a cache could have held is what the ledger remembers.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from pykvbinding import errors
from pykvbinding.clock import NANOSECONDS, Clock
from pykvbinding.edge.consistency import permitted
from pykvbinding.kv.options import DEFAULT_CACHE_TTL
from pykvbinding.middleware.rate_limit import WriteRate
from pykvbinding.middleware.versions import Ledger, Version
from pykvbinding.sim.anomalies import Permissions
from pykvbinding.sim.run.deadlines import Deadlines
from pykvbinding.sim.run.schedulers import ACCEPT, FAIL, OVERTAKE, TOMBSTONES, VERSION, WHERE
from pykvbinding.sim.run.snapshot_reads import Moments
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store

Renumber: TypeAlias = Callable[[str, int], None]
"""Told that the versions of a key from a number on have got the next one each."""


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
        renumber: Renumber = lambda *_: None,
    ) -> None:
        self.ledger = ledger
        self.rate = rate
        self.clock = clock
        self.permissions = permissions
        self.choose = choose
        self.locations = locations
        self.deadlines: Deadlines = Deadlines(ledger, rate, permissions.grace)
        self.deadlines.allow(DEFAULT_CACHE_TTL)
        self.offered: tuple[str, Sequence[int]] = ("", ())
        self._seen: dict[tuple[str, str], int] = {}
        self._written: dict[tuple[str, str], int] = {}
        self._moments = None if permissions.torn_gets else Moments(ledger)
        self._renumber = renumber

    def place(self, home: str) -> str:
        """The location that carries out an operation of `home`."""
        places = self.permissions.places(home, self.locations)
        return places[self.choose(len(places), WHERE)] if places else home

    def read(self, key: str, location: str, cache_ttl: int) -> tuple[Version, int]:
        """The version that a read returns, and how many versions older than the newest it is."""
        versions = self.allowed(key, location, self._ttl(cache_ttl))
        if self._moments is not None:
            versions = self._moments.fitting(key, versions)
        chosen = self._choose(key, location, versions)
        if self._moments is not None:
            self._moments.note(key, chosen[0])
        return chosen

    def read_together(
        self, keys: Sequence[str], location: str, cache_ttl: int, now: int
    ) -> dict[str, ReadResult]:
        """The versions of one instant, which is chosen."""
        ttl, bound = self._ttl(cache_ttl), self._moments
        allowed = {key: self.allowed(key, location, ttl) for key in keys}
        if bound is not None:
            allowed = {key: bound.fitting(key, versions) for key, versions in allowed.items()}
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
            if bound is not None:
                bound.note(key, versions[older])
        return answer

    def allowed(self, key: str, location: str, ttl: int) -> list[Version]:
        """The versions that may be returned, newest first."""
        rules = self.permissions
        known = self.ledger.versions(key)
        if not rules.stale_reads or len(known) == 1:
            return [known[-1]]
        now = self.clock.now_nanoseconds()
        chosen = [known[each.version] for each in permitted(known, now, ttl, rules.grace)]
        if not (rules.deleted_stale and rules.resurface):
            chosen = self._not_behind(chosen, now)
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
        versions = self.allowed(key, location, self._ttl(DEFAULT_CACHE_TTL))
        return self._choose(key, location, versions)[0]

    def counts_tombstones(self, keys: Sequence[str], now: int) -> bool:
        """Whether a page counts the keys that were recently deleted, if there are any."""
        ttl = self.permissions.tombstone_ttl
        has_some = ttl > 0 and any(_is_tombstone(self.ledger.latest(key), now, ttl) for key in keys)
        return has_some and bool(self.choose(2, TOMBSTONES))

    def _choose(self, key: str, location: str, versions: Sequence[Version]) -> tuple[Version, int]:
        """One of the versions, newest first, and how many newer ones there are."""
        self.offered = key, [version.number for version in versions]
        older = self.choose(len(versions), VERSION)
        self._seen[location, key] = versions[older].number
        return versions[older], older

    def _not_behind(self, chosen: list[Version], now: int) -> list[Version]:
        """Without what a deletion, or a value that has expired, hides; newest first."""
        rules = self.permissions
        for index, version in enumerate(chosen):
            is_deletion = version.record is None and not rules.deleted_stale
            if is_deletion or (version.is_expired(now) and not rules.resurface):
                return chosen[: index + 1]
        return chosen

    def _ttl(self, cache_ttl: int) -> int:
        """How old a read lets a copy be, which makes a deadline for every version."""
        ttl = cache_ttl if self.permissions.long_cache_ttl else DEFAULT_CACHE_TTL
        if ttl != DEFAULT_CACHE_TTL:
            self.deadlines.allow(ttl)
        return ttl

    def accept(self, method: str, key: str) -> None:
        """Count a write, or refuse it for coming too soon.

        Raises: KVError, "KV PUT failed: 429 Too Many Requests".
        """
        rate = self.rate
        if rate is not None:
            is_full = rate.is_full(key)
            if is_full and not (self.permissions.unlimited_writes and self.choose(2, ACCEPT)):
                raise errors.too_many_requests(method)
            rate.count(key)

    def overtakes(self, key: str, location: str) -> bool:
        """Whether a write comes in before the last one, if that is permitted and chosen."""
        if not self.permissions.reorder_writes:
            return False
        last = self.ledger.latest(key)
        if last.committed is None or last.location in (None, location):
            return False
        since = self.clock.now_nanoseconds() - last.committed
        is_settled = since >= (DEFAULT_CACHE_TTL + self.permissions.grace) * NANOSECONDS
        return not is_settled and bool(self.choose(2, OVERTAKE))

    def insert(self, key: str, record: Record | None, location: str) -> int:
        """Have a write come in before the last one; its number, which the last one had."""
        number = self.ledger.insert(key, record, location)
        for known in (self._seen, self._written):
            for place, version in known.items():
                if place[1] == key and version >= number:
                    known[place] = version + 1
        self._note(key, location, number)
        self._renumber(key, number)
        return number

    def wrote(self, key: str, location: str, number: int | None) -> None:
        """A write has come in, with that number, from a location that carried it out."""
        if self.permissions.roam:
            self.ledger.latest(key).location = location
        self._note(key, location, number or 0)

    def _note(self, key: str, location: str, number: int) -> None:
        self._written[location, key] = number
        if self._moments is not None:
            self._moments.release(key)

    def fail(self, method: str) -> None:
        """Fail after the effect, if that is permitted and chosen.

        Raises: KVError, "KV PUT failed: 500 Internal Server Error".
        """
        if self.permissions.faults and self.choose(2, FAIL):
            raise errors.injected_fault(method, 500, "Internal Server Error")


class AdversaryStore:
    """One location of an adversarial network. Whoever calls it has had its turn."""

    def __init__(self, central: Store, adversary: Adversary, location: str) -> None:
        self._central = central
        self._adversary = adversary
        self._location = location

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key, in a version that is chosen."""
        adversary = self._adversary
        version, older = adversary.read(key, adversary.place(self._location), cache_ttl)
        return _found(version, older, adversary.clock.now_nanoseconds())

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
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
        location = adversary.place(self._location)
        adversary.accept("PUT", key)
        if adversary.overtakes(key, location):
            version: int | None = adversary.insert(key, record, location)
        else:
            version = await self._central.put(key, record)
            adversary.wrote(key, location, version)
        adversary.fail("PUT")
        return version

    async def delete(self, key: str) -> int | None:
        """Remove one key, if the rate allows it or need not be kept."""
        adversary = self._adversary
        location = adversary.place(self._location)
        adversary.accept("DELETE", key)
        if adversary.overtakes(key, location):
            version: int | None = adversary.insert(key, None, location)
        else:
            version = await self._central.delete(key)
            adversary.wrote(key, location, version)
        adversary.fail("DELETE")
        return version

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
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
                return ListPage(names, annotated, keys[position - 1], "HIT", versions)
            version = adversary.show(key, location)
            is_there = _is_there(version, now)
            takes_room = is_there or (counts and _is_tombstone(version, now, ttl))
            if is_full and takes_room:
                return ListPage(names, annotated, keys[position - 1], "HIT", versions)
            versions[key] = version.number
            passed += takes_room
            record = version.record
            if record is not None and is_there:
                names.append(key)
                if record.metadata is not None or record.expiration is not None:
                    annotated[key] = record
        return ListPage(names, annotated, None, "HIT", versions)


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


def _found(version: Version, older: int, now: int) -> ReadResult:
    record = version.record if _is_there(version, now) else None
    return ReadResult(record, "HIT" if older else "MISS", version.number)
