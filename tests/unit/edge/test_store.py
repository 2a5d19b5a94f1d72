"""Reads in a location without latency: which copy answers them, and what it is called."""

import pytest

from pykvbinding import VirtualClock
from pykvbinding.storage.record import ReadResult, Record
from tests.support.edge import Edges, put_now

START = 1_700_000_000

OLD, NEW = Record("old"), Record("new")


@pytest.fixture
def edges(clock: VirtualClock) -> Edges:
    return Edges(clock)


# Reads of one key


async def test_a_miss_asks_the_central_stores_and_a_hit_asks_nobody(edges: Edges) -> None:
    put_now(edges, "a", OLD)
    london = edges.at("LHR")

    first = await london.get("a", 60)
    second = await london.get("a", 60)

    assert (first, second) == (ReadResult(OLD, "MISS", 1), ReadResult(OLD, "HIT", 1))
    assert edges.central.calls == ["get a"]


async def test_a_missing_key_is_cached_like_any_other(edges: Edges) -> None:
    london = edges.at("LHR")
    await london.get("a", 60)
    put_now(edges, "a", NEW)

    assert await london.get("a", 60) == ReadResult(None, "HIT", 0)


AGES = [
    (60, 0, "HIT"),
    (60, 29.999_999_999, "HIT"),
    (60, 30, "HIT"),
    (60, 30.000_000_001, "REVALIDATE"),
    (60, 59.999_999_999, "REVALIDATE"),
    (60, 60, "MISS"),
    (60, 60.000_000_001, "MISS"),
    (3600, 30, "HIT"),
    (3600, 30.000_000_001, "REVALIDATE"),
    (3600, 59.999_999_999, "REVALIDATE"),
    (3600, 60, "REVALIDATE"),
    (3600, 60.000_000_001, "STALE"),
    (3600, 3599.999_999_999, "STALE"),
    (3600, 3600, "MISS"),
    (30, 15, "HIT"),
    (30, 15.000_000_001, "REVALIDATE"),
    (30, 30, "MISS"),
    (0, 0, "MISS"),
    (2**31 - 1, 2**31 - 1.5, "STALE"),
]


@pytest.mark.parametrize(("cache_ttl", "age", "status"), AGES)
async def test_the_age_of_a_copy_and_the_cache_ttl_of_the_read_make_the_status(
    edges: Edges, clock: VirtualClock, cache_ttl: int, age: float, status: str
) -> None:
    london = edges.at("LHR")
    await london.get("a", cache_ttl)
    put_now(edges, "a", NEW)
    clock.advance(age)

    found = await london.get("a", cache_ttl)

    assert found == (
        ReadResult(NEW, "MISS", 1) if status == "MISS" else ReadResult(None, status, 0)
    )


@pytest.mark.parametrize(("cache_ttl", "age", "status"), AGES)
async def test_a_key_among_several_has_the_same_status(
    edges: Edges, clock: VirtualClock, cache_ttl: int, age: float, status: str
) -> None:
    london = edges.at("LHR")
    await london.get("a", cache_ttl)
    clock.advance(age)

    found = await london.get_many(["b", "a"], cache_ttl)

    assert {key: each.cache_status for key, each in found.items()} == {"b": "MISS", "a": status}


async def test_the_cache_ttl_of_the_read_decides_and_not_that_of_the_copy(
    edges: Edges, clock: VirtualClock
) -> None:
    london = edges.at("LHR")
    await london.get("a", 3600)
    clock.advance(100)

    long = await london.get("a", 3600)
    clock.advance(100)
    short = await london.get("a", 60)

    assert (long.cache_status, short.cache_status) == ("STALE", "MISS")


async def test_a_copy_that_is_revalidated_answers_and_is_new_for_the_next_read(
    edges: Edges, clock: VirtualClock
) -> None:
    london = edges.at("LHR")
    put_now(edges, "a", OLD)
    await london.get("a", 60)
    put_now(edges, "a", NEW)
    clock.advance(45)

    revalidated = await london.get("a", 60)
    after = await london.get("a", 60)

    assert revalidated == ReadResult(OLD, "REVALIDATE", 1)
    assert after == ReadResult(NEW, "HIT", 2)
    assert edges.central.calls == ["get a", "get a"]


async def test_a_refresh_reaches_the_tiers_too(edges: Edges, clock: VirtualClock) -> None:
    await edges.at("LHR").get("a", 60)
    put_now(edges, "a", NEW)
    clock.advance(45)
    await edges.at("LHR").get("a", 60)

    assert await edges.at("CDG").get("a", 60) == ReadResult(NEW, "MISS", 1)
    assert await edges.at("NRT").get("a", 60) == ReadResult(NEW, "MISS", 1)
    assert edges.central.calls == ["get a", "get a"]


@pytest.mark.parametrize(("passed", "record"), [(59.999, True), (60, False)])
async def test_expiration_takes_precedence_over_the_cache(
    edges: Edges, clock: VirtualClock, passed: float, record: bool
) -> None:
    london = edges.at("LHR")
    expiring = Record("1", expiration=START + 60)
    put_now(edges, "a", expiring)
    await london.get("a", 3600)
    clock.advance(passed)

    alone = await london.get("a", 3600)
    among = (await london.get_many(["a"], 3600))["a"]

    assert alone.record == among.record == (expiring if record else None)
    assert alone.version == among.version == 1


