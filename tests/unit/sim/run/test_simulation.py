"""The simulation: the order of operations, the passage of time, and the ends of runs."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim import Deadlock, ScheduleMismatch, TooManySteps
from pykvbinding.sim.schedule import AdvanceTime
from tests.support.handlers import look, operations, pause, staged, store, visit


def tokens(net: EdgeNetwork) -> list[str]:
    return [event.token for event in net.trace.events]


# Order.


def test_the_last_invocation_continues() -> None:
    net = staged(visit, visit, schedule="2")

    assert tokens(net) == ["2", "2", "1", "1"]
    assert net.schedule == "2"


def test_invocations_run_one_after_another_by_default() -> None:
    net = staged(visit, visit, visit)

    assert tokens(net) == ["1", "1", "2", "2", "3", "3"]
    assert net.schedule == ""


def test_a_schedule_ends_with_the_last_deviation() -> None:
    net = staged(visit, visit, schedule="1 1 2~1 +1")

    assert net.schedule == "1 1 2~1 +1"
    assert net.latest("visits") == "1"
    assert tokens(net) == ["1", "1", "2~1", "+1", "2"]


async def look_at_two(env: Env) -> list[Any]:
    return list(await asyncio.gather(env.KV.get("a"), env.KV.get("b")))


def test_concurrent_operations_are_numbered_in_start_order() -> None:
    net = staged(look_at_two, schedule="1:2 1")

    assert [event.accesses[0].key for event in operations(net)] == ["b", "a"]
    assert operations(net)[0].deviations == ("order",)
    assert net.schedule == "1:2"


def test_a_cancelled_operation_is_not_scheduled() -> None:
    async def give_up(env: Env) -> None:
        task = asyncio.ensure_future(env.KV.get("a"))
        await asyncio.sleep(0)
        task.cancel()
        await env.KV.get("b")

    net = staged(give_up)

    assert [event.accesses[0].key for event in operations(net)] == ["b"]


def test_an_operation_cancelled_while_pending_is_not_scheduled() -> None:
    async def race(env: Env) -> None:
        task = asyncio.ensure_future(env.KV.get("a"))
        await env.KV.get("b")
        task.cancel()

    net = staged(race, schedule="")

    assert [event.accesses[0].key for event in operations(net)] == ["b"]


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_the_text_of_a_seed_replays_its_run(seed: int) -> None:
    net = staged(visit, look_at_two, visit, schedule=seed, time_jumps=2)

    again = staged(visit, look_at_two, visit, schedule=net.schedule, time_jumps=0)

    assert tokens(again) == tokens(net)
    assert again.schedule == net.schedule
    assert again.latest("visits") == net.latest("visits")
    assert again.trace.events == net.trace.events


# Time.


def test_time_passes_when_every_invocation_waits() -> None:
    async def sleep_and_look(env: Env) -> None:
        await asyncio.sleep(5)
        await env.KV.get("k")

    net = staged(sleep_and_look, look)

    assert [event.at - net.trace.start for event in operations(net)] == [0, 5_000_000_000]
    assert net.trace.schedule == ""


def test_limits_the_number_of_time_jumps() -> None:
    lapses: list[int | None] = []

    class Watching:
        def next(self, turns: Any, lapse: int | None) -> int | AdvanceTime:
            lapses.append(lapse)
            return 0 if lapse is None else AdvanceTime(lapse)

        def choose(self, n: int, label: str) -> int:
            return 0

        def check_exhausted(self, started: int) -> None: ...

    net = EdgeNetwork("LHR", schedule=Watching(), time_jumps=2)
    net.start(pause, 3)
    net.start(visit)
    net.run()

    # To the timer: no other deadline exists before the first write.
    assert lapses == [3_000_000_000, None, None]
    assert net.schedule == "+3"


def test_a_lapse_wakes_sleeping_handlers() -> None:
    net = EdgeNetwork("LHR", schedule="+10 1")
    seen: list[float] = []

    async def nap(env: Env) -> None:
        await asyncio.sleep(4)
        seen.append(net.clock.now())

    net.start(nap)
    net.start(look)
    with pytest.raises(ScheduleMismatch):
        net.run()

    assert seen == [1_700_000_010]


def test_the_trace_contains_the_lapse() -> None:
    net = staged(look, schedule="+61 1")
    lapse = net.trace.events[0]

    assert (lapse.kind, lapse.token, lapse.deviations) == ("lapse", "+61", ("time",))
    assert lapse.at - lapse.invoked == 61_000_000_000


# Ends.


def test_waiting_forever_is_a_deadlock() -> None:
    async def wait(env: Env) -> None:
        await asyncio.Event().wait()

    with pytest.raises(Deadlock) as caught:
        staged(look, wait)

    assert str(caught.value) == (
        "invocation 2 (wait at NRT) cannot go on: no operation, no timer and no other invocation "
        "is left to wake them"
    )


def test_raises_a_handlers_exception_before_a_deadlock() -> None:
    event = asyncio.Event()

    async def fail(env: Env) -> None:
        raise ValueError("broken")

    async def wait(env: Env) -> None:
        await event.wait()

    with pytest.raises(ValueError, match="broken"):
        staged(wait, fail)


def test_raises_a_handlers_exception_before_a_mismatch() -> None:
    async def fail(env: Env) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        staged(fail, schedule="1 1 1")


def test_aborts_a_retry_that_never_sleeps() -> None:
    async def retry(env: Env) -> None:
        while True:
            try:
                await env.KV.put("k", "1")
            except KVError:
                continue

    with pytest.raises(TooManySteps) as caught:
        staged(retry)
    assert str(caught.value) == (
        "the run did not end within 10,000 operations. Does a retry loop spin without sleeping? "
        "EdgeNetwork(max_steps=...) allows more"
    )
    with pytest.raises(TooManySteps, match=r"within 50 operations"):
        staged(retry, max_steps=50)


def test_steps_are_counted_for_each_run() -> None:
    net = EdgeNetwork("LHR", max_steps=2)
    for _ in range(3):
        net.start(look)
        net.start(look)
        net.run()

    assert len(net.trace.events) == 6


def test_rejects_a_running_loop_and_keeps_the_invocations() -> None:
    net = EdgeNetwork("LHR")
    invocation = net.start(look)

    async def run() -> None:
        net.run()

    with pytest.raises(RuntimeError, match="a simulation runs its own event loop"):
        asyncio.run(run())

    net.run()
    assert invocation.done


def test_a_keyboard_interrupt_is_not_changed() -> None:
    async def interrupt(env: Env) -> None:
        await env.KV.get("k")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        staged(interrupt)


@pytest.mark.parametrize("handler", [lambda env: None, lambda env: [1], str])
def test_rejects_a_handler_that_is_not_a_coroutine_function(handler: Any) -> None:
    net = EdgeNetwork("LHR")

    with pytest.raises(TypeError) as caught:
        net.start(handler)

    assert str(caught.value) == (
        f"{handler(net.env('LHR'))!r} did not return a coroutine: net.start takes an `async def` "
        "that is called with the env of its location"
    )


# Operations outside invocations.


async def test_operations_of_the_test_are_not_scheduled() -> None:
    net = EdgeNetwork("LHR", schedule="")

    await net.kv("LHR").put("k", "v")

    assert await net.kv("LHR").get("k") == "v"
    assert [event.invocation for event in net.trace.events] == [0, 0]


def test_operations_in_another_network_are_not_scheduled() -> None:
    other = EdgeNetwork("LHR", schedule="")

    async def reach_over(env: Env) -> None:
        await store(env)
        await store(other.env("LHR"))

    net = staged(reach_over)

    assert net.trace.events[0].invocation == 1
    assert other.trace.events[0].invocation == 0


def test_running_until_a_finished_invocation_does_nothing() -> None:
    net = EdgeNetwork("LHR")
    done = net.start(look)
    net.run()
    waiting = net.start(look)

    net._harness.simulation.run(done)

    assert not waiting.done
    net.run()
