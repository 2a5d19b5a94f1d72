"""`@some_schedules`: the decorator, its results, and the errors of failing tests."""

import inspect
import io
import sys
from typing import Any

import pytest

from pykvbinding import EdgeNetwork
from pykvbinding.sim import (
    LostUpdate,
    NothingExercised,
    SamplingResult,
    no_lost_updates,
    some_schedules,
)
from pykvbinding.sim.explore import decorator as decorate
from pykvbinding.sim.explore.sampling import SampledTest
from tests.support.buggy_programs import SHORTEST, network, visit, visits


def two_visits(schedule: Any) -> EdgeNetwork:
    net = network(schedule)
    for location in net.locations:
        net.start(visit, at=location)
    net.run()
    return net


def tried_by(test: SampledTest) -> SamplingResult:
    assert test.result is not None
    return test.result


@some_schedules
def test_decorates_a_test_without_parentheses(schedule: Any) -> None:
    assert two_visits(schedule).latest("visits") in ("1", "2")


@pytest.mark.parametrize("visitors", [1, 2])
@some_schedules(seeds=5)
def test_accepts_fixtures_and_parametrized_arguments(
    schedule: Any, visitors: int, capsys: pytest.CaptureFixture[str]
) -> None:
    net = EdgeNetwork("LHR", schedule=schedule)
    for _ in range(visitors):
        net.start(visit)
    net.run()
    assert capsys.readouterr().out == ""


class TestInAClass:
    @some_schedules(seeds=5)
    def test_decorates_a_method(self, schedule: Any) -> None:
        assert isinstance(self, TestInAClass)
        two_visits(schedule)


def test_removes_schedule_from_the_signature() -> None:
    @some_schedules
    def test(schedule: Any, *, name: str = "x") -> None:
        """A docstring."""

    assert list(inspect.signature(test).parameters) == ["name"]
    assert test.__doc__ == "A docstring."


def test_a_seed_has_the_same_effect_as_in_a_network() -> None:
    seen: list[str] = []

    @some_schedules(seeds=20)
    def test(schedule: Any) -> None:
        seen.append(two_visits(schedule).schedule)

    test()

    assert seen == [two_visits(seed).schedule for seed in range(20)]


def test_accepts_a_list_of_seeds() -> None:
    seen: list[str] = []

    @some_schedules(seeds=[13, 7])
    def test(schedule: Any) -> None:
        seen.append(two_visits(schedule).schedule)

    test()

    assert seen == [two_visits(seed).schedule for seed in (13, 7)]


def test_each_network_of_a_run_uses_the_seed() -> None:
    @some_schedules(seeds=20)
    def test(schedule: Any) -> None:
        first, second = two_visits(schedule), two_visits(schedule)
        assert first.schedule == second.schedule

    test()


def test_keeps_the_result() -> None:
    @some_schedules(seeds=50)
    def test(schedule: Any) -> None:
        two_visits(schedule)

    assert test.result is None
    test()

    tried = tried_by(test)
    assert (tried.seeds, tried.search) == (50, "uniform")
    assert 2 < tried.distinct < 50
    assert set(tried.saw) == {
        "stale read",
        "refused write",
        "accepted write",
        "time passes",
        "overwrite",
    }
    assert str(tried).startswith(f"not refuted: 50 seeds, {tried.distinct} distinct schedules (uni")
    assert str(tried).endswith(
        "(uniform; saw stale read, refused write, accepted write, time passes, overwrite)"
    )


def test_searches_with_priorities() -> None:
    @some_schedules(seeds=20, search="pct")
    def test(schedule: Any) -> None:
        two_visits(schedule)

    test()

    assert tried_by(test).search == "pct"


def test_reports_seeds_without_events() -> None:
    @some_schedules(seeds=3)
    def test(schedule: Any) -> None:
        EdgeNetwork("LHR", schedule=schedule).run()

    test()

    assert str(tried_by(test)) == (
        "not refuted: 3 seeds, 1 distinct schedules (uniform; saw only the default)"
    )


@pytest.mark.parametrize("search", ["uniform", "pct"])
def test_raises_the_failure_with_the_simplest_schedule_and_its_timeline(search: Any) -> None:
    @some_schedules(search=search)
    def test(schedule: Any) -> None:
        visits(schedule)

    with pytest.raises(AssertionError) as caught:
        test()

    replay, picture = caught.value.__notes__
    assert replay.startswith("@some_schedules, seed ")
    assert replay.endswith(f' of 100). Replay: schedule="{SHORTEST[visits]}"')
    assert picture.endswith(f'Replay:  @example("{SHORTEST[visits]}")')
    assert vars(caught.value)["schedule"] == SHORTEST[visits]
    assert test.result is None


def test_the_reported_seed_fails_again() -> None:
    def test(schedule: Any) -> None:
        visits(schedule)

    with pytest.raises(AssertionError) as caught:
        some_schedules(seeds=50)(test)()
    seed = caught.value.__notes__[0].split("seed ")[1].split(" ")[0]
    with pytest.raises(AssertionError) as again:
        some_schedules(seeds=[int(seed)])(test)()

    assert f"seed {seed} (run 1 of 1)" in again.value.__notes__[0]


def test_a_broken_guarantee_shows_the_timeline_once() -> None:
    @some_schedules
    def test(schedule: Any) -> None:
        two_visits(schedule).check(no_lost_updates)

    with pytest.raises(LostUpdate) as caught:
        test()

    assert len(caught.value.__notes__) == 1
    assert str(caught.value).endswith(f'Replay:  @example("{SHORTEST[visits]}")')


def test_passes_if_a_required_event_happened() -> None:
    @some_schedules
    def test(schedule: Any) -> None:
        two_visits(schedule).sometimes("stale read")

    test()

    assert tried_by(test).seeds == 100


def test_fails_if_a_required_event_never_happened() -> None:
    @some_schedules
    def test(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule)
        net.start(visit)
        net.run()
        net.sometimes("stale read")

    with pytest.raises(
        NothingExercised, match=r"^'stale read' never happened in any of the \d+ distinct"
    ):
        test()


def test_rejects_a_test_that_does_not_use_its_schedule() -> None:
    @some_schedules
    def test_forgetful(schedule: Any) -> None:
        two_visits(None)

    with pytest.raises(
        NothingExercised, match=r"^test_forgetful created no network with its schedule"
    ):
        test_forgetful()


@pytest.mark.parametrize("seeds", [True, "12", [], ["1"], 1.5, [1.5], None])
def test_rejects_invalid_seeds(seeds: Any) -> None:
    with pytest.raises(ValueError, match=r"^@some_schedules\(seeds=") as caught:
        some_schedules(seeds=seeds)

    assert str(caught.value) == (
        f"@some_schedules(seeds={seeds!r}): give a number of seeds, 1 or more, or the seeds "
        "themselves, as in seeds=[7]"
    )


def test_rejects_an_unknown_search() -> None:
    unknown: Any = "greedy"

    with pytest.raises(ValueError, match="searches are") as caught:
        some_schedules(search=unknown)

    assert str(caught.value) == (
        '@some_schedules(search=\'greedy\'): searches are "uniform" or "pct"'
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_shows_the_progress_of_a_long_test_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(decorate, "PROGRESS_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(decorate, "RUNS_PER_UPDATE", 10)

    some_schedules(two_visits)()

    assert terminal.getvalue().startswith("\rtwo_visits: 10 schedules in 0 s\r")
    assert terminal.getvalue().endswith("\r\x1b[K")