# Tiers


async def test_a_copy_of_the_region_answers_without_the_central_stores(edges: Edges) -> None:
    await edges.at("LHR").get("a", 60)
    put_now(edges, "a", NEW)

    assert await edges.at("CDG").get("a", 60) == ReadResult(None, "MISS", 0)
    assert edges.central.calls == ["get a"]


async def test_a_copy_of_the_central_tier_answers_another_region(edges: Edges) -> None:
    await edges.at("LHR").get("a", 60)
    put_now(edges, "a", NEW)

    assert await edges.at("NRT").get("a", 60) == ReadResult(None, "MISS", 0)
    assert edges.central.calls == ["get a"]


async def test_a_copy_from_a_tier_keeps_its_age(edges: Edges, clock: VirtualClock) -> None:
    await edges.at("LHR").get("a", 60)
    clock.advance(40)
    await edges.at("CDG").get("a", 60)
    await edges.at("NRT").get("a", 60)
    put_now(edges, "a", NEW)
    clock.advance(20)

    assert await edges.at("CDG").get("a", 60) == ReadResult(NEW, "MISS", 1)
    assert await edges.at("NRT").get("a", 60) == ReadResult(NEW, "MISS", 1)


@pytest.mark.parametrize("location", ["CDG", "NRT"])
async def test_a_tier_answers_no_read_for_which_its_copy_is_too_old(
    edges: Edges, clock: VirtualClock, location: str
) -> None:
    await edges.at("LHR").get("a", 3600)
    clock.advance(60)
    put_now(edges, "a", NEW)

    assert await edges.at(location).get("a", 60) == ReadResult(NEW, "MISS", 1)
    assert (await edges.at("LHR").get("a", 3600)).record is None


async def test_a_copy_that_comes_down_from_the_central_tier_stays_in_the_region(
    clock: VirtualClock,
) -> None:
    edges = Edges(clock, "LHR", "NRT", "KIX")
    await edges.at("LHR").get("a", 60)
    await edges.at("NRT").get("a", 60)
    edges.world.places["LHR"].clear()

    assert await edges.at("KIX").get("a", 60) == ReadResult(None, "MISS", 0)
    assert edges.central.calls == ["get a"]


async def test_an_old_copy_of_a_region_does_not_climb_to_where_another_has_written(
    clock: VirtualClock,
) -> None:
    edges = Edges(clock, "LHR", "NRT", "KIX")
    await edges.at("NRT").get("a", 60)
    await edges.at("LHR").put("a", NEW)

    from_region = await edges.at("KIX").get("a", 60)
    at_writer = await edges.at("LHR").get("a", 60)

    assert from_region == ReadResult(None, "MISS", 0)
    assert at_writer == ReadResult(NEW, "MISS", 1)


async def test_what_a_test_puts_is_seen_by_a_location_that_has_not_read(edges: Edges) -> None:
    await edges.at("LHR").get("a", 60)
    edges.namespace.seed({"a": "seeded"})

    found = await edges.at("NRT").get("a", 60)
    again = await edges.at("LHR").get("a", 60)

    assert found.record == Record("seeded")
    assert again.record is None


# Several keys


async def test_several_keys_are_read_each_from_its_own_nearest_copy(
    edges: Edges, clock: VirtualClock
) -> None:
    await edges.at("LHR").get("hit", 60)
    await edges.at("CDG").get("region", 60)
    await edges.at("NRT").get("central", 60)
    for key in ("hit", "region", "central", "far"):
        put_now(edges, key, NEW)
    edges.central.calls.clear()

    found = await edges.at("LHR").get_many(["far", "central", "region", "hit"], 60)

    assert found == {
        "far": ReadResult(NEW, "MISS", 1),
        "central": ReadResult(None, "MISS", 0),
        "region": ReadResult(None, "MISS", 0),
        "hit": ReadResult(None, "HIT", 0),
    }
    assert list(found) == ["far", "central", "region", "hit"]
    assert edges.central.calls == ["get far"]


async def test_several_keys_that_are_all_held_ask_nobody(edges: Edges) -> None:
    london = edges.at("LHR")
    await london.get_many(["a", "b"], 60)
    edges.central.calls.clear()

    found = await london.get_many(["a", "b"], 60)

    assert [each.cache_status for each in found.values()] == ["HIT", "HIT"]
    assert edges.central.calls == []


async def test_those_of_several_keys_that_are_old_are_refreshed(
    edges: Edges, clock: VirtualClock
) -> None:
    london = edges.at("LHR")
    await london.get("old", 60)
    clock.advance(45)
    await london.get("young", 60)
    put_now(edges, "old", NEW)
    edges.central.calls.clear()

    found = await london.get_many(["old", "young"], 60)

    assert found == {"old": ReadResult(None, "REVALIDATE", 0), "young": ReadResult(None, "HIT", 0)}
    assert edges.central.calls == ["get old"]
    assert await london.get("old", 60) == ReadResult(NEW, "HIT", 1)
