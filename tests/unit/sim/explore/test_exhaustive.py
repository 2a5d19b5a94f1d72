"""`@every_schedule`: the decorator, its results, and the errors of failing tests."""

import inspect
import io
import sys
import unittest
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.network.edge_network import EdgeNetwork
from pykvbinding.sim.check.guarantees import fresh, linearizable, no_lost_updates
from pykvbinding.sim.check.result import Guarantee, LostUpdate, NotLinearizable, StaleRead
from pykvbinding.sim.errors import NothingExercised, ScheduleMismatch, SearchLimitReached
from pykvbinding.sim.explore import decorator as decorate
from pykvbinding.sim.explore.exhaustive import ExhaustiveResult, ExhaustiveTest, every_schedule


async def visit(env: Any) -> None:
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))


async def look(env: Any) -> None:
    await env.KV.get("visits")


def visits(schedule: Any, handler: Callable[..., Any] = visit, **options: Any) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule, **options)
    net.start(handler, at="LHR")
    net.start(handler, at="NRT")
    net.run()
    return net


def result_of(test: ExhaustiveTest) -> ExhaustiveResult:
    assert test.result is not None
    return test.result


@every_schedule
def test_decorates_a_test_without_parentheses(schedule: Any) -> None:
    assert visits(schedule).latest("visits") in ("1", "2")


@pytest.mark.parametrize("visitors", [1, 2])
@every_schedule(time_jumps=0)
def test_accepts_fixtures_and_parametrized_arguments(
    schedule: Any, visitors: int, capsys: pytest.CaptureFixture[str]
) -> None:
    net = EdgeNetwork("LHR", schedule=schedule)
    for _ in range(visitors):
        net.start(visit)
    net.run()
    assert capsys.readouterr().out == ""


@settings(max_examples=5, deadline=None)
@given(st.text())
@every_schedule
def test_searches_every_schedule_for_each_example(schedule: Any, value: str) -> None:
    async def write(env: Any) -> None:
        await env.KV.put("key", value)

    assert visits(schedule, write).latest("key") == value


class TestInAClass:
    @every_schedule
    def test_decorates_a_method(self, schedule: Any) -> None:
        assert isinstance(self, TestInAClass)
        visits(schedule)


class InUnittest(unittest.TestCase):
    @every_schedule(limit=100)
    def test_decorates_a_method_of_a_test_case(self, schedule: Any) -> None:
        assert visits(schedule).latest("visits") in ("1", "2")


def test_removes_schedule_from_the_signature() -> None:
    @every_schedule
    def test(schedule: Any, *, name: str = "x") -> None:
        """A docstring."""

    assert list(inspect.signature(test).parameters) == ["name"]
    assert test.__doc__ == "A docstring."


def test_keeps_the_result() -> None:
    test = every_schedule(visits)
    assert test.result is None

    test()

    result = result_of(test)
    assert (result.distinct, result.total, result.time_jumps) == (22, 28, 1)
    text = "no failure in 22 distinct schedules of 28 (time jumps up to 1, grace 0 s)"
    assert str(result) == text


def test_a_network_can_have_its_own_bounds() -> None:
    test = every_schedule(time_jumps=3)(
        lambda schedule: visits(schedule, look, time_jumps=0, staleness_grace_seconds=30) and None
    )

    test()

    assert str(result_of(test)) == "no failure in 1 distinct schedules of 2 (no time jumps)"
    assert result_of(test).staleness_grace_seconds == 30


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (
            ExhaustiveResult(distinct=36, total=58_000_000_000, blocked=0, time_jumps=0),
            "no failure in 36 distinct schedules of 5.8e10 (no time jumps)",
        ),
        (
            ExhaustiveResult(
                distinct=2520,
                total=10**400,
                blocked=0,
                time_jumps=2,
                is_exact=False,
                staleness_grace_seconds=30,
            ),
            "no failure in 2,520 distinct schedules of about >1e300 "
            "(time jumps up to 2, grace 30 s)",
        ),
        (
            ExhaustiveResult(distinct=7, total=7, blocked=2, time_jumps=0, is_finished=False),
            "not refuted: 7 distinct schedules, and there are more (no time jumps)",
        ),
    ],
)
def test_formats_an_exhaustive_result(result: ExhaustiveResult, text: str) -> None:
    assert str(result) == text


def test_raises_the_failure_on_the_simplest_schedule() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        net = visits(schedule)
        refused = [event.outcome for event in net.trace.events if event.outcome != "ok"]
        assert net.latest("visits") == "2" or refused, net.schedule

    with pytest.raises(AssertionError) as caught:
        test()

    note, picture = caught.value.__notes__
    assert note.startswith("@every_schedule, run ")
    assert note.endswith('. Replay: schedule="1 1 2~1 2!"')
    assert picture.endswith('Replay:  @example("1 1 2~1 2!")')
    assert vars(caught.value)["schedule"] == "1 1 2~1 2!"
    assert str(caught.value).startswith("1 1 2~1 2!")
    assert test.result is None
    assert visits("1 1 2~1 2!").latest("visits") == "1"


