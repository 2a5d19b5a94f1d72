"""Hypothesis's final run of a failing test uses the shrunk schedule."""

import pytest
from hypothesis import Phase, example, given, seed, settings

from pykvbinding import EdgeNetwork
from pykvbinding.sim import ScheduleMismatch, schedules
from pykvbinding.sim.run.schedulers import Scheduler
from tests.support.buggy_programs import SHORTEST, network, visit, visits
from tests.support.hypothesis_failures import FEW, broken, told


def test_the_final_run_uses_the_simplest_schedule() -> None:
    shown: list[str] = []

    @seed(1)
    @settings(FEW, phases=[Phase.generate])
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        net = EdgeNetwork("LHR", schedule=schedule)
        shown.append(repr(schedule))
        net.run()
        visits(schedule)

    text = broken(test)

    assert shown[-1] == f"'' and '{SHORTEST[visits]}'"
    assert f'network 2 of 2: schedule="{SHORTEST[visits]}"' in text


def test_an_unfinished_text_is_a_separate_failure() -> None:
    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        network("1 9")
        network(schedule)

    with pytest.raises(ScheduleMismatch, match=r"^token 1, '1', was never reached"):
        test()


def test_a_text_is_not_checked_after_an_error() -> None:
    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        network("1 9")
        visits(schedule)
        assert False, "a second one"  # noqa: B011, PT015

    with pytest.raises(BaseExceptionGroup) as caught:
        test()

    assert {type(error) for error in caught.value.exceptions} == {AssertionError}


def test_rejects_an_unfinished_text_of_an_example() -> None:
    @settings(FEW, phases=[Phase.explicit])
    @given(schedules())
    @example("1 1 9")
    def test(schedule: Scheduler | str) -> None:
        network(schedule).session("ana", at="LHR").call(visit)

    with pytest.raises(ScheduleMismatch, match=r"^token 3, '9', was never reached") as caught:
        test()

    assert 'The test is over; its schedule was "1 1 9".' in told(caught.value)


def test_accepts_a_finished_text_of_an_example() -> None:
    @settings(FEW, phases=[Phase.explicit])
    @given(schedules())
    @example("1 1")
    def test(schedule: Scheduler | str) -> None:
        network(schedule).session("ana", at="LHR").call(visit)

    test()
