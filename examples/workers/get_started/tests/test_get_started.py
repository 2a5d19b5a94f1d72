"""The Worker of "get started": its responses, with errors of KV and stale reads."""
# ruff: noqa: D103 -- the names of tests are sentences

from collections.abc import Callable

import pytest

from pykvbinding import EdgeNetwork, Limits, VirtualClock
from pykvbinding.workers import Worker


async def test_missing_key_is_not_found(kv_worker: Worker) -> None:
    response = await kv_worker.fetch("/")

    assert response.status == 404
    assert await response.text() == "Value not found"


async def test_reads_a_written_value(kv_worker: Worker) -> None:
    response = await kv_worker.fetch("/", method="PUT", body="disabled")

    assert response.status == 200
    assert await response.text() == "disabled"
    assert await kv_worker.env.USER_NOTIFICATION.get("user_2") == "disabled"


@pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
async def test_rejects_a_second_write_within_one_second(
    kv_worker: Worker, kv_clock: VirtualClock
) -> None:
    await kv_worker.fetch("/", method="PUT", body="disabled")

    refused = await kv_worker.fetch("/", method="PUT", body="enabled")
    kv_clock.advance(1)
    accepted = await kv_worker.fetch("/", method="PUT", body="enabled")

    assert refused.status == 500
    assert "KV PUT failed: 429 Too Many Requests" in await refused.text()
    assert accepted.status == 200


async def test_miss_is_cached_for_a_minute(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env)
    worker = kv_worker.in_network(net)
    assert (await worker.fetch("/", at="NRT")).status == 404  # and Tokyo caches the miss

    await worker.fetch("/", method="PUT", body="disabled", at="LHR")

    assert (await worker.fetch("/", at="LHR")).status == 200
    assert (await worker.fetch("/", at="NRT")).status == 404
    net.clock.advance(61)
    assert (await worker.fetch("/", at="NRT")).status == 200
