"""PCT: the default order for zero choices, complete runs, and deep bugs found soon."""

from typing import Any

import pytest

from pykvbinding.choices import SeededChoice
from pykvbinding.network.edge_network import EdgeNetwork
from pykvbinding.sim.explore.pct import PctScheduler


class Zero:
    """Always chooses the default."""

    def choose(self, n: int, label: str) -> int:
        return 0


async def visit(env: Any) -> None:
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))


async def twice(env: Any) -> None:
    await env.KV.get("a")
    await env.KV.get("b")


def visits(schedule: PctScheduler, **anomalies: Any) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule, **anomalies)
    net.start(visit, at="LHR")
    net.start(visit, at="NRT")
    net.run()
    return net


def test_zero_choices_give_the_default_order() -> None:
    net = EdgeNetwork("LHR", schedule=PctScheduler(Zero()))
    for _ in range(3):
        net.start(twice)

    net.run()

    assert net.schedule == ""
    assert [event.invocation for event in net.trace.events] == [1, 1, 2, 2, 3, 3]


def test_a_seed_always_gives_the_same_run() -> None:
    first, second = (visits(PctScheduler(SeededChoice(7))).schedule for _ in range(2))

    assert first == second


def test_finds_lost_updates_with_schedules_that_replay() -> None:
    lost = [
        net
        for seed in range(60)
        if (net := visits(PctScheduler(SeededChoice(seed), steps=4))).latest("visits") == "1"
        and not any(each.error for each in net._harness.simulation.invocations)
    ]

    again = visits_by_text(lost[0].schedule)
    assert len(lost) > 5
    assert again.latest("visits") == "1"
    assert again.schedule == lost[0].schedule


def visits_by_text(schedule: str) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(visit, at="LHR")
    net.start(visit, at="NRT")
    net.run()
    return net


def test_time_does_not_pass_several_times_in_a_row() -> None:
    schedules = [visits(PctScheduler(SeededChoice(seed))).schedule.split() for seed in range(60)]

    lapses = [sum(token.startswith("+") for token in tokens) for tokens in schedules]
    assert 0 < sum(count > 0 for count in lapses) < 60


def test_chooses_uniformly_among_concurrent_operations() -> None:
    import asyncio

    async def both(env: Any) -> None:
        await asyncio.gather(env.KV.get("a"), env.KV.get("b"))

    first = set()
    for seed in range(20):
        net = EdgeNetwork("LHR", schedule=PctScheduler(SeededChoice(seed)))
        net.start(both)
        net.run()
        first.add(net.trace.events[0].accesses[0].key)

    assert first == {"a", "b"}


@pytest.mark.parametrize("depth", [1, 4])
def test_demotes_fewer_invocations_than_the_depth(depth: int) -> None:
    asked = []

    class Noting(SeededChoice):
        def choose(self, n: int, label: str) -> int:
            asked.append(label)
            return super().choose(n, label)

    visits(PctScheduler(Noting(1), depth=depth))

    assert asked.count("priority change") == depth - 1
