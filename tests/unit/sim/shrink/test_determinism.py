"""Twice: two runs of one schedule are compared, and it is told where they part."""

import asyncio
from contextlib import suppress
from itertools import count
from typing import Any

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim.shrink.determinism import divergence, why_twice
from pykvbinding.sim.trace import Trace
from tests.support.handlers import look, staged, visit


def parted(first: Trace, second: Trace) -> list[str]:
    """Where two runs of one network part, in two lines."""
    headline, *lines = divergence([first], [second])
    assert headline == "Run twice on one schedule, it parts here:"
    return lines


def test_two_runs_of_one_schedule_are_the_same() -> None:
    first, second = (staged(visit, visit, schedule="1 1 2~1 +1").trace for _ in range(2))

    assert divergence([first], [second]) == []


def writing(value: Any) -> Trace:
    """A run of a handler that goes by a global, which is this value."""

    async def handler(env: Env) -> object:
        if value is None:
            return None
        await env.KV.put("k", str(value))
        return value

    return staged(look, handler).trace


def test_the_first_event_that_differs_is_told() -> None:
    assert parted(writing(1), writing(2)) == [
        "  event 2 was  put 'k' v1 = '1' of invocation 2 at NRT (token 2) after 0 s",
        "  and then  put 'k' v1 = '2' of invocation 2 at NRT (token 2) after 0 s",
    ]


def test_one_run_may_be_longer_than_the_other() -> None:
    longer, shorter = staged(look, visit).trace, staged(look).trace

    assert parted(longer, shorter)[0].startswith("  event 2 was  get 'visits'")
    assert parted(longer, shorter)[1] == "  and then  nothing"
    assert parted(shorter, longer)[0] == "  event 2 was  nothing"


def test_an_invocation_more_is_told() -> None:
    first, second = writing(None), staged(look).trace

    assert parted(first, second) == [
        "  invocation 2 was  handler at NRT ended with None",
        "  and then  nothing",
    ]
    assert parted(second, first)[0] == "  invocation 2 was  nothing"


def test_a_long_value_is_shortened() -> None:
    assert all(len(line) < 150 for line in parted(writing("x" * 1000), writing("y")))


def test_outcomes_are_compared_too() -> None:
    numbers = count()

    async def tell(env: Env) -> int:
        return next(numbers)

    assert parted(staged(tell).trace, staged(tell).trace) == [
        "  invocation 1 was  tell at LHR ended with 0",
        "  and then  tell at LHR ended with 1",
    ]


def test_of_several_networks_it_is_told_in_which_they_part() -> None:
    same = staged(visit).trace

    lines = divergence([same, writing(1)], [same, writing(2)])

    assert lines[1].startswith("  network 2, event 2 was  put 'k' v1 = '1'")


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
    third, fourth = EdgeNetwork("LHR"), EdgeNetwork("LHR")
    for net, message in ((third, "no"), (fourth, "never")):
        external = net.external_effect
        net.start(fail, message)
        net.run()

    listed, failed = parted(first.trace, second.trace), parted(third.trace, fourth.trace)

    assert listed[0].startswith("  event 1 was  list prefix 'a' of invocation 1")
    assert failed[0].startswith(
        "  event 1 was  external effect of invocation 1 at LHR which failed: no"
    )


def test_what_a_test_does_itself_is_compared() -> None:
    first, second = EdgeNetwork("LHR", schedule=""), EdgeNetwork("LHR", schedule="")
    asyncio.run(look(first.env("LHR"), "a"))
    asyncio.run(look(second.env("LHR"), "b"))

    assert parted(first.trace, second.trace)[0] == "  event 1 was  get 'a' v0 = None after 0 s"


def test_time_that_passed_and_what_is_unfinished_is_compared() -> None:
    first, second = EdgeNetwork("LHR", schedule="+1 1"), EdgeNetwork("LHR", schedule="+2 1")
    for net in (first, second):
        net.start(look)
        net.run()
    third, fourth = EdgeNetwork("LHR"), EdgeNetwork("LHR")
    third.start(look)
    fourth.start(visit)

    lapse = parted(first.trace, second.trace)
    waiting = parted(third.trace, fourth.trace)
    for net in (third, fourth):
        net.run()

    assert lapse[0].startswith("  event 1 was  lapse")
    assert lapse[0].endswith("(token +1) after 1 s")
    assert waiting[0] == "  invocation 1 was  look at LHR ended with nothing yet"


def test_a_test_that_is_not_the_same_twice_is_told_why() -> None:
    assert why_twice([]).startswith("The test is not deterministic: ")
    assert why_twice(["here"]).endswith("\nhere")
