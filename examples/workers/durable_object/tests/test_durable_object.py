"""The scores: no update is lost, KV is written once a second, and the copy is stale."""
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
    assert kv_worker.durable_object_storage("BOARD", "all") == {"scores": {"ada": 7, "bob": 1}}


async def test_object_reads_its_rules_from_kv(kv_worker: Worker) -> None:
    await kv_worker.env.SCORES.put("rules", '{"factor": 2}')

    assert await add(kv_worker, "ada", 3) == 6


async def test_copy_is_updated(kv_worker: Worker) -> None:
    await add(kv_worker, "ada", 3)
    assert await scores(kv_worker) == {}

    await kv_worker.alarm("BOARD", "all")

    assert await scores(kv_worker) == {"ada": 3}


@pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
async def test_twenty_concurrent_updates_are_one_write(
    kv_worker: Worker, kv_history: History
) -> None:
    await asyncio.gather(*(add(kv_worker, "ada", 1) for _ in range(20)))
    await kv_worker.alarm("BOARD", "all")

    assert kv_history.count("put") == 1
    assert await scores(kv_worker) == {"ada": 20}


@pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
async def test_retries_a_rejected_write(kv_worker: Worker, kv_clock: VirtualClock) -> None:
    await kv_worker.env.SCORES.put("scores", "{}")  # a write by other code
    await add(kv_worker, "ada", 1)

    with pytest.raises(KVError, match="429 Too Many Requests"):
        await kv_worker.alarm("BOARD", "all")
    kv_clock.advance(1)
    await add(kv_worker, "ada", 1)
    await kv_worker.alarm("BOARD", "all")

    assert await scores(kv_worker) == {"ada": 2}


async def test_new_instance_continues_from_storage(kv_worker: Worker) -> None:
    await add(kv_worker, "ada", 3)

    kv_worker.durable_objects.forget()

    assert await add(kv_worker, "ada", 1) == 4


async def test_copy_is_stale_elsewhere_and_the_object_is_not(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env)
    worker = kv_worker.in_network(net)
    assert await scores(worker, at="NRT") == {}
    await add(worker, "ada", 3)
    await worker.alarm("BOARD", "all")

    assert await scores(worker, at="LHR") == {"ada": 3}
    assert await scores(worker, at="NRT") == {}
    assert await scores(worker, "/now", at="NRT") == {"ada": 3}
    net.clock.advance(61)
    assert await scores(worker, at="NRT") == {"ada": 3}


def two_add(worker: Worker, net: EdgeNetwork) -> Any:
    """Return the stored scores after one update from each of two locations."""
    networked = worker.in_network(net)
    for location in ("LHR", "NRT"):
        net.start(networked.handler_for("/", json={"name": "ada", "points": 1}), at=location)
    net.run()
    return networked.durable_object_storage("BOARD", "all")["scores"]


@every_schedule
def test_keeps_every_point_under_every_schedule(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork], schedule: Schedule
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env, schedule=schedule)

    assert two_add(kv_worker, net) == {"ada": 2}


def test_reading_kv_between_storage_operations_loses_points(
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
