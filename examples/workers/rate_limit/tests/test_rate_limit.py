"""Twenty concurrent writes of one key: rejected writes, and the effect of retries."""
# ruff: noqa: D103 -- the names of tests are sentences

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Fault, Limits
from pykvbinding.sim import Schedule, some_schedules
from pykvbinding.workers import Worker

in_production = pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
"""By default a namespace has no rate limit, like a namespace of `wrangler dev`."""


def successes(results: list[dict[str, Any]]) -> int:
    return sum(result["success"] for result in results)


@in_production
async def test_one_of_twenty_writes_succeeds(kv_worker: Worker) -> None:
    results = await (await kv_worker.fetch("/parallel")).json()

    assert len(results) == 20
    assert successes(results) == 1
    assert results[0] == {"attempt": 1, "success": True}
    assert "KV PUT failed: 429 Too Many Requests" in results[1]["error"]["message"]


@in_production
async def test_a_single_combined_write_succeeds(kv_worker: Worker) -> None:
    results = await (await kv_worker.fetch("/last")).json()

    assert results == [{"attempt": 20, "success": True}]
    assert await kv_worker.env.KV.get("common-key") == "Write attempt #20"


async def test_another_path_is_not_found(kv_worker: Worker) -> None:
    assert (await kv_worker.fetch("/")).status == 404


def results_of(worker: Worker, net: EdgeNetwork, path: str) -> list[dict[str, Any]]:
    """Return the response under simulated time, in which `asyncio.sleep` takes no real time."""
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

    assert successes(results) == 5  # one for each attempt
    assert net.clock.now() - start == 1 + 2 + 4 + 8


@some_schedules(seeds=100)
def test_every_write_succeeds_with_jitter(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork], schedule: Schedule
) -> None:
    net = kv_network("LHR", schedule=schedule, unlimited_writes=False)

    assert successes(results_of(kv_worker, net, "/jitter")) == 20


def test_does_not_retry_another_error(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", faults=[Fault(kind="put", error="500 Internal Server Error")])

    results = results_of(kv_worker, net, "/jitter")

    assert successes(results) == 0
    assert net.history.count("put") == 20
