"""The event loop: asyncio in virtual time, with the same order in every run."""

import asyncio
import contextvars
import gc
import sys
import warnings
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env, VirtualClock
from pykvbinding.sim.run.event_loop import SimulationLoop
from pykvbinding.sim.run.harness import Schedule
from pykvbinding.sim.trace import LapseEffect


def run(handler: Any, *args: Any, schedule: Schedule = None) -> tuple[Any, EdgeNetwork]:
    net = EdgeNetwork("LHR", schedule=schedule)
    invocation = net.start(handler, *args)
    net.run()
    return invocation.result, net


# Time.


def test_sleep_takes_virtual_time() -> None:
    async def sleep(env: Env) -> float:
        before = asyncio.get_running_loop().time()
        await asyncio.sleep(61)
        return asyncio.get_running_loop().time() - before

    slept, net = run(sleep)

    assert slept == 61
    assert net.clock.now() == 1_700_000_061


def test_ten_sleeps_of_a_tenth_take_one_second() -> None:
    async def write_again(env: Env) -> None:
        await env.KV.put("k", "1")
        for _ in range(10):
            await asyncio.sleep(0.1)
        await env.KV.put("k", "2")

    _, net = run(write_again, schedule="")

    assert net.latest("k") == "2"
    assert net.clock.now_nanoseconds() == 1_700_000_001_000_000_000


def test_after_years_of_virtual_time_a_sleep_still_ends() -> None:
    async def sleep(env: Env) -> None:
        await asyncio.sleep(10**9)
        for _ in range(50):
            await asyncio.sleep(0.1)

    _, net = run(sleep)

    assert net.clock.now() == pytest.approx(1_700_000_000 + 10**9 + 5, abs=1e-4)


def test_the_loop_uses_the_clock_of_the_network() -> None:
    async def sleep_both(env: Env, clock: VirtualClock) -> list[str]:
        order: list[str] = []

        async def note(name: str, sleep: Any) -> None:
            await sleep
            order.append(name)

        await asyncio.gather(
            note("second", asyncio.sleep(2)),
            note("third", clock.sleep(3)),
            note("first", clock.sleep(1)),
        )
        return order

    net = EdgeNetwork("LHR")
    invocation = net.start(sleep_both, net.clock)
    net.run()

    assert invocation.result == ["first", "second", "third"]
    assert net.clock.now() == 1_700_000_003


# The parts of asyncio that handlers use.


def test_gather_and_wait_for_and_shield_work() -> None:
    async def use(env: Env) -> Any:
        await env.KV.put("k", "v")
        both = await asyncio.gather(env.KV.get("k"), env.KV.get("l"))
        one = await asyncio.wait_for(env.KV.get("k"), 5)
        return both, one, await asyncio.shield(env.KV.get("k"))

    assert run(use)[0] == (["v", None], "v", "v")


def test_wait_for_and_timeout_run_out() -> None:
    async def use(env: Env) -> list[str]:
        ended = []
        try:
            await asyncio.wait_for(asyncio.sleep(60), 5)
        except TimeoutError:
            ended.append("wait_for")
        try:
            async with asyncio.timeout(5):
                await asyncio.sleep(60)
        except TimeoutError:
            ended.append("timeout")
        return ended

    ended, net = run(use)

    assert ended == ["wait_for", "timeout"]
    assert net.clock.now() == 1_700_000_010


def test_locks_events_semaphores_and_queues_work() -> None:
    async def use(env: Env) -> list[object]:
        lock, event, queue = asyncio.Lock(), asyncio.Event(), asyncio.Queue[int](1)
        semaphore = asyncio.Semaphore(1)
        seen: list[object] = []

        async def produce() -> None:
            async with lock, semaphore:
                await queue.put(1)
                await queue.put(2)
                await asyncio.sleep(1)
                event.set()

        async def consume() -> None:
            seen.append(await queue.get())
            seen.append(await queue.get())
            async with lock:
                seen.append(event.is_set())
            await event.wait()
            async with semaphore:
                seen.append("done")

        await asyncio.gather(produce(), consume())
        return seen

    assert run(use)[0] == [1, 2, True, "done"]


@pytest.mark.skipif(sys.version_info < (3, 13), reason="Queue.shutdown is new in 3.13")
def test_a_queue_can_be_shut_down() -> None:
    async def use(env: Env) -> str:
        queue: Any = asyncio.Queue()
        getting = asyncio.ensure_future(queue.get())
        await asyncio.sleep(1)
        queue.shutdown()
        try:
            await getting
        except Exception as error:
            return type(error).__name__
        return "nothing"

    assert run(use)[0] == "QueueShutDown"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in 3.12")
def test_eager_tasks_work() -> None:
    async def use(env: Env) -> Any:
        loop: Any = asyncio.get_running_loop()
        eager: Any = getattr(asyncio, "eager_task_factory")  # noqa: B009
        seen = []

        async def begin() -> str:
            seen.append("begun")
            return await env.KV.get("k") or "none"

        task = eager(loop, begin())
        seen.append("made")
        return seen, await task

    assert run(use)[0] == (["begun", "made"], "none")


