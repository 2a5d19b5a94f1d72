"""The world of a namespace: which caches its places have, and which of them they share."""

import pytest

from pykvbinding import VirtualClock
from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge.cache import Cache, Copy
from pykvbinding.edge.tiers import Place, World
from pykvbinding.storage.record import ListPage, Record
from tests.support.edge import STEADY, make_namespace, make_world

QUESTION = ("", None, 10)


@pytest.fixture
def world(clock: VirtualClock) -> World:
    return make_world(clock, "LHR", "CDG", "NRT")


def caches(place: Place) -> list[Cache]:
    return [place.cache, *place.tiers]


def fill(place: Place, *keys: str) -> None:
    for cache in caches(place):
        for key in keys:
            cache.keep(key, Copy(Record("1"), 1, 0))


def held(place: Place) -> list[list[str]]:
    return [list(cache.copies) for cache in caches(place)]


def test_every_location_has_a_place(world: World) -> None:
    assert list(world.places) == ["LHR", "CDG", "NRT"]
    assert [place.location for place in world.places.values()] == ["LHR", "CDG", "NRT"]


def test_a_place_knows_whether_a_central_store_is_near(world: World) -> None:
    assert [place.near for place in world.places.values()] == [True, True, False]


def test_locations_of_one_region_share_its_tier_and_all_share_the_central_one(
    world: World,
) -> None:
    london, paris, tokyo = world.places.values()

    assert london.tiers[0] is paris.tiers[0]
    assert london.tiers[0] is not tokyo.tiers[0]
    assert london.tiers[1] is paris.tiers[1] is tokyo.tiers[1]


def test_no_location_shares_its_own_cache(world: World) -> None:
    every = [place.cache for place in world.places.values()]

    assert len(set(map(id, every))) == 3


def test_two_worlds_share_nothing(clock: VirtualClock, world: World) -> None:
    other = make_world(clock, "LHR", "CDG", "NRT")
    fill(world.places["LHR"], "a")

    assert held(other.places["LHR"]) == [[], [], []]


def test_a_tier_holds_as_much_as_its_locations_together(clock: VirtualClock) -> None:
    world = make_world(clock, "LHR", "CDG", "NRT", cache_entries=10)

    sizes = {name: [cache.most for cache in caches(place)] for name, place in world.places.items()}

    assert sizes == {"LHR": [10, 20, 30], "CDG": [10, 20, 30], "NRT": [10, 10, 30]}
    assert world.places["LHR"].pages.most == 10


def test_drop_forgets_a_key_here_and_above_and_nowhere_else(world: World) -> None:
    london, paris, tokyo = world.places.values()
    for place in (london, paris, tokyo):
        fill(place, "a", "b")

    london.drop("a")

    assert held(london) == [["b"], ["b"], ["b"]]
    assert held(paris)[0] == ["a", "b"]
    assert held(tokyo)[:2] == [["a", "b"], ["a", "b"]]


def test_clear_forgets_everything_here_and_above(world: World) -> None:
    london, paris, _ = world.places.values()
    for place in (london, paris):
        fill(place, "a")
        place.pages.keep(QUESTION, ListPage([], {}, None), 0)

    london.clear()

    assert held(london) == [[], [], []]
    assert held(paris) == [["a"], [], []]
    assert london.pages.find(QUESTION, 0) is None
    assert paris.pages.find(QUESTION, 0) is not None


@pytest.mark.parametrize(("ttl", "age", "fresh"), [(5, 4, True), (5, 5, False), (0, 0, False)])
def test_pages_are_held_for_as_long_as_the_settings_say(
    clock: VirtualClock, ttl: float, age: int, fresh: bool
) -> None:
    pages = make_world(clock, "LHR", list_cache_ttl=ttl).places["LHR"].pages
    pages.keep(QUESTION, ListPage([], {}, None), 0)

    assert (pages.find(QUESTION, age * NANOSECONDS) is not None) is fresh


def test_what_a_test_changes_directly_empties_the_central_tier_once(clock: VirtualClock) -> None:
    namespace = make_namespace(clock)
    namespace.seed({"before": "1"})
    world = make_world(clock, "LHR", namespace=namespace)
    fill(world.places["LHR"], "a")

    world.follow_the_test()
    before = held(world.places["LHR"])
    namespace.seed({"a": "2"})
    world.follow_the_test()
    after = held(world.places["LHR"])
    fill(world.places["LHR"], "b")
    world.follow_the_test()

    assert before == [["a"], ["a"], ["a"]]
    assert after == [["a"], ["a"], []]
    assert held(world.places["LHR"])[2] == ["b"]


def test_there_are_no_tombstones_unless_they_are_asked_for(clock: VirtualClock) -> None:
    assert make_world(clock).tombstones is None


def test_tombstones_stay_for_as_long_as_the_settings_say(clock: VirtualClock) -> None:
    namespace = make_namespace(clock)
    tombstones = make_world(clock, namespace=namespace, tombstone_ttl=10).tombstones
    assert tombstones is not None
    namespace.seed({"a": "1"})
    tombstones.delete("a")
    namespace.clear()

    clock.advance(9)
    before = tombstones.names("", None, None, 10)
    clock.advance(1)

    assert (before, tombstones.names("", None, None, 10)) == (["a"], [])


def test_a_duration_is_drawn_in_seconds(world: World) -> None:
    assert world.draw_seconds(STEADY.near) == 0.1
