"""The search misses no observable outcome, and runs no two equivalent schedules."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from pykvbinding import Limits
from pykvbinding.middleware.faults import Fault
from pykvbinding.network.edge_network import EdgeNetwork
from pykvbinding.sim.errors import Pruned, SearchLimitReached
from pykvbinding.sim.explore.exhaustive import ExhaustiveResult, every_schedule
from tests.support.random_programs import Program, Setting, explored, programs

ORDER_ALONE: dict[str, Any] = {
    "stale_reads": False,
    "unlimited_writes": False,
    "tombstones": False,
    "time_jumps": 0,
}

SWITCHES = [
    "stale_reads",
    "unlimited_writes",
    "non_monotonic_reads",
    "early_refresh",
    "stale_first_reads",
    "stale_own_writes",
    "list_lag",
    "torn_reads",
    "torn_sequential_reads",
    "racing_writes",
    "reorder_writes",
    "stale_deletes",
    "resurrect_after_expiry",
]

ANOMALY_OPTIONS = st.dictionaries(st.sampled_from(SWITCHES), st.booleans()).map(
    lambda chosen: {**chosen, "tombstones": False}
)


def settings_of_runs() -> st.SearchStrategy[Setting]:
    return st.builds(
        Setting,
        anomalies=ANOMALY_OPTIONS,
        time_jumps=st.integers(0, 2),
        calls=st.booleans(),
        advance=st.integers(0, 1),
    )


def result_of(body: Callable[[Any], None], **options: Any) -> ExhaustiveResult:
    test = every_schedule(**options)(body)
    test()
    assert test.result is not None
    return test.result


async def visit(env: Any) -> None:
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))


async def look(env: Any, key: str) -> None:
    await env.KV.get(key)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(programs(), settings_of_runs())
@example(
    [[("gather", (("get", "a"), ("put", "a")))], [("list", "")]],
    Setting(anomalies={"tombstones": False}),
)
@example(
    [[("list", "")], [("sleep", None), ("external", None)], [("sleep", None)]],
    Setting(anomalies={"tombstones": False}, calls=True),
)
@example(
    [[("put", "a"), ("get", "a")], [("put", "a"), ("get", "b")]],
    Setting(anomalies={"tombstones": False, "reorder_writes": True, "stale_reads": False}),
)
def test_finds_the_outcomes_of_a_plain_search_and_counts_its_runs(
    program: Program, setting: Setting
) -> None:
    try:
        everything, plain = explored(program, setting, is_shared=True, limit=800)
    except SearchLimitReached:
        assume(False)

    seen, result = explored(program, setting, is_shared=False, limit=800)

    assert seen == everything
    assert result.total == plain.distinct == plain.total
    assert result.distinct <= plain.distinct


@pytest.mark.parametrize(
    ("visitors", "distinct", "total"), [(2, 4, 6), (3, 36, 90), (4, 576, 2520)]
)
def test_reduces_increments_to_the_distinct_orders(
    visitors: int, distinct: int, total: int
) -> None:
    def body(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)
        for _ in range(visitors):
            net.start(visit)
        net.run()

    result = result_of(body)

    assert (result.distinct, result.total, result.blocked) == (distinct, total, 0)


def test_reduces_eighteen_operations_to_few_runs() -> None:
    async def handler(env: Any, number: int) -> None:
        shares = number < 3
        await env.KV.get("visits" if shares else f"a{number}")
        await env.KV.put("visits" if shares else f"b{number}", "1")
        await env.KV.put(f"own{number}", "1")

    def body(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)
        for number in range(6):
            net.start(handler, number)
        net.run()

    result = result_of(body)

    assert result.distinct == 36
    assert result.total > 10**9
    assert result.blocked == 0


def test_tries_versions_refusals_and_time() -> None:
    schedules = set()

    def body(schedule: Any) -> None:
        net = EdgeNetwork("LHR", "NRT", schedule=schedule)
        net.start(visit, at="LHR")
        net.start(visit, at="NRT")
        net.run()
        schedules.add(net.schedule)

    result = result_of(body)

    assert {"1 1 2~1 +1", "1 1 2~1 2!", "1 2 1 +1", ""} <= schedules
    assert len(schedules) == result.distinct < result.total


def test_shared_state_disables_reduction() -> None:
    order: list[str] = []

    async def elsewhere(env: Any, key: str) -> None:
        await env.KV.put(key, "1")
        order.append(key)

    def body(schedule: Any) -> None:
        order.clear()
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)
        net.shared()
        for key in "abc":
            net.start(elsewhere, key)
        net.run()
        orders.add("".join(order))

    orders: set[str] = set()

    result = result_of(body)

    assert len(orders) == result.distinct == result.total == 6


@pytest.mark.parametrize(
    "options",
    [
        {"faults": [Fault(kind="put", nth=1)]},
        {"limits": Limits(writes_per_day=1)},
    ],
)
def test_faults_and_quotas_disable_reduction(options: Any) -> None:
    async def elsewhere(env: Any, key: str) -> None:
        await env.KV.put(key, "1")

    def body(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE, **options)
        net.start(elsewhere, "a")
        net.start(elsewhere, "b")
        net.run()

    assert result_of(body).distinct == result_of(body).total


def test_a_handler_that_starts_another_one_disables_reduction() -> None:
    def body(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)

        async def parent(env: Any, key: str) -> None:
            await env.KV.get(key)
            net.start(child, key)

        async def child(env: Any, key: str) -> None:
            await env.KV.get(key)

        net.start(parent, "a")
        net.start(parent, "b")
        net.run()

    result = result_of(body)

    assert result.distinct == result.total > 1


def test_a_handler_that_moves_the_clock_disables_reduction() -> None:
    def body(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)

        async def hurry(env: Any, key: str) -> None:
            await env.KV.get(key)
            net.clock.advance(1)

        net.start(hurry, "a")
        net.start(hurry, "b")
        net.run()

    result = result_of(body)

    assert result.distinct == result.total == 2


def test_two_bindings_of_one_namespace_share_its_keys() -> None:
    from pykvbinding import Account, Env

    kv = Account().binding("KV")
    left: set[str] = set()

    async def write(env: Any, binding: str) -> None:
        await getattr(env, binding).put("key", binding)

    def body(schedule: Any) -> None:
        env = Env(ONE=kv, OTHER=kv)
        limits = Limits(writes_per_second_per_key=None)
        net = EdgeNetwork("LHR", bindings=env, schedule=schedule, limits=limits, **ORDER_ALONE)
        net.start(write, "ONE")
        net.start(write, "OTHER")
        net.run()
        left.add(str(net.latest("key", "ONE")))

    assert result_of(body).distinct == 2
    assert left == {"ONE", "OTHER"}


def test_time_passes_by_itself_between_sleeps() -> None:
    async def sleepy(env: Any, key: str) -> None:
        await env.KV.put(key, "1")
        await asyncio.sleep(5)
        await env.KV.put(key, "2")

    def body(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)
        net.start(sleepy, "a")
        net.start(sleepy, "b")
        net.run()

    result = result_of(body)

    assert (result.distinct, result.total) == (1, 4)


def test_consecutive_networks_are_searched_together() -> None:
    def body(schedule: Any) -> None:
        for _ in range(2):
            net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)
            net.start(visit)
            net.start(visit)
            net.run()

    result = result_of(body)

    assert (result.distinct, result.total) == (16, 36)


def test_alternating_networks_disable_reduction() -> None:
    def body(schedule: Any) -> None:
        nets = [EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE) for _ in range(2)]
        for _ in range(2):
            for net in nets:
                net.start(look, "a")
                net.start(look, "b")
                net.run()

    result = result_of(body)

    assert result.distinct == result.total == 2**4


def test_a_pruned_run_leaves_the_test_at_once() -> None:
    ends: list[str] = []

    async def look(env: Any, key: str) -> None:
        try:
            await env.KV.get(key)
        except Exception:  # a handler cannot catch the end of a pruned run
            ends.append("caught")

    def start(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule)
        net.start(look, "a")
        net.start(look, "b")
        net.run()

    def body(schedule: Any) -> None:
        try:
            start(schedule)
            ends.append("came to its end")
        except Pruned:
            ends.append("cut off")
            with pytest.raises(Pruned):
                start(schedule)
            with pytest.raises(Pruned):
                schedule.choose(2, "anything")
            raise LookupError("what follows from that counts for nothing") from None

    result = result_of(body)

    assert (result.distinct, result.blocked, result.total) == (1, 1, 2)
    assert ends == ["came to its end", "cut off"]


def test_concurrent_operations_are_tried_in_each_order() -> None:
    orders: set[str] = set()

    async def both(env: Any) -> None:
        await asyncio.gather(env.KV.put("a", "1"), env.KV.put("b", "1"))

    async def one(env: Any, key: str) -> None:
        await env.KV.put(key, "2")

    def body(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule, **ORDER_ALONE)
        net.start(both)
        net.start(one, "a")
        net.start(one, "b")
        net.run()
        told = (f"{event.invocation}{event.accesses[0].key}" for event in net.trace.events)
        orders.add(" ".join(told))

    result = result_of(body)

    # Each of the three dependent pairs in either order, without cycles.
    assert (result.distinct, result.total) == (8, 24)
    assert any(order.index("2a") < order.index("1a") > order.index("1b") for order in orders)
    assert any(
        order.index("2a") < order.index("1a")
        and order.index("3b") < order.index("1b") < order.index("1a")
        for order in orders
    )
