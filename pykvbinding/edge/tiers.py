"""The world of one namespace: its caches in every location and tier, and what they share."""

from dataclasses import dataclass

from pykvbinding.choices import ChoiceSource
from pykvbinding.clock import Clock
from pykvbinding.edge.cache import Cache, Pages
from pykvbinding.edge.latency import Latency, Spread, draw_seconds
from pykvbinding.edge.links import Links
from pykvbinding.edge.tombstones import Tombstones
from pykvbinding.edge.topology import Topology
from pykvbinding.middleware.namespace import BackingNamespace


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the worlds of one network have in common.

    `cache_entries` bounds each location's cache of keys and, apart, of pages; `list_cache_ttl` and
    `tombstone_ttl` are in seconds, 0 for none.
    """

    topology: Topology
    links: Links
    clock: Clock
    choice: ChoiceSource
    latency: Latency | None
    cache_entries: int
    list_cache_ttl: float
    tombstone_ttl: float


class Place:
    """What one location knows of one namespace: its caches, and the tiers above it."""

    __slots__ = ("cache", "location", "near", "pages", "tiers")

    def __init__(self, location: str, settings: Settings, tiers: tuple[Cache, ...]) -> None:
        self.location: str = location
        self.near: bool = settings.topology.is_near(location)
        self.cache: Cache = Cache(settings.cache_entries)
        self.pages: Pages = Pages(settings.list_cache_ttl, settings.cache_entries)
        self.tiers: tuple[Cache, ...] = tiers

    def drop(self, key: str) -> None:
        """Forget a key here and in every tier above."""
        self.cache.drop(key)
        for tier in self.tiers:
            tier.drop(key)

    def clear(self) -> None:
        """Forget everything here and in every tier above."""
        self.cache.clear()
        self.pages.clear()
        for tier in self.tiers:
            tier.clear()


class World:
    """The places of one namespace: one a location, under one tier a region, under a central tier.

    A tier holds as much as all its locations together may.
    """

    def __init__(self, settings: Settings, namespace: BackingNamespace) -> None:
        self.settings = settings
        self._namespace = namespace
        self._direct_write_count = namespace.direct_write_count
        engine, ttl = namespace.store.engine, settings.tombstone_ttl
        self.tombstones: Tombstones | None = (
            Tombstones(engine, settings.clock, ttl) if ttl else None
        )
        topology = settings.topology
        self._central = Cache(settings.cache_entries * len(topology.locations))
        regions = [topology.region_of(location) for location in topology.locations]
        self._regional = {
            region: Cache(settings.cache_entries * regions.count(region)) for region in regions
        }
        self.places: dict[str, Place] = {
            location: Place(location, settings, (self._regional[region], self._central))
            for location, region in zip(topology.locations, regions, strict=True)
        }

    def follow_the_test(self) -> None:
        """Empty the central tier if a test has changed the central stores directly.

        Every write drops its key there, so it is never older than the stores; nor is it to be now.
        """
        if self._direct_write_count != self._namespace.direct_write_count:
            self._direct_write_count = self._namespace.direct_write_count
            self._central.clear()

    def draw_seconds(self, spread: Spread) -> float:
        """How long one operation takes."""
        return draw_seconds(spread, self.settings.choice)
