"""A run context records the networks of a test, and checks their texts at its end."""

import pytest

from pykvbinding import EdgeNetwork
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.run.run_context import CURRENT_RUN_CONTEXT, RunContext, use_run_context
from pykvbinding.sim.run.schedulers import DefaultScheduler, PerNetworkScheduler
from tests.support.handlers import look, visit


def test_a_run_context_applies_only_inside_its_block() -> None:
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


def test_records_the_last_network_of_an_observing_scheduler() -> None:
    with use_run_context(RunContext()) as context:
        net = EdgeNetwork("LHR", schedule=PerNetworkScheduler(lambda _: DefaultScheduler()))

    assert context.hypothesis_harness is net._harness


def test_rejects_an_unfinished_text_at_the_end() -> None:
    with use_run_context(RunContext()) as context:
        EdgeNetwork("LHR", schedule="1 2").session("ana").call(look)

    with pytest.raises(ScheduleMismatch, match=r"^token 2, '2', was never reached") as caught:
        context.check_texts_exhausted()
    assert caught.value.__notes__ == ['The test is over; its schedule was "1 2".']


def test_rejects_tokens_of_invocations_that_never_start() -> None:
    with use_run_context(RunContext()) as context:
        EdgeNetwork("LHR", schedule="9")

    with pytest.raises(ScheduleMismatch, match=r"^token 1, '9', was never reached"):
        context.check_texts_exhausted()


def test_rejects_a_token_with_unused_parts_at_the_end() -> None:
    with use_run_context(RunContext()) as context:
        EdgeNetwork("LHR", schedule="1~0,1").session("ana").call(look)

    with pytest.raises(ScheduleMismatch, match=r"^token 1, '1~0,1', does not fit"):
        context.check_texts_exhausted()


def test_accepts_a_finished_text() -> None:
    with use_run_context(RunContext()) as context:
        for _ in range(3):
            EdgeNetwork("LHR", schedule="1").session("ana").call(look)
            net = EdgeNetwork("LHR", schedule="+1 1")
            net.start(look)
            net.run()
        EdgeNetwork("LHR", schedule="")

    context.check_texts_exhausted()


def test_does_not_reject_a_text_twice() -> None:
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


def test_does_not_check_the_text_of_an_aborted_run() -> None:
    async def interrupt(env: object) -> None:
        raise KeyboardInterrupt

    with use_run_context(RunContext()) as context:
        net = EdgeNetwork("LHR", schedule="2 2 9")
        net.start(interrupt)
        net.start(visit)
        with pytest.raises(KeyboardInterrupt):
            net.run()

    context.check_texts_exhausted()


def test_does_not_check_texts_after_a_silent_run() -> None:
    with use_run_context(RunContext(is_silent=True)) as context:
        EdgeNetwork("LHR", schedule="9")

    context.check_texts_exhausted()


def test_a_network_works_without_a_run_context() -> None:
    token = CURRENT_RUN_CONTEXT.set(None)
    try:
        EdgeNetwork("LHR", schedule="9")
        net = EdgeNetwork("LHR", schedule=7)
    finally:
        CURRENT_RUN_CONTEXT.reset(token)

    assert net.schedule == ""
