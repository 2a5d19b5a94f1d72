"""The contract on a realistic network: a test for each permission, named after it.

The numbers are the rows of the fidelity model (P1 to P19); the sentences are the documentation's.
"""

import pytest

from pykvbinding import EdgeNetwork, KVError, KVNamespace, Limits

ONE_A_SECOND = "KV PUT failed: 429 Too Many Requests"


@pytest.fixture
def net() -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT")


@pytest.fixture
def london(net: EdgeNetwork) -> KVNamespace:
    return net.kv("LHR")


@pytest.fixture
def tokyo(net: EdgeNetwork) -> KVNamespace:
    return net.kv("NRT")


async def test_p1_writes_made_in_other_locations_may_take_up_to_60_seconds_to_display(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("k", "old")
    net.clock.advance(1)
    await tokyo.get("k")
    await london.put("k", "new")

    seen = [await tokyo.get("k")]
    net.clock.advance(59.999)
    seen.append(await tokyo.get("k"))

    assert seen == ["old", "old"]
    net.clock.advance(0.001)
    assert await tokyo.get("k") == "new"


async def test_p1_or_the_duration_of_the_cache_ttl(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("k", "old")
    await tokyo.get("k", cacheTtl=300)
    net.clock.advance(1)
    await london.put("k", "new")

    net.clock.advance(298.999)
    before = await tokyo.get("k", cacheTtl=300)

    assert before == "old"


async def test_p4_negative_lookups_are_also_cached(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await tokyo.get("k")
    await london.put("k", "created")

    net.clock.advance(59.999)
    before = await tokyo.get("k")
    net.clock.advance(60)

    assert before is None
    assert await tokyo.get("k") == "created"


async def test_p6_refreshing_before_the_cache_expires_in_the_background(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("k", "old")
    await tokyo.get("k")
    net.clock.advance(1)
    await london.put("k", "new")
    net.clock.advance(29.5)

    served = await tokyo.getWithMetadata("k")
    refreshed = await tokyo.getWithMetadata("k")

    assert (served.value, served.cacheStatus) == ("old", "REVALIDATE")
    assert (refreshed.value, refreshed.cacheStatus) == ("new", "HIT")


async def test_p8_a_lower_cache_ttl_takes_effect_in_that_region_but_not_in_other_regions() -> None:
    net = EdgeNetwork("LHR", "NRT", "SYD")
    await net.kv("LHR").put("k", "old")
    for location in ("NRT", "SYD"):
        await net.kv(location).get("k", cacheTtl=86400)
    net.clock.advance(1)
    await net.kv("LHR").put("k", "new")
    net.clock.advance(100)

    tokyo = await net.kv("NRT").get("k", cacheTtl=60)
    sydney = await net.kv("SYD").get("k", cacheTtl=86400)

    assert (tokyo, sydney) == ("new", "old")


async def test_p9_concurrent_writes_can_end_up_overwriting_one_another(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    counts = [int(await kv.get("visits") or 0) for kv in (london, tokyo)]

    await london.put("visits", str(counts[0] + 1))
    net.clock.advance(1)
    await tokyo.put("visits", str(counts[1] + 1))

    assert net.latest("visits") == "1"


async def test_p11_writes_to_one_key_within_1_second_are_rejected_from_every_location(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("k", "first")
    net.clock.advance(0.999999999)

    with pytest.raises(KVError, match=ONE_A_SECOND):
        await tokyo.put("k", "second")
    with pytest.raises(KVError, match="KV DELETE failed: 429 Too Many Requests"):
        await tokyo.delete("k")

    assert net.latest("k") == "first"


async def test_p11_a_second_later_the_write_is_accepted(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("k", "first")
    net.clock.advance(1)

    await tokyo.put("k", "second")

    assert net.latest("k") == "second"


async def test_p11_a_rejected_write_does_not_change_copies(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("k", "first")
    await tokyo.get("k")

    with pytest.raises(KVError, match=ONE_A_SECOND):
        await tokyo.put("k", "second")

    assert (await tokyo.getWithMetadata("k")).cacheStatus == "HIT"


async def test_p12_it_may_take_some_time_for_the_key_to_be_deleted_from_various_points(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("session", "alive")
    await tokyo.get("session")
    net.clock.advance(1)
    await london.delete("session")

    here, there = await london.get("session"), await tokyo.get("session")

    assert (here, there) == (None, "alive")


async def test_p13_expiration_always_takes_precedence_over_a_longer_cache_ttl(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("k", "v", expirationTtl=60)
    await tokyo.get("k", cacheTtl=3600)

    net.clock.advance(59.999)
    before = await tokyo.get("k", cacheTtl=3600)
    net.clock.advance(0.001)

    assert before == "v"
    assert await tokyo.get("k", cacheTtl=3600) is None


async def test_p13_a_cached_page_lists_no_expired_key(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("a", "1", expirationTtl=60)
    await london.put("b", "2")
    net.clock.advance(30)
    await tokyo.list()
    net.clock.advance(30)

    page = await tokyo.list()

    assert [key.name for key in page["keys"]] == ["b"]
    assert page.cacheStatus == "HIT"


async def test_p15_changes_may_take_up_to_60_seconds_to_be_reflected_by_list(
    net: EdgeNetwork, london: KVNamespace
) -> None:
    await london.list()
    await london.put("k", "v")

    net.clock.advance(59.999)
    before = (await london.list())["keys"]
    net.clock.advance(0.001)

    assert before == []
    assert (await london.list())["keys"] == [{"name": "k"}]


async def test_p15_the_metadata_of_a_list_may_be_of_another_version_than_a_get(
    net: EdgeNetwork, london: KVNamespace
) -> None:
    await london.put("post", "draft", metadata={"published": False})
    await london.list()
    net.clock.advance(1)
    await london.put("post", "final", metadata={"published": True})

    listed = (await london.list())["keys"][0].metadata
    read = await london.getWithMetadata("post")

    assert listed == {"published": False}
    assert (read.value, read.metadata) == ("final", {"published": True})


async def test_p16_an_empty_page_may_have_more_keys_to_fetch_because_of_deleted_ones() -> None:
    net = EdgeNetwork("LHR", tombstones=True)
    kv = net.kv("LHR")
    for name in ("a", "b", "c"):
        await kv.put(name, "v")
    net.clock.advance(1)
    await kv.delete("a")
    await kv.delete("b")

    page = await kv.list(limit=2)

    assert page["keys"] == []
    assert page.list_complete is False
    rest = await kv.list(limit=2, cursor=page.cursor)
    assert rest["keys"] == [{"name": "c"}]
    assert rest.list_complete is True


async def test_p17_keys_of_one_bulk_read_come_from_different_moments(
    net: EdgeNetwork, london: KVNamespace, tokyo: KVNamespace
) -> None:
    await london.put("balance:a", "100")
    await london.put("balance:b", "0")
    await tokyo.get("balance:a")
    net.clock.advance(1)
    await london.put("balance:a", "60")
    await london.put("balance:b", "40")

    read = await tokyo.get(["balance:a", "balance:b"])

    assert read == {"balance:a": "100", "balance:b": "40"}


async def test_not_permitted_a_429_once_a_second_has_passed() -> None:
    net = EdgeNetwork("LHR", limits=Limits(writes_per_second_per_key=3))
    kv = net.kv("LHR")

    for _ in range(3):
        await kv.put("k", "v")
    with pytest.raises(KVError, match=ONE_A_SECOND):
        await kv.put("k", "v")
    net.clock.advance(1)
    for _ in range(3):
        await kv.put("k", "v")
