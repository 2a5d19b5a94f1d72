"""`@every_schedule`: run a test on every schedule, and report the result."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, cast, overload

from pykvbinding.sim.errors import SearchLimitReached
from pykvbinding.sim.explore.decorator import (
    Call,
    Progress,
    Test,
    check_exercised,
    check_number,
    make_explorer,
    run_once,
    format_count,
)
from pykvbinding.sim.explore.dpor import Search
from pykvbinding.sim.run.schedulers import PerNetworkScheduler, ReplayScheduler
from pykvbinding.sim.shrink.report import simplest

_NAME = "@every_schedule"

LIMIT = 20_000
"""Runs. A program that needs more is too large to be tried on every change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhaustiveResult:
    """What a search has shown: the test held in every run that it made.

    `distinct` runs came to their end, no two of them equivalent; they stand for `total`, which is
    an estimate unless `is_exact`. `blocked` runs were cut off, because others stand for them.
    `is_finished` is false where `limit` ended the search. All this holds within the bounds of the
    networks: `time_jumps`, how often time passed at most while operations could still complete, and
    `staleness_grace_seconds`, by how many seconds a read may be staler than its `cacheTtl`.
    """

    distinct: int
    total: int
    blocked: int
    time_jumps: int
    staleness_grace_seconds: float = 0
    is_exact: bool = True
    is_finished: bool = True

    def __str__(self) -> str:
        count, jumps = format_count(self.distinct), self.time_jumps
        grace = f"{self.staleness_grace_seconds:g} s"
        bounds = f"time jumps up to {jumps}, grace {grace}" if jumps else "no time jumps"
        if not self.is_finished:
            return f"not refuted: {count} distinct schedules, and there are more ({bounds})"
        about = "" if self.is_exact else "about "
        return (
            f"no failure in {count} distinct schedules of {about}{format_count(self.total)} ({bounds})"
        )


class ExhaustiveTest(Protocol):
    """A decorated test. `result` is `None` until the test has passed on every schedule."""

    result: ExhaustiveResult | None

    def __call__(self, *args: Any, **named: Any) -> None:
        """Try them all."""
        ...


@overload
def every_schedule(function: Test, /) -> ExhaustiveTest: ...
@overload
def every_schedule(
    *, limit: int = LIMIT, time_jumps: int = 1, complete: bool = True
) -> Callable[[Test], ExhaustiveTest]: ...


def every_schedule(
    function: Test | None = None,
    /,
    *,
    limit: int = LIMIT,
    time_jumps: int = 1,
    complete: bool = True,
) -> ExhaustiveTest | Callable[[Test], ExhaustiveTest]:
    """Run a test on every schedule, up to equivalence.

    >>> @every_schedule
    ... def test_every_visit_counts(schedule):
    ...     net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    ...     ...

    The test has a parameter `schedule`. Its other parameters are fixtures and arguments as usual,
    the same in each run. Two runs are equivalent if they differ only in the order of independent
    operations: operations on different keys, or reads. The result therefore holds for handlers that
    share nothing but KV and `net.external_effect`, and for tests that do not depend on the order of
    operations, for example in `net.history`. After `net.shared()` the search tries every order, and
    also for guarantees that depend on the order, such as `linearizable`.

    In each run, time passes at most `time_jumps` times while operations could still complete. A
    network uses this number unless it has its own. The search stops after `limit` runs, with an
    error unless `complete=False`. The `result` of the test is an `ExhaustiveResult`, which pytest's
    summary shows.

    Raises: what the test raises on the simplest schedule with the same failure as the first one.
    The error has this schedule as a note and as its attribute `schedule`. SearchLimitReached at the
    limit; NothingExercised if an event named by `net.sometimes` never happened; NotDeterministic if
    a repeated run took another course; TypeError for a test without `schedule`, or a coroutine.
    """
    if function is None:
        return lambda function: _explored(function, limit, time_jumps, complete=complete)
    return _explored(function, limit, time_jumps, complete=complete)


def _explored(function: Test, limit: int, time_jumps: int, *, complete: bool) -> ExhaustiveTest:
    check_number(_NAME, "limit", limit, 1)
    check_number(_NAME, "time_jumps", time_jumps, 0)

    def explore(call: Call) -> None:
        __tracebackhide__ = True
        test.result = None
        search = Search(time_jumps)
        test.result = _explore(call, function.__name__, search, limit, complete=complete)

    test = cast("ExhaustiveTest", make_explorer(function, _NAME, explore))
    test.result = None
    return test


def _explore(
    call: Call, name: str, search: Search, limit: int, *, complete: bool
) -> ExhaustiveResult:
    """Run a test until everything has been tried.

    Raises: what the test raises, and what `every_schedule` says.
    """
    __tracebackhide__ = True
    progress = Progress(name)
    try:
        while (raised := _run(call, search)) is None and search.end_run():
            runs = search.distinct + search.blocked
            if runs >= limit:
                if complete:
                    raise SearchLimitReached(
                        f"no failure in {limit:,} runs ({search.distinct:,} distinct schedules), "
                        "but that is not all of them. Make the test smaller, raise "
                        "@every_schedule(limit=...), or let complete=False take that for enough"
                    )
                return _proof(search, is_finished=False)
            progress.show(runs)
    finally:
        progress.clear()
    if raised is not None:
        raise _simplest(raised, call, search)
    check_exercised(name, search.labels, search.distinct, is_used=search.is_used)
    return _proof(search, is_finished=True)


def _run(call: Call, search: Search) -> BaseException | None:
    """Run a test once; what it raised, unless that was because the run was cut off."""
    __tracebackhide__ = True
    search.begin_run()
    raised = run_once(call, search)
    return None if search.is_cut else raised


def _simplest(raised: BaseException, call: Call, search: Search) -> BaseException:
    """The failure of the simplest schedule on which the test fails in the same way."""
    texts = iter(search.schedules)
    return simplest(
        raised,
        partial(run_once, call),
        PerNetworkScheduler(lambda _: ReplayScheduler(next(texts, ""))),
        found=f"{_NAME}, run {search.distinct + search.blocked + 1:,}",
        schedules=search.schedules,
        traces=search.traces,
    )


def _proof(search: Search, *, is_finished: bool) -> ExhaustiveResult:
    return ExhaustiveResult(
        distinct=search.distinct,
        total=search.total,
        blocked=search.blocked,
        time_jumps=search.time_jumps,
        staleness_grace_seconds=search.staleness_grace_seconds,
        is_exact=search.orders.is_exact,
        is_finished=is_finished,
    )
