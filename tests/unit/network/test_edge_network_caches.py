"""The caches of a network: entries, lifetimes and purging."""

from typing import Any

import pytest

from pykvbinding import EdgeNetwork


@pytest.fixture
def net() -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT")


async def test_the_statuses_of_a_long_cached_key_by_its_age() -> None:
    net = EdgeNetwork("LHR")
    kv = net.kv("LHR")

    async def status() -> Any:
        return (await kv.getWithMetadata("k", cacheTtl=3600)).cacheStatus

    seen = [await status(), await status()]
    net.clock.advance(30)
    seen.append(await status())
    net.clock.advance(0.001)
    seen.append(await status())
    net.clock.advance(60)
    seen.append(await status())
    net.clock.advance(60.001)
    seen += [await status(), await status()]

    assert seen == ["MISS", "HIT", "HIT", "REVALIDATE", "REVALIDATE", "STALE", "HIT"]


async def test_an_upper_tier_serves_locations_of_its_region() -> None:
    net = EdgeNetwork("LHR", "CDG", "NRT")
    net.namespace().seed({"k": "old"})
    await net.kv("LHR").get("k")
    net.clock.advance(10)
    await net.kv("NRT").put("k", "new")

    paris = await net.kv("CDG").getWithMetadata("k")

    assert (paris.value, paris.cacheStatus) == ("old", "MISS")
    assert "old" in net.may_read("k", at="CDG").values


async def test_a_copy_from_an_upper_tier_keeps_its_age() -> None:
    net = EdgeNetwork("LHR", "CDG", "NRT")
    net.namespace().seed({"k": "old"})
    await net.kv("LHR").get("k")
    net.clock.advance(50)
    await net.kv("CDG").get("k")
    await net.kv("NRT").put("k", "new")
    net.clock.advance(10)

    assert await net.kv("CDG").get("k") == "new"


async def test_an_old_copy_of_one_region_does_not_reach_another() -> None:
    net = EdgeNetwork("LHR", "CDG", "NRT", "SYD")
    net.namespace().seed({"k": "old"})
    await net.kv("LHR").get("k")
    await net.kv("NRT").put("k", "new")
    await net.kv("NRT").get("k")

    paris, sydney = await net.kv("CDG").get("k"), await net.kv("SYD").get("k")

    assert (paris, sydney) == ("old", "new")


async def test_regions_can_be_configured() -> None:
    regions = {"ISLANDS": ["LHR", "NRT"]}
    net = EdgeNetwork("LHR", "NRT", "CDG", regions=regions)
    net.namespace().seed({"k": "old"})
    await net.kv("LHR").get("k")
    await net.kv("CDG").put("k", "new")

    assert await net.kv("NRT").get("k") == "old"


async def test_a_full_cache_evicts_the_oldest_copy() -> None:
    net = EdgeNetwork("LHR", cache_entries=1)
    kv = net.kv("LHR")
    await kv.get("a")
    await kv.get("b")

    assert (await kv.getWithMetadata("b")).cacheStatus == "HIT"
    assert (await kv.getWithMetadata("a")).cacheStatus == "MISS"


async def test_a_network_without_caches_is_always_fresh() -> None:
    net = EdgeNetwork("LHR", "NRT", cache_entries=0)
    await net.kv("NRT").get("k")
    await net.kv("NRT").list()
    await net.kv("LHR").put("k", "v")

    assert await net.kv("NRT").get("k") == "v"
    assert (await net.kv("NRT").list())["keys"] == [{"name": "k"}]


async def test_purging_a_location_makes_its_next_read_fresh(net: EdgeNetwork) -> None:
    for location in ("LHR", "NRT"):
        await net.kv(location).get("k")
        await net.kv(location).list()
    net.namespace().seed({"k": "v"})

    net.purge("NRT")

    assert await net.kv("NRT").get("k") == "v"
    assert (await net.kv("NRT").list())["keys"] == [{"name": "k"}]
    assert await net.kv("LHR").get("k") is None
    assert (await net.kv("LHR").list())["keys"] == []


async def test_purge_without_arguments_purges_every_location(net: EdgeNetwork) -> None:
    await net.kv("LHR").get("k")
    net.namespace().seed({"k": "v"})

    net.purge()

    assert await net.kv("LHR").get("k") == "v"


async def test_a_seeded_value_is_read_when_the_copies_are_too_old(net: EdgeNetwork) -> None:
    await net.kv("LHR").get("k")

    net.namespace().seed({"k": "v"})

    assert await net.kv("LHR").get("k") is None
    assert await net.kv("NRT").get("k") == "v"
    net.clock.advance(60)
    assert await net.kv("LHR").get("k") == "v"


async def test_a_list_in_a_network_of_one_location_is_not_cached_by_default() -> None:
    plain, cached = EdgeNetwork("LHR"), EdgeNetwork("LHR", list_cache_ttl=10)
    for net in (plain, cached):
        await net.kv("LHR").list()
        await net.kv("LHR").put("k", "v")

    assert len((await plain.kv("LHR").list())["keys"]) == 1
    assert len((await cached.kv("LHR").list())["keys"]) == 0
    cached.clock.advance(10)
    assert len((await cached.kv("LHR").list())["keys"]) == 1


async def test_tombstones_last_for_the_configured_time() -> None:
    net = EdgeNetwork("LHR", tombstones=60)
    kv = net.kv("LHR")
    await kv.put("a", "v")
    await kv.put("b", "v")
    net.clock.advance(1)
    await kv.delete("a")

    before = await kv.list(limit=1)
    net.clock.advance(60)

    assert before["keys"] == []
    assert (await kv.list(limit=1))["keys"] == [{"name": "b"}]
