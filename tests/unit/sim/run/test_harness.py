"""The stage: starting, sessions, effects outside of KV, and what a schedule may be."""

from collections.abc import Coroutine
from typing import Any
from unittest.mock import AsyncMock

import pytest

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.run.harness import driver_of
from pykvbinding.sim.run.schedulers import Chosen, Ordinary, Spoken
from tests.support.handlers import look, operations, store, visit


async def fail(env: Env) -> None:
    raise ValueError("broken")


# Starting.


def test_invocations_start_in_the_first_location_unless_one_is_named() -> None:
    net = EdgeNetwork("LHR", "NRT")

    assert net.start(look).location == "LHR"
    assert net.start(look, at="NRT").location == "NRT"
    net.run()


def test_an_unknown_location_is_refused() -> None:
    net = EdgeNetwork("LHR")

    with pytest.raises(LookupError):
        net.start(look, at="NRT")
    with pytest.raises(LookupError):
        net.session("ana", at="NRT")


def test_arguments_reach_the_handler() -> None:
    net = EdgeNetwork("LHR")
    net.start(store, "v", "key")
    net.run()

    assert net.latest("key") == "v"


def test_an_object_that_can_be_called_is_a_handler_too() -> None:
    class Visiting:
        async def __call__(self, env: Env) -> None:
            await visit(env)

    net = EdgeNetwork("LHR")
    invocation = net.start(Visiting())
    net.run()

    assert invocation.name == "Visiting"
    assert net.latest("visits") == "1"


def test_a_coroutine_of_another_make_is_one_too() -> None:
    class Compiled(Coroutine[Any, Any, str]):
        """As of a compiler, without a frame."""

        def __init__(self, inner: Coroutine[Any, Any, Any]) -> None:
            self.inner = inner

        def __await__(self) -> Any:
            return self.inner.__await__()

        def send(self, value: Any) -> Any:
            raise NotImplementedError

        def close(self) -> None:
            raise NotImplementedError

        def throw(self, *error: Any) -> Any:
            raise NotImplementedError

    net = EdgeNetwork("LHR")
    invocation = net.start(lambda env: Compiled(store(env)))
    net.run()

    assert invocation.done


def test_of_several_failures_the_first_in_start_order_is_raised_and_then_the_next() -> None:
    async def fail_too(env: Env) -> None:
        raise LookupError("too")

    net = EdgeNetwork("LHR", schedule=None)
    net.start(fail)
    net.start(fail_too)

    with pytest.raises(ValueError, match="broken"):
        net.run()
    with pytest.raises(LookupError, match="too"):
        net.run()
    net.run()


# Sessions.


def test_a_session_calls_one_invocation_after_another() -> None:
    net = EdgeNetwork("LHR", "NRT")
    ana = net.session("ana")
    ana.call(store, "1")

    assert ana.call(look) == "1"
    assert {event.session for event in net.trace.events} == {"ana"}
    assert repr(ana) == "<Session 'ana' at LHR>"


def test_the_same_name_is_the_same_session_moved() -> None:
    net = EdgeNetwork("LHR", "NRT")
    ana = net.session("ana")

    assert net.session("ana") is ana
    assert ana.location == "LHR"
    assert net.session("ana", at="NRT") is ana
    assert ana.location == "NRT"
    ana.move_to("LHR")
    assert ana.start(look).location == "LHR"
    net.run()


def test_a_session_can_only_move_to_what_is_there() -> None:
    with pytest.raises(LookupError):
        EdgeNetwork("LHR").session("ana").move_to("NRT")


def test_a_call_raises_what_the_handler_raised_once() -> None:
    net = EdgeNetwork("LHR")

    with pytest.raises(ValueError, match="broken"):
        net.session("ana").call(fail)

    net.run()


def test_a_call_raises_kv_errors_too() -> None:
    net = EdgeNetwork("LHR")
    ana = net.session("ana")
    ana.call(store)

    with pytest.raises(KVError, match="429"):
        ana.call(store)


def test_a_call_lets_others_run_meanwhile_and_raises_what_they_raised() -> None:
    net = EdgeNetwork("LHR", schedule="1 1 2")
    net.start(visit)

    assert net.session("ana").call(look, "visits") == "1"
    net.start(fail)
    with pytest.raises(ValueError, match="broken"):
        net.session("ana").call(look)


def test_a_call_ends_with_its_own_invocation() -> None:
    net = EdgeNetwork("LHR", schedule="2")
    waiting = net.start(visit)

    net.session("ana").call(look)

    assert not waiting.done
    net.run()
    assert waiting.done


