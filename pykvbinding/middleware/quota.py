"""The quotas of an account: operations a day, operations per invocation, stored bytes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pykvbinding import errors
from pykvbinding.clock import SECONDS_PER_DAY, Clock
from pykvbinding.limits import Limits
from pykvbinding.middleware.namespace import BackingNamespace
from pykvbinding.middleware.storage_quota import StoredBytes
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store


class Invocation:
    """One invocation of a Worker, of one account: how many operations it has made.

    `limit` is how many it may make, `None` for any number. `outer` is the invocation in which it
    was opened, be it of this account or of another.
    """

    __slots__ = ("limit", "operations", "outer", "quota")

    def __init__(self, quota: "Quota", outer: "Invocation | None") -> None:
        self.quota: Quota = quota
        self.outer: Invocation | None = outer
        self.limit: int | None = quota.limits.max_operations_per_invocation
        self.operations: int = 0

    def count(self) -> None:
        """Count one operation; a refused one does not count.

        Raises: KVError, "Too many API requests by single Worker invocation. …"
        """
        if self.limit is not None and self.operations >= self.limit:
            raise errors.too_many_requests_per_invocation()
        self.operations += 1

    def __repr__(self) -> str:
        of = "" if self.limit is None else f" of {self.limit}"
        return f"<Invocation: {self.operations}{of} operations>"


# A context variable, because that is what follows a task: two invocations that run at the same
# time, in asyncio or trio, each see their own.
_CURRENT: ContextVar[Invocation | None] = ContextVar("pykvbinding_invocation", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What has been used of today's quotas. `None` has no quota and is not counted."""

    reads: int | None
    """Keys."""

    writes: int | None
    deletes: int | None
    lists: int | None


class Quota:
    """What one account has used, and the refusal of what goes beyond.

    The day is that of UTC, and all counts start anew at 00:00 ("all limits reset daily at 00:00
    UTC"). An operation counts before it is made, so one that fails later has counted, and one that
    does not fit is refused whole and counts for nothing.

    `is_limited` says whether there is any quota of a day or of bytes. `stored` is where bytes are
    counted, `None` without a limit for them.
    """

    __slots__ = (
        *("_clock", "_counts", "_midnight", "_most", "_stored"),
        *("is_limited", "limits", "stored"),
    )

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits = limits
        self._clock = clock
        most = {
            "get": limits.reads_per_day,
            "put": limits.writes_per_day,
            "delete": limits.deletes_per_day,
            "list": limits.lists_per_day,
        }
        self._most = {kind: limit for kind, limit in most.items() if limit is not None}
        self._counts = dict.fromkeys(self._most, 0)
        self._midnight = 0  # in seconds since the epoch, of the day that the counts are of
        self._stored = StoredBytes(limits.max_stored_bytes, clock)
        self.stored: StoredBytes | None = None if limits.max_stored_bytes is None else self._stored
        self.is_limited: bool = bool(self._most) or self.stored is not None

    @property
    def used(self) -> Used:
        """Today's counts, for the quotas that there are."""
        self._begin_day(self._clock.now_seconds())
        of = self._counts.get
        return Used(reads=of("get"), writes=of("put"), deletes=of("delete"), lists=of("list"))

    def stored_bytes(self, now: int | None = None) -> int:
        """The bytes of all live keys, values and metadata, in UTF-8, counted one by one.

        `now` is in seconds since the epoch, by default that of the clock. Complexity: O(records).
        """
        return self._stored.total(self._clock.now_seconds() if now is None else now)

    def attach(self, namespace: BackingNamespace) -> None:
        """Count the bytes of a namespace of this account; twice is once."""
        self._stored.attach(namespace)

    def detach(self, namespace: BackingNamespace) -> None:
        """Count the bytes of a namespace no more, because it was deleted."""
        self._stored.detach(namespace)

    @asynccontextmanager
    async def invocation(self) -> AsyncIterator[Invocation]:
        """One invocation of a Worker: what is awaited within is counted, tasks started within too.

        An invocation within another of the same account counts for itself alone.
        """
        outer = _CURRENT.get()
        current = Invocation(self, outer)
        _CURRENT.set(current)
        try:
            yield current
        finally:
            # Not by a token: a fixture may be left in another context than it was entered.
            _CURRENT.set(outer)

    def enter(self, kind: str, keys: int = 1) -> None:
        """Count one operation of so many keys, for its invocation and for the day.

        Raises: KVError, "Too many API requests by single Worker invocation. …" or "KV get() limit
        exceeded for the day."
        """
        invocation = _CURRENT.get()
        while invocation is not None:
            if invocation.quota is self:
                invocation.count()
                break
            invocation = invocation.outer
        most = self._most.get(kind)
        if most is None:
            return
        now = self._clock.now_seconds()
        if not self._midnight <= now < self._midnight + SECONDS_PER_DAY:
            self._begin_day(now)
        used = self._counts[kind] + keys
        if used > most:
            # The text of a multi-key read is ours: only that of single keys has been recorded.
            raise errors.daily_limit_exceeded(kind)
        self._counts[kind] = used

    def _begin_day(self, now: int) -> None:
        """Begin the day of `now`, which may be the one that has begun."""
        midnight = now - now % SECONDS_PER_DAY
        if midnight != self._midnight:
            self._midnight = midnight
            self._counts = dict.fromkeys(self._most, 0)

    def __repr__(self) -> str:
        return f"<Quota: {self.used}>"


class QuotaStore:
    """The layer that refuses what goes beyond a quota, before anything else happens."""

    __slots__ = ("_counts_reads", "_inner", "_namespace", "_quota")

    def __init__(self, inner: Store, quota: Quota, namespace: BackingNamespace) -> None:
        self._inner = inner
        self._quota = quota
        self._namespace = namespace
        self._counts_reads = quota.limits.reads_per_day is not None
        quota.attach(namespace)

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key.

        Raises: KVError, "KV get() limit exceeded for the day."
        """
        if self._counts_reads or _CURRENT.get() is not None:
            self._quota.enter("get")
        return await self._inner.get(key, cache_ttl)

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys: one operation, but each key counts for the day.

        Raises: KVError, "KV get() limit exceeded for the day."
        """
        self._quota.enter("get", len(keys))
        return await self._inner.get_many(keys, cache_ttl)

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key.

        Raises: KVError, "KV put() limit exceeded for the day." or (the text is ours) "KV PUT
        failed: 413 Stored data of 1000000001 exceeds limit of 1000000000."
        """
        self._quota.enter("put")
        stored = self._quota.stored
        if stored is None:
            return await self._inner.put(key, record)
        write = stored.begin(self._namespace, key, record)
        try:
            return await self._inner.put(key, record)
        finally:
            stored.end(write)

    async def delete(self, key: str) -> int | None:
        """Remove one key.

        Raises: KVError, "KV delete() limit exceeded for the day."
        """
        self._quota.enter("delete")
        stored = self._quota.stored
        if stored is None:
            return await self._inner.delete(key)
        write = stored.begin(self._namespace, key, None)
        try:
            return await self._inner.delete(key)
        finally:
            stored.end(write)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page.

        Raises: KVError, "KV list() limit exceeded for the day."
        """
        self._quota.enter("list")
        return await self._inner.list(prefix, after, limit)
