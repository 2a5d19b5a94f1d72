"""Twenty writes of one key at once: which are rejected, and when a retry helps."""
# ruff: noqa: D103 -- the names of tests are sentences

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Fault, Limits
from pykvbinding.sim import Schedule, some_schedules
from pykvbinding.workers import Worker

in_production = pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
"""Enable the write limit, which a single namespace does not have by default."""


def taken(results: list[dict[str, Any]]) -> int:
    return sum(result["success"] for result in results)


@in_production
async def test_one_of_twenty_writes_succeeds(kv_worker: Worker) -> None:
    results = await (await kv_worker.fetch("/parallel")).json()

    assert len(results) == 20
    assert taken(results) == 1
    assert results[0] == {"attempt": 1, "success": True}
    assert "KV PUT failed: 429 Too Many Requests" in results[1]["error"]["message"]


@in_production
async def test_single_write_is_enough(kv_worker: Worker) -> None:
    results = await (await kv_worker.fetch("/last")).json()

    assert results == [{"attempt": 20, "success": True}]
    assert await kv_worker.env.KV.get("common-key") == "Write attempt #20"


async def test_unknown_path_is_not_found(kv_worker: Worker) -> None:
    assert (await kv_worker.fetch("/")).status == 404


def results_of(worker: Worker, net: EdgeNetwork, path: str) -> list[dict[str, Any]]:
    """Return the response in simulated time, in which `asyncio.sleep` does not wait."""
    visit = net.start(worker.in_network(net).handler_for(path))
    net.run()
    results: list[dict[str, Any]] = asyncio.run(visit.result.json())
    return results


def test_retries_without_jitter_collide_again(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", schedule="")
    start = net.clock.now()

    results = results_of(kv_worker, net, "/retry")

    assert taken(results) == 5  # one per attempt
    assert net.clock.now() - start == 1 + 2 + 4 + 8


@some_schedules(seeds=100)
def test_retries_with_jitter_all_succeed(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork], schedule: Schedule
) -> None:
    net = kv_network("LHR", schedule=schedule, unlimited_writes=False)

    assert taken(results_of(kv_worker, net, "/jitter")) == 20


def test_does_not_retry_other_errors(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", faults=[Fault(kind="put", error="500 Internal Server Error")])

    results = results_of(kv_worker, net, "/jitter")

    assert taken(results) == 0
    assert net.history.count("put") == 20
