"""Namespaces with each kind of store: the engine, a chain with a layer, a simulated network."""

from collections.abc import Sequence
from typing import Any

from pykvbinding import EdgeNetwork, KVNamespace, Limits, VirtualClock
from pykvbinding.kv.binding import bind
from pykvbinding.middleware.history import HistoryStore
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store

START = 1_700_000_000


class PassingStore:
    """A layer that forwards every operation, so that the binding does not use its short-circuit."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        return await self._inner.get(key, cache_ttl)

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        return await self._inner.get_many(keys, cache_ttl)

    async def put(self, key: str, record: Record) -> int | None:
        return await self._inner.put(key, record)

    async def delete(self, key: str) -> int | None:
        return await self._inner.delete(key)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        return await self._inner.list(prefix, after, limit)


def make_kv(over: str, clock: VirtualClock | None = None, **limits: int) -> KVNamespace:
    """Return a namespace over the "engine", a "chain" with a layer, or a "network"."""
    clock = clock or VirtualClock(START)
    if over == "network":
        without_rate = Limits(writes_per_second_per_key=None, **limits)
        return EdgeNetwork("LHR", clock=clock, limits=without_rate).kv("LHR")
    kv = KVNamespace(clock=clock, limits=Limits(**limits))
    if over == "engine":
        return kv
    return bind(kv.namespace, PassingStore(kv.namespace.store))


def classes_of_chain(store: Any) -> list[str]:
    """Return the class names of the stores of a chain, outermost first."""
    names = [type(store).__name__]
    while hasattr(store, "_inner"):
        store = store._inner
        names.append(type(store).__name__)
    return names


def missed(kv: KVNamespace) -> str | None:
    """Return the cacheStatus of a first read: "MISS" if there is a cache, else `None`."""
    return "MISS" if isinstance(kv._store, HistoryStore) else None
