"""The counts of an account's operations, which the platform's analytics and bill are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import EllipsisType, MappingProxyType
from typing import Final, TypeAlias

from pykvbinding._text.tables import table
from pykvbinding.clock import EPOCH, NANOSECONDS, SECONDS_PER_DAY, Clock
from pykvbinding.middleware.counters import Tally
from pykvbinding.middleware.operation import KINDS, check_kind
from pykvbinding.storage.record import ListPage, ReadResult, Record, byte_length
from pykvbinding.storage.store import Store

NANOSECONDS_PER_DAY = SECONDS_PER_DAY * NANOSECONDS

ACTION_TYPES: Final = MappingProxyType(
    {"get": "read", "put": "write", "delete": "delete", "list": "list"}
)
"""What the platform's analytics call each kind: their dimension `actionType`."""

HEADINGS = (
    *("day", "namespace", "kind", "cache", "operations", "failed", "keys", "bytes"),
    *("p50 ms", "p99 ms"),
)

Tallies: TypeAlias = dict[str, dict[str | None, Tally]]
"""By kind, which are all there, and cache status."""


@dataclass(slots=True)
class Row:
    """The tally of one UTC day, namespace, kind and cache status."""

    day: date
    namespace: str
    """The id."""

    kind: str
    """"get", "put", "delete" or "list"; see `ACTION_TYPES`."""

    cache_status: str | None
    """MISS, HIT, REVALIDATE or STALE; `None` where no cache was asked, and for what failed."""

    tally: Tally

    def place(self) -> tuple[date, str, int, str]:
        """Where it stands among others."""
        return self.day, self.namespace, KINDS.index(self.kind), self.cache_status or ""


class Metrics:
    """What was done with the namespaces of one account; `print` shows a table.

    Latencies are those of the clock: in virtual time all 0 unless something takes virtual time.
    """

    __slots__ = ("_tallies", "clock")

    def __init__(self, clock: Clock) -> None:
        self.clock: Clock = clock
        self._tallies: dict[tuple[int, str], Tallies] = {}

    @property
    def tallies(self) -> tuple[Row, ...]:
        """Everything counted, by day, namespace, kind and cache status, in this order."""
        rows = [
            Row(_date(day), namespace, kind, status, tally)
            for (day, namespace), tallies in self._tallies.items()
            for kind, by_status in tallies.items()
            for status, tally in by_status.items()
        ]
        return tuple(sorted(rows, key=Row.place))

    def total(
        self,
        kind: str | None = None,
        day: date | None = None,
        namespace: str | None = None,
        cache_status: str | EllipsisType | None = ...,
    ) -> Tally:
        """The sum of what agrees with every argument given.

        `day` is a UTC date and `namespace` an id. `cache_status=None` is what asked no cache.

        Raises: ValueError for a kind that is none.
        """
        check_kind("Metrics.total", kind)
        total = Tally()
        for row in self.tallies:
            if (
                kind in (None, row.kind)
                and day in (None, row.day)
                and namespace in (None, row.namespace)
                and cache_status in (..., row.cache_status)
            ):
                total.merge(row.tally)
        return total

    def tallies_of(self, day: int, namespace: str) -> Tallies:
        """The tallies of one day, counted from 1970, and one namespace id: kept up to date."""
        return self._tallies.setdefault((day, namespace), {kind: {} for kind in KINDS})

    def __str__(self) -> str:
        rows = [
            (
                *(row.day.isoformat(), row.namespace, row.kind, row.cache_status or ""),
                *map("{:,}".format, (row.tally.operations, row.tally.failed)),
                *map("{:,}".format, (row.tally.keys, row.tally.bytes)),
                *(f"{row.tally.latency.quantile(share):.3g}" for share in (0.5, 0.99)),
            )
            for row in self.tallies
        ]
        return "\n".join(table(HEADINGS, rows, right=HEADINGS[4:])) if rows else "(no operations)"

    def __repr__(self) -> str:
        return f"<Metrics: {self.total().operations:,} operations>"


