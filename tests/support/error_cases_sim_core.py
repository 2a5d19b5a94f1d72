"""For every error of the simulation's core a call that raises it, and its text."""

import asyncio
from collections.abc import Callable
from typing import Any

from pykvbinding import EdgeNetwork, Env, KVNamespace, VirtualClock
from pykvbinding.sim import Deadlock, NotSimulated, ScheduleMismatch, TooManySteps
from pykvbinding.sim.run.event_loop import SimulationLoop
from tests.support.error_cases import Case
from tests.support.handlers import look, store


def running(*handlers: Any, **options: Any) -> Callable[[KVNamespace], None]:
    def run(_: KVNamespace) -> None:
        net = EdgeNetwork("LHR", **options)
        for handler in handlers:
            net.start(handler)
        net.run()

    return run


async def spin(env: Env) -> None:
    while True:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def wait(env: Env) -> None:
    await asyncio.Event().wait()


async def read_again_and_again(env: Env) -> None:
    while True:
        await env.KV.get("k")


async def run_within_a_loop(_: KVNamespace) -> None:
    EdgeNetwork("LHR").run()


def ask_too_early(_: KVNamespace) -> None:
    invocation: Any = EdgeNetwork("LHR").start(look)
    try:
        _ = invocation.result
    finally:
        invocation.simulation.close()


def connect_outside(_: KVNamespace) -> None:
    loop = SimulationLoop(VirtualClock(), lambda _: None)
    try:
        loop.add_reader(0, print)
    finally:
        loop.close()


CASES: dict[str, Case] = {
    "not_a_token": (
        lambda _: EdgeNetwork("LHR", schedule="1 x"),
        ValueError(
            "'x' is no token of a schedule; write 2 (invocation 2 goes on), 2~1 (its read is one "
            "version older), 2! (its write is accepted within the second), 2? (it fails after "
            "taking effect), 2< (it comes in before an earlier write), or +61 (61 s pass)"
        ),
    ),
    "schedule_wrong_type": (
        lambda _: EdgeNetwork("LHR", schedule=1.5),  # type: ignore[arg-type]
        TypeError(
            'schedule=1.5: give a text such as "1 1 2~1 +1", a seed, what schedules() draws, '
            "or None"
        ),
    ),
    "token_does_not_fit": (
        running(look, schedule="1~1"),
        ScheduleMismatch(
            "token 1, '1~1', does not fit this run: that read may return 1 versions, counted from 0"
        ),
    ),
    "tokens_left": (
        running(store, schedule="1 1"),
        ScheduleMismatch("token 2, '1', was never reached: the run had ended before it"),
    ),
    "too_many_steps": (
        running(read_again_and_again, max_steps=1_000),
        TooManySteps(
            "1,000 operations in one run, and no end. Does a retry loop spin without sleeping? "
            "EdgeNetwork(max_steps=...) allows more"
        ),
    ),
    "never_idle": (
        running(spin),
        TooManySteps(
            "100,000 turns of the event loop without waiting for anything. Does a handler loop "
            "over asyncio.sleep(0)? Time passes only when all wait"
        ),
    ),
    "deadlock": (
        running(wait),
        Deadlock(
            "invocation 1 (wait at LHR) cannot go on: no operation, no timer and no other "
            "invocation is left to wake them"
        ),
    ),
    "loop_is_running": (
        run_within_a_loop,
        RuntimeError(
            "a simulation runs its own event loop, and one is running already: call net.run() "
            "from a plain `def test_...`, not from a coroutine"
        ),
    ),
    "not_a_coroutine": (
        lambda _: EdgeNetwork("LHR").start(str),
        TypeError(
            "\"Env(KV=<KVNamespace 'KV'>)\" did not return a coroutine: net.start takes an "
            "`async def` that is called with the env of its location"
        ),
    ),
    "outside_of_a_run": (
        connect_outside,
        NotSimulated(
            "loop.add_reader on the loop of a simulation is not simulated. Put a stand-in of the "
            "test in its place, and await that through net.external(...)."
        ),
    ),
    "not_finished": (
        ask_too_early,
        RuntimeError("invocation 1 (look at LHR) has not finished; call net.run() first"),
    ),
}
