"""`VirtualClock.sleep`, with and without autojump."""

import asyncio
import re
from asyncio import AbstractEventLoop, Task
from collections.abc import Callable
from typing import cast

import pytest

from pykvbinding import VirtualClock

START = 1_700_000_000


@pytest.fixture
def jumping() -> VirtualClock:
    return VirtualClock(START, autojump=True)


async def turns(count: int = 5) -> None:
    """Run all callbacks that are ready."""
    for _ in range(count):
        await asyncio.sleep(0)


class Sleepers:
    """Tasks that sleep; `woken` collects their durations in the order in which they wake."""

    def __init__(self, clock: VirtualClock, *durations: float) -> None:
        self.clock = clock
        self.woken: list[float] = []
        self.tasks = [asyncio.create_task(self._sleep(seconds)) for seconds in durations]

    async def _sleep(self, seconds: float) -> None:
        await self.clock.sleep(seconds)
        self.woken.append(seconds)


async def cancel(task: Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# Without autojump


async def test_a_sleeper_waits_until_the_clock_moves(clock: VirtualClock) -> None:
    sleepers = Sleepers(clock, 10)

    await turns()
    clock.advance(9.999)
    await turns()

    assert sleepers.woken == []


@pytest.mark.parametrize(
    "move", [lambda clock: clock.advance(10), lambda clock: clock.move_to(START + 10)]
)
async def test_a_sleeper_wakes_exactly_at_its_deadline(
    clock: VirtualClock, move: Callable[[VirtualClock], None]
) -> None:
    sleepers = Sleepers(clock, 10)

    await turns()
    move(clock)
    await turns()

    assert sleepers.woken == [10]


async def test_sleepers_wake_in_the_order_of_their_deadlines(clock: VirtualClock) -> None:
    sleepers = Sleepers(clock, 30, 10, 20)

    await turns()
    clock.advance(60)
    await turns()

    assert sleepers.woken == [10, 20, 30]


async def test_sleepers_with_one_deadline_wake_in_the_order_of_their_calls(
    clock: VirtualClock,
) -> None:
    sleepers = Sleepers(clock, 10, 10.0)
    order: list[Task[None]] = []
    for task in reversed(sleepers.tasks):
        task.add_done_callback(order.append)

    await turns()
    clock.advance(10)
    await turns()

    assert order == sleepers.tasks


async def test_advance_wakes_only_sleepers_whose_deadline_is_reached(clock: VirtualClock) -> None:
    sleepers = Sleepers(clock, 30, 10, 20)

    await turns()
    clock.advance(20)
    await turns()

    assert sleepers.woken == [10, 20]
    await cancel(sleepers.tasks[0])


async def test_advance_by_zero_wakes_no_sleeper(clock: VirtualClock) -> None:
    sleepers = Sleepers(clock, 0.001)

    await turns()
    clock.advance(0)
    await turns()

    assert sleepers.woken == []


async def test_a_cancelled_sleeper_is_skipped(clock: VirtualClock) -> None:
    sleepers = Sleepers(clock, 10, 20)
    await turns()

    await cancel(sleepers.tasks[0])
    clock.advance(60)
    await turns()

    assert sleepers.woken == [20]


@pytest.mark.parametrize("autojump", [False, True])
async def test_sleep_0_lets_other_tasks_run_once(autojump: bool) -> None:
    clock = VirtualClock(START, autojump=autojump)
    ran: list[str] = []
    asyncio.get_running_loop().call_soon(ran.append, "other")

    await clock.sleep(0)

    assert ran == ["other"]
    assert clock.now() == START


async def test_sleep_0_does_not_move_the_clock(clock: VirtualClock) -> None:
    sleeping = asyncio.create_task(clock.sleep(0))

    await turns()

    assert sleeping.done()


async def test_without_autojump_an_idle_loop_does_not_move_the_clock(
    clock: VirtualClock,
) -> None:
    sleepers = Sleepers(clock, 10)

    await turns(50)

    assert (sleepers.woken, clock.now()) == ([], START)


async def test_a_test_controls_the_outcome_of_wait_for(clock: VirtualClock) -> None:
    waiting = asyncio.create_task(asyncio.wait_for(clock.sleep(60), timeout=3600))

    await turns()
    clock.advance(minutes=1)
    await waiting

    assert clock.now_seconds() == START + 60


# With autojump


async def test_autojump_moves_the_clock_by_the_duration_of_the_sleep(jumping: VirtualClock) -> None:
    await jumping.sleep(3600)

    assert jumping.now() == START + 3600


async def test_ten_sleeps_of_a_tenth_are_exactly_one_second(jumping: VirtualClock) -> None:
    for _ in range(10):
        await jumping.sleep(0.1)

    assert (jumping.now(), jumping.now_seconds()) == (START + 1, START + 1)


async def test_ten_moves_of_a_tenth_are_exactly_one_second(clock: VirtualClock) -> None:
    for _ in range(10):
        clock.advance(0.1)

    assert (clock.now(), clock.now_seconds()) == (START + 1, START + 1)


async def test_autojump_wakes_gathered_sleepers_in_the_order_of_their_deadlines(
    jumping: VirtualClock,
) -> None:
    sleepers = Sleepers(jumping, 30, 10, 20)

    await asyncio.gather(*sleepers.tasks)

    assert sleepers.woken == [10, 20, 30]
    assert jumping.now() == START + 30


async def test_autojump_wakes_each_sleeper_at_its_deadline(jumping: VirtualClock) -> None:
    async def nap(seconds: float) -> float:
        await jumping.sleep(seconds)
        return jumping.now() - START

    assert list(await asyncio.gather(nap(30), nap(10), nap(20))) == [30, 10, 20]


async def test_autojump_runs_other_work_first(jumping: VirtualClock) -> None:
    events: list[str] = []

    async def work() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        events.append("worked")

    async def sleep() -> None:
        await jumping.sleep(1)
        events.append("slept")

    await asyncio.gather(sleep(), work())

    assert events == ["worked", "slept"]


async def test_autojump_runs_a_due_timer_first(jumping: VirtualClock) -> None:
    events: list[str] = []
    loop = asyncio.get_running_loop()
    loop.call_at(loop.time(), events.append, "timer")

    await jumping.sleep(1)
    events.append("slept")

    assert events == ["timer", "slept"]


async def test_autojump_runs_a_new_timer_first(
    jumping: VirtualClock,
) -> None:
    events: list[str] = []
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: loop.call_at(loop.time(), events.append, "timer"))

    await jumping.sleep(1)
    events.append("slept")

    assert events == ["timer", "slept"]