def overtaken(schedule: Any) -> EdgeNetwork:
    """Read a stale version, before or after the write, depending on the order of another read."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule, time_jumps=0)

    async def read(env: Any) -> None:
        await env.KV.get("other")
        await env.KV.get("key")

    async def write(env: Any) -> None:
        await env.KV.put("key", "1")

    net.start(read, at="NRT")
    net.start(write, at="LHR")
    net.run()
    return net


@pytest.mark.parametrize(
    ("guarantee", "error"), [(linearizable, NotLinearizable), (fresh(versions=0), StaleRead)]
)
def test_a_guarantee_about_order_disables_reduction(
    guarantee: Guarantee, error: type[AssertionError]
) -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        overtaken(schedule).check(guarantee)

    with pytest.raises(error) as caught:
        test()

    assert vars(caught.value)["schedule"] == "2 1 1~1"


def test_other_guarantees_keep_the_reduction() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        overtaken(schedule).check(no_lost_updates, fresh(within=60))

    test()

    assert result_of(test).distinct < result_of(test).total


def test_a_failure_in_two_networks_names_both_schedules() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        first, second = visits(schedule), visits(schedule)
        assert not (first.schedule and second.schedule)

    with pytest.raises(AssertionError) as caught:
        test()

    note, render_all = caught.value.__notes__
    assert note.endswith('. Replay: schedule="2" and schedule="2"')
    assert 'Replay:  network 1 of 2: schedule="2"' in render_all
    assert 'Replay:  network 2 of 2: schedule="2"' in render_all


def test_reports_a_failure_that_does_not_repeat_unshrunk() -> None:
    runs = 0

    @every_schedule
    def test(schedule: Any) -> None:
        nonlocal runs
        runs += 1
        visits(schedule)
        assert runs != 3

    with pytest.raises(AssertionError) as caught:
        test()

    note, why = caught.value.__notes__
    assert note.startswith("@every_schedule, run 3. Replay: schedule=")
    assert why.startswith("The test is not deterministic: ")


def test_every_tried_schedule_replays_as_text() -> None:
    tried = []

    @every_schedule
    def test(schedule: Any) -> None:
        net = visits(schedule)
        tried.append((net.schedule, [str(event) for event in net.trace.events]))

    test()

    assert len(tried) == 22
    for schedule, events in tried:
        assert [str(event) for event in visits(schedule).trace.events] == events


def test_a_failure_before_any_network_has_no_schedule() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError) as caught:
        test()

    assert caught.value.__notes__ == [
        "@every_schedule, run 1. Replay: no network has made a choice"
    ]


def test_the_timeline_of_a_broken_guarantee_is_shown_once() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        visits(schedule).check(no_lost_updates)

    with pytest.raises(LostUpdate) as caught:
        test()

    (note,) = caught.value.__notes__
    assert str(caught.value).endswith('Replay:  @example("1 1 2~1 2!")')
    assert note.endswith('. Replay: schedule="1 1 2~1 2!"')


def test_checks_another_schedule_text_in_each_run() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        visits(schedule)
        EdgeNetwork("LHR", schedule="1 9").session("ana").call(look)

    with pytest.raises(ScheduleMismatch, match=r"^token 2, '9', was never reached"):
        test()


def test_an_interrupt_is_not_changed() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        test()

    assert not hasattr(caught.value, "__notes__")


def test_reaching_the_limit_is_a_failure() -> None:
    test = every_schedule(limit=5)(visits)

    with pytest.raises(SearchLimitReached) as caught:
        test()

    assert str(caught.value) == (
        "no failure in 5 runs (5 distinct schedules), but there are more schedules. Make the test "
        "smaller, raise @every_schedule(limit=...), or accept this with complete=False"
    )


def test_reaching_the_limit_passes_without_complete() -> None:
    test = every_schedule(limit=5, complete=False)(visits)

    test()

    assert not result_of(test).is_finished
    assert result_of(test).distinct == 5


def test_a_limit_equal_to_the_number_of_runs_passes() -> None:
    test = every_schedule(limit=22)(visits)

    test()

    assert result_of(test).is_finished


def test_passes_if_a_required_event_happened() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        visits(schedule).sometimes("stale read")

    test()

    assert result_of(test).distinct == 22


def test_fails_if_a_required_event_never_happened() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        net = visits(schedule, look)
        net.sometimes("stale read")

    with pytest.raises(
        NothingExercised, match=r"^'stale read' never happened in any of the 1 distinct"
    ):
        test()


def test_rejects_a_test_that_does_not_use_its_schedule() -> None:
    @every_schedule
    def test_forgetful(schedule: Any) -> None:
        visits(None)

    with pytest.raises(
        NothingExercised, match=r"^test_forgetful created no network with its schedule"
    ):
        test_forgetful()


def test_a_network_without_choices_has_one_schedule() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        EdgeNetwork("LHR", schedule=schedule).run()

    test()

    assert str(result_of(test)).startswith("no failure in 1 distinct schedules of 1 ")


def test_rejects_a_negative_number_of_time_jumps() -> None:
    with pytest.raises(
        ValueError, match=r"^@every_schedule\(time_jumps=-1\): give a whole number, 0"
    ):
        every_schedule(time_jumps=-1)(visits)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("seconds", "is_shown"), [(0.0, True), (1000.0, False)])
def test_shows_the_progress_of_a_long_search_on_a_terminal(
    seconds: float, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(decorate, "PROGRESS_AFTER_SECONDS", seconds)
    monkeypatch.setattr(decorate, "RUNS_PER_UPDATE", 10)

    every_schedule(visits)()

    shown = terminal.getvalue()
    assert shown.startswith("\rvisits: 10 schedules in 0 s\r") is is_shown
    assert shown.endswith("\r\x1b[K") is is_shown
