"""Schedules drawn by Hypothesis find failures soon and reliably, and are shrunk."""

from typing import Any

import pytest
from hypothesis import Phase, assume, example, given, seed, settings, target
from hypothesis import strategies as st

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import LostUpdate, no_lost_updates, schedules
from pykvbinding.sim.explore import hypothesis_strategy as strategies
from pykvbinding.sim.explore.hypothesis_strategy import MAX_DRAWS
from pykvbinding.sim.run.schedulers import Scheduler
from tests.support.buggy_programs import SHORTEST, Program, dangling, network, visit, visits
from tests.support.hypothesis_failures import FEW, broken, told

pytest_plugins = ["pytester"]

SEEDS = [*range(4), *(pytest.param(number, marks=pytest.mark.long) for number in range(4, 20))]


@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("program", [*SHORTEST][:5], ids=lambda each: each.__name__)
def test_finds_and_shrinks_the_failure_of_a_program(program: Program, number: int) -> None:
    @seed(number)
    @FEW
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        program(schedule)

    assert f'Replay:  @example("{SHORTEST[program]}")' in broken(test)


def test_finds_the_failure_with_priorities() -> None:
    @seed(1)
    @FEW
    @given(schedules(search="pct"))
    def test(schedule: Scheduler) -> None:
        visits(schedule)

    assert f'@example("{SHORTEST[visits]}")' in broken(test)


def test_an_explicit_example_can_be_a_text() -> None:
    @settings(FEW, phases=[Phase.explicit])
    @given(schedules())
    @example("1 1 2~1 +1")
    def test(schedule: Scheduler | str) -> None:
        visits(schedule)

    assert "'1 1 2~1 +1'" in broken(test)


def test_the_timeline_of_a_broken_guarantee_is_shown_once() -> None:
    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        net = network(schedule)
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        net.check(no_lost_updates)

    with pytest.raises(LostUpdate) as failed:
        test()

    assert told(failed.value).count("Replay:") == 1


def test_reruns_methods_closures_and_keyword_arguments() -> None:
    runs: list[str] = []

    class Suite:
        name = "suite"

        @seed(1)
        @FEW
        @given(schedule=schedules(), items=st.lists(st.integers()))
        def test(self, *, schedule: Scheduler, items: list[int]) -> None:
            runs.append(self.name)
            visits(schedule)
            items.append(1)

    assert f'@example("{SHORTEST[visits]}")' in broken(Suite().test)


def test_copies_a_mutable_argument_in_each_run() -> None:
    @seed(1)
    @FEW
    @given(schedules(), st.lists(st.just(0), max_size=1))
    def test(schedule: Scheduler, items: list[int]) -> None:
        net = network(schedule)
        assert len(items) <= 1, "not new"
        items.append(0)
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        net.check(no_lost_updates)

    assert f'@example("{SHORTEST[visits]}")' in broken(test)


def test_output_of_silent_runs_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    runs = 0

    @seed(1)
    @settings(FEW, phases=[Phase.generate])
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        nonlocal runs
        runs += 1
        print("run")
        visits(schedule)

    broken(test)

    assert capsys.readouterr().out.count("run\n") < runs - 20


def test_does_not_shrink_a_test_that_draws_while_it_runs() -> None:
    @seed(1)
    @FEW
    @given(schedules(), st.data())
    def test(schedule: Scheduler, data: st.DataObject) -> None:
        visits(schedule)

    text = broken(test)

    assert "Not shrunk: st.data() draws while the test runs" in text
    assert "Replay:" in text


def test_shrinks_two_networks_of_one_schedule_together() -> None:
    shown: list[str] = []

    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        try:
            dangling(schedule)
        except AssertionError:
            visits(schedule)
        finally:
            shown.append(repr(schedule))

    text = broken(test)

    assert f'Replay:  network 1 of 2: schedule="{SHORTEST[dangling]}"' in text
    assert f'Replay:  network 2 of 2: schedule="{SHORTEST[visits]}"' in text
    assert shown[-1] == f"'{SHORTEST[dangling]}' and '{SHORTEST[visits]}'"


