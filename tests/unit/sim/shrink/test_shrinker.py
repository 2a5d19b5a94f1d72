"""Shrinker: reaches the simplest run, keeps the bug, and keeps only necessary deviations."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import dropwhile, islice

import pytest

from pykvbinding.choices import SeededChoice
from pykvbinding.sim.run.schedulers import (
    DefaultScheduler,
    PerNetworkScheduler,
    RandomScheduler,
    ReplayScheduler,
    Scheduler,
)
from pykvbinding.sim.schedule import AdvanceTime
from pykvbinding.sim.shrink.replay import (
    RecordedAction,
    RecordedActions,
    RecordedStep,
    RecordingReplayer,
)
from pykvbinding.sim.shrink.shrinker import execute, failure_key, shrink
from tests.support.buggy_programs import (
    SHORTEST,
    Program,
    dangling,
    network,
    running,
    simplest_run,
    visit,
    visits,
)

each_program = pytest.mark.parametrize("program", SHORTEST, ids=lambda each: each.__name__)

least = cache(simplest_run)


def seeded(seed: int) -> Scheduler:
    return PerNetworkScheduler(lambda _: RandomScheduler(SeededChoice(seed)))


def failing_seeds(program: Program) -> Iterator[int]:
    run = running(program)
    return (
        seed
        for seed in range(20_000)
        if execute(run, RandomScheduler(SeededChoice(seed))).error is not None
    )


@each_program
def test_the_simplest_of_all_schedules_is_the_expected_one(program: Program) -> None:
    assert least(program).schedule == SHORTEST[program]


@pytest.mark.parametrize("failures", [8, pytest.param(40, marks=pytest.mark.long)])
@each_program
def test_random_failures_shrink_to_the_simplest(program: Program, failures: int) -> None:
    run = running(program)

    for seed in islice(failing_seeds(program), failures):
        shrink_from = shrink(run, RandomScheduler(SeededChoice(seed)))

        assert shrink_from.cost == least(program).cost
        assert shrink_from.schedule == SHORTEST[program]


@each_program
def test_the_simplest_run_is_a_fixed_point(program: Program) -> None:
    shrink_from = shrink(running(program), ReplayScheduler(SHORTEST[program]))

    assert shrink_from.schedule == SHORTEST[program]


@each_program
def test_the_schedule_of_a_shrunk_run_replays_it(program: Program) -> None:
    run = running(program)
    shrink_from = shrink(run, RandomScheduler(SeededChoice(next(failing_seeds(program)))))

    assert failure_key(run(ReplayScheduler(shrink_from.schedule))) == failure_key(shrink_from.error)
    assert execute(run, shrink_from.replay_scheduler()).actions == shrink_from.actions


def is_of(invocation: int, action: RecordedAction) -> bool:
    return isinstance(action, RecordedStep) and action.invocation == invocation


def without_one_deviation(actions: RecordedActions) -> Iterator[RecordedActions]:
    """Yield the actions with one deviation less, in every way."""
    for place, action in enumerate(actions):
        before, after = actions[:place], actions[place + 1 :]
        if isinstance(action, AdvanceTime):
            yield (*before, *after)
        elif action.is_early:
            yield (*before, *dropwhile(partial(is_of, action.invocation), after))
        elif action.depth:
            yield (*before, replace(action, version_choices=()), *after)
        if isinstance(action, RecordedStep) and action.choices:
            yield (*before, replace(action, choices=()), *after)


@each_program
def test_every_remaining_deviation_is_necessary(program: Program) -> None:
    run = running(program)
    shrink_from = execute(run, ReplayScheduler(SHORTEST[program]))

    assert [
        run(RecordingReplayer(actions)) for actions in without_one_deviation(shrink_from.actions)
    ] == [None] * shrink_from.cost[1]


def test_a_passing_run_is_unchanged() -> None:
    shrink_from = shrink(running(visits), DefaultScheduler())

    assert shrink_from.error is None
    assert shrink_from.schedule == ""


def test_shrinks_both_networks_of_a_program() -> None:
    def both(driver: Scheduler) -> BaseException | None:
        first, second = running(visits)(driver), running(dangling)(driver)
        return first and second and AssertionError("both")

    failing = (seed for seed in range(2_000) if execute(both, seeded(seed)).error is not None)

    for seed in islice(failing, 8):
        shrink_from = shrink(both, seeded(seed))

        assert shrink_from.schedules == [SHORTEST[visits], SHORTEST[dangling]]
        assert shrink_from.cost == (0, 3, 2)
        assert execute(both, shrink_from.replay_scheduler()).recording == shrink_from.recording


def test_interleaved_networks_are_shrunk_separately() -> None:
    def both(driver: Scheduler) -> BaseException | None:
        first, second = network(driver), network(driver)
        for net in (first, second):
            for location in net.locations:
                net.start(visit, at=location)
        for net in (second, first):
            net.run()
        lost = [net.latest("visits") == "1" for net in (first, second)]
        return AssertionError() if lost == [False, True] and second.schedule else None

    def driver(seed: int) -> Scheduler:
        return RandomScheduler(SeededChoice(seed))  # shared by both

    seed = next(seed for seed in range(2_000) if execute(both, driver(seed)).error is not None)
    shrink_from = shrink(both, driver(seed))

    assert shrink_from.schedules == ["1 1 2 2!", "2"]


def test_an_error_of_another_class_is_another_bug() -> None:
    def run(driver: Scheduler) -> BaseException | None:
        return running(visits)(driver) or ValueError("another")

    shrink_from = shrink(run, ReplayScheduler("2 2 1~1 +1"))

    assert isinstance(shrink_from.error, AssertionError)
    assert shrink_from.schedule == SHORTEST[visits]


def test_an_error_that_was_never_raised_has_only_its_class() -> None:
    assert failure_key(ValueError("x")) == (ValueError,)


def test_shrinking_stops_after_a_limited_number_of_operations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pykvbinding.sim.shrink.shrinker.MAX_OPERATIONS", 12)
    runs = 0

    def run(driver: Scheduler) -> BaseException | None:
        nonlocal runs
        runs += 1
        return running(visits)(driver)

    shrink(run, ReplayScheduler("2 2 1~1 +1"))

    assert runs <= 4


def test_the_trace_of_a_shrunk_run_has_its_schedule() -> None:
    shrink_from = shrink(running(visits), ReplayScheduler("2 2 1~1 +1"))

    assert [trace.schedule for trace in shrink_from.traces] == [SHORTEST[visits]]
