"""The write rate limit: `per_second` writes of one key in any second, 429 for further ones."""

from collections import deque

from pykvbinding import errors
from pykvbinding.clock import NANOSECONDS, Clock
from pykvbinding.storage.record import Record
from pykvbinding.storage.store import Store


class WriteRateLimiter:
    """The writes that one namespace accepted within the last second, from any location.

    The documentation allows one write to the same key per second. Production rejects deletes too,
    so puts and deletes share one count. How the service measures the second is not documented: here
    any interval of one second contains at most `per_second` writes.

    The memory use depends on the number of writes in one second, not on the number of keys.
    """

    __slots__ = ("_accepted", "_clock", "_counts", "per_second")

    def __init__(self, per_second: int, clock: Clock) -> None:
        self.per_second: int = per_second
        self._clock = clock
        self._accepted: deque[tuple[int, str]] = deque()
        self._counts: dict[str, int] = {}

    def acquire(self, method: str, key: str) -> None:
        """Count one write of `key`. Runtime complexity: O(1) amortised.

        A rejected write is not counted, so it does not delay the next one.

        Raises: KVError, "KV PUT failed: 429 Too Many Requests" (`method` is PUT or DELETE).
        """
        if self.is_full(key):
            raise errors.too_many_requests(method)
        self.count(key)

    def is_full(self, key: str) -> bool:
        """Return whether a write of `key` would be rejected now. Complexity: O(1) amortised."""
        self._remove_old(self._clock.now_nanoseconds())
        return self._counts.get(key, 0) >= self.per_second

    def count(self, key: str) -> None:
        """Count one write of `key` regardless of the limit. Runtime complexity: O(1)."""
        self._counts[key] = self._counts.get(key, 0) + 1
        self._accepted.append((self._clock.now_nanoseconds(), key))

    def next_available(self) -> int | None:
        """Return when the next rejected write would be accepted, in nanoseconds since the epoch.

        `None` if no write would be rejected now. Complexity: O(writes of the last second).
        """
        self._remove_old(self._clock.now_nanoseconds())
        ended_writes: dict[str, int] = {}
        for accepted_ns, key in self._accepted:
            # `count` can exceed the rate; then the end of the oldest write is not enough.
            excess = self._counts[key] - self.per_second
            ended = ended_writes.get(key, 0)
            if ended == excess:
                return accepted_ns + NANOSECONDS
            ended_writes[key] = ended + 1
        return None

    def _remove_old(self, now: int) -> None:
        """Remove the writes that are a second old."""
        accepted, counts = self._accepted, self._counts
        if accepted and accepted[-1][0] > now:
            # The machine's clock was set back; the writes can be hours in the future. Reset.
            accepted.clear()
            counts.clear()
        while accepted and now - accepted[0][0] >= NANOSECONDS:
            key = accepted.popleft()[1]
            if counts[key] == 1:
                del counts[key]
            else:
                counts[key] -= 1


class RateLimitStore:
    """The layer that rejects writes beyond the rate before they reach the next store.

    Reads bypass it: its `get`, `get_many` and `list` are those of the next store.
    """

    __slots__ = ("_inner", "_limiter", "get", "get_many", "list")

    def __init__(self, inner: Store, limiter: WriteRateLimiter) -> None:
        self._inner = inner
        self._limiter = limiter
        self.get = inner.get
        self.get_many = inner.get_many
        self.list = inner.list

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key.

        A write that fails in an inner layer counts: the service has received it.

        Raises: KVError, "KV PUT failed: 429 Too Many Requests".
        """
        self._limiter.acquire("PUT", key)
        return await self._inner.put(key, record)

    async def delete(self, key: str) -> int | None:
        """Delete one key.

        Raises: KVError, "KV DELETE failed: 429 Too Many Requests".
        """
        self._limiter.acquire("DELETE", key)
        return await self._inner.delete(key)
