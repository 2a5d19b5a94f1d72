"""Writes, lists and links in a location without latency: what they drop, hold and leave alone."""

import asyncio

import pytest

from pykvbinding import KVError, VirtualClock
from pykvbinding.storage.record import ListPage, ReadResult, Record
from tests.support.edge import Edges, put_now

START = 1_700_000_000
REFUSED = KVError("Error", "KV PUT failed: 429 Too Many Requests", 429)

OLD, NEW = Record("old"), Record("new")


@pytest.fixture
def edges(clock: VirtualClock) -> Edges:
    return Edges(clock)


# Writes


@pytest.mark.parametrize("method", ["put", "delete"])
async def test_a_write_is_visible_at_once_where_it_was_made_and_not_yet_elsewhere(
    edges: Edges, method: str
) -> None:
    put_now(edges, "a", OLD)
    for location in ("LHR", "CDG", "NRT"):
        await edges.at(location).get("a", 60)

    london = edges.at("LHR")
    version = await (london.put("a", NEW) if method == "put" else london.delete("a"))

    assert version == 2
    assert await london.get("a", 60) == ReadResult(NEW if method == "put" else None, "MISS", 2)
    assert await edges.at("CDG").get("a", 60) == ReadResult(OLD, "HIT", 1)
    assert await edges.at("NRT").get("a", 60) == ReadResult(OLD, "HIT", 1)


@pytest.mark.parametrize("method", ["put", "delete"])
async def test_a_write_that_is_refused_drops_nothing(edges: Edges, method: str) -> None:
    london = edges.at("LHR")
    put_now(edges, "a", OLD)
    await london.get("a", 60)
    edges.central.refusal = REFUSED

    with pytest.raises(KVError) as caught:
        await (london.put("a", NEW) if method == "put" else london.delete("a"))
    edges.central.calls.clear()

    assert caught.value is REFUSED
    assert await london.get("a", 60) == ReadResult(OLD, "HIT", 1)
    assert await edges.at("CDG").get("a", 60) == ReadResult(OLD, "MISS", 1)
    assert edges.central.calls == []


async def test_a_read_that_is_refused_keeps_nothing(edges: Edges) -> None:
    london = edges.at("LHR")
    edges.central.refusal = REFUSED
    with pytest.raises(KVError):
        await london.get("a", 60)
    edges.central.refusal = None

    assert (await london.get("a", 60)).cache_status == "MISS"


# Lists


async def test_a_page_answers_for_a_minute_whatever_is_written(
    edges: Edges, clock: VirtualClock
) -> None:
    london = edges.at("LHR")
    await london.put("a", OLD)

    first = await london.list("", None, 10)
    await london.put("b", NEW)
    clock.advance(59.999_999_999)
    held = await london.list("", None, 10)
    clock.advance(0.000_000_001)
    fresh = await london.list("", None, 10)

    assert first == ListPage(["a"], {}, None, "MISS")
    assert held == ListPage(["a"], {}, None, "HIT")
    assert fresh == ListPage(["a", "b"], {}, None, "MISS")


async def test_a_page_is_held_in_its_location_only(edges: Edges) -> None:
    await edges.at("LHR").list("", None, 10)
    await edges.at("LHR").put("a", NEW)

    assert await edges.at("CDG").list("", None, 10) == ListPage(["a"], {}, None, "MISS")


@pytest.mark.parametrize(("passed", "names"), [(29.999, ["a", "b"]), (30, ["a"])])
async def test_a_held_page_leaves_out_what_has_expired(
    edges: Edges, clock: VirtualClock, passed: float, names: list[str]
) -> None:
    london = edges.at("LHR")
    put_now(edges, "a", OLD)
    put_now(edges, "b", Record("2", expiration=START + 30))
    await london.list("", None, 10)
    clock.advance(passed)

    page = await london.list("", None, 10)

    assert (page.names, page.cache_status) == (names, "HIT")


async def test_a_list_that_is_refused_holds_no_page(edges: Edges) -> None:
    london = edges.at("LHR")
    edges.central.refusal = REFUSED
    with pytest.raises(KVError):
        await london.list("", None, 10)
    edges.central.refusal = None

    assert (await london.list("", None, 10)).cache_status == "MISS"


# Links


async def test_a_location_that_is_cut_off_answers_from_its_caches_alone(
    edges: Edges, clock: VirtualClock
) -> None:
    london = edges.at("LHR")
    await london.get("a", 60)
    await london.list("", None, 10)
    edges.links.cut(("LHR",))

    refused = []
    for operation in (
        london.get("b", 60),
        london.get_many(["a", "b"], 60),
        london.put("a", NEW),
        london.delete("a"),
        london.list("b", None, 10),
    ):
        with pytest.raises(KVError) as caught:
            await operation
        refused.append(str(caught.value).removesuffix(" failed: 503 Service Unavailable"))

    assert refused == ["KV GET", "KV GET_BULK", "KV PUT", "KV DELETE", "KV GET"]
    assert await london.get("a", 60) == ReadResult(None, "HIT", 0)
    assert (await london.list("", None, 10)).cache_status == "HIT"
    assert edges.central.calls == ["get a", "list "]


@pytest.mark.parametrize(("bad", "good"), [("cut", "repair"), ("hold", "release")])
async def test_no_copy_is_refreshed_over_a_link_that_is_not_open(
    edges: Edges, clock: VirtualClock, bad: str, good: str
) -> None:
    london = edges.at("LHR")
    await london.get("a", 60)
    put_now(edges, "a", NEW)
    getattr(edges.links, bad)(("LHR",))
    clock.advance(45)

    cut_off = [await london.get("a", 60), (await london.get_many(["a"], 60))["a"]]
    getattr(edges.links, good)(("LHR",))
    await london.get("a", 60)

    assert cut_off == [ReadResult(None, "REVALIDATE", 0)] * 2
    assert await london.get("a", 60) == ReadResult(NEW, "HIT", 1)
    assert edges.central.calls == ["get a", "get a"]


async def test_what_is_held_sees_the_central_stores_as_they_are_when_it_is_released(
    edges: Edges,
) -> None:
    edges.links.hold(("NRT",))
    reading = asyncio.ensure_future(edges.at("NRT").get("a", 60))
    await asyncio.sleep(0)
    await edges.at("LHR").put("a", NEW)
    edges.links.release(("NRT",))

    assert await reading == ReadResult(NEW, "MISS", 1)


@pytest.mark.parametrize("method", ["get", "put"])
async def test_what_is_cancelled_while_it_is_held_never_happens(edges: Edges, method: str) -> None:
    tokyo = edges.at("NRT")
    edges.links.hold(("NRT",))
    task = asyncio.ensure_future(tokyo.get("a", 60) if method == "get" else tokyo.put("a", NEW))
    await asyncio.sleep(0)
    task.cancel()
    edges.links.release(("NRT",))
    with pytest.raises(asyncio.CancelledError):
        await task

    assert edges.central.calls == []
    assert await tokyo.get("a", 60) == ReadResult(None, "MISS", 0)