def test_task_groups_work() -> None:
    async def use(env: Env) -> list[str | None]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(env.KV.get(key)) for key in "ab"]
        return [task.result() for task in tasks]

    assert run(use)[0] == [None, None]


def test_an_aborted_group_cancels_tasks_in_the_order_of_creation() -> None:
    async def use(env: Env) -> list[int]:
        ended: list[int] = []

        async def wait(number: int) -> None:
            try:
                await asyncio.sleep(60)
            finally:
                ended.append(number)

        async def fail() -> None:
            await asyncio.sleep(1)
            raise ValueError

        try:
            async with asyncio.TaskGroup() as group:
                for number in range(20):
                    group.create_task(wait(number))
                group.create_task(fail())
        except* ValueError:
            pass
        return ended

    assert run(use)[0] == list(range(20))


def test_an_unfinished_async_generator_is_closed() -> None:
    async def use(env: Env) -> list[str]:
        seen: list[str] = []

        async def count() -> Any:
            try:
                for number in range(3):
                    await asyncio.sleep(1)
                    yield number
            finally:
                await asyncio.sleep(1)
                seen.append("closed")

        async for number in count():
            seen.append(str(number))
            if number == 1:
                break
        gc.collect()
        await asyncio.sleep(5)
        return seen

    assert run(use)[0] == ["0", "1", "closed"]


def test_each_invocation_has_its_own_context_variables() -> None:
    who = contextvars.ContextVar("who", default="nobody")

    async def use(env: Env, name: str) -> str:
        before = who.get()
        who.set(name)
        await env.KV.get("k")
        inner = await asyncio.create_task(tell())
        return f"{before} {inner}"

    async def tell() -> str:
        return who.get()

    net = EdgeNetwork("LHR", schedule="1 2")
    invocations = [net.start(use, name) for name in ("ana", "bob")]
    net.run()

    assert [each.result for each in invocations] == ["nobody ana", "nobody bob"]
    assert who.get() == "nobody"


def test_a_handler_that_cancels_all_tasks_affects_only_handlers() -> None:
    async def cancel_all(env: Env) -> int:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.sleep(1)
        return len(others)

    async def wait(env: Env) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await env.KV.put("k", "cancelled")

    net = EdgeNetwork("LHR")
    net.start(wait)
    killer = net.start(cancel_all)
    net.run()

    assert killer.result == 1
    assert net.latest("k") == "cancelled"


# The loop itself.


def test_debug_mode_is_off_despite_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")

    loop = SimulationLoop(VirtualClock(), lambda _: None)

    assert not loop.get_debug()


def test_tasks_are_hashed_by_creation_order() -> None:
    async def nothing() -> None: ...

    loop = SimulationLoop(VirtualClock(), lambda _: loop.stop())
    first, second = loop.create_task(nothing()), loop.create_task(nothing())
    loop.run_forever()

    assert [hash(first), hash(second)] == [1, 2]
    assert first == first
    assert first != second


def test_runs_callbacks_from_other_threads() -> None:
    called: list[str] = []
    loop = SimulationLoop(VirtualClock(), lambda _: loop.stop())

    loop.call_soon_threadsafe(called.append, "called")
    loop.run_forever()

    assert called == ["called"]


def test_a_dropped_loop_is_closed_without_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def wait(env: Env) -> None:
        await asyncio.Event().wait()

    def leave_a_loop() -> None:
        net = EdgeNetwork("LHR")

        async def leave_a_task(env: Env) -> None:
            env_tasks.append(asyncio.ensure_future(wait(env)))

        env_tasks: list[Any] = []
        net.start(leave_a_task)
        net.run()
        assert not env_tasks[0].done()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        leave_a_loop()
        gc.collect()

    assert caplog.records == []


def test_a_closed_loop_can_be_dropped() -> None:
    loop = SimulationLoop(VirtualClock(), lambda _: None)
    loop.close()
    loop.__del__()

    assert loop.is_closed()


# Timers.


def test_due_timers_have_an_instant_and_a_context() -> None:
    clock = VirtualClock()
    loop = SimulationLoop(clock, lambda _: None)
    context = contextvars.copy_context()
    soon = loop.call_later(1, print, context=context)
    loop.call_later(2, print).cancel()
    loop.call_later(3, print)
    started = clock.now_nanoseconds()

    due = list(loop.timers_due(started + 2_000_000_000))

    assert due == [(started + 1_000_000_000, context)]
    assert not soon.cancelled()


def test_a_lapse_records_the_timers_that_it_makes_due() -> None:
    async def nap(env: Env, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def look(env: Env) -> None:
        await env.KV.get("k")

    async def apart(env: Env) -> None:
        task = asyncio.get_running_loop().create_task(nap(env, 2), context=contextvars.Context())
        await env.KV.get("k")
        await task

    net = EdgeNetwork("LHR", schedule="+4 3")
    for handler, *args in ((nap, 4), (nap, 5), (look,), (apart,)):
        net.start(handler, *args)
    net.run()
    (lapse,) = (event for event in net.trace.events if event.kind == "lapse")

    # A timer of a task outside a handler belongs to no invocation.
    assert lapse.lapse_effects == (LapseEffect(kind="timer", at=lapse.at, invocation=1),)
    assert "a timer of ① is due" in str(net.timeline)
