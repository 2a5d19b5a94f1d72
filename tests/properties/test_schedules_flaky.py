"""A nondeterministic test gets an error with the first difference of two runs."""

import re

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from pykvbinding import Env
from pykvbinding.sim import schedules
from pykvbinding.sim.explore.hypothesis_strategy import HypothesisScheduler
from pykvbinding.sim.run.schedulers import Scheduler
from tests.support.buggy_programs import network, visit
from tests.support.hypothesis_failures import FEW, broken, told


async def moody(env: Env) -> None:
    """A handler that reads more in each run, because it keeps state between runs."""
    MOODS.append(1)
    for _ in MOODS:
        await env.KV.get("k")


MOODS: list[int] = []


def flaky(schedule: Scheduler) -> str:
    """Return the note on an error of Hypothesis in a run of a `Moody` handler."""
    net = network(schedule)
    net.start(moody, at="LHR")
    net.run()
    error = Flaky("different")
    if isinstance(schedule, HypothesisScheduler):
        schedule.on_abort(error)
    return told(error)


def test_reports_the_first_difference_of_a_nondeterministic_handler() -> None:
    @settings(FEW, max_examples=1)
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        lines = flaky(schedule).splitlines()
        if isinstance(schedule, HypothesisScheduler):
            assert lines[1].startswith("The test is not deterministic: ")
            assert lines[2] == "Two runs of the same schedule diverge here:"
            assert re.fullmatch(r"  event \d+ was  nothing", lines[3])
            assert lines[4].startswith("  and then  get 'k' v0 = None of invocation 1 at LHR")

    test()


def test_does_not_rerun_a_test_that_draws_to_find_a_difference() -> None:
    @settings(FEW, max_examples=1)
    @given(schedules(), st.data())
    def test(schedule: Scheduler, data: st.DataObject) -> None:
        net = network(schedule)
        error = Flaky("different")
        assert isinstance(schedule, HypothesisScheduler)
        schedule.on_abort(error)
        assert "The test is not deterministic" in told(error)
        assert "parts here" not in told(error)
        assert net.schedule == ""

    test()


def test_does_not_change_other_errors() -> None:
    @settings(FEW, max_examples=1)
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        error = ValueError("x")
        assert isinstance(schedule, HypothesisScheduler)
        schedule.on_abort(error)
        assert told(error) == "x"

    test()


def test_an_error_of_hypothesis_in_a_run_is_explained() -> None:
    class Broken:
        def randrange(self, stop: int, /) -> int:
            raise Flaky("different")

    net = network(HypothesisScheduler(Broken(), "uniform"))
    net.start(visit, at="LHR")

    with pytest.raises(Flaky) as failed:
        net.run()

    assert "The test is not deterministic" in told(failed.value)


def test_reports_the_first_difference_of_a_failure_that_does_not_repeat() -> None:
    runs = 0

    async def moody(env: Env) -> None:
        await env.KV.put(f"k{runs}", "v")

    @seed(1)
    @settings(FEW, phases=[Phase.generate])
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        nonlocal runs
        runs += 1
        net = network(schedule)
        net.start(moody, at="LHR")
        net.run()
        raise AssertionError

    text = broken(test)

    assert re.search(r"event 1 was  put 'k\d' v1 = 'v' of invocation 1", text)
    assert re.search(r"and then  put 'k\d' v1 = 'v' of invocation 1", text)
