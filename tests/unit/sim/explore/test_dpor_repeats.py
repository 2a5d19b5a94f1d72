"""The search detects a run that does not repeat its path, and explains the difference."""

from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding.network.edge_network import EdgeNetwork
from pykvbinding.sim.errors import NotDeterministic
from pykvbinding.sim.explore.exhaustive import every_schedule

ORDER_ALONE: dict[str, Any] = {
    "stale_reads": False,
    "unlimited_writes": False,
    "tombstones": False,
    "time_jumps": 0,
}


def explore(body: Callable[[Any], None]) -> None:
    every_schedule(body)()


async def visit(env: Any) -> None:
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        ({0: "a"}, "1 get a, 2 get a"),
        ({0: "a", 1: "b", 2: "c"}, "reached"),
    ],
)
def test_rejects_a_repeated_run_with_other_operations(keys: dict[int, str], first: str) -> None:
    runs = 0

    def body(schedule: Any) -> None:
        nonlocal runs
        key = keys.get(runs, "z")
        runs += 1

        async def handler(env: Any) -> None:
            await env.KV.get(key)
            await env.KV.put("shared", key)

        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)
        net.start(handler)
        net.start(handler)
        net.run()

    with pytest.raises(NotDeterministic, match=first):
        explore(body)


def test_rejects_a_repeated_run_with_more_invocations() -> None:
    runs = 0

    def body(schedule: Any) -> None:
        nonlocal runs
        runs += 1
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)
        for _ in range(1 + runs):
            net.start(visit)
        net.run()

    with pytest.raises(NotDeterministic, match="between 1 get visits, 2 get visits, 3 get visits"):
        explore(body)


def test_rejects_a_repeated_run_with_another_choice() -> None:
    runs = 0

    def body(schedule: Any) -> None:
        nonlocal runs
        runs += 1
        net = EdgeNetwork("LHR", schedule=schedule, time_jumps=0)
        writes = runs

        async def handler(env: Any) -> None:
            await env.KV.get("key")
            for number in range(writes):
                net.namespace().seed({"key": str(number)})
                net.account.version_log(net.namespace().id).latest("key")  # records the change
            await env.KV.get("key")

        net.start(handler)
        net.run()

    with pytest.raises(NotDeterministic, match=r"choice of 3 \(version\); .* a choice of 2 \("):
        explore(body)


def test_rejects_a_repeated_run_that_ends_early() -> None:
    runs = 0

    def body(schedule: Any) -> None:
        nonlocal runs
        runs += 1
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)
        for _ in range(2 if runs == 1 else 0):
            net.start(visit)
        net.run()

    with pytest.raises(NotDeterministic, match="the test reached the end"):
        explore(body)


def test_the_message_names_the_schedule_and_both_choices() -> None:
    keys = iter("ab")

    async def look(env: Any, key: str) -> None:
        await env.KV.get(key)

    def body(schedule: Any) -> None:
        key = next(keys)
        net = EdgeNetwork("LHR", schedule=schedule, time_jumps=0)
        net.shared()
        net.start(look, key)
        net.start(look, key)
        net.run()

    with pytest.raises(NotDeterministic) as caught:
        explore(body)

    assert str(caught.value) == (
        "after the schedule '' the test reached a choice between 1 get b, 2 get b; the same "
        "schedule led to a choice between 1 get a, 2 get a before. Does a handler use the wall "
        "clock, random, uuid or a global of its module, or does the test change a fixture that it "
        "uses?"
    )
