"""The caches of one namespace: one per location, one per region, and a central one."""

from dataclasses import dataclass

from pykvbinding.choices import ChoiceSource
from pykvbinding.clock import Clock
from pykvbinding.edge.cache import Cache, PageCache
from pykvbinding.edge.latency import LatencyProfile, Spread, sample_seconds
from pykvbinding.edge.links import Links
from pykvbinding.edge.tombstones import Tombstones
from pykvbinding.edge.topology import Topology
from pykvbinding.middleware.namespace import BackingNamespace


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeConfig:
    """The settings that all namespaces of one network share.

    `cache_entries` is the maximum size of each location's cache of keys, and of its cache of pages.
    `list_cache_ttl` and `tombstone_ttl` are in seconds; 0 switches the feature off.
    """

    topology: Topology
    links: Links
    clock: Clock
    choice: ChoiceSource
    latency: LatencyProfile | None
    cache_entries: int
    list_cache_ttl: float
    tombstone_ttl: float


class LocationCaches:
    """The caches of one location for one namespace: its own, and the tiers above it."""

    __slots__ = ("cache", "is_near_central_store", "location", "pages", "tiers")

    def __init__(self, location: str, config: EdgeConfig, tiers: tuple[Cache, ...]) -> None:
        self.location: str = location
        self.is_near_central_store: bool = config.topology.is_near_central_store(location)
        self.cache: Cache = Cache(config.cache_entries)
        self.pages: PageCache = PageCache(config.list_cache_ttl, config.cache_entries)
        self.tiers: tuple[Cache, ...] = tiers

    def invalidate(self, key: str) -> None:
        """Remove a key from this location's cache and from every tier above it."""
        self.cache.invalidate(key)
        for tier in self.tiers:
            tier.invalidate(key)

    def clear(self) -> None:
        """Remove everything from this location's caches and from every tier above it."""
        self.cache.clear()
        self.pages.clear()
        for tier in self.tiers:
            tier.clear()


class CacheHierarchy:
    """All caches of one namespace: a cache per location, a tier per region, a central tier.

    A tier can hold as many entries as all its locations together.
    """

    def __init__(self, config: EdgeConfig, namespace: BackingNamespace) -> None:
        self.config: EdgeConfig = config
        self._namespace = namespace
        self._direct_write_count = namespace.direct_write_count
        engine, ttl = namespace.store.engine, config.tombstone_ttl
        self.tombstones: Tombstones | None = Tombstones(engine, config.clock, ttl) if ttl else None
        topology = config.topology
        self._central = Cache(config.cache_entries * len(topology.locations))
        regions = [topology.region_of(location) for location in topology.locations]
        self._regional = {
            region: Cache(config.cache_entries * regions.count(region)) for region in regions
        }
        self.locations: dict[str, LocationCaches] = {
            location: LocationCaches(location, config, (self._regional[region], self._central))
            for location, region in zip(topology.locations, regions, strict=True)
        }

    def sync_with_direct_writes(self) -> None:
        """Clear the central tier if the namespace was changed directly since the last call.

        Every write through a binding invalidates its key in the central tier, so the tier is never
        older than the central stores. This call ensures the same after direct changes.
        """
        if self._direct_write_count != self._namespace.direct_write_count:
            self._direct_write_count = self._namespace.direct_write_count
            self._central.clear()

    def sample_seconds(self, spread: Spread) -> float:
        """Return a random duration of one operation."""
        return sample_seconds(spread, self.config.choice)
