"""A test that is not deterministic is told so, and where it parts."""

import re

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from pykvbinding import Env
from pykvbinding.sim import schedules
from pykvbinding.sim.explore.hypothesis_strategy import Drawn
from pykvbinding.sim.run.schedulers import Driver
from tests.support.buggy_programs import network, visit
from tests.support.hypothesis_failures import FEW, broken, told


async def moody(env: Env) -> None:
    """Reads ever more, because it remembers earlier runs."""
    MOODS.append(1)
    for _ in MOODS:
        await env.KV.get("k")


MOODS: list[int] = []


def flaky(schedule: Driver) -> str:
    """What a schedule tells of an error of Hypothesis's in a run of a moody handler."""
    net = network(schedule)
    net.start(moody, at="LHR")
    net.run()
    error = Flaky("different")
    if isinstance(schedule, Drawn):
        schedule.cut_off(error)
    return told(error)


def test_a_handler_that_is_not_deterministic_is_told_where_it_parts() -> None:
    @settings(FEW, max_examples=1)
    @given(schedules())
    def test(schedule: Driver) -> None:
        lines = flaky(schedule).splitlines()
        if isinstance(schedule, Drawn):
            assert lines[1].startswith("The test is not deterministic: ")
            assert lines[2] == "Two runs of the same schedule diverge here:"
            assert re.fullmatch(r"  event \d+ was  nothing", lines[3])
            assert lines[4].startswith("  and then  get 'k' v0 = None of invocation 1 at LHR")

    test()


def test_no_body_that_draws_is_run_to_see_where_it_parts() -> None:
    @settings(FEW, max_examples=1)
    @given(schedules(), st.data())
    def test(schedule: Driver, data: st.DataObject) -> None:
        net = network(schedule)
        error = Flaky("different")
        assert isinstance(schedule, Drawn)
        schedule.cut_off(error)
        assert "The test is not deterministic" in told(error)
        assert "parts here" not in told(error)
        assert net.schedule == ""

    test()


def test_an_error_of_another_kind_is_left_alone() -> None:
    @settings(FEW, max_examples=1)
    @given(schedules())
    def test(schedule: Driver) -> None:
        error = ValueError("x")
        assert isinstance(schedule, Drawn)
        schedule.cut_off(error)
        assert told(error) == "x"

    test()


def test_an_error_of_hypothesis_in_a_run_is_explained() -> None:
    class Broken:
        def randrange(self, stop: int, /) -> int:
            raise Flaky("different")

    net = network(Drawn(Broken(), "uniform"))
    net.start(visit, at="LHR")

    with pytest.raises(Flaky) as failed:
        net.run()

    assert "The test is not deterministic" in told(failed.value)


def test_a_failure_that_is_gone_in_the_last_run_is_told_where_it_parts() -> None:
    runs = 0

    async def moody(env: Env) -> None:
        await env.KV.put(f"k{runs}", "v")

    @seed(1)
    @settings(FEW, phases=[Phase.generate])
    @given(schedules())
    def test(schedule: Driver) -> None:
        nonlocal runs
        runs += 1
        net = network(schedule)
        net.start(moody, at="LHR")
        net.run()
        raise AssertionError

    text = broken(test)

    assert re.search(r"event 1 was  put 'k\d' v1 = 'v' of invocation 1", text)
    assert re.search(r"and then  put 'k\d' v1 = 'v' of invocation 1", text)
