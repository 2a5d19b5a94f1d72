"""What is shown of a failing test: the simplest run, its schedules, and its picture once."""

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
    pictures,
    quoted,
    shows_picture,
    simplest,
    told,
    with_picture,
)
from pykvbinding.sim.shrink.shrinker import attempt
from tests.support.buggy_programs import SHORTEST, network, running, visit, visits


def guarded(driver: Scheduler) -> BaseException | None:
    """Two visits, held against a guarantee."""
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
    failing = attempt(run, ReplayScheduler(text))  # type: ignore[arg-type]
    assert failing.error is not None
    return simplest(
        failing.error,
        run,  # type: ignore[arg-type]
        ReplayScheduler(text),
        found="Found",
        schedules=failing.schedules,
        traces=failing.traces,
    )


def test_the_simplest_failure_is_shown_with_its_schedule_and_its_picture() -> None:
    error = shown(running(visits), "2 2 1~1 +1")

    replay, picture = error.__notes__
    assert replay == f'Found. Replay: schedule="{SHORTEST[visits]}"'
    assert picture.endswith(f'Replay:  @example("{SHORTEST[visits]}")')
    assert vars(error)["schedule"] == SHORTEST[visits]


def test_a_guarantee_has_its_picture_already_but_not_in_rehearsals() -> None:
    error = shown(guarded, "2 2 1~1 +1")
    rehearsed = attempt(guarded, ReplayScheduler("2 2 1~1 +1")).error

    assert shows_picture(error)
    assert len(error.__notes__) == 1
    assert not shows_picture(rehearsed)
    assert not shows_picture(None)


def test_a_failure_that_does_not_come_again_is_told_as_it_came() -> None:
    runs = 0

    def moody(driver: Scheduler) -> BaseException | None:
        nonlocal runs
        runs += 1
        return running(visits)(driver) if runs == 1 else None

    error = shown(moody, "2 2 1~1 +1")

    replay, why = error.__notes__
    assert replay == 'Found. Replay: schedule="2 2 1~1 +1"'
    assert why.startswith("The test is not deterministic: ")


def test_a_failure_that_goes_away_in_the_end_is_shown_as_it_was_rehearsed() -> None:
    runs = 0

    def moody(driver: Scheduler) -> BaseException | None:
        nonlocal runs
        runs += 1
        return ValueError("x") if runs < 3 else None

    error = shown(moody, "")

    assert isinstance(error, ValueError)
    assert error.__notes__ == ["Found. Replay: no network has decided"]


def test_an_error_has_the_schedules_of_its_run() -> None:
    error = told(ValueError(), "Found", ["1", "2"], ["more"])

    assert error.__notes__ == ['Found. Replay: schedule="1" and schedule="2"', "more"]
    assert vars(error)["schedule"] == "2"


def test_an_error_that_is_frozen_stays_as_it_is() -> None:
    @dataclass(frozen=True)
    class Frozen(Exception):  # noqa: N818
        code: int

    assert not hasattr(told(Frozen(1), "Found", ["1"], []), "__notes__")


def test_a_run_is_shown_by_its_networks() -> None:
    def both(driver: Scheduler) -> BaseException | None:
        return running(visits)(driver) or running(visits)(driver)

    run = attempt(both, RandomScheduler(SeededChoice(4)))

    assert pictures(run).count("Replay:") == len(run.recorded.stages) == 2
    assert quoted(["1", ""]) == "'1' and ''"


def test_a_run_without_networks_has_no_picture() -> None:
    failing = attempt(lambda _: ValueError("x"), DefaultScheduler())

    assert with_picture(failing, "Found").__notes__ == ["Found. Replay: no network has decided"]
    with pytest.raises(IndexError):
        _ = failing.schedule
