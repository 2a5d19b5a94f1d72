"""The `Store` protocol, implemented by every store and layer, and `LocalStore`."""

from collections.abc import Sequence
from typing import Protocol

from pykvbinding.clock import Clock
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ListPage, ReadResult, Record


class Store(Protocol):
    """Performs the operations of a binding. Arguments are already parsed, checked and encoded.

    A layer is a `Store` that wraps another `Store`. `cache_ttl` is in seconds.
    """

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key."""
        ...

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several distinct keys in one operation; the result contains every key."""
        ...

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key. Return its new version, `None` if versions are not tracked."""
        ...

    async def delete(self, key: str) -> int | None:
        """Remove one key, if it exists. Return its new version, as `put` does."""
        ...

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read at most `limit` keys that start with `prefix` and are greater than `after`."""
        ...


class LocalStore:
    """The store at the end of a chain: an engine and a clock, without caches or policies.

    If a chain consists only of this store, the binding calls `engine` directly.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self._clock = clock

    async def get(self, key: str, cache_ttl: int) -> ReadResult:  # noqa: ARG002
        """Read one key."""
        return ReadResult(self.engine.read(key, self._clock.now_seconds()))

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:  # noqa: ARG002
        """Read several keys at one instant."""
        now = self._clock.now_seconds()
        read = self.engine.read
        return {key: ReadResult(read(key, now)) for key in keys}

    async def put(self, key: str, record: Record) -> None:
        """Write one key. An expiring record first evicts the expired ones."""
        if record.expiration is not None:
            self.engine.evict_expired(self._clock.now_seconds())
        self.engine.write(key, record)

    async def delete(self, key: str) -> None:
        """Remove one key."""
        self.engine.erase(key)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page."""
        return self.engine.scan(prefix, after, limit, self._clock.now_seconds())
