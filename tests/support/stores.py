"""Namespaces over each kind of store: the engine, a chain with a layer, a network of one."""

from collections.abc import Sequence
from typing import Any

from pykvbinding import EdgeNetwork, KVNamespace, Limits, VirtualClock
from pykvbinding.kv.binding import bind
from pykvbinding.middleware.history import HistoryStore
from pykvbinding.storage.record import Found, Page, Record
from pykvbinding.storage.store import Store

START = 1_700_000_000


class PassingStore:
    """The least layer: it hands every operation on, so a binding over it takes the long way."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner

    async def get(self, key: str, cache_ttl: int) -> Found:
        return await self._inner.get(key, cache_ttl)

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, Found]:
        return await self._inner.get_many(keys, cache_ttl)

    async def put(self, key: str, record: Record) -> int | None:
        return await self._inner.put(key, record)

    async def delete(self, key: str) -> int | None:
        return await self._inner.delete(key)

    async def list(self, prefix: str, after: str | None, limit: int) -> Page:
        return await self._inner.list(prefix, after, limit)


def make_kv(over: str, clock: VirtualClock | None = None, **limits: int) -> KVNamespace:
    """A namespace over the engine itself, over a "chain" with a layer, or in a "network" of one."""
    clock = clock or VirtualClock(START)
    if over == "network":
        free = Limits(writes_per_second_per_key=None, **limits)
        return EdgeNetwork("LHR", clock=clock, limits=free).kv("LHR")
    kv = KVNamespace(clock=clock, limits=Limits(**limits))
    if over == "engine":
        return kv
    return bind(kv.namespace, PassingStore(kv.namespace.store))


def classes_of_chain(store: Any) -> list[str]:
    """The class names of the stores of a chain, outermost first."""
    found = [type(store).__name__]
    while hasattr(store, "_inner"):
        store = store._inner
        found.append(type(store).__name__)
    return found


def missed(kv: KVNamespace) -> str | None:
    """The cacheStatus of a first read: a cache that lacks it, where there is a cache at all."""
    return "MISS" if isinstance(kv._store, HistoryStore) else None
