"""Partitioned and held links, and latencies."""

import asyncio
import math
from datetime import timedelta
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, KVError, VirtualClock

CUT_OFF = "KV {} failed: 503 Service Unavailable"


@pytest.fixture
def net() -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT")


async def test_a_partitioned_location_answers_only_from_its_cache(net: EdgeNetwork) -> None:
    kv = net.kv("NRT")
    await kv.get("known")
    net.partition("NRT")

    assert await kv.get("known") is None
    for method, operation in (
        ("GET", lambda: kv.get("unknown")),
        ("GET_BULK", lambda: kv.get(["unknown"])),
        ("PUT", lambda: kv.put("k", "v")),
        ("DELETE", lambda: kv.delete("k")),
        ("GET", kv.list),
    ):
        with pytest.raises(KVError, match=CUT_OFF.format(method)) as caught:
            await operation()
        assert caught.value.status == 503


async def test_a_partitioned_location_does_not_refresh_its_copies(net: EdgeNetwork) -> None:
    await net.kv("NRT").get("k")
    net.clock.advance(31)
    await net.kv("LHR").put("k", "v")
    net.partition("NRT")

    seen = [(await net.kv("NRT").getWithMetadata("k")).cacheStatus for _ in range(2)]

    assert seen == ["REVALIDATE", "REVALIDATE"]


async def test_a_repaired_location_reads_from_the_central_stores(net: EdgeNetwork) -> None:
    net.partition()
    net.repair("NRT")

    await net.kv("NRT").put("k", "v")

    with pytest.raises(KVError, match="503"):
        await net.kv("LHR").get("k")
    net.repair()
    assert await net.kv("LHR").get("k") == "v"


async def test_held_operations_continue_in_the_order_of_arrival(
    net: EdgeNetwork,
) -> None:
    kv = net.kv("NRT")
    net.hold("NRT")
    tasks = [asyncio.create_task(kv.put(f"k{number}", "v")) for number in range(3)]
    await asyncio.sleep(0)
    while_held = len(net.namespace())

    net.release("NRT")
    await asyncio.gather(*tasks)

    assert while_held == 0
    assert [each.key for each in net.history.puts()] == ["k0", "k1", "k2"]
    assert len(net.namespace()) == 3


async def test_a_held_location_answers_from_its_cache(net: EdgeNetwork) -> None:
    await net.kv("NRT").get("k")

    net.hold()

    assert await net.kv("NRT").get("k") is None


async def test_a_cancelled_operation_does_not_delay_others(net: EdgeNetwork) -> None:
    net.hold("NRT")
    first, second = (asyncio.create_task(net.kv("NRT").put(key, "v")) for key in ("a", "b"))
    await asyncio.sleep(0)

    first.cancel()
    net.release()
    await second

    assert (net.latest("a"), net.latest("b")) == (None, "v")
    assert net.history.puts("a")[0].outcome == "CancelledError"


async def test_held_operations_fail_on_release_if_the_location_is_partitioned(
    net: EdgeNetwork,
) -> None:
    net.hold("NRT")
    task = asyncio.create_task(net.kv("NRT").put("k", "v"))
    await asyncio.sleep(0)

    net.partition("NRT")
    net.release("NRT")

    with pytest.raises(KVError, match="503"):
        await task


def test_release_drops_operations_of_a_closed_loop(net: EdgeNetwork) -> None:
    net.hold("NRT")
    loop = asyncio.new_event_loop()
    task = loop.create_task(net.kv("NRT").put("k", "v"))
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()

    net.release("NRT")

    assert not task.done()
    task._log_destroy_pending = False  # type: ignore[attr-defined]


async def test_operations_take_no_time_without_latency(net: EdgeNetwork) -> None:
    await net.kv("LHR").put("k", "v")
    await net.kv("NRT").get("k")

    assert net.clock.now() == 1_700_000_000


async def test_a_hit_is_faster_than_a_miss_and_a_miss_than_a_write() -> None:
    net = EdgeNetwork("LHR", latency="2025")
    kv = net.kv("LHR")
    await kv.put("k", "v")
    await kv.get("k")
    await kv.get("k")

    took = [(each.returned or math.inf) - each.invoked for each in net.history]

    assert took == sorted(took, reverse=True)
    assert 0 < took[-1] < 0.02


async def test_latencies_depend_on_the_seed() -> None:
    async def run(seed: int) -> str:
        net = EdgeNetwork("LHR", "NRT", latency="2024", seed=seed)
        for location in ("LHR", "NRT"):
            await net.kv(location).put("k", "v")
            await net.kv(location).get(["k", "l"])
            await net.kv(location).list()
            net.clock.advance(timedelta(seconds=31))
            await net.kv(location).get("k")
        return net.history.to_jsonl()

    first, again, other = await run(1), await run(1), await run(2)

    assert first == again != other


async def test_a_slow_read_does_not_cache_a_version_superseded_meanwhile() -> None:
    net = EdgeNetwork("NRT", latency="2025", clock=VirtualClock())
    kv = net.kv("NRT")
    read = asyncio.create_task(kv.get("k"))
    net.namespace().seed({"other": "v"})

    async def settle(seconds: float) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        net.clock.advance(seconds)

    write = asyncio.create_task(kv.put("k", "v"))
    while not (read.done() and write.done()):
        await settle(0.001)
    again = asyncio.create_task(kv.get("k"))
    while not again.done():
        await settle(0.001)

    assert again.result() == "v"


@pytest.mark.parametrize("latency", ["fast", 5])
def test_rejects_an_unknown_latency(latency: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="latency"):
        EdgeNetwork("LHR", latency=latency)
