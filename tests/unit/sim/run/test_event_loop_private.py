"""The loop of a simulation does not depend on policies or other loops, and it ends."""

import asyncio
import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import TooManySteps, every_schedule, some_schedules
from pykvbinding.sim.run.event_loop import SimulationLoop

# asyncio deprecates policies from 3.14 on.
pytestmark = pytest.mark.filterwarnings("ignore:.*policy.*:DeprecationWarning")


needs_uvloop = pytest.mark.skipif(
    importlib.util.find_spec("uvloop") is None, reason="uvloop is not installed"
)


class OwnLoop(asyncio.SelectorEventLoop):
    """A loop of another type."""


class OwnPolicy(asyncio.DefaultEventLoopPolicy):
    """A policy that counts the loops that it creates."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        self.asked += 1
        return OwnLoop()

    def get_event_loop(self) -> asyncio.AbstractEventLoop:
        self.asked += 1
        return super().get_event_loop()


@pytest.fixture
def policy() -> Iterator[OwnPolicy]:
    before = asyncio.get_event_loop_policy()
    own = OwnPolicy()
    asyncio.set_event_loop_policy(own)
    yield own
    asyncio.set_event_loop_policy(before)


async def work(env: Env) -> tuple[type, float]:
    """Return the loop of a handler, and the time that passes while it sleeps."""
    loop = asyncio.get_running_loop()
    before = loop.time()
    await asyncio.gather(asyncio.sleep(61), env.KV.put("k", "v"))
    return type(loop), loop.time() - before


def run_one(schedule: Any = None) -> tuple[type, float]:
    net = EdgeNetwork("LHR", schedule=schedule)
    invocation = net.start(work)
    net.run()
    answer: tuple[type, float] = invocation.result
    return answer


@pytest.mark.parametrize("schedule", [None, "1", 7])
def test_does_not_use_an_event_loop_policy(policy: OwnPolicy, schedule: Any) -> None:
    assert run_one(schedule) == (SimulationLoop, 61)
    assert policy.asked == 0


def test_a_search_does_not_use_an_event_loop_policy(policy: OwnPolicy) -> None:
    def test(schedule: Any) -> None:
        assert run_one(schedule) == (SimulationLoop, 61)

    every_schedule(test)()
    some_schedules(seeds=10)(test)()

    assert policy.asked == 0


def test_does_not_change_the_loop_of_the_test(policy: OwnPolicy) -> None:
    mine = OwnLoop()
    asyncio.set_event_loop(mine)

    run_one()

    assert asyncio.get_event_loop() is mine
    assert mine.run_until_complete(asyncio.sleep(0, "runs")) == "runs"
    mine.close()
    asyncio.set_event_loop(None)


def test_other_loops_run_before_and_after(policy: OwnPolicy) -> None:
    async def kind() -> type:
        return type(asyncio.get_running_loop())

    before, ours, after = asyncio.run(kind()), run_one(), asyncio.run(kind())

    assert (before, after) == (OwnLoop, OwnLoop)
    assert ours == (SimulationLoop, 61)


@needs_uvloop
def test_does_not_use_uvloop() -> None:
    uvloop: Any = importlib.import_module("uvloop")
    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    try:
        assert run_one(7) == (SimulationLoop, 61)
    finally:
        asyncio.set_event_loop_policy(before)


def test_aborts_a_handler_that_never_waits() -> None:
    async def spin(env: Env) -> None:
        while True:  # noqa: ASYNC110
            await asyncio.sleep(0)

    net = EdgeNetwork("LHR")
    net.start(spin)

    with pytest.raises(TooManySteps) as caught:
        net.run()

    assert str(caught.value) == (
        "100,000 iterations of the event loop without waiting for anything. Does a handler loop "
        "over asyncio.sleep(0)? Time passes only when every handler waits"
    )


REFUSED = (
    "a simulation runs its own event loop, and another one is running: call net.run() from a plain "
    "`def test_...`, not from a coroutine"
)


async def refused(net: EdgeNetwork) -> str:
    """Return the error of a network inside a running loop."""
    with pytest.raises(RuntimeError) as caught:
        net.run()
    return await asyncio.sleep(0, str(caught.value))


@needs_uvloop
def test_rejects_a_running_uvloop() -> None:
    uvloop: Any = importlib.import_module("uvloop")

    assert uvloop.run(refused(EdgeNetwork("LHR"))) == REFUSED


@pytest.mark.parametrize("schedule", [None, "1", 7])
def test_rejects_a_running_loop_and_keeps_the_invocations(schedule: Any) -> None:
    net = EdgeNetwork("LHR", schedule=schedule)
    invocation = net.start(work)

    assert asyncio.run(refused(net)) == REFUSED
    net.run()

    assert invocation.result == (SimulationLoop, 61)


def test_a_session_rejects_a_running_loop() -> None:
    net = EdgeNetwork("LHR")

    async def call_within() -> None:
        net.session("ana").call(work)

    with pytest.raises(RuntimeError, match=r"^a simulation runs its own event loop"):
        asyncio.run(call_within())
    net.run()


def test_a_handler_cannot_run_another_network() -> None:
    async def nest(env: Env) -> str:
        return await refused(EdgeNetwork("LHR"))

    net = EdgeNetwork("LHR")
    invocation = net.start(nest)
    net.run()

    assert invocation.result == REFUSED