class MetricsStore:
    """The layer that counts, under the id of a namespace; one for each binding."""

    __slots__ = (
        *("_from", "_gets", "_inner", "_metrics", "_namespace_id"),
        *("_now", "_tallies", "_until"),
    )

    def __init__(self, inner: Store, metrics: Metrics, namespace_id: str) -> None:
        self._inner = inner
        self._metrics = metrics
        self._namespace_id = namespace_id
        self._now = metrics.clock.now_nanoseconds
        self._tallies: Tallies = {}
        self._gets: dict[str | None, Tally] = {}
        self._from = self._until = 0  # nanoseconds, of the day that the tallies are of

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key."""
        start = self._now()
        try:
            found = await self._inner.get(key, cache_ttl)
        except BaseException:
            self._fail("get", start)
            raise
        # `_count`, written out for what is done most.
        tally = self._gets.get(found.cache_status) if start < self._until else None
        if tally is None or start < self._from:
            tally = self._tally("get", found.cache_status, start)
        tally.operations += 1
        tally.keys += 1
        record = found.record
        if record is not None:
            value = record.value
            tally.bytes += len(value) if value.isascii() else byte_length(value)
        tally.latency.add(self._now() - start)
        return found

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys.

        Keys and bytes count under the cache status of each key. The operation and its latency
        count once: as a MISS if any key was one, since that is what took the time, else under the
        status of the first key.
        """
        start = self._now()
        try:
            answer = await self._inner.get_many(keys, cache_ttl)
        except BaseException:
            self._fail("get", start)
            raise
        statuses = {found.cache_status: None for found in answer.values()}
        slowest = "MISS" if "MISS" in statuses else next(iter(statuses))
        self._count("get", slowest, start, 0, 0)
        for found in answer.values():
            tally = self._tally("get", found.cache_status, start)
            tally.keys += 1
            if found.record is not None:
                tally.bytes += byte_length(found.record.value)
        return answer

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key."""
        start = self._now()
        try:
            version = await self._inner.put(key, record)
        except BaseException:
            self._fail("put", start)
            raise
        self._count("put", None, start, 1, byte_length(record.value))
        return version

    async def delete(self, key: str) -> int | None:
        """Remove one key."""
        start = self._now()
        try:
            version = await self._inner.delete(key)
        except BaseException:
            self._fail("delete", start)
            raise
        self._count("delete", None, start, 1, 0)
        return version

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page."""
        start = self._now()
        try:
            page = await self._inner.list(prefix, after, limit)
        except BaseException:
            self._fail("list", start)
            raise
        self._count("list", page.cache_status, start, len(page.names), 0)
        return page

    def _count(self, kind: str, status: str | None, start: int, keys: int, size: int) -> None:
        """Count one operation that has succeeded."""
        tally = self._tally(kind, status, start)
        tally.operations += 1
        tally.keys += keys
        tally.bytes += size
        tally.latency.add(self._now() - start)

    def _fail(self, kind: str, start: int) -> None:
        """Count one operation that has raised, or was cancelled."""
        tally = self._tally(kind, None, start)
        tally.operations += 1
        tally.failed += 1
        tally.latency.add(self._now() - start)

    def _tally(self, kind: str, status: str | None, start: int) -> Tally:
        """The tally to count in; an operation belongs to the day on which it was invoked."""
        if not self._from <= start < self._until:
            day = start // NANOSECONDS_PER_DAY
            self._from, self._until = day * NANOSECONDS_PER_DAY, (day + 1) * NANOSECONDS_PER_DAY
            self._tallies = self._metrics.tallies_of(day, self._namespace_id)
            self._gets = self._tallies["get"]
        tallies = self._tallies[kind]
        tally = tallies.get(status)
        if tally is None:
            tally = tallies[status] = Tally()
        return tally


def _date(day: int) -> date:
    """The date of a day that is counted from 1970."""
    return date.fromordinal(EPOCH.toordinal() + day)
