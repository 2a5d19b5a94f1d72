"""A director records the networks of a test, and checks their schedule texts at its end."""

import pytest

from pykvbinding import EdgeNetwork
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.run.run_context import CURRENT_RUN_CONTEXT, RunContext, use_run_context
from pykvbinding.sim.run.schedulers import DefaultScheduler, PerNetworkScheduler
from tests.support.handlers import look, visit


def test_a_director_directs_where_it_is_said_and_nowhere_else() -> None:
    outer, inner = RunContext(), RunContext()

    with use_run_context(outer):
        with use_run_context(inner):
            assert CURRENT_RUN_CONTEXT.get() is inner
        assert CURRENT_RUN_CONTEXT.get() is outer


def test_records_the_last_network_with_a_seed() -> None:
    with use_run_context(RunContext()) as context:
        EdgeNetwork("LHR", schedule=7)
        EdgeNetwork("LHR", schedule="1")
        EdgeNetwork("LHR")
        last = EdgeNetwork("LHR", schedule=8)

    assert context.seeded_harness is last._harness
    assert context.seeded_harness.seed == 8
    assert context.hypothesis_harness is None


def test_a_network_of_a_driver_that_follows_networks_is_remembered() -> None:
    with use_run_context(RunContext()) as context:
        net = EdgeNetwork("LHR", schedule=PerNetworkScheduler(lambda _: DefaultScheduler()))

    assert context.hypothesis_harness is net._harness


def test_a_text_that_is_not_said_is_refused_at_the_end() -> None:
    with use_run_context(RunContext()) as context:
        EdgeNetwork("LHR", schedule="1 2").session("ana").call(look)

    with pytest.raises(ScheduleMismatch, match=r"^token 2, '2', was never reached") as caught:
        context.check_texts_exhausted()
    assert caught.value.__notes__ == ['The test is over; its schedule was "1 2".']


def test_what_is_meant_for_invocations_that_never_start_is_refused_too() -> None:
    with use_run_context(RunContext()) as context:
        EdgeNetwork("LHR", schedule="9")

    with pytest.raises(ScheduleMismatch, match=r"^token 1, '9', was never reached"):
        context.check_texts_exhausted()


def test_a_token_that_says_more_than_its_operation_asked_is_refused_at_the_end() -> None:
    with use_run_context(RunContext()) as context:
        EdgeNetwork("LHR", schedule="1~0,1").session("ana").call(look)

    with pytest.raises(ScheduleMismatch, match=r"^token 1, '1~0,1', does not fit"):
        context.check_texts_exhausted()


def test_a_text_that_is_said_passes() -> None:
    with use_run_context(RunContext()) as context:
        for _ in range(3):
            EdgeNetwork("LHR", schedule="1").session("ana").call(look)
            net = EdgeNetwork("LHR", schedule="+1 1")
            net.start(look)
            net.run()
        EdgeNetwork("LHR", schedule="")

    context.check_texts_exhausted()


def test_a_text_that_was_refused_before_is_not_refused_again() -> None:
    with use_run_context(RunContext()) as context:
        net = EdgeNetwork("LHR", schedule="1 1")
        net.start(look)
        with pytest.raises(ScheduleMismatch):
            net.run()
        wrong = EdgeNetwork("LHR", schedule="1~1 1")
        wrong.start(look)
        with pytest.raises(ScheduleMismatch):
            wrong.run()

    context.check_texts_exhausted()


def test_what_a_run_that_was_given_up_has_not_reached_is_not_asked_for() -> None:
    async def interrupt(env: object) -> None:
        raise KeyboardInterrupt

    with use_run_context(RunContext()) as context:
        net = EdgeNetwork("LHR", schedule="2 2 9")
        net.start(interrupt)
        net.start(visit)
        with pytest.raises(KeyboardInterrupt):
            net.run()

    context.check_texts_exhausted()


def test_nobody_asks_after_a_rehearsal() -> None:
    with use_run_context(RunContext(is_silent=True)) as context:
        EdgeNetwork("LHR", schedule="9")

    context.check_texts_exhausted()


def test_a_network_of_nobody_s_test_is_as_ever() -> None:
    token = CURRENT_RUN_CONTEXT.set(None)
    try:
        EdgeNetwork("LHR", schedule="9")
        net = EdgeNetwork("LHR", schedule=7)
    finally:
        CURRENT_RUN_CONTEXT.reset(token)

    assert net.schedule == ""
