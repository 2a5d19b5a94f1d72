"""`@every_schedule`: a test that runs on every schedule there is, and what that has proved."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, cast, overload

from pykvbinding.sim.errors import Unfinished
from pykvbinding.sim.explore.decorator import (
    Call,
    Progress,
    Test,
    check_exercised,
    check_number,
    decorated,
    run_once,
    spelled,
)
from pykvbinding.sim.explore.dpor import Search
from pykvbinding.sim.run.schedulers import Several, Spoken
from pykvbinding.sim.shrink.report import shrink_and_annotate

_NAME = "@every_schedule"

LIMIT = 20_000
"""Runs. A program that needs more is too large to be tried on every change."""


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
        count, jumps = spelled(self.distinct), self.time_jumps
        bounds = f"time jumps up to {jumps}, grace {self.grace:g} s" if jumps else "no time jumps"
        if not self.is_finished:
            return f"not refuted: {count} distinct schedules, and there are more ({bounds})"
        about = "" if self.is_exact else "about "
        return f"proved: {count} distinct of {about}{spelled(self.total)} ({bounds})"


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
    check_number(_NAME, "limit", limit, 1)
    check_number(_NAME, "time_jumps", time_jumps, 0)

    def explore(call: Call) -> None:
        __tracebackhide__ = True
        test.proved = None
        search = Search(time_jumps)
        test.proved = _explore(call, function.__name__, search, limit, complete=complete)

    test = cast("Explored", decorated(function, _NAME, explore))
    test.proved = None
    return test


def _explore(call: Call, name: str, search: Search, limit: int, *, complete: bool) -> Proof:
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
                    raise Unfinished(
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
    return shrink_and_annotate(
        raised,
        partial(run_once, call),
        Several(lambda _: Spoken(next(texts, ""))),
        origin=f"{_NAME}, run {search.distinct + search.blocked + 1:,}",
        schedules=search.schedules,
        traces=search.traces,
    )


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
