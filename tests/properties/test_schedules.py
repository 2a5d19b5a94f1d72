"""Hypothesis draws schedules: it finds what they break, soon and always, and shows the simplest."""

from typing import Any

import pytest
from hypothesis import Phase, assume, example, given, seed, settings, target
from hypothesis import strategies as st

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import LostUpdate, no_lost_updates, schedules
from pykvbinding.sim.explore import hypothesis_strategy as strategies
from pykvbinding.sim.explore.hypothesis_strategy import MOST_DRAWS
from pykvbinding.sim.run.schedulers import Driver
from tests.support.buggy_programs import SHORTEST, Program, dangling, network, visit, visits
from tests.support.hypothesis_failures import FEW, broken, told

pytest_plugins = ["pytester"]

SEEDS = [*range(4), *(pytest.param(number, marks=pytest.mark.long) for number in range(4, 20))]


@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("program", [*SHORTEST][:5], ids=lambda each: each.__name__)
def test_it_finds_what_breaks_a_program_and_shows_the_simplest(
    program: Program, number: int
) -> None:
    @seed(number)
    @FEW
    @given(schedules())
    def test(schedule: Driver) -> None:
        program(schedule)

    assert f'Replay:  @example("{SHORTEST[program]}")' in broken(test)


def test_priorities_find_it_too() -> None:
    @seed(1)
    @FEW
    @given(schedules(search="pct"))
    def test(schedule: Driver) -> None:
        visits(schedule)

    assert f'@example("{SHORTEST[visits]}")' in broken(test)


def test_an_example_is_a_text() -> None:
    @settings(FEW, phases=[Phase.explicit])
    @given(schedules())
    @example("1 1 2~1 +1")
    def test(schedule: Driver | str) -> None:
        visits(schedule)

    assert "'1 1 2~1 +1'" in broken(test)


def test_a_guarantee_that_shows_the_run_shows_it_once() -> None:
    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Driver) -> None:
        net = network(schedule)
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        net.check(no_lost_updates)

    with pytest.raises(LostUpdate) as failed:
        test()

    assert told(failed.value).count("Replay:") == 1


def test_methods_closures_and_keywords_are_run_again() -> None:
    runs: list[str] = []

    class Suite:
        name = "suite"

        @seed(1)
        @FEW
        @given(schedule=schedules(), items=st.lists(st.integers()))
        def test(self, *, schedule: Driver, items: list[int]) -> None:
            runs.append(self.name)
            visits(schedule)
            items.append(1)

    assert f'@example("{SHORTEST[visits]}")' in broken(Suite().test)


def test_a_mutable_argument_is_new_in_each_run() -> None:
    @seed(1)
    @FEW
    @given(schedules(), st.lists(st.just(0), max_size=1))
    def test(schedule: Driver, items: list[int]) -> None:
        net = network(schedule)
        assert len(items) <= 1, "not new"
        items.append(0)
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        net.check(no_lost_updates)

    assert f'@example("{SHORTEST[visits]}")' in broken(test)


def test_what_a_rehearsal_prints_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    runs = 0

    @seed(1)
    @settings(FEW, phases=[Phase.generate])
    @given(schedules())
    def test(schedule: Driver) -> None:
        nonlocal runs
        runs += 1
        print("run")
        visits(schedule)

    broken(test)

    assert capsys.readouterr().out.count("run\n") < runs - 20


def test_a_test_that_draws_while_it_runs_is_not_polished() -> None:
    @seed(1)
    @FEW
    @given(schedules(), st.data())
    def test(schedule: Driver, data: st.DataObject) -> None:
        visits(schedule)

    text = broken(test)

    assert "Not polished: st.data() draws while the test runs" in text
    assert "Replay:" in text


def test_two_networks_of_one_schedule_are_polished_together() -> None:
    shown: list[str] = []

    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Driver) -> None:
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


def test_a_network_in_which_nothing_is_chosen_counts_too() -> None:
    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Driver) -> None:
        network(schedule)
        visits(schedule)

    assert f'Replay:  network 2 of 2: schedule="{SHORTEST[visits]}"' in broken(test)


