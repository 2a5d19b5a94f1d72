"""`@every_schedule`: a test that runs on every schedule there is, and what that has proved."""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial, wraps
from inspect import iscoroutinefunction, signature
from typing import Any, Protocol, TypeAlias, cast, overload

from pykvbinding.clock import SystemClock
from pykvbinding.sim import refusals
from pykvbinding.sim.drivers import Driver, Spoken
from pykvbinding.sim.polish import polish
from pykvbinding.sim.search import Search

Test: TypeAlias = Callable[..., Any]

Call: TypeAlias = Callable[[Driver], object]
"""A test with all its arguments but the schedule."""

LIMIT = 20_000
"""Runs. A program that needs more is too large to be tried on every change."""

SHOW_AFTER_SECONDS = 1.0

SHOW_EVERY_RUNS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a search has shown: the test held in every run that it made.

    `distinct` runs came to their end, no two of them equivalent; they stand for `total`, which is
    an estimate unless `is_exact`. `blocked` runs were cut off, because others stand for them.
    `is_finished` is false where `limit` ended the search. All this holds within the bounds of the
    networks: `time_jumps`, how often time passed at most while operations could still complete, and
    `grace`, by how many seconds a read may be staler than its `cacheTtl`.
    """

    distinct: int
    total: int
    blocked: int
    time_jumps: int
    grace: float = 0
    is_exact: bool = True
    is_finished: bool = True

    def __str__(self) -> str:
        count, jumps = _spelled(self.distinct), self.time_jumps
        bounds = f"time jumps up to {jumps}, grace {self.grace:g} s" if jumps else "no time jumps"
        if not self.is_finished:
            return f"not refuted: {count} distinct schedules, and there are more ({bounds})"
        about = "" if self.is_exact else "about "
        return f"proved: {count} distinct of {about}{_spelled(self.total)} ({bounds})"


class Explored(Protocol):
    """A test that tries every schedule. `proved` is `None` until it has held in all of them."""

    proved: Proof | None

    def __call__(self, *args: Any, **named: Any) -> None:
        """Try them all."""
        ...


@overload
def every_schedule(function: Test, /) -> Explored: ...
@overload
def every_schedule(
    *, limit: int = LIMIT, time_jumps: int = 1, complete: bool = True
) -> Callable[[Test], Explored]: ...


def every_schedule(
    function: Test | None = None,
    /,
    *,
    limit: int = LIMIT,
    time_jumps: int = 1,
    complete: bool = True,
) -> Explored | Callable[[Test], Explored]:
    """Call a test with every schedule there is, up to equivalence.

    >>> @every_schedule
    ... def test_every_visit_counts(schedule):
    ...     net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    ...     ...

    The test has a parameter `schedule`; its other parameters are fixtures and arguments as ever,
    the same in each run. Runs that differ only in the order of operations that have nothing to do
    with each other are equivalent: they touch other keys, or only read. What is proved so holds for
    handlers that share nothing but KV and `net.external`, and for tests that do not themselves look
    at the order of operations (in `net.history`, say). With `net.shared()` every order is tried, as
    for guarantees that depend on it, such as `linearizable`.

    Time passes at most `time_jumps` times in each run while operations could still complete; that
    is the network's number too, unless it has its own. After `limit` runs the search gives up: a
    failure, but with `complete=False`. What has been shown is the `proved` of the test, a `Proof`,
    and stands in pytest's summary.

    Raises: what the test raises on the simplest schedule on which it fails as it first did, with
    that schedule as a note and as its `schedule`.
    Unfinished at the limit; Vacuous if what `net.sometimes` names never happened; NotDeterministic
    if a run, repeated, went otherwise. TypeError for a test without `schedule`, or a coroutine.
    """
    if function is None:
        return lambda function: _explored(function, limit, time_jumps, complete=complete)
    return _explored(function, limit, time_jumps, complete=complete)


def _explored(function: Test, limit: int, time_jumps: int, *, complete: bool) -> Explored:
    if iscoroutinefunction(function):
        raise refusals.test_is_coroutine(function.__qualname__)
    taken = signature(function)
    if "schedule" not in taken.parameters:
        raise refusals.test_without_schedule(function.__qualname__)
    if type(limit) is not int or limit < 1:
        raise refusals.search_wrong_number("limit", limit, 1)
    if type(time_jumps) is not int or time_jumps < 0:
        raise refusals.search_wrong_number("time_jumps", time_jumps, 0)

    @wraps(function)
    def run(*args: Any, **named: Any) -> None:
        __tracebackhide__ = True
        test.proved = None
        search = Search(time_jumps)

        def call(driver: Driver) -> object:
            __tracebackhide__ = True
            if len(args) > place:
                return function(*args[:place], driver, *args[place:], **named)
            return function(*args, **named, schedule=driver)

        test.proved = _explore(call, function.__name__, search, limit, complete=complete)

    place = list(taken.parameters).index("schedule")
    others = [each for each in taken.parameters.values() if each.name != "schedule"]
    vars(run)["__signature__"] = taken.replace(parameters=others)
    test = cast("Explored", run)
    test.proved = None
    return test


def _explore(call: Call, name: str, search: Search, limit: int, *, complete: bool) -> Proof:
    """Run a test until everything has been tried.

    Raises: what the test raises, and what `every_schedule` says.
    """
    __tracebackhide__ = True
    progress = _Progress(name)
    try:
        while (failure := _run(call, search)) is None and search.end_run():
            runs = search.distinct + search.blocked
            if runs >= limit:
                if complete:
                    raise refusals.unfinished(limit, search.distinct)
                return _proof(search, is_finished=False)
            progress.show(runs)
    finally:
        progress.clear()
    if failure is not None:
        raise _simplest(failure, call, search)
    if not search.is_used:
        raise refusals.schedule_unused(name)
    missing = [label for label, happened in search.labels.items() if not happened]
    if missing:
        raise refusals.never_happened(missing, search.distinct)
    return _proof(search, is_finished=True)


def _run(call: Call, search: Search) -> BaseException | None:
    """Run a test once; what it raised, unless that was because the run was cut off."""
    __tracebackhide__ = True
    search.begin_run()
    failure = _failure(call, search)
    return None if search.is_cut else failure


def _failure(call: Call, driver: Driver) -> BaseException | None:
    """What a test raises on a schedule."""
    __tracebackhide__ = True
    try:
        call(driver)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        return error
    return None


def _simplest(failure: BaseException, call: Call, search: Search) -> BaseException:
    """The failure of the simplest schedule on which the test fails in the same way; which that is,
    stands in a note."""
    schedules = search.schedules
    if len(schedules) == 1:
        best = polish(partial(_failure, call), Spoken(schedules[0]))
        # A failure that does not come again is told as it came.
        if best.error is not None and type(best.error) is type(failure):
            failure, schedules = best.error, [best.schedule]
    spelled = " and ".join(f'schedule="{text}"' for text in schedules)
    run = search.distinct + search.blocked + 1
    failure.add_note(f"@every_schedule, run {run:,}. Replay: {spelled or 'no network has decided'}")
    with suppress(AttributeError):  # an error with slots
        failure.schedule = schedules[-1] if schedules else ""  # type: ignore[attr-defined]
    return failure


def _proof(search: Search, *, is_finished: bool) -> Proof:
    return Proof(
        distinct=search.distinct,
        total=search.total,
        blocked=search.blocked,
        time_jumps=search.time_jumps,
        grace=search.grace,
        is_exact=search.orders.is_exact,
        is_finished=is_finished,
    )


def _spelled(count: int) -> str:
    """A number as one reads it: 2,520 and 5.8e10."""
    if count < 1_000_000:
        return f"{count:,}"
    digits, exponent = f"{count:.1e}".split("e+") if count < 1e300 else (">1", "300")
    return f"{digits}e{int(exponent)}"


class _Progress:
    """A line on the terminal about a search that takes its time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._clock = SystemClock()
        self._is_shown = False
        self._begun = self._clock.now() if sys.stderr.isatty() else None

    def show(self, runs: int) -> None:
        """Say how far it is, now and then."""
        if self._begun is None or runs % SHOW_EVERY_RUNS:
            return
        seconds = self._clock.now() - self._begun
        if seconds >= SHOW_AFTER_SECONDS:
            self._is_shown = True
            sys.stderr.write(f"\r{self._name}: {runs:,} schedules in {seconds:.0f} s")

    def clear(self) -> None:
        """Leave the line as it was."""
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
