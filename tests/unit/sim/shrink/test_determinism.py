"""Determinism check: comparison of two runs of one schedule."""

import asyncio
from contextlib import suppress
from itertools import count
from typing import Any

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim.shrink.determinism import explain_nondeterminism, first_divergence
from pykvbinding.sim.trace import Trace
from tests.support.handlers import look, staged, visit


def divergence_of(first: Trace, second: Trace) -> list[str]:
    """Return the first difference between two runs of one network, as two lines."""
    headline, *lines = first_divergence([first], [second])
    assert headline == "Two runs of the same schedule diverge here:"
    return lines


def test_equal_runs_have_no_divergence() -> None:
    first, second = (staged(visit, visit, schedule="1 1 2~1 +1").trace for _ in range(2))

    assert first_divergence([first], [second]) == []


def writing(value: Any) -> Trace:
    """Run a handler that writes a global variable with this value."""

    async def handler(env: Env) -> object:
        if value is None:
            return None
        await env.KV.put("k", str(value))
        return value

    return staged(look, handler).trace


def test_reports_the_first_different_event() -> None:
    assert divergence_of(writing(1), writing(2)) == [
        "  event 2 was  put 'k' v1 = '1' of invocation 2 at NRT (token 2) after 0 s",
        "  and then  put 'k' v1 = '2' of invocation 2 at NRT (token 2) after 0 s",
    ]


def test_reports_a_longer_run() -> None:
    longer, shorter = staged(look, visit).trace, staged(look).trace

    assert divergence_of(longer, shorter)[0].startswith("  event 2 was  get 'visits'")
    assert divergence_of(longer, shorter)[1] == "  and then  nothing"
    assert divergence_of(shorter, longer)[0] == "  event 2 was  nothing"


def test_reports_an_additional_invocation() -> None:
    first, second = writing(None), staged(look).trace

    assert divergence_of(first, second) == [
        "  invocation 2 was  handler at NRT ended with None",
        "  and then  nothing",
    ]
    assert divergence_of(second, first)[0] == "  invocation 2 was  nothing"


def test_a_long_value_is_shortened() -> None:
    assert all(len(line) < 150 for line in divergence_of(writing("x" * 1000), writing("y")))


def test_compares_outcomes() -> None:
    numbers = count()

    async def tell(env: Env) -> int:
        return next(numbers)

    assert divergence_of(staged(tell).trace, staged(tell).trace) == [
        "  invocation 1 was  tell at LHR ended with 0",
        "  and then  tell at LHR ended with 1",
    ]


def test_names_the_network_if_there_are_several() -> None:
    same = staged(visit).trace

    lines = first_divergence([same, writing(1)], [same, writing(2)])

    assert lines[1].startswith("  network 2, event 2 was  put 'k' v1 = '1'")


def test_compares_all_decisions_of_a_run() -> None:
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

    listed, failed = (
        divergence_of(first.trace, second.trace),
        divergence_of(third.trace, fourth.trace),
    )

    assert listed[0].startswith("  event 1 was  list prefix 'a' of invocation 1")
    assert failed[0].startswith(
        "  event 1 was  external effect of invocation 1 at LHR which failed: no"
    )


def test_compares_operations_of_the_test() -> None:
    first, second = EdgeNetwork("LHR", schedule=""), EdgeNetwork("LHR", schedule="")
    asyncio.run(look(first.env("LHR"), "a"))
    asyncio.run(look(second.env("LHR"), "b"))

    assert (
        divergence_of(first.trace, second.trace)[0] == "  event 1 was  get 'a' v0 = None after 0 s"
    )


def test_compares_lapses_and_unfinished_invocations() -> None:
    first, second = EdgeNetwork("LHR", schedule="+1 1"), EdgeNetwork("LHR", schedule="+2 1")
    for net in (first, second):
        net.start(look)
        net.run()
    third, fourth = EdgeNetwork("LHR"), EdgeNetwork("LHR")
    third.start(look)
    fourth.start(visit)

    lapse = divergence_of(first.trace, second.trace)
    waiting = divergence_of(third.trace, fourth.trace)
    for net in (third, fourth):
        net.run()

    assert lapse[0].startswith("  event 1 was  lapse")
    assert lapse[0].endswith("(token +1) after 1 s")
    assert waiting[0] == "  invocation 1 was  look at LHR ended with nothing yet"


def test_the_note_explains_nondeterminism() -> None:
    assert explain_nondeterminism([]).startswith("The test is not deterministic: ")
    assert explain_nondeterminism(["here"]).endswith("\nhere")