def test_accepts_a_network_without_choices() -> None:
    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        network(schedule)
        visits(schedule)

    assert f'Replay:  network 2 of 2: schedule="{SHORTEST[visits]}"' in broken(test)


def test_sometimes_adds_an_event_to_hypothesis(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[str] = []
    monkeypatch.setattr(strategies, "event", events.append)

    @seed(1)
    @settings(FEW, max_examples=50)
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        net = network(schedule)
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        net.sometimes("stale read")
        net.sometimes("never", happened=False)

    test()

    assert set(events) == {"stale read"}


def test_does_not_shrink_a_schedule_inside_another_object() -> None:
    @seed(1)
    @FEW
    @given(st.tuples(schedules(), st.integers()))
    def test(pair: tuple[Scheduler, int]) -> None:
        net = network(pair[0])
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        assert pair[1] > 1_000_000

    assert 'Replay:  @example("")' in broken(test)


def test_does_not_shrink_a_schedule_in_a_tuple() -> None:
    @seed(1)
    @FEW
    @given(st.tuples(schedules(), st.integers()))
    def test(pair: tuple[Scheduler, int]) -> None:
        net = EdgeNetwork("LHR", "NRT", schedule=pair[0])
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        net.check(no_lost_updates)

    assert 'Replay:  @example("' in broken(test)


def test_a_very_long_run_continues_with_default_choices() -> None:
    async def busy(env: Env) -> None:
        for _ in range(MAX_DRAWS):
            await env.KV.get("k")

    @seed(1)
    @settings(FEW, max_examples=5, suppress_health_check=[])
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        net = network(schedule)
        for location in net.locations:
            net.start(busy, at=location)
        net.run()

    test()


def test_hypothesis_rejects_a_network_of_a_fixture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from hypothesis import given
        from pykvbinding import EdgeNetwork
        from pykvbinding.sim import schedules

        @pytest.fixture
        def net():
            return EdgeNetwork("LHR", schedule=1)

        @given(schedules())
        def test_it(net, schedule):
            pass
        """
    )

    result = pytester.runpytest("-p", "no:cacheprovider", "-p", "no:asyncio")

    result.stdout.fnmatch_lines(["*unction-scoped fixture*"])


def test_a_drawn_schedule_has_a_short_repr() -> None:
    @settings(FEW, max_examples=1)
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        assert repr(schedule) == "schedule drawn by Hypothesis"

    test()


def test_rejects_an_unknown_search() -> None:
    unknown: Any = "greedy"

    with pytest.raises(ValueError, match="searches are") as caught:
        schedules(search=unknown)

    assert str(caught.value) == 'schedules(search=\'greedy\'): searches are "uniform" or "pct"'


def test_accepts_a_test_defined_in_a_function() -> None:
    def make(limit: int) -> Any:
        @seed(1)
        @FEW
        @given(schedule=schedules())
        def test(schedule: Scheduler) -> None:
            assert limit == 2, "another function"
            visits(schedule)

        return test

    others = [make(limit) for limit in range(3)]

    assert f'@example("{SHORTEST[visits]}")' in broken(others[2])


def test_a_failed_assumption_is_not_a_failure() -> None:
    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        net = network(schedule)
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        target(len(net.trace.events))
        assume(net.schedule)
        net.check(no_lost_updates)

    assert f'@example("{SHORTEST[visits]}")' in broken(test)


def test_an_interrupt_ends_a_silent_run() -> None:
    runs = 0

    @seed(1)
    @settings(FEW, phases=[Phase.generate])
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        nonlocal runs
        runs += 1
        network(schedule)
        if runs > 1:
            raise KeyboardInterrupt
        raise AssertionError

    with pytest.raises(KeyboardInterrupt):
        test()


def test_the_repr_of_a_shrunk_schedule_is_its_text() -> None:
    shown: list[str] = []

    @seed(1)
    @settings(FEW, phases=[Phase.generate])
    @given(schedules())
    def test(schedule: Scheduler) -> None:
        try:
            visits(schedule)
        finally:
            shown.append(repr(schedule))

    broken(test)

    assert shown[-1] == f"'{SHORTEST[visits]}'"
