"""The cache hierarchy of a namespace: its caches, and which of them locations share."""

import pytest

from pykvbinding import VirtualClock
from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge.cache import Cache, CacheEntry
from pykvbinding.edge.tiers import CacheHierarchy, LocationCaches
from pykvbinding.storage.record import ListPage, Record
from tests.support.edge import STEADY, make_hierarchy, make_namespace

LIST_KEY = ("", None, 10)


@pytest.fixture
def hierarchy(clock: VirtualClock) -> CacheHierarchy:
    return make_hierarchy(clock, "LHR", "CDG", "NRT")


def caches(location: LocationCaches) -> list[Cache]:
    return [location.cache, *location.tiers]


def fill(location: LocationCaches, *keys: str) -> None:
    for cache in caches(location):
        for key in keys:
            cache.put(key, CacheEntry(Record("1"), 1, 0))


def cached_keys(location: LocationCaches) -> list[list[str]]:
    return [list(cache.entries) for cache in caches(location)]


def test_every_location_has_caches(hierarchy: CacheHierarchy) -> None:
    assert list(hierarchy.locations) == ["LHR", "CDG", "NRT"]
    assert [location.location for location in hierarchy.locations.values()] == ["LHR", "CDG", "NRT"]


def test_knows_whether_a_central_store_is_near(hierarchy: CacheHierarchy) -> None:
    assert [location.is_near_central_store for location in hierarchy.locations.values()] == [
        True,
        True,
        False,
    ]


def test_locations_share_the_tier_of_their_region_and_the_central_tier(
    hierarchy: CacheHierarchy,
) -> None:
    london, paris, tokyo = hierarchy.locations.values()

    assert london.tiers[0] is paris.tiers[0]
    assert london.tiers[0] is not tokyo.tiers[0]
    assert london.tiers[1] is paris.tiers[1] is tokyo.tiers[1]


def test_locations_have_separate_caches(hierarchy: CacheHierarchy) -> None:
    location_caches = [location.cache for location in hierarchy.locations.values()]

    assert len(set(map(id, location_caches))) == 3


def test_two_hierarchies_share_nothing(clock: VirtualClock, hierarchy: CacheHierarchy) -> None:
    other = make_hierarchy(clock, "LHR", "CDG", "NRT")
    fill(hierarchy.locations["LHR"], "a")

    assert cached_keys(other.locations["LHR"]) == [[], [], []]


def test_the_size_of_a_tier_is_that_of_its_locations_together(clock: VirtualClock) -> None:
    hierarchy = make_hierarchy(clock, "LHR", "CDG", "NRT", cache_entries=10)

    sizes = {
        name: [cache.max_entries for cache in caches(location)]
        for name, location in hierarchy.locations.items()
    }

    assert sizes == {"LHR": [10, 20, 30], "CDG": [10, 20, 30], "NRT": [10, 10, 30]}
    assert hierarchy.locations["LHR"].pages.max_entries == 10


def test_invalidate_affects_the_location_and_the_tiers_above_only(
    hierarchy: CacheHierarchy,
) -> None:
    london, paris, tokyo = hierarchy.locations.values()
    for location in (london, paris, tokyo):
        fill(location, "a", "b")

    london.invalidate("a")

    assert cached_keys(london) == [["b"], ["b"], ["b"]]
    assert cached_keys(paris)[0] == ["a", "b"]
    assert cached_keys(tokyo)[:2] == [["a", "b"], ["a", "b"]]


def test_clear_affects_the_location_and_the_tiers_above_only(hierarchy: CacheHierarchy) -> None:
    london, paris, _ = hierarchy.locations.values()
    for location in (london, paris):
        fill(location, "a")
        location.pages.put(LIST_KEY, ListPage([], {}, None), 0)

    london.clear()

    assert cached_keys(london) == [[], [], []]
    assert cached_keys(paris) == [["a"], [], []]
    assert london.pages.find(LIST_KEY, 0) is None
    assert paris.pages.find(LIST_KEY, 0) is not None


@pytest.mark.parametrize(("ttl", "age", "is_fresh"), [(5, 4, True), (5, 5, False), (0, 0, False)])
def test_pages_are_cached_for_the_configured_time(
    clock: VirtualClock, ttl: float, age: int, is_fresh: bool
) -> None:
    pages = make_hierarchy(clock, "LHR", list_cache_ttl=ttl).locations["LHR"].pages
    pages.put(LIST_KEY, ListPage([], {}, None), 0)

    assert (pages.find(LIST_KEY, age * NANOSECONDS) is not None) is is_fresh


def test_a_direct_write_clears_the_central_tier_once(clock: VirtualClock) -> None:
    namespace = make_namespace(clock)
    namespace.seed({"before": "1"})
    hierarchy = make_hierarchy(clock, "LHR", namespace=namespace)
    fill(hierarchy.locations["LHR"], "a")

    hierarchy.sync_with_direct_writes()
    before = cached_keys(hierarchy.locations["LHR"])
    namespace.seed({"a": "2"})
    hierarchy.sync_with_direct_writes()
    after = cached_keys(hierarchy.locations["LHR"])
    fill(hierarchy.locations["LHR"], "b")
    hierarchy.sync_with_direct_writes()

    assert before == [["a"], ["a"], ["a"]]
    assert after == [["a"], ["a"], []]
    assert cached_keys(hierarchy.locations["LHR"])[2] == ["b"]


def test_tombstones_are_off_by_default(clock: VirtualClock) -> None:
    assert make_hierarchy(clock).tombstones is None


def test_tombstones_are_kept_for_the_configured_time(clock: VirtualClock) -> None:
    namespace = make_namespace(clock)
    tombstones = make_hierarchy(clock, namespace=namespace, tombstone_ttl=10).tombstones
    assert tombstones is not None
    namespace.seed({"a": "1"})
    tombstones.delete("a")
    namespace.clear()

    clock.advance(9)
    before = tombstones.names("", None, None, 10)
    clock.advance(1)

    assert (before, tombstones.names("", None, None, 10)) == (["a"], [])


def test_durations_are_in_seconds(hierarchy: CacheHierarchy) -> None:
    assert hierarchy.sample_seconds(STEADY.near) == 0.1
