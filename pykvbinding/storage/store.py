"""The seam: the five-method protocol that every home of records speaks, and the plain one."""

from collections.abc import Sequence
from typing import Protocol

from pykvbinding.clock import Clock
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ListPage, ReadResult, Record


class Store(Protocol):
    """Where a binding's operations go. Arguments arrive parsed, checked and encoded.

    A layer is a `Store` around another `Store`. `cache_ttl` is in seconds.
    """

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key."""
        ...

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several distinct keys in one operation; every key is in the answer."""
        ...

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key, whatever was there. Its new version, `None` where nobody counts."""
        ...

    async def delete(self, key: str) -> int | None:
        """Remove one key; a missing one is no error. As `put`, its new version."""
        ...

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read at most `limit` names that start with `prefix` and are greater than `after`."""
        ...


class LocalStore:
    """The store at the end of a chain: one engine and one clock, no caches and no policy.

    A chain that is only this store lets the binding call `engine` directly.
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
        """Write one key, after reclaiming what has expired if this one is going to."""
        if record.expiration is not None:
            self.engine.evict_expired(self._clock.now_seconds())
        self.engine.write(key, record)

    async def delete(self, key: str) -> None:
        """Remove one key."""
        self.engine.erase(key)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page."""
        return self.engine.scan(prefix, after, limit, self._clock.now_seconds())
