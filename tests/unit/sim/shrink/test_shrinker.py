"""Polish reaches the simplest run, keeps the bug, and leaves nothing that is not needed."""

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
from pykvbinding.sim.shrink.replay import Act, Acts, Replay, Step
from pykvbinding.sim.shrink.shrinker import attempt, origin, polish
from tests.support.buggy_programs import (
    SHORTEST,
    Program,
    dangling,
    network,
    running,
    simplest,
    visit,
    visits,
)

each_program = pytest.mark.parametrize("program", SHORTEST, ids=lambda each: each.__name__)

least = cache(simplest)


def seeded(seed: int) -> Scheduler:
    return PerNetworkScheduler(lambda _: RandomScheduler(SeededChoice(seed)))


def failing_seeds(program: Program) -> Iterator[int]:
    run = running(program)
    return (
        seed
        for seed in range(20_000)
        if attempt(run, RandomScheduler(SeededChoice(seed))).error is not None
    )


@each_program
def test_the_simplest_of_all_schedules_is_the_golden_one(program: Program) -> None:
    assert least(program).schedule == SHORTEST[program]


@pytest.mark.parametrize("failures", [8, pytest.param(40, marks=pytest.mark.long)])
@each_program
def test_random_failures_become_the_simplest(program: Program, failures: int) -> None:
    run = running(program)

    for seed in islice(failing_seeds(program), failures):
        polished = polish(run, RandomScheduler(SeededChoice(seed)))

        assert polished.cost == least(program).cost
        assert polished.schedule == SHORTEST[program]


@each_program
def test_the_simplest_stays_what_it_is(program: Program) -> None:
    polished = polish(running(program), ReplayScheduler(SHORTEST[program]))

    assert polished.schedule == SHORTEST[program]


@each_program
def test_the_text_of_a_polished_run_replays_it(program: Program) -> None:
    run = running(program)
    polished = polish(run, RandomScheduler(SeededChoice(next(failing_seeds(program)))))

    assert origin(run(ReplayScheduler(polished.schedule))) == origin(polished.error)
    assert attempt(run, polished.driver()).acts == polished.acts


def is_of(invocation: int, act: Act) -> bool:
    return isinstance(act, Step) and act.invocation == invocation


def flipped(acts: Acts) -> Iterator[Acts]:
    """The same with one deviation less, in every way."""
    for place, act in enumerate(acts):
        before, after = acts[:place], acts[place + 1 :]
        if isinstance(act, AdvanceTime):
            yield (*before, *after)
        elif act.is_early:
            yield (*before, *dropwhile(partial(is_of, act.invocation), after))
        elif act.depth:
            yield (*before, replace(act, picks=()), *after)
        if isinstance(act, Step) and act.said:
            yield (*before, replace(act, said=()), *after)


@each_program
def test_every_deviation_that_is_left_is_necessary(program: Program) -> None:
    run = running(program)
    polished = attempt(run, ReplayScheduler(SHORTEST[program]))

    assert [run(Replay(acts)) for acts in flipped(polished.acts)] == [None] * polished.cost[1]


def test_a_run_that_does_not_fail_is_left_alone() -> None:
    polished = polish(running(visits), DefaultScheduler())

    assert polished.error is None
    assert polished.schedule == ""


def test_a_program_of_two_networks_becomes_the_simplest_in_both() -> None:
    def both(driver: Scheduler) -> BaseException | None:
        first, second = running(visits)(driver), running(dangling)(driver)
        return first and second and AssertionError("both")

    failing = (seed for seed in range(2_000) if attempt(both, seeded(seed)).error is not None)

    for seed in islice(failing, 8):
        polished = polish(both, seeded(seed))

        assert polished.schedules == [SHORTEST[visits], SHORTEST[dangling]]
        assert polished.cost == (0, 3, 2)
        assert attempt(both, polished.driver()).script == polished.script


def test_networks_that_take_turns_are_kept_apart() -> None:
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
        return RandomScheduler(SeededChoice(seed))  # the same for both

    seed = next(seed for seed in range(2_000) if attempt(both, driver(seed)).error is not None)
    polished = polish(both, driver(seed))

    assert polished.schedules == ["1 1 2 2!", "2"]


def test_an_error_of_another_class_is_another_bug() -> None:
    def run(driver: Scheduler) -> BaseException | None:
        return running(visits)(driver) or ValueError("another")

    polished = polish(run, ReplayScheduler("2 2 1~1 +1"))

    assert isinstance(polished.error, AssertionError)
    assert polished.schedule == SHORTEST[visits]


def test_an_error_that_was_never_raised_has_only_its_class() -> None:
    assert origin(ValueError("x")) == (ValueError,)


def test_a_polish_ends_after_a_bounded_number_of_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pykvbinding.sim.shrink.shrinker.MOST_OPERATIONS", 12)
    runs = 0

    def run(driver: Scheduler) -> BaseException | None:
        nonlocal runs
        runs += 1
        return running(visits)(driver)

    polish(run, ReplayScheduler("2 2 1~1 +1"))

    assert runs <= 4


def test_a_trace_of_a_polished_run_has_its_schedule() -> None:
    polished = polish(running(visits), ReplayScheduler("2 2 1~1 +1"))

    assert [trace.schedule for trace in polished.traces] == [SHORTEST[visits]]
