"""A location that may return any version that KV allows; the scheduler chooses which.

Like every store at the edge it is in front of the central stores. It has no cache: the version log
remembers everything that a cache could have held.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from pykvbinding import errors
from pykvbinding.clock import NANOSECONDS, Clock
from pykvbinding.edge.consistency import allowed_versions
from pykvbinding.kv.options import DEFAULT_CACHE_TTL
from pykvbinding.middleware.rate_limit import WriteRateLimiter
from pykvbinding.middleware.versions import Version, VersionLog
from pykvbinding.sim.anomalies import AllowedAnomalies
from pykvbinding.sim.run.deadlines import Deadlines
from pykvbinding.sim.run.schedulers import ACCEPT, FAIL, LOCATION, OVERTAKE, TOMBSTONES, VERSION
from pykvbinding.sim.run.snapshot_reads import ReadSnapshot
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store

Renumber: TypeAlias = Callable[[str, int], None]
"""Called with a key and a number when each version of the key from that number on moves up by 1."""


class Adversary:
    """The choices in one namespace, shared by all its locations."""

    def __init__(
        self,
        ledger: VersionLog,
        rate: WriteRateLimiter | None,
        clock: Clock,
        anomalies: AllowedAnomalies,
        choose: Callable[[int, str], int],
        locations: Sequence[str] = (),
        renumber: Renumber = lambda *_: None,
    ) -> None:
        self.ledger = ledger
        self.rate = rate
        self.clock = clock
        self.anomalies = anomalies
        self.choose = choose
        self.locations = locations
        self.deadlines: Deadlines = Deadlines(ledger, rate, anomalies.staleness_grace_seconds)
        self.deadlines.track_ttl(DEFAULT_CACHE_TTL)
        self.last_candidates: tuple[str, Sequence[int]] = ("", ())
        """The key and the version numbers of the last choice of a version."""

        self._last_read: dict[tuple[str, str], int] = {}
        self._last_written: dict[tuple[str, str], int] = {}
        self._snapshot = None if anomalies.torn_sequential_reads else ReadSnapshot(ledger)
        self._renumber = renumber

    def route(self, home: str) -> str:
        """Return the location that carries out an operation of the location `home`."""
        candidates = self.anomalies.candidate_locations(home, self.locations)
        return candidates[self.choose(len(candidates), LOCATION)] if candidates else home

    def read(self, key: str, location: str, cache_ttl: int) -> tuple[Version, int]:
        """Return the chosen version, and how many newer versions there are."""
        versions = self.allowed_versions(key, location, self._effective_ttl(cache_ttl))
        if self._snapshot is not None:
            versions = self._snapshot.compatible_versions(key, versions)
        version, versions_behind = self._choose(key, location, versions)
        if self._snapshot is not None:
            self._snapshot.record_read(key, version)
        return version, versions_behind

    def read_atomically(
        self, keys: Sequence[str], location: str, cache_ttl: int, now: int
    ) -> dict[str, ReadResult]:
        """Return the versions of several keys at one chosen instant."""
        ttl, snapshot = self._effective_ttl(cache_ttl), self._snapshot
        allowed = {key: self.allowed_versions(key, location, ttl) for key in keys}
        if snapshot is not None:
            allowed = {
                key: snapshot.compatible_versions(key, versions)
                for key, versions in allowed.items()
            }
        instants = sorted(
            {version.committed_ns or 0 for versions in allowed.values() for version in versions},
            reverse=True,
        )
        candidates = list(
            dict.fromkeys(
                tuple(_index_at(instant, versions) for versions in allowed.values())
                for instant in instants
            )
        )
        # Instants are not numbered: the number of earlier candidates identifies one.
        self.last_candidates = "", range(len(candidates) - 1, -1, -1)
        chosen = candidates[self.choose(len(candidates), VERSION)]
        results = {}
        for (key, versions), versions_behind in zip(allowed.items(), chosen, strict=True):
            version = versions[versions_behind]
            self._last_read[location, key] = version.number
            results[key] = _read_result(version, versions_behind, now)
            if snapshot is not None:
                snapshot.record_read(key, version)
        return results

    def allowed_versions(self, key: str, location: str, ttl: int) -> list[Version]:
        """Return the versions that a read may return, newest first."""
        anomalies = self.anomalies
        versions = self.ledger.versions(key)
        if not anomalies.stale_reads or len(versions) == 1:
            return [versions[-1]]
        now = self.clock.now_nanoseconds()
        documented = allowed_versions(versions, now, ttl, anomalies.staleness_grace_seconds)
        candidates = [versions[candidate.version] for candidate in documented]
        if not (anomalies.stale_deletes and anomalies.resurrect_after_expiry):
            candidates = self._drop_hidden(candidates, now)
        last_read = self._last_read.get((location, key))
        last_written = self._last_written.get((location, key), 0)
        oldest = 0 if anomalies.stale_own_writes else last_written
        if not anomalies.stale_first_reads and last_read is None:
            return candidates[:1]
        if not anomalies.non_monotonic_reads and last_read is not None:
            oldest = max(oldest, last_read)
        allowed = [
            version
            for index, version in enumerate(candidates)
            if index == 0
            or (version.number >= oldest and (anomalies.stale_misses or _exists(version, now)))
        ]
        # A write invalidates the cached copy in its own location.
        if not anomalies.early_refresh and last_read is not None and last_read >= last_written:
            cached = [version for version in allowed if version.number == last_read]
            return cached or allowed
        return allowed

    def list_version(self, key: str, location: str) -> Version:
        """Return the version of a key that a list uses."""
        if not self.anomalies.list_lag:
            return self.ledger.latest(key)
        ttl = self._effective_ttl(DEFAULT_CACHE_TTL)
        versions = self.allowed_versions(key, location, ttl)
        return self._choose(key, location, versions)[0]

    def counts_tombstones(self, keys: Sequence[str], now: int) -> bool:
        """Return whether a page counts the keys that were recently deleted, if there are any."""
        ttl = self.anomalies.tombstone_ttl_seconds
        has_tombstones = ttl > 0 and any(
            _is_tombstone(self.ledger.latest(key), now, ttl) for key in keys
        )
        return has_tombstones and bool(self.choose(2, TOMBSTONES))

    def _choose(self, key: str, location: str, versions: Sequence[Version]) -> tuple[Version, int]:
        """Choose among versions, newest first; return one and the number of newer ones."""
        self.last_candidates = key, [version.number for version in versions]
        versions_behind = self.choose(len(versions), VERSION)
        self._last_read[location, key] = versions[versions_behind].number
        return versions[versions_behind], versions_behind

    def _drop_hidden(self, versions: list[Version], now: int) -> list[Version]:
        """Drop the versions before a deletion, or before an expired value; newest first."""
        anomalies = self.anomalies
        for index, version in enumerate(versions):
            is_deletion = version.record is None and not anomalies.stale_deletes
            is_expiry = version.is_expired(now) and not anomalies.resurrect_after_expiry
            if is_deletion or is_expiry:
                return versions[: index + 1]
        return versions

    def _effective_ttl(self, cache_ttl: int) -> int:
        """Return how old a copy may be for a read, and track the deadlines that it causes."""
        ttl = cache_ttl if self.anomalies.long_cache_ttl else DEFAULT_CACHE_TTL
        if ttl != DEFAULT_CACHE_TTL:
            self.deadlines.track_ttl(ttl)
        return ttl

    def check_write_rate(self, method: str, key: str) -> None:
        """Count a write, or reject it because the limit of writes per second is reached.

        Raises: KVError, "KV PUT failed: 429 Too Many Requests".
        """
        rate = self.rate
        if rate is not None:
            is_full = rate.is_full(key)
            if is_full and not (self.anomalies.unlimited_writes and self.choose(2, ACCEPT)):
                raise errors.too_many_requests(method)
            rate.count(key)

    def is_reordered(self, key: str, location: str) -> bool:
        """Return whether a write is inserted before the latest one: if allowed and chosen."""
        if not self.anomalies.reorder_writes:
            return False
        latest = self.ledger.latest(key)
        if latest.committed_ns is None or latest.location in (None, location):
            return False
        age = self.clock.now_nanoseconds() - latest.committed_ns
        limit = (DEFAULT_CACHE_TTL + self.anomalies.staleness_grace_seconds) * NANOSECONDS
        return age < limit and bool(self.choose(2, OVERTAKE))

    def insert_before_latest(self, key: str, record: Record | None, location: str) -> int:
        """Insert a write before the latest one; return its number, which the latest one had."""
        number = self.ledger.insert_before_latest(key, record, location)
        for numbers in (self._last_read, self._last_written):
            for location_and_key, version in numbers.items():
                if location_and_key[1] == key and version >= number:
                    numbers[location_and_key] = version + 1
        self._record_location_write(key, location, number)
        self._renumber(key, number)
        return number

    def record_write(self, key: str, location: str, number: int | None) -> None:
        """Record that `location` has carried out a write, which got the version `number`."""
        if self.anomalies.cross_location_routing:
            self.ledger.latest(key).location = location
        self._record_location_write(key, location, number or 0)

    def _record_location_write(self, key: str, location: str, number: int) -> None:
        self._last_written[location, key] = number
        if self._snapshot is not None:
            self._snapshot.record_write(key)

    def maybe_fail(self, method: str) -> None:
        """Fail after the effect, if this is allowed and chosen.

        Raises: KVError, "KV PUT failed: 500 Internal Server Error".
        """
        if self.anomalies.faults and self.choose(2, FAIL):
            raise errors.injected_fault(method, 500, "Internal Server Error")


class AdversaryStore:
    """One location of an adversarial network. Its caller has waited for the scheduler."""

    def __init__(self, central: Store, adversary: Adversary, location: str) -> None:
        self._central = central
        self._adversary = adversary
        self._location = location

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read a chosen version of one key."""
        adversary = self._adversary
        location = adversary.route(self._location)
        version, versions_behind = adversary.read(key, location, cache_ttl)
        return _read_result(version, versions_behind, adversary.clock.now_nanoseconds())

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys, and choose a version of each."""
        adversary, results = self._adversary, {}
        location, now = adversary.route(self._location), adversary.clock.now_nanoseconds()
        if not adversary.anomalies.torn_reads:
            return adversary.read_atomically(keys, location, cache_ttl, now)
        for key in keys:
            version, versions_behind = adversary.read(key, location, cache_ttl)
            results[key] = _read_result(version, versions_behind, now)
        return results

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key, unless the write rate rejects it."""
        adversary = self._adversary
        location = adversary.route(self._location)
        adversary.check_write_rate("PUT", key)
        if adversary.is_reordered(key, location):
            version: int | None = adversary.insert_before_latest(key, record, location)
        else:
            version = await self._central.put(key, record)
            adversary.record_write(key, location, version)
        adversary.maybe_fail("PUT")
        return version

    async def delete(self, key: str) -> int | None:
        """Delete one key, unless the write rate rejects it."""
        adversary = self._adversary
        location = adversary.route(self._location)
        adversary.check_write_rate("DELETE", key)
        if adversary.is_reordered(key, location):
            version: int | None = adversary.insert_before_latest(key, None, location)
        else:
            version = await self._central.delete(key)
            adversary.record_write(key, location, version)
        adversary.maybe_fail("DELETE")
        return version

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page, and choose a version of each key.

        A full page ends before the next listed key. The last page is therefore empty only if
        tombstones count.
        """
        adversary = self._adversary
        location, now = adversary.route(self._location), adversary.clock.now_nanoseconds()
        keys = adversary.ledger.keys(prefix, after)
        ttl = adversary.anomalies.tombstone_ttl_seconds
        counts_tombstones = adversary.counts_tombstones(keys, now)
        listed: list[str] = []
        records: dict[str, Record] = {}
        versions: dict[str, int] = {}
        count = 0
        for position, key in enumerate(keys):
            is_full = count == limit
            if is_full and _exists(adversary.ledger.latest(key), now):
                return ListPage(listed, records, keys[position - 1], "HIT", versions)
            version = adversary.list_version(key, location)
            exists = _exists(version, now)
            is_counted = exists or (counts_tombstones and _is_tombstone(version, now, ttl))
            if is_full and is_counted:
                return ListPage(listed, records, keys[position - 1], "HIT", versions)
            versions[key] = version.number
            count += is_counted
            record = version.record
            if record is not None and exists:
                listed.append(key)
                if record.metadata is not None or record.expiration is not None:
                    records[key] = record
        return ListPage(listed, records, None, "HIT", versions)


def _index_at(instant: int, versions: Sequence[Version]) -> int:
    """Return the index of the version that was current at an instant; of the oldest if none was.

    The versions are ordered newest first.
    """
    for index, version in enumerate(versions):
        if (version.committed_ns or 0) <= instant:
            return index
    return len(versions) - 1


def _exists(version: Version, now: int) -> bool:
    return version.record is not None and not version.is_expired(now)


def _is_tombstone(version: Version, now: int, ttl: float) -> bool:
    """Return whether the key was deleted or has expired within the last `ttl` seconds."""
    if version.number == 0 or _exists(version, now):
        return False
    record = version.record
    expiration = None if record is None else record.expiration
    since = version.committed_ns or 0 if expiration is None else expiration * NANOSECONDS
    return now - since < ttl * NANOSECONDS


def _read_result(version: Version, versions_behind: int, now: int) -> ReadResult:
    record = version.record if _exists(version, now) else None
    return ReadResult(record, "HIT" if versions_behind else "MISS", version.number)
