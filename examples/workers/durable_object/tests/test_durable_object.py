"""The scores: no point is lost, KV is written once a second, and the copy is delayed."""
# ruff: noqa: D103 -- the names of tests are sentences

import asyncio
from collections.abc import Callable
from typing import Any

import entry
import pytest

from pykvbinding import EdgeNetwork, History, KVError, Limits, VirtualClock
from pykvbinding.sim import Schedule, every_schedule
from pykvbinding.workers import Worker


async def add(worker: Worker, name: str, points: int) -> int:
    response = await worker.fetch("/", json={"name": name, "points": points})
    assert response.status == 200
    return int((await response.json())["points"])


async def scores(worker: Worker, path: str = "/", at: str | None = None) -> Any:
    return await (await worker.fetch(path, at=at)).json()


async def test_points_add_up(kv_worker: Worker) -> None:
    assert await scores(kv_worker, "/now") == {}
    assert await add(kv_worker, "ada", 3) == 3
    assert await add(kv_worker, "bob", 1) == 1
    assert await add(kv_worker, "ada", 4) == 7

    assert await scores(kv_worker, "/now") == {"ada": 7, "bob": 1}
    assert kv_worker.stored("BOARD", "all") == {"scores": {"ada": 7, "bob": 1}}


async def test_the_object_reads_its_rules_from_kv(kv_worker: Worker) -> None:
    await kv_worker.env.SCORES.put("rules", '{"factor": 2}')

    assert await add(kv_worker, "ada", 3) == 6


async def test_the_copy_in_kv_is_updated(kv_worker: Worker) -> None:
    await add(kv_worker, "ada", 3)
    assert await scores(kv_worker) == {}

    await kv_worker.alarm("BOARD", "all")

    assert await scores(kv_worker) == {"ada": 3}


@pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
async def test_twenty_concurrent_points_cause_one_write(
    kv_worker: Worker, kv_history: History
) -> None:
    await asyncio.gather(*(add(kv_worker, "ada", 1) for _ in range(20)))
    await kv_worker.alarm("BOARD", "all")

    assert kv_history.count("put") == 1
    assert await scores(kv_worker) == {"ada": 20}


@pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
async def test_a_rejected_write_raises_and_a_later_alarm_succeeds(
    kv_worker: Worker, kv_clock: VirtualClock
) -> None:
    await kv_worker.env.SCORES.put("scores", "{}")  # a write that bypasses the object
    await add(kv_worker, "ada", 1)

    with pytest.raises(KVError, match="429 Too Many Requests"):
        await kv_worker.alarm("BOARD", "all")
    kv_clock.advance(1)
    await add(kv_worker, "ada", 1)
    await kv_worker.alarm("BOARD", "all")

    assert await scores(kv_worker) == {"ada": 2}


async def test_a_new_instance_continues_with_the_stored_scores(kv_worker: Worker) -> None:
    await add(kv_worker, "ada", 3)

    kv_worker.durable.forget()

    assert await add(kv_worker, "ada", 1) == 4


async def test_at_another_location_the_copy_is_stale_and_the_object_is_not(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env)
    worker = kv_worker.on(net)
    assert await scores(worker, at="NRT") == {}
    await add(worker, "ada", 3)
    await worker.alarm("BOARD", "all")

    assert await scores(worker, at="LHR") == {"ada": 3}
    assert await scores(worker, at="NRT") == {}
    assert await scores(worker, "/now", at="NRT") == {"ada": 3}
    net.clock.advance(61)
    assert await scores(worker, at="NRT") == {"ada": 3}


def two_add(worker: Worker, net: EdgeNetwork) -> Any:
    """Return the stored score after one point from each of two locations."""
    there = worker.on(net)
    for location in ("LHR", "NRT"):
        net.start(there.visit("/", json={"name": "ada", "points": 1}), at=location)
    net.run()
    return there.stored("BOARD", "all")["scores"]


@every_schedule
def test_no_point_is_lost(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork], schedule: Schedule
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env, schedule=schedule)

    assert two_add(kv_worker, net) == {"ada": 2}


def test_an_object_that_reads_kv_between_read_and_write_loses_points(
    kv_worker: Worker,
    kv_network: Callable[..., EdgeNetwork],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def add_carelessly(self: Any, name: str, points: int) -> None:
        scores = await self.ctx.storage.get("scores") or {}
        rules = await self.kv.get("rules", "json") or {"factor": 1}
        scores[name] = scores.get(name, 0) + points * rules["factor"]
        await self.ctx.storage.put("scores", scores)

    monkeypatch.setattr(entry.Board, "add", add_carelessly)

    @every_schedule
    def check(schedule: Schedule) -> None:
        net = kv_network("LHR", "NRT", bindings=kv_worker.env, schedule=schedule)
        assert two_add(kv_worker, net) == {"ada": 2}

    with pytest.raises(AssertionError):
        check()
