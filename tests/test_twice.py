"""Twice: two runs of one schedule are compared, and the first divergence is told."""

import asyncio
from contextlib import suppress
from itertools import count
from typing import Any

from acting import look, staged, visit

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim.trace import Trace
from pykvbinding.sim.twice import Divergence, compare, run_twice


def test_two_runs_of_one_schedule_are_the_same() -> None:
    def body() -> Trace:
        return staged(visit, visit, schedule="1 1 2~1 +1").trace

    assert run_twice(body) is None


def differing(*values: Any) -> Divergence | None:
    """Where two runs of a handler part that goes by a global: the value of each run."""
    left = iter(values)

    def body() -> Trace:
        value = next(left)

        async def handler(env: Env) -> object:
            if value is None:
                return None
            await env.KV.put("k", str(value))
            return value

        net = EdgeNetwork("LHR")
        net.start(look)
        net.start(handler)
        net.run()
        return net.trace

    return run_twice(body)


def test_the_first_event_that_differs_is_told() -> None:
    divergence = differing(1, 2)

    assert divergence is not None
    assert (divergence.what, divergence.number) == ("event", 2)
    assert str(divergence) == (
        "two runs of one schedule part at event 2: first put 'k' v1 = '1' of invocation 2 at LHR "
        "(token 2) after 0 s, then put 'k' v1 = '2' of invocation 2 at LHR (token 2) after 0 s. "
        "Does a handler look at the wall clock, a set, or a global of its module?"
    )


def test_one_run_may_be_longer_than_the_other() -> None:
    divergence, other = differing(1, None), differing(None, 1)

    assert divergence is not None
    assert divergence.second == "nothing"
    assert other is not None
    assert other.first == "nothing"


def test_a_long_value_is_shortened() -> None:
    divergence = differing("x" * 1000, "y")

    assert divergence is not None
    assert len(divergence.first) < 150


def test_outcomes_are_compared_too() -> None:
    numbers = count()

    async def tell(env: Env) -> int:
        return next(numbers)

    divergence = compare(staged(tell).trace, staged(tell).trace)

    assert divergence is not None
    assert (divergence.what, divergence.number) == ("invocation", 1)
    assert divergence.first == "tell at LHR ended with 0"


def test_everything_that_a_run_decides_is_compared() -> None:
    first = EdgeNetwork("LHR", schedule="")
    second = EdgeNetwork("LHR", schedule="")

    async def list_some(env: Env, prefix: str) -> None:
        await env.KV.list(prefix=prefix)

    async def fail(env: Env, message: str) -> None:
        async def effect() -> None:
            raise RuntimeError(message)

        with suppress(RuntimeError):
            await external(effect)()

    for net, prefix in ((first, "a"), (second, "b")):
        net.start(list_some, prefix)
        net.run()
    listed = compare(first.trace, second.trace)
    third, fourth = EdgeNetwork("LHR"), EdgeNetwork("LHR")
    for net, message in ((third, "no"), (fourth, "never")):
        external = net.external
        net.start(fail, message)
        net.run()
    failed = compare(third.trace, fourth.trace)

    assert listed is not None
    assert listed.first.startswith("list prefix 'a' of invocation 1")
    assert failed is not None
    assert failed.first.startswith("external effect of invocation 1 at LHR which failed: no")


def test_what_a_test_does_itself_is_compared() -> None:
    first, second = EdgeNetwork("LHR", schedule=""), EdgeNetwork("LHR", schedule="")
    asyncio.run(look(first.env("LHR"), "a"))
    asyncio.run(look(second.env("LHR"), "b"))

    divergence = compare(first.trace, second.trace)

    assert divergence is not None
    assert divergence.first == "get 'a' v0 = None after 0 s"


def test_time_that_passed_and_what_is_unfinished_is_compared() -> None:
    first, second = EdgeNetwork("LHR", schedule="+1 1"), EdgeNetwork("LHR", schedule="+2 1")
    for net in (first, second):
        net.start(look)
        net.run()
    third, fourth = EdgeNetwork("LHR"), EdgeNetwork("LHR")
    third.start(look)
    fourth.start(visit)

    lapse = compare(first.trace, second.trace)
    waiting = compare(third.trace, fourth.trace)
    for net in (third, fourth):
        net.run()

    assert lapse is not None
    assert lapse.first == "lapse (token +1) after 1 s"
    assert waiting is not None
    assert waiting.first == "look at LHR ended with nothing yet"