def test_what_happens_sometimes_is_an_event_of_hypothesis(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[str] = []
    monkeypatch.setattr(strategies, "event", events.append)

    @seed(1)
    @settings(FEW, max_examples=50)
    @given(schedules())
    def test(schedule: Driver) -> None:
        net = network(schedule)
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        net.sometimes("stale read")
        net.sometimes("never", happened=False)

    test()

    assert set(events) == {"stale read"}


def test_a_schedule_within_something_else_is_shown_as_it_was_drawn() -> None:
    @seed(1)
    @FEW
    @given(st.tuples(schedules(), st.integers()))
    def test(pair: tuple[Driver, int]) -> None:
        net = network(pair[0])
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        assert pair[1] > 1_000_000

    assert 'Replay:  @example("")' in broken(test)


def test_a_test_of_a_tuple_is_shown_without_a_rehearsal() -> None:
    @seed(1)
    @FEW
    @given(st.tuples(schedules(), st.integers()))
    def test(pair: tuple[Driver, int]) -> None:
        net = EdgeNetwork("LHR", "NRT", schedule=pair[0])
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        net.check(no_lost_updates)

    assert 'Replay:  @example("' in broken(test)


def test_a_very_long_run_goes_on_in_the_ordinary_way() -> None:
    async def busy(env: Env) -> None:
        for _ in range(MOST_DRAWS):
            await env.KV.get("k")

    @seed(1)
    @settings(FEW, max_examples=5, suppress_health_check=[])
    @given(schedules())
    def test(schedule: Driver) -> None:
        net = network(schedule)
        for location in net.locations:
            net.start(busy, at=location)
        net.run()

    test()


def test_a_network_of_a_fixture_is_refused_by_hypothesis(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from hypothesis import given
        from pykvbinding.sim import EdgeNetwork, schedules

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


def test_a_drawn_schedule_is_short_to_print() -> None:
    @settings(FEW, max_examples=1)
    @given(schedules())
    def test(schedule: Driver) -> None:
        assert repr(schedule) == "schedule drawn by Hypothesis"

    test()


def test_an_unknown_search_is_refused() -> None:
    unknown: Any = "greedy"

    with pytest.raises(ValueError, match="searches are") as caught:
        schedules(search=unknown)

    assert str(caught.value) == 'schedules(search=\'greedy\'): searches are "uniform" or "pct"'


def test_a_test_can_be_a_function_of_a_function() -> None:
    def make(limit: int) -> Any:
        @seed(1)
        @FEW
        @given(schedule=schedules())
        def test(schedule: Driver) -> None:
            assert limit == 2, "another function"
            visits(schedule)

        return test

    others = [make(limit) for limit in range(3)]

    assert f'@example("{SHORTEST[visits]}")' in broken(others[2])


def test_an_outcome_that_is_no_failure_is_not_taken_for_one() -> None:
    @seed(1)
    @FEW
    @given(schedules())
    def test(schedule: Driver) -> None:
        net = network(schedule)
        for location in net.locations:
            net.start(visit, at=location)
        net.run()
        target(len(net.trace.events))
        assume(net.schedule)
        net.check(no_lost_updates)

    assert f'@example("{SHORTEST[visits]}")' in broken(test)


def test_an_interrupt_ends_a_rehearsal() -> None:
    runs = 0

    @seed(1)
    @settings(FEW, phases=[Phase.generate])
    @given(schedules())
    def test(schedule: Driver) -> None:
        nonlocal runs
        runs += 1
        network(schedule)
        if runs > 1:
            raise KeyboardInterrupt
        raise AssertionError

    with pytest.raises(KeyboardInterrupt):
        test()


def test_a_polished_schedule_prints_as_its_text() -> None:
    shown: list[str] = []

    @seed(1)
    @settings(FEW, phases=[Phase.generate])
    @given(schedules())
    def test(schedule: Driver) -> None:
        try:
            visits(schedule)
        finally:
            shown.append(repr(schedule))

    broken(test)

    assert shown[-1] == f"'{SHORTEST[visits]}'"