# Effects outside of KV.


def test_an_external_effect_is_a_point_of_the_schedule() -> None:
    charged: list[str] = []
    net = EdgeNetwork("LHR", schedule="2 1")
    charge = net.external(charged.append)

    async def pay(env: Env, name: str) -> None:
        await charge(name)

    net.start(pay, "ana")
    net.start(pay, "bob")
    net.run()

    assert charged == ["bob", "ana"]
    event = operations(net)[0]
    assert (event.kind, event.name, event.token) == ("external", "append", "2")
    assert (event.invocation, event.session, event.location) == (2, "#2", "LHR")
    assert event.deviations == ("order",)


async def charge_later(amount: int, *, twice: bool = False) -> int:
    return amount * (2 if twice else 1)


@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        (charge_later, 10),
        (lambda amount, twice: charge_later(amount, twice=twice), 10),
        (AsyncMock(return_value=7), 7),
        (lambda amount, twice: amount, 5),
    ],
)
def test_it_may_be_a_coroutine_function_or_none(function: Any, wanted: int) -> None:
    net = EdgeNetwork("LHR")
    effect = net.external(function)

    async def pay(env: Env) -> Any:
        return await effect(5, twice=True)

    invocation = net.start(pay)
    net.run()

    assert invocation.result == wanted


async def fail_later() -> None:
    raise ValueError("no money")


def fail_now() -> None:
    raise ValueError("no money")


@pytest.mark.parametrize("function", [fail_later, fail_now])
def test_an_effect_that_fails_says_so(function: Any) -> None:
    net = EdgeNetwork("LHR")
    effect = net.external(function)

    async def pay(env: Env) -> None:
        await effect()

    net.start(pay)
    with pytest.raises(ValueError, match="no money"):
        net.run()

    assert net.trace.events[0].outcome == "no money"
    assert effect.__name__ == function.__name__


async def test_a_test_may_call_it_itself() -> None:
    net = EdgeNetwork("LHR")

    assert await net.external(charge_later)(3) == 3
    assert net.trace.events[0].invocation == 0


# Schedules and the trace.


def test_a_schedule_is_a_text_a_seed_a_driver_or_none() -> None:
    own = Ordinary()

    assert isinstance(driver_of(None), Ordinary)
    assert isinstance(driver_of("1"), Spoken)
    assert isinstance(driver_of(3), Chosen)
    assert driver_of(own) is own


@pytest.mark.parametrize("schedule", [True, 1.5, ["1"], b"1"])
def test_anything_else_is_none(schedule: Any) -> None:
    with pytest.raises(TypeError) as caught:
        EdgeNetwork("LHR", schedule=schedule)

    assert str(caught.value) == (
        f'schedule={schedule!r}: give a text such as "1 1 2~1 +1", a seed, what schedules() draws, '
        "or None"
    )


def test_without_a_schedule_locations_have_real_caches() -> None:
    net = EdgeNetwork("LHR", "NRT")
    ana, bob = net.session("ana", "LHR"), net.session("bob", "NRT")

    assert bob.call(look) is None
    ana.call(store)

    assert ana.call(look) == "1"
    assert bob.call(look) is None
    net.clock.advance(60)
    assert bob.call(look) == "1"


def test_the_trace_tells_every_version_and_who_wrote_it() -> None:
    net = EdgeNetwork("LHR", schedule="1 +1 2")
    net.namespace().seed({"k": "seed"})
    net.start(store, "1")
    net.start(store, "2")
    net.run()
    start = net.trace.start

    commits = net.trace.commits["KV", "k"]

    assert [(each.version, each.value, each.event) for each in commits] == [
        (0, None, None),
        (1, "seed", None),
        (2, "1", 1),
        (3, "2", 3),
    ]
    assert [each.at for each in commits] == [None, None, start, start + 1_000_000_000]
    assert net.trace.schedule == "1 +1"


def test_the_trace_tells_how_each_invocation_went() -> None:
    net = EdgeNetwork("LHR")
    net.start(look)
    net.start(fail)
    with pytest.raises(ValueError, match="broken"):
        net.run()

    assert [act.outcome for act in net.trace.invocations] == ["None", "ValueError: broken"]
    assert [act.name for act in net.trace.invocations] == ["look", "fail"]


def test_a_mismatch_ends_a_call_as_it_ends_a_run() -> None:
    net = EdgeNetwork("LHR", schedule="1~1")

    with pytest.raises(ScheduleMismatch):
        net.session("ana").call(look)
