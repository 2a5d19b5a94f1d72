"""Counts of an account's operations, as in the platform's analytics and bills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import EllipsisType, MappingProxyType
from typing import Final, TypeAlias

from pykvbinding._text.tables import table
from pykvbinding.clock import EPOCH, NANOSECONDS, SECONDS_PER_DAY, Clock
from pykvbinding.middleware.counters import OperationCounters
from pykvbinding.middleware.operation import KINDS, check_kind
from pykvbinding.storage.record import ListPage, ReadResult, Record, byte_length
from pykvbinding.storage.store import Store

NANOSECONDS_PER_DAY = SECONDS_PER_DAY * NANOSECONDS

ACTION_TYPES: Final = MappingProxyType(
    {"get": "read", "put": "write", "delete": "delete", "list": "list"}
)
"""The values of `actionType`, a dimension of the platform's analytics, by kind of operation."""

HEADINGS = (
    *("day", "namespace", "kind", "cache", "operations", "failed", "keys", "bytes"),
    *("p50 ms", "p99 ms"),
)

CountersByKind: TypeAlias = dict[str, dict[str | None, OperationCounters]]
"""Counters by kind and cache status; it has every kind."""


@dataclass(slots=True)
class MetricsRow:
    """The counters of one UTC day, namespace, kind and cache status."""

    day: date
    namespace: str
    """The id of the namespace."""

    kind: str
    """"get", "put", "delete" or "list"; see `ACTION_TYPES`."""

    cache_status: str | None
    """MISS, HIT, REVALIDATE or STALE; `None` if no cache was used or the operation failed."""

    counters: OperationCounters

    def sort_key(self) -> tuple[date, str, int, str]:
        """Return the key by which rows are sorted."""
        return self.day, self.namespace, KINDS.index(self.kind), self.cache_status or ""


class Metrics:
    """Counts of the operations of one account; `print` shows a table.

    Latencies are measured with the clock: in virtual time they are 0 unless the time advances.
    """

    __slots__ = ("_counters", "clock")

    def __init__(self, clock: Clock) -> None:
        self.clock: Clock = clock
        self._counters: dict[tuple[int, str], CountersByKind] = {}

    @property
    def rows(self) -> tuple[MetricsRow, ...]:
        """All counters, sorted by day, namespace, kind and cache status."""
        rows = [
            MetricsRow(_to_date(day), namespace, kind, status, counters)
            for (day, namespace), counters_by_kind in self._counters.items()
            for kind, by_status in counters_by_kind.items()
            for status, counters in by_status.items()
        ]
        return tuple(sorted(rows, key=MetricsRow.sort_key))

    def total(
        self,
        kind: str | None = None,
        day: date | None = None,
        namespace: str | None = None,
        cache_status: str | EllipsisType | None = ...,
    ) -> OperationCounters:
        """Return the sum of the rows that match all given arguments.

        `day` is a UTC date and `namespace` an id. `cache_status=None` selects the operations that
        used no cache.

        Raises: ValueError for an unknown kind.
        """
        check_kind("Metrics.total", kind)
        total = OperationCounters()
        for row in self.rows:
            if (
                kind in (None, row.kind)
                and day in (None, row.day)
                and namespace in (None, row.namespace)
                and cache_status in (..., row.cache_status)
            ):
                total.merge(row.counters)
        return total

    def counters_for(self, day: int, namespace: str) -> CountersByKind:
        """Return the live counters of one day, counted from 1970, and one namespace id."""
        return self._counters.setdefault((day, namespace), {kind: {} for kind in KINDS})

    def __str__(self) -> str:
        rows = [
            (
                *(row.day.isoformat(), row.namespace, row.kind, row.cache_status or ""),
                *map("{:,}".format, (row.counters.operations, row.counters.failed)),
                *map("{:,}".format, (row.counters.keys, row.counters.bytes)),
                *(f"{row.counters.latency.quantile(share):.3g}" for share in (0.5, 0.99)),
            )
            for row in self.rows
        ]
        return "\n".join(table(HEADINGS, rows, right=HEADINGS[4:])) if rows else "(no operations)"

    def __repr__(self) -> str:
        return f"<Metrics: {self.total().operations:,} operations>"


class MetricsStore:
    """The layer that counts operations under the id of a namespace; one per binding."""

    __slots__ = (
        *("_counters", "_day_end", "_day_start", "_gets", "_inner", "_metrics"),
        *("_namespace_id", "_now"),
    )

    def __init__(self, inner: Store, metrics: Metrics, namespace_id: str) -> None:
        self._inner = inner
        self._metrics = metrics
        self._namespace_id = namespace_id
        self._now = metrics.clock.now_nanoseconds
        self._counters: CountersByKind = {}
        self._gets: dict[str | None, OperationCounters] = {}
        self._day_start = self._day_end = 0  # of `_counters`, in nanoseconds

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key."""
        start = self._now()
        try:
            result = await self._inner.get(key, cache_ttl)
        except BaseException:
            self._fail("get", start)
            raise
        # `_count` inlined, because `get` is the most frequent operation.
        counters = self._gets.get(result.cache_status) if start < self._day_end else None
        if counters is None or start < self._day_start:
            counters = self._find_counters("get", result.cache_status, start)
        counters.operations += 1
        counters.keys += 1
        record = result.record
        if record is not None:
            value = record.value
            counters.bytes += len(value) if value.isascii() else byte_length(value)
        counters.latency.add(self._now() - start)
        return result

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys.

        Keys and bytes count under the cache status of each key. The operation and its latency
        count once: as a MISS if any key was one, because the MISS determines the latency, else
        under the status of the first key.
        """
        start = self._now()
        try:
            results = await self._inner.get_many(keys, cache_ttl)
        except BaseException:
            self._fail("get", start)
            raise
        statuses = {result.cache_status: None for result in results.values()}
        slowest = "MISS" if "MISS" in statuses else next(iter(statuses))
        self._count("get", slowest, start, 0, 0)
        for result in results.values():
            counters = self._find_counters("get", result.cache_status, start)
            counters.keys += 1
            if result.record is not None:
                counters.bytes += byte_length(result.record.value)
        return results

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
        """Delete one key."""
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
        """Count one successful operation."""
        counters = self._find_counters(kind, status, start)
        counters.operations += 1
        counters.keys += keys
        counters.bytes += size
        counters.latency.add(self._now() - start)

    def _fail(self, kind: str, start: int) -> None:
        """Count one operation that raised or was cancelled."""
        counters = self._find_counters(kind, None, start)
        counters.operations += 1
        counters.failed += 1
        counters.latency.add(self._now() - start)

    def _find_counters(self, kind: str, status: str | None, start: int) -> OperationCounters:
        """Return the counters to update; an operation counts for the day of its invocation."""
        if not self._day_start <= start < self._day_end:
            day = start // NANOSECONDS_PER_DAY
            self._day_start, self._day_end = (
                day * NANOSECONDS_PER_DAY,
                (day + 1) * NANOSECONDS_PER_DAY,
            )
            self._counters = self._metrics.counters_for(day, self._namespace_id)
            self._gets = self._counters["get"]
        by_status = self._counters[kind]
        counters = by_status.get(status)
        if counters is None:
            counters = by_status[status] = OperationCounters()
        return counters


def _to_date(day: int) -> date:
    """Return the date of a day counted from 1970."""
    return date.fromordinal(EPOCH.toordinal() + day)
