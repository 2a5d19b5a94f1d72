"""Failure report: the simplest run, its schedules, and one timeline."""

from dataclasses import dataclass

import pytest

from pykvbinding.choices import SeededChoice
from pykvbinding.sim import no_lost_updates
from pykvbinding.sim.run.schedulers import (
    DefaultScheduler,
    RandomScheduler,
    ReplayScheduler,
    Scheduler,
)
from pykvbinding.sim.shrink.report import (
    annotate,
    attach_timeline,
    format_schedules,
    has_timeline,
    render_all,
    shrink_and_annotate,
)
from pykvbinding.sim.shrink.shrinker import execute
from tests.support.buggy_programs import SHORTEST, network, running, visit, visits


def guarded(driver: Scheduler) -> BaseException | None:
    """Run two visits and check a guarantee."""
    net = network(driver)
    for location in net.locations:
        net.start(visit, at=location)
    net.run()
    try:
        net.check(no_lost_updates)
    except AssertionError as error:
        return error
    return None


def shown(run: object, text: str) -> BaseException:
    failing = execute(run, ReplayScheduler(text))  # type: ignore[arg-type]
    assert failing.error is not None
    return shrink_and_annotate(
        failing.error,
        run,  # type: ignore[arg-type]
        ReplayScheduler(text),
        origin="Found",
        schedules=failing.schedules,
        traces=failing.traces,
    )


def test_reports_the_simplest_failure_with_schedule_and_timeline() -> None:
    error = shown(running(visits), "2 2 1~1 +1")

    replay, picture = error.__notes__
    assert replay == f'Found. Replay: schedule="{SHORTEST[visits]}"'
    assert picture.endswith(f'Replay:  @example("{SHORTEST[visits]}")')
    assert vars(error)["schedule"] == SHORTEST[visits]


def test_guarantee_errors_have_a_timeline_except_in_rehearsals() -> None:
    error = shown(guarded, "2 2 1~1 +1")
    rehearsed = execute(guarded, ReplayScheduler("2 2 1~1 +1")).error

    assert has_timeline(error)
    assert len(error.__notes__) == 1
    assert not has_timeline(rehearsed)
    assert not has_timeline(None)


def test_returns_an_irreproducible_failure_unchanged() -> None:
    runs = 0

    def moody(driver: Scheduler) -> BaseException | None:
        nonlocal runs
        runs += 1
        return running(visits)(driver) if runs == 1 else None

    error = shown(moody, "2 2 1~1 +1")

    replay, why = error.__notes__
    assert replay == 'Found. Replay: schedule="2 2 1~1 +1"'
    assert why.startswith("The test is not deterministic: ")


def test_reports_the_rehearsed_failure_if_it_disappears() -> None:
    runs = 0

    def moody(driver: Scheduler) -> BaseException | None:
        nonlocal runs
        runs += 1
        return ValueError("x") if runs < 3 else None

    error = shown(moody, "")

    assert isinstance(error, ValueError)
    assert error.__notes__ == ["Found. Replay: no network has made a choice"]


def test_an_error_has_the_schedules_of_its_run() -> None:
    error = annotate(ValueError(), "Found", ["1", "2"], ["more"])

    assert error.__notes__ == ['Found. Replay: schedule="1" and schedule="2"', "more"]
    assert vars(error)["schedule"] == "2"


def test_leaves_a_frozen_error_unchanged() -> None:
    @dataclass(frozen=True)
    class Frozen(Exception):  # noqa: N818
        code: int

    assert not hasattr(annotate(Frozen(1), "Found", ["1"], []), "__notes__")


def test_renders_every_network_of_a_run() -> None:
    def both(driver: Scheduler) -> BaseException | None:
        return running(visits)(driver) or running(visits)(driver)

    run = execute(both, RandomScheduler(SeededChoice(4)))

    assert render_all(run).count("Replay:") == len(run.recorder.stages) == 2
    assert format_schedules(["1", ""]) == "'1' and ''"


def test_a_run_without_networks_has_no_timeline() -> None:
    failing = execute(lambda _: ValueError("x"), DefaultScheduler())

    assert attach_timeline(failing, "Found").__notes__ == [
        "Found. Replay: no network has made a choice"
    ]
    with pytest.raises(IndexError):
        _ = failing.schedule
