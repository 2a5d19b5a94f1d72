"""A location with latencies: how long operations take, and who overtakes whom on the way."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from pykvbinding import VirtualClock
from pykvbinding.storage.record import ListPage, ReadResult, Record
from tests.support.edge import STEADY, Edges, put_now

START = 1_700_000_000
OLD, NEW = Record("old"), Record("new")


@pytest.fixture
def edges() -> Edges:
    return Edges(VirtualClock(START, autojump=True), latency=STEADY)


async def milliseconds(edges: Edges, operation: Awaitable[Any]) -> float:
    before = edges.clock.now_nanoseconds()
    await operation
    return (edges.clock.now_nanoseconds() - before) / 1e6


def start(operation: Any) -> "asyncio.Task[Any]":
    return asyncio.get_running_loop().create_task(operation)


# How long


async def test_a_read_takes_as_long_as_its_answer_is_far(edges: Edges) -> None:
    far = await milliseconds(edges, edges.at("NRT").get("a", 60))
    hit = await milliseconds(edges, edges.at("NRT").get("a", 60))
    central = await milliseconds(edges, edges.at("LHR").get("a", 60))
    regional = await milliseconds(edges, edges.at("CDG").get("a", 60))
    near = await milliseconds(edges, edges.at("CDG").get("b", 60))

    assert (hit, regional, central, near, far) == (1, 10, 20, 100, 200)


async def test_several_keys_take_as_long_as_the_farthest_of_them(edges: Edges) -> None:
    london = edges.at("LHR")
    await edges.at("NRT").get("central", 60)
    await edges.at("CDG").get("regional", 60)
    await london.get("hit", 60)

    hit = await milliseconds(edges, london.get_many(["hit"], 60))
    regional = await milliseconds(edges, edges.at("LHR").get_many(["regional", "hit"], 60))
    await edges.at("CDG").get("regional 2", 60)
    central = await milliseconds(edges, london.get_many(["central", "regional 2"], 60))
    near = await milliseconds(edges, london.get_many(["none", "hit"], 60))

    assert (hit, regional, central, near) == (1, 10, 20, 100)


@pytest.mark.parametrize("location", ["LHR", "NRT"])
async def test_every_write_takes_as_long_as_a_write_takes(edges: Edges, location: str) -> None:
    store = edges.at(location)

    assert await milliseconds(edges, store.put("a", NEW)) == 400
    assert await milliseconds(edges, store.delete("a")) == 400


@pytest.mark.parametrize(("location", "far"), [("LHR", 100), ("NRT", 200)])
async def test_a_list_takes_as_long_as_the_central_stores_are_far(
    edges: Edges, location: str, far: float
) -> None:
    store = edges.at(location)

    assert await milliseconds(edges, store.list("", None, 10)) == far
    assert await milliseconds(edges, store.list("", None, 10)) == 1


async def test_a_refresh_takes_nobody_any_time(edges: Edges) -> None:
    london = edges.at("LHR")
    await london.get("a", 60)
    edges.clock.advance(45)

    assert await milliseconds(edges, london.get("a", 60)) == 1
    edges.clock.advance(15)
    assert await milliseconds(edges, london.get("a", 60)) == 1


# Ages


@pytest.mark.parametrize(("later", "status"), [(59.899, "REVALIDATE"), (59.9, "MISS")])
async def test_a_copy_ages_from_when_it_left_the_central_stores(
    edges: Edges, later: float, status: str
) -> None:
    tokyo = edges.at("NRT")
    await tokyo.get("a", 60)  # left after 100 ms, arrived after 200
    edges.clock.advance(later)

    assert (await tokyo.get("a", 60)).cache_status == status


async def test_a_record_that_expires_on_its_way_is_not_shown(edges: Edges) -> None:
    put_now(edges, "a", Record("1", expiration=START + 1))
    tokyo = edges.at("NRT")

    edges.clock.move_to(START + 0.798)
    in_time = await tokyo.get("a", 60)
    late = await tokyo.get("a", 60)
    edges.clock.advance(0.0005)
    too_late = await tokyo.get("a", 60)

    assert in_time.record is not None
    assert late == ReadResult(Record("1", expiration=START + 1), "HIT", 1)
    assert too_late == ReadResult(None, "HIT", 1)


async def test_a_name_that_expires_on_the_way_of_its_page_is_not_shown(edges: Edges) -> None:
    put_now(edges, "a", Record("1", expiration=START + 1))
    edges.clock.move_to(START + 0.85)

    assert await edges.at("NRT").list("", None, 10) == ListPage([], {}, None, "MISS")


# Who overtakes whom


async def test_a_copy_that_its_own_location_has_overwritten_is_not_kept(edges: Edges) -> None:
    put_now(edges, "a", OLD)
    tokyo = edges.at("NRT")
    writing = start(tokyo.put("a", NEW))  # takes effect after 200 ms
    await asyncio.sleep(0)
    edges.clock.advance(0.05)
    reading = start(tokyo.get("a", 60))  # leaves the stores after 150 ms, arrives after 250

    assert await reading == ReadResult(OLD, "MISS", 1)
    assert await tokyo.get("a", 60) == ReadResult(NEW, "MISS", 2)
    await writing


async def test_a_copy_that_another_region_has_overwritten_is_kept_below_the_central_tier(
    edges: Edges,
) -> None:
    put_now(edges, "a", OLD)
    writing = start(edges.at("LHR").put("a", NEW))
    await asyncio.sleep(0)
    edges.clock.advance(0.05)

    await edges.at("NRT").get("a", 60)
    await writing

    assert await edges.at("NRT").get("a", 60) == ReadResult(OLD, "HIT", 1)
    assert await edges.at("CDG").get("a", 60) == ReadResult(NEW, "MISS", 2)


async def test_a_write_of_another_key_leaves_the_copy_alone(edges: Edges) -> None:
    tokyo = edges.at("NRT")
    writing = start(tokyo.put("b", NEW))
    await asyncio.sleep(0)
    edges.clock.advance(0.05)
    await tokyo.get("a", 60)
    await writing

    assert await tokyo.get("a", 60) == ReadResult(None, "HIT", 0)


async def test_a_write_is_visible_in_its_location_before_it_has_returned(edges: Edges) -> None:
    tokyo = edges.at("NRT")
    await tokyo.get("a", 60)
    writing = start(tokyo.put("a", NEW))
    await asyncio.sleep(0)
    edges.clock.advance(0.15)
    before = await tokyo.get("a", 60)
    edges.clock.advance(0.1)
    await asyncio.sleep(0)  # the write takes effect
    after = await tokyo.get("a", 60)

    assert (before, after) == (ReadResult(None, "HIT", 0), ReadResult(NEW, "MISS", 1))
    await writing


async def test_a_write_that_is_cancelled_on_its_way_there_never_happens(edges: Edges) -> None:
    tokyo = edges.at("NRT")
    writing = start(tokyo.put("a", NEW))
    await asyncio.sleep(0)
    edges.clock.advance(0.1)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)

    assert edges.central.calls == []


async def test_a_write_that_is_cancelled_on_its_way_back_has_happened(edges: Edges) -> None:
    tokyo = edges.at("NRT")
    await tokyo.get("a", 60)
    writing = start(tokyo.put("a", NEW))
    await asyncio.sleep(0)
    edges.clock.advance(0.2)
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)

    assert writing.cancelled()
    assert await tokyo.get("a", 60) == ReadResult(NEW, "MISS", 1)
