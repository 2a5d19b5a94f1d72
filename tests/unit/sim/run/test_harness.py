"""The harness: starting, sessions, external effects, and the types of schedules."""

from collections.abc import Coroutine
from typing import Any
from unittest.mock import AsyncMock

import pytest

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.run.harness import make_scheduler
from pykvbinding.sim.run.schedulers import DefaultScheduler, RandomScheduler, ReplayScheduler
from tests.support.handlers import look, operations, store, visit


async def fail(env: Env) -> None:
    raise ValueError("broken")


# Starting.


def test_invocations_start_in_the_first_location_by_default() -> None:
    net = EdgeNetwork("LHR", "NRT")

    assert net.start(look).location == "LHR"
    assert net.start(look, at="NRT").location == "NRT"
    net.run()


def test_rejects_an_unknown_location() -> None:
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


def test_accepts_a_callable_object_as_handler() -> None:
    class Visiting:
        async def __call__(self, env: Env) -> None:
            await visit(env)

    net = EdgeNetwork("LHR")
    invocation = net.start(Visiting())
    net.run()

    assert invocation.name == "Visiting"
    assert net.latest("visits") == "1"


def test_accepts_a_coroutine_of_another_type() -> None:
    class Compiled(Coroutine[Any, Any, str]):
        """A coroutine without a frame, as a compiler makes it."""

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


def test_raises_several_failures_one_by_one_in_start_order() -> None:
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


def test_a_session_runs_its_calls_in_order() -> None:
    net = EdgeNetwork("LHR", "NRT")
    ana = net.session("ana")
    ana.call(store, "1")

    assert ana.call(look) == "1"
    assert {event.session for event in net.trace.events} == {"ana"}
    assert repr(ana) == "<Session 'ana' at LHR>"


def test_a_session_name_identifies_one_session() -> None:
    net = EdgeNetwork("LHR", "NRT")
    ana = net.session("ana")

    assert net.session("ana") is ana
    assert ana.location == "LHR"
    assert net.session("ana", at="NRT") is ana
    assert ana.location == "NRT"
    ana.move_to("LHR")
    assert ana.start(look).location == "LHR"
    net.run()


def test_a_session_cannot_move_to_an_unknown_location() -> None:
    with pytest.raises(LookupError):
        EdgeNetwork("LHR").session("ana").move_to("NRT")


def test_a_call_raises_what_the_handler_raised_once() -> None:
    net = EdgeNetwork("LHR")

    with pytest.raises(ValueError, match="broken"):
        net.session("ana").call(fail)

    net.run()


def test_a_call_raises_kv_errors() -> None:
    net = EdgeNetwork("LHR")
    ana = net.session("ana")
    ana.call(store)

    with pytest.raises(KVError, match="429"):
        ana.call(store)


def test_a_call_runs_other_invocations_and_raises_their_exceptions() -> None:
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


# External effects.


def test_an_external_effect_is_a_scheduling_point() -> None:
    charged: list[str] = []
    net = EdgeNetwork("LHR", schedule="2 1")
    charge = net.external_effect(charged.append)

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
def test_an_external_effect_can_be_a_function_or_a_coroutine_function(
    function: Any, wanted: int
) -> None:
    net = EdgeNetwork("LHR")
    effect = net.external_effect(function)

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
def test_the_trace_records_a_failed_external_effect(function: Any) -> None:
    net = EdgeNetwork("LHR")
    effect = net.external_effect(function)

    async def pay(env: Env) -> None:
        await effect()

    net.start(pay)
    with pytest.raises(ValueError, match="no money"):
        net.run()

    assert net.trace.events[0].outcome == "no money"
    assert effect.__name__ == function.__name__


async def test_a_test_can_call_an_external_effect() -> None:
    net = EdgeNetwork("LHR")

    assert await net.external_effect(charge_later)(3) == 3
    assert net.trace.events[0].invocation == 0


# Schedules and the trace.


def test_accepts_a_text_a_seed_a_scheduler_or_none() -> None:
    own = DefaultScheduler()

    assert isinstance(make_scheduler(None), DefaultScheduler)
    assert isinstance(make_scheduler("1"), ReplayScheduler)
    assert isinstance(make_scheduler(3), RandomScheduler)
    assert make_scheduler(own) is own


@pytest.mark.parametrize("schedule", [True, 1.5, ["1"], b"1"])
def test_rejects_other_schedules(schedule: Any) -> None:
    with pytest.raises(TypeError) as caught:
        EdgeNetwork("LHR", schedule=schedule)

    assert str(caught.value) == (
        f'schedule={schedule!r}: give a text such as "1 1 2~1 +1", a seed, a schedule drawn by '
        "schedules(), or None"
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


def test_the_trace_records_every_version_and_its_writer() -> None:
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


def test_the_trace_records_the_outcome_of_each_invocation() -> None:
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
