"""The write rate: so many writes of one key in any second, and a 429 for the next one."""

from collections import deque

from pykvbinding import errors
from pykvbinding.clock import NANOSECONDS, Clock
from pykvbinding.storage.record import Record
from pykvbinding.storage.store import Store


class WriteRate:
    """The writes that one namespace accepted within the last second, wherever they came from.

    Documented is a maximum of one write to the same key per second; production refuses deletes
    too, so puts and deletes share one count. How the service measures its second is not
    documented: here any span of one second holds at most `per_second` writes.

    It takes memory for the writes of one second, however many keys there are.
    """

    __slots__ = ("_accepted", "_clock", "_counts", "per_second")

    def __init__(self, per_second: int, clock: Clock) -> None:
        self.per_second: int = per_second
        self._clock = clock
        self._accepted: deque[tuple[int, str]] = deque()
        self._counts: dict[str, int] = {}

    def accept(self, method: str, key: str) -> None:
        """Count one write of `key`. Runtime complexity: O(1) amortised.

        A refused write counts for nothing: the next one has to wait no longer because of it.

        Raises: KVError, "KV PUT failed: 429 Too Many Requests" (`method` is PUT or DELETE).
        """
        if self.is_full(key):
            raise errors.too_many_requests(method)
        self.count(key)

    def is_full(self, key: str) -> bool:
        """Whether a write of `key` would be refused now. Runtime complexity: O(1) amortised."""
        self._forget(self._clock.now_nanoseconds())
        return self._counts.get(key, 0) >= self.per_second

    def count(self, key: str) -> None:
        """Count one write of `key`, whatever the limit. Runtime complexity: O(1)."""
        self._counts[key] = self._counts.get(key, 0) + 1
        self._accepted.append((self._clock.now_nanoseconds(), key))

    def next_free(self) -> int | None:
        """When a write that would be refused now is next accepted, in nanoseconds since the epoch.

        `None` if none would be refused. Runtime complexity: O(writes of the last second).
        """
        self._forget(self._clock.now_nanoseconds())
        passed: dict[str, int] = {}
        for at, key in self._accepted:
            # More than the rate permits may have been counted; then the oldest frees nothing.
            over = self._counts[key] - self.per_second
            before = passed.get(key, 0)
            if before == over:
                return at + NANOSECONDS
            passed[key] = before + 1
        return None

    def _forget(self, now: int) -> None:
        """Drop the writes that are a second old."""
        accepted, counts = self._accepted, self._counts
        if accepted and accepted[-1][0] > now:
            # The machine's clock was set back. Those writes may be hours ahead: start anew.
            accepted.clear()
            counts.clear()
        while accepted and now - accepted[0][0] >= NANOSECONDS:
            key = accepted.popleft()[1]
            if counts[key] == 1:
                del counts[key]
            else:
                counts[key] -= 1


class RateLimitStore:
    """The layer that refuses writes beyond the rate, before anything is written.

    Reads do not pass through it: its `get`, `get_many` and `list` are those of the next store.
    """

    __slots__ = ("_inner", "_rate", "get", "get_many", "list")

    def __init__(self, inner: Store, rate: WriteRate) -> None:
        self._inner = inner
        self._rate = rate
        self.get = inner.get
        self.get_many = inner.get_many
        self.list = inner.list

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key.

        A write that fails further in has counted: the service saw it before it failed.

        Raises: KVError, "KV PUT failed: 429 Too Many Requests".
        """
        self._rate.accept("PUT", key)
        return await self._inner.put(key, record)

    async def delete(self, key: str) -> int | None:
        """Remove one key.

        Raises: KVError, "KV DELETE failed: 429 Too Many Requests".
        """
        self._rate.accept("DELETE", key)
        return await self._inner.delete(key)
