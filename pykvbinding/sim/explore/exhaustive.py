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
    format_count,
    make_explorer,
    run_once,
)
from pykvbinding.sim.explore.dpor import DporScheduler
from pykvbinding.sim.run.schedulers import PerNetworkScheduler, ReplayScheduler
from pykvbinding.sim.shrink.report import shrink_and_annotate

_NAME = "@every_schedule"

LIMIT = 20_000
"""Runs. A program that needs more is too large to be searched on every change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhaustiveResult:
    """The result of an exhaustive search whose runs all passed.

    `distinct` runs were complete, no two of them equivalent. They represent `total` runs, which is
    an estimate unless `is_exact`. `blocked` runs were pruned, because others represent them.
    `is_finished` is false if `limit` ended the search. The result is limited to the bounds of the
    networks: `time_jumps`, how often time could pass while operations could still complete, and
    `staleness_grace_seconds`, how long a read could be stale beyond its `cacheTtl`.
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
        total = f"{about}{format_count(self.total)}"
        return f"no failure in {count} distinct schedules of {total} ({bounds})"


class ExhaustiveTest(Protocol):
    """A decorated test. `result` is `None` until the test has passed on every schedule."""

    result: ExhaustiveResult | None

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        """Run the test on every schedule."""
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
        return lambda function: _make_exhaustive_test(
            function, limit, time_jumps, complete=complete
        )
    return _make_exhaustive_test(function, limit, time_jumps, complete=complete)


def _make_exhaustive_test(
    function: Test, limit: int, time_jumps: int, *, complete: bool
) -> ExhaustiveTest:
    check_number(_NAME, "limit", limit, 1)
    check_number(_NAME, "time_jumps", time_jumps, 0)

    def explore(call: Call) -> None:
        __tracebackhide__ = True
        test.result = None
        search = DporScheduler(time_jumps)
        test.result = _explore(call, function.__name__, search, limit, complete=complete)

    test = cast("ExhaustiveTest", make_explorer(function, _NAME, explore))
    test.result = None
    return test


def _explore(
    call: Call, name: str, search: DporScheduler, limit: int, *, complete: bool
) -> ExhaustiveResult:
    """Run a test until the search is complete.

    Raises: what the test raises, and what `every_schedule` documents.
    """
    __tracebackhide__ = True
    progress = Progress(name)
    try:
        while (error := _run(call, search)) is None and search.end_run():
            runs = search.distinct + search.pruned_runs
            if runs >= limit:
                if complete:
                    raise SearchLimitReached(
                        f"no failure in {limit:,} runs ({search.distinct:,} distinct schedules), "
                        "but there are more schedules. Make the test smaller, raise "
                        "@every_schedule(limit=...), or accept this with complete=False"
                    )
                return _make_result(search, is_finished=False)
            progress.update(runs)
    finally:
        progress.clear()
    if error is not None:
        raise _simplest(error, call, search)
    check_exercised(name, search.labels, search.distinct, is_used=search.is_used)
    return _make_result(search, is_finished=True)


def _run(call: Call, search: DporScheduler) -> BaseException | None:
    """Run a test once; return what it raised, or `None` if the run was pruned."""
    __tracebackhide__ = True
    search.begin_run()
    error = run_once(call, search)
    return None if search.pruned else error


def _simplest(error: BaseException, call: Call, search: DporScheduler) -> BaseException:
    """Return the failure on the simplest schedule with the same failure."""
    texts = iter(search.schedules)
    return shrink_and_annotate(
        error,
        partial(run_once, call),
        PerNetworkScheduler(lambda _: ReplayScheduler(next(texts, ""))),
        origin=f"{_NAME}, run {search.distinct + search.pruned_runs + 1:,}",
        schedules=search.schedules,
        traces=search.traces,
    )


def _make_result(search: DporScheduler, *, is_finished: bool) -> ExhaustiveResult:
    return ExhaustiveResult(
        distinct=search.distinct,
        total=search.total,
        blocked=search.pruned_runs,
        time_jumps=search.time_jumps,
        staleness_grace_seconds=search.staleness_grace_seconds,
        is_exact=search.extensions.is_exact,
        is_finished=is_finished,
    )
