"""The quotas of an account: operations per day, operations per invocation, stored bytes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pykvbinding import errors
from pykvbinding.clock import SECONDS_PER_DAY, Clock
from pykvbinding.limits import Limits
from pykvbinding.middleware.namespace import BackingNamespace
from pykvbinding.middleware.storage_quota import StorageQuota
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store


class InvocationQuota:
    """The number of operations of one Worker invocation, for one account.

    `limit` is the maximum number of operations, `None` for no limit. `outer` is the enclosing
    invocation, which can belong to another account.
    """

    __slots__ = ("limit", "operations", "outer", "quota")

    def __init__(self, quota: "Quota", outer: "InvocationQuota | None") -> None:
        self.quota: Quota = quota
        self.outer: InvocationQuota | None = outer
        self.limit: int | None = quota.limits.max_operations_per_invocation
        self.operations: int = 0

    def count(self) -> None:
        """Count one operation; a rejected one is not counted.

        Raises: KVError, "Too many API requests by single Worker invocation. …"
        """
        if self.limit is not None and self.operations >= self.limit:
            raise errors.too_many_requests_per_invocation()
        self.operations += 1

    def __repr__(self) -> str:
        of = "" if self.limit is None else f" of {self.limit}"
        return f"<InvocationQuota: {self.operations}{of} operations>"


# A context variable, because it follows a task: two concurrent invocations, in asyncio or trio,
# each have their own value.
_CURRENT: ContextVar[InvocationQuota | None] = ContextVar("pykvbinding_invocation", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUsage:
    """The usage of today's quotas; `None` if there is no quota, because nothing is counted."""

    reads: int | None
    """The number of keys read."""

    writes: int | None
    deletes: int | None
    lists: int | None


class Quota:
    """The used quotas of one account; it rejects operations beyond them.

    Days are in UTC, and all counts restart at 00:00 ("all limits reset daily at 00:00 UTC"). An
    operation is counted before it is performed, so a later failure does not matter. An operation
    that exceeds a quota is rejected as a whole and not counted.

    `is_limited` is true if there is a daily quota or a limit of stored bytes. `stored` counts the
    stored bytes, `None` without a limit.
    """

    __slots__ = (
        *("_clock", "_counts", "_midnight", "_limits", "_stored"),
        *("is_limited", "limits", "stored"),
    )

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits: Limits = limits
        self._clock = clock
        limits_by_kind = {
            "get": limits.reads_per_day,
            "put": limits.writes_per_day,
            "delete": limits.deletes_per_day,
            "list": limits.lists_per_day,
        }
        self._limits = {kind: limit for kind, limit in limits_by_kind.items() if limit is not None}
        self._counts = dict.fromkeys(self._limits, 0)
        self._midnight = 0  # start of the day of the counts, in seconds since the epoch
        self._stored = StorageQuota(limits.max_stored_bytes, clock)
        self.stored: StorageQuota | None = None if limits.max_stored_bytes is None else self._stored
        self.is_limited: bool = bool(self._limits) or self.stored is not None

    @property
    def used(self) -> QuotaUsage:
        """Today's counts for the existing quotas."""
        self._begin_day(self._clock.now_seconds())
        count = self._counts.get
        return QuotaUsage(
            reads=count("get"), writes=count("put"), deletes=count("delete"), lists=count("list")
        )

    def stored_bytes(self, now: int | None = None) -> int:
        """Return the exact number of bytes of all live keys, values and metadata, in UTF-8.

        `now` is in seconds since the epoch, by default the time of the clock.
        Runtime complexity: O(records).
        """
        return self._stored.total(self._clock.now_seconds() if now is None else now)

    def track(self, namespace: BackingNamespace) -> None:
        """Include the bytes of a namespace of this account. Repeated calls have no effect."""
        self._stored.track(namespace)

    def untrack(self, namespace: BackingNamespace) -> None:
        """Exclude the bytes of a namespace that was deleted."""
        self._stored.untrack(namespace)

    @asynccontextmanager
    async def invocation(self) -> AsyncIterator[InvocationQuota]:
        """Count the operations of one Worker invocation, including those of tasks started in it.

        Operations of a nested invocation of the same account count for the inner one only.
        """
        outer = _CURRENT.get()
        current = InvocationQuota(self, outer)
        _CURRENT.set(current)
        try:
            yield current
        finally:
            # Not by a token: a fixture can be closed in another context than it was opened in.
            _CURRENT.set(outer)

    def charge(self, kind: str, keys: int = 1) -> None:
        """Count one operation on `keys` keys for the current invocation and for the day.

        Raises: KVError, "Too many API requests by single Worker invocation. …" or "KV get() limit
        exceeded for the day."
        """
        invocation = _CURRENT.get()
        while invocation is not None:
            if invocation.quota is self:
                invocation.count()
                break
            invocation = invocation.outer
        limit = self._limits.get(kind)
        if limit is None:
            return
        now = self._clock.now_seconds()
        if not self._midnight <= now < self._midnight + SECONDS_PER_DAY:
            self._begin_day(now)
        used = self._counts[kind] + keys
        if used > limit:
            # For bulk reads the text is our own: only the one for single keys has been recorded.
            raise errors.daily_limit_exceeded(kind)
        self._counts[kind] = used

    def _begin_day(self, now: int) -> None:
        """Reset the counts unless `now` is on the same day."""
        midnight = now - now % SECONDS_PER_DAY
        if midnight != self._midnight:
            self._midnight = midnight
            self._counts = dict.fromkeys(self._limits, 0)

    def __repr__(self) -> str:
        return f"<Quota: {self.used}>"


class QuotaStore:
    """The layer that rejects operations beyond a quota before they reach the next store."""

    __slots__ = ("_counts_reads", "_inner", "_namespace", "_quota")

    def __init__(self, inner: Store, quota: Quota, namespace: BackingNamespace) -> None:
        self._inner = inner
        self._quota = quota
        self._namespace = namespace
        self._counts_reads = quota.limits.reads_per_day is not None
        quota.track(namespace)

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key.

        Raises: KVError, "KV get() limit exceeded for the day."
        """
        if self._counts_reads or _CURRENT.get() is not None:
            self._quota.charge("get")
        return await self._inner.get(key, cache_ttl)

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys: one operation, but each key counts for the daily quota.

        Raises: KVError, "KV get() limit exceeded for the day."
        """
        self._quota.charge("get", len(keys))
        return await self._inner.get_many(keys, cache_ttl)

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key.

        Raises: KVError, "KV put() limit exceeded for the day." or (our own text) "KV PUT failed:
        413 Stored data of 1000000001 exceeds limit of 1000000000."
        """
        self._quota.charge("put")
        stored = self._quota.stored
        if stored is None:
            return await self._inner.put(key, record)
        write = stored.reserve(self._namespace, key, record)
        try:
            return await self._inner.put(key, record)
        finally:
            stored.release(write)

    async def delete(self, key: str) -> int | None:
        """Delete one key.

        Raises: KVError, "KV delete() limit exceeded for the day."
        """
        self._quota.charge("delete")
        stored = self._quota.stored
        if stored is None:
            return await self._inner.delete(key)
        write = stored.reserve(self._namespace, key, None)
        try:
            return await self._inner.delete(key)
        finally:
            stored.release(write)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page.

        Raises: KVError, "KV list() limit exceeded for the day."
        """
        self._quota.charge("list")
        return await self._inner.list(prefix, after, limit)
