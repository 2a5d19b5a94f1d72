"""A test that fails on a seed is run again, to show the simplest schedule on which it fails so.

That is for plain functions of pytest: unittest runs its own tests, Hypothesis polishes what it
draws itself, and so do `@every_schedule` and `@some_schedules`. What a text of a schedule has left
unsaid is asked for here too, and Hypothesis's own word for a test that is not deterministic gets an
explanation.
"""

import sys
from collections.abc import Callable, Generator, Iterator
from inspect import iscoroutinefunction
from typing import Any, Final, TypeAlias

import pytest

from pykvbinding.clock import SystemClock
from pykvbinding.sim.errors import Cut
from pykvbinding.sim.run.harness import Stage
from pykvbinding.sim.run.run_context import Cast, Director, directed
from pykvbinding.sim.run.schedulers import Driver, Several, by_seed
from pykvbinding.sim.shrink.determinism import NOT_DETERMINISTIC, divergence, why_twice
from pykvbinding.sim.shrink.report import told, with_picture
from pykvbinding.sim.shrink.rerun import Body
from pykvbinding.sim.shrink.shrinker import Attempt, Run, attempt, polish, polished

Program: TypeAlias = Callable[[Driver], Cast]
"""Which networks of a test a driver decides about, and who does about the others."""

MOST_SECONDS: Final = 5.0
"""Of running a test again; then the simplest run so far is shown."""

MOST_NETWORKS: Final = 4
"""With a seed in one test, all of which are made simpler; of more, the last one."""


def followed(item: pytest.Function, *, polishes: bool) -> Generator[None, Any, Any]:
    """Around the call of a test: follow its networks, and make of its failure what can be made."""
    __tracebackhide__ = True  # the failure is of the test, and so is the traceback
    with directed(Director()) as director:
        try:
            result = yield
        except (Exception, pytest.fail.Exception) as error:
            failure: BaseException = error
        else:
            director.check_texts()
            return result
    try:
        raise _explained(failure, item, director, polishes=polishes)
    finally:
        del failure  # it knows this frame


def _explained(
    failure: BaseException, item: pytest.Function, director: Director, *, polishes: bool
) -> BaseException:
    """What to raise for a failure."""
    if director.drawn is not None and _is_flaky(failure):
        failure.add_note(why_twice(_parted(failure, director.drawn)))
    if director.stage is None:
        return failure
    if polishes and _can_run_again(item):
        names = item._fixtureinfo.argnames
        body = Body(item.obj, (), {name: item.funcargs[name] for name in names})
        return _Encore(body, director).best(failure)
    director.stage.explain(failure)
    return failure


def _can_run_again(item: pytest.Function) -> bool:
    """Whether a test is no more than a function, and its failure is news."""
    test = item.obj
    is_decorated = any(hasattr(test, name) for name in ("hypothesis", "proved", "tried"))
    is_expected = item.get_closest_marker("xfail") is not None
    return not (is_decorated or is_expected or iscoroutinefunction(test))


class _Encore:
    """A body that has failed on the seed of its last network, and is run again."""

    def __init__(self, body: Body, first: Director) -> None:
        self._body = body
        self._count = first.seeded
        self._stage: Stage = first.stage
        self._clock = SystemClock()
        self._until = self._clock.now() + MOST_SECONDS

    def best(self, failure: BaseException) -> BaseException:
        """The failure of the simplest run that fails in the same way."""
        found = _found(self._stage)
        start = attempt(self._rehearsing(self._last), Several(_by_seed))
        if not start.fails_like(failure):
            parted = divergence([self._stage.told()], start.traces)
            return told(failure, found, [self._stage.simulation.schedule], [why_twice(parted)])
        program, best = self._polished(failure, start)
        if program == self._together:
            found = _found(*best.recorded.stages)
        shown = attempt(self._showing(program), best.driver(), is_rehearsal=False)
        return with_picture(shown if shown.fails_like(failure) else best, found)

    def _polished(self, failure: BaseException, start: Attempt) -> tuple[Program, Attempt]:
        """The simplest run, and the program that shows it."""
        if self._count > 1:
            run = self._rehearsing(self._alone)
            alone = attempt(run, start.driver())
            if alone.fails_like(failure):
                # What is shown has come as far as the seed that has failed.
                return self._last, polished(run, alone)
            if self._count <= MOST_NETWORKS:
                run = self._rehearsing(self._together)
                return self._together, polish(run, Several(_by_seed))
        return self._last, polished(self._rehearsing(self._last), start)

    def _rehearsing(self, program: Program) -> Run:
        """A program in silence, as long as there is time."""

        def run(driver: Driver) -> BaseException | None:
            if self._clock.now() > self._until:
                return None
            return self._body.rehearse(Director(program(driver), is_rehearsal=True))

        return run

    def _showing(self, program: Program) -> Run:
        def run(driver: Driver) -> BaseException | None:
            with directed(Director(program(driver), is_rehearsal=True)):
                return self._body.call()

        return run

    # Programs. None goes further than the run that has failed: what comes then may fail as well.

    def _last(self, driver: Driver) -> Cast:
        """What decides in the last network; those before it keep their seeds."""
        return self._cast(lambda number, seed: driver if number == self._count else by_seed(seed))

    def _alone(self, driver: Driver) -> Cast:
        """What decides in the first network, as if that were the last: as in a loop over seeds."""
        return self._cast(lambda *_: driver, most=1)

    def _together(self, driver: Driver) -> Cast:
        """What decides in all of them."""
        return self._cast(lambda *_: driver)

    def _cast(self, cast: Cast, most: int | None = None) -> Cast:
        def cast_some(number: int, seed: int) -> Driver:
            if number > (self._count if most is None else most):
                raise Cut
            return cast(number, seed)

        return cast_some


def _found(*stages: Stage) -> str:
    return "Found by " + " and ".join(f"schedule={stage.seed}" for stage in stages)


def _by_seed(stage: Stage) -> Driver:
    """What decides in a network without anybody's doing."""
    assert stage.seed is not None
    return by_seed(stage.seed)


def _is_flaky(failure: BaseException) -> bool:
    """Whether Hypothesis has found that a test is not deterministic, and it is not explained."""
    errors = sys.modules.get("hypothesis.errors")
    is_explained = any(NOT_DETERMINISTIC in note for note in getattr(failure, "__notes__", ()))
    return errors is not None and isinstance(failure, errors.Flaky) and not is_explained


def _parted(failure: BaseException, last: Stage) -> list[str]:
    """Where the run that has failed and the last one part, as lines, if that can be told."""
    shown: Any = last.simulation.driver
    for value in _values(failure):
        if type(value) is type(shown) and value is not shown:
            return divergence(value.traces, shown.traces)
    return []


def _values(failure: BaseException) -> Iterator[Any]:
    """The variables of what has failed, in the errors of a group and what has led to an error."""
    for error in getattr(failure, "exceptions", ()):
        yield from _values(error)
    for error in (failure.__cause__, failure.__context__):
        if error is not None:
            yield from _values(error)
    place = failure.__traceback__
    while place is not None:
        yield from place.tb_frame.f_locals.values()
        place = place.tb_next