async def test_a_task_can_advance_a_clock_with_autojump(jumping: VirtualClock) -> None:
    sleepers = Sleepers(jumping, 10)
    await asyncio.sleep(0)

    jumping.advance(15)
    await asyncio.gather(*sleepers.tasks)

    assert jumping.now() == START + 15


async def test_autojump_skips_a_cancelled_sleeper(jumping: VirtualClock) -> None:
    sleepers = Sleepers(jumping, 10, 20)
    await asyncio.sleep(0)

    await cancel(sleepers.tasks[0])
    await sleepers.tasks[1]

    assert sleepers.woken == [20]
    assert jumping.now() == START + 20


async def test_autojump_does_not_jump_for_a_cancelled_sleeper(jumping: VirtualClock) -> None:
    sleepers = Sleepers(jumping, 10)
    await asyncio.sleep(0)

    await cancel(sleepers.tasks[0])
    await turns()

    assert jumping.now() == START


async def test_autojump_resumes_after_a_time_without_sleepers(
    jumping: VirtualClock,
) -> None:
    await jumping.sleep(10)
    await turns()

    await jumping.sleep(10)

    assert jumping.now() == START + 20


async def test_autojump_stops_polling_without_sleepers(jumping: VirtualClock) -> None:
    await jumping.sleep(10)

    await turns()

    assert jumping._autojump_loop is None


def test_a_clock_with_autojump_can_be_used_by_consecutive_loops(jumping: VirtualClock) -> None:
    asyncio.run(jumping.sleep(10))
    asyncio.run(jumping.sleep(10))

    assert jumping.now() == START + 20


def test_autojump_works_after_a_loop_that_ended_during_a_sleep(jumping: VirtualClock) -> None:
    async def leave_one_asleep() -> None:
        sleepers.append(Sleepers(jumping, 1000))
        await asyncio.sleep(0)

    sleepers: list[Sleepers] = []
    asyncio.run(leave_one_asleep())
    asyncio.run(jumping.sleep(10))

    assert jumping.now() == START + 10


def test_a_sleeper_of_a_closed_loop_is_skipped(clock: VirtualClock) -> None:
    loop = asyncio.new_event_loop()
    task = loop.create_task(clock.sleep(10))
    loop.run_until_complete(turns())
    loop.close()

    clock.advance(10)

    assert not task.done()
    task.get_coro().close()


class OpaqueLoop:
    """An event loop that does not expose its ready queue, like uvloop."""


def test_autojump_requires_a_loop_with_a_visible_ready_queue(jumping: VirtualClock) -> None:
    text = (
        "VirtualClock(autojump=True) cannot detect when a OpaqueLoop is idle; it requires "
        "asyncio's own event loop. Without autojump, call clock.advance(seconds)"
    )

    with pytest.raises(RuntimeError, match=f"^{re.escape(text)}$"):
        jumping._start_autojump(cast("AbstractEventLoop", OpaqueLoop()))
