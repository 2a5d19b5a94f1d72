"""What the tests of the edge stand on: central stores that count, and worlds made of defaults."""

from collections.abc import Sequence
from typing import Any

from pykvbinding import Limits, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.edge.latency import Latency, Spread
from pykvbinding.edge.links import Links
from pykvbinding.edge.store import EdgeStore
from pykvbinding.edge.tiers import Settings, World
from pykvbinding.edge.topology import Topology
from pykvbinding.kv.namespace import Namespace
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import LocalStore

LOCATIONS = ("LHR", "CDG", "NRT")
"""Two of one region, near a central store, and one of another, far from any."""


class CentralStore:
    """Central stores that note every call, count the versions of each key, and refuse on demand."""

    def __init__(self, engine: Engine, clock: VirtualClock) -> None:
        self.local = LocalStore(engine, clock)
        self.calls: list[str] = []
        self.versions: dict[str, int] = {}
        self.refusal: Exception | None = None

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        self._call("get", key)
        found = await self.local.get(key, cache_ttl)
        return ReadResult(found.record, None, self.versions.get(key, 0))

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        return {key: await self.get(key, cache_ttl) for key in keys}

    async def put(self, key: str, record: Record) -> int:
        self._call("put", key)
        await self.local.put(key, record)
        return self._count(key)

    async def delete(self, key: str) -> int:
        self._call("delete", key)
        await self.local.delete(key)
        return self._count(key)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        self._call("list", prefix)
        return await self.local.list(prefix, after, limit)

    def _call(self, method: str, key: str) -> None:
        self.calls.append(f"{method} {key}")
        if self.refusal is not None:
            raise self.refusal

    def _count(self, key: str) -> int:
        self.versions[key] = self.versions.get(key, 0) + 1
        return self.versions[key]


class Edges:
    """A location's store for every location, over central stores that count."""

    def __init__(self, clock: VirtualClock, *locations: str, **changed: Any) -> None:
        self.clock = clock
        self.namespace = make_namespace(clock)
        self.world = make_world(clock, *locations, namespace=self.namespace, **changed)
        self.links = self.world.settings.links
        self.central = CentralStore(self.namespace.store.engine, clock)

    def at(self, location: str) -> EdgeStore:
        return EdgeStore(self.central, self.world, location)


def make_world(
    clock: VirtualClock,
    *locations: str,
    namespace: Namespace | None = None,
    regions: dict[str, list[str]] | None = None,
    **changed: Any,
) -> World:
    topology = Topology(locations or LOCATIONS, regions)
    settings: dict[str, Any] = {
        "topology": topology,
        "links": Links(topology),
        "clock": clock,
        "choice": SeededChoice(0),
        "latency": None,
        "cache_entries": 100,
        "list_cache_ttl": 60,
        "tombstone_ttl": 0,
    }
    return World(Settings(**settings | changed), namespace or make_namespace(clock))


def make_namespace(clock: VirtualClock) -> Namespace:
    return Namespace(title="KV", id="KV", clock=clock, limits=Limits())


def constant(milliseconds: float) -> Spread:
    """A spread that always gives the same."""
    return Spread(p50=milliseconds, p99=milliseconds)


STEADY = Latency(
    hit=constant(1),
    regional=constant(10),
    central=constant(20),
    near=constant(100),
    far=constant(200),
    write=constant(400),
)
"""Nothing left to chance: how long an operation took tells where its answer came from."""


def put_now(edges: Edges, key: str, record: Record) -> None:
    """Write to the central stores as another location would, without waiting."""
    edges.central.local.engine.write(key, record)
    edges.central.versions[key] = edges.central.versions.get(key, 0) + 1
