"""`@some_schedules`: run a test on many random schedules, one per seed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol, TypeAlias, cast, overload

from pykvbinding.choices import ChoiceSource, SeededChoice
from pykvbinding.sim.explore.decorator import (
    Call,
    Progress,
    Test,
    check_exercised,
    format_count,
    make_explorer,
    run_once,
)
from pykvbinding.sim.explore.pct import PctScheduler
from pykvbinding.sim.run.harness import BUILTIN_EVENTS, Harness
from pykvbinding.sim.run.schedulers import PerNetworkScheduler, RandomScheduler, Scheduler
from pykvbinding.sim.shrink.report import shrink_and_annotate
from pykvbinding.sim.trace import Trace

_NAME = "@some_schedules"

SEEDS = 100
"""The default of Hypothesis."""

SamplingMethod: TypeAlias = Literal["uniform", "pct"]

_SCHEDULERS: dict[str, Callable[[ChoiceSource], Scheduler]] = {
    "uniform": RandomScheduler,
    "pct": PctScheduler,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingResult:
    """The result of a search by seeds whose runs all passed.

    `distinct` is the number of different schedules, `saw` the events that happened in at least one
    of them, by the labels of `net.sometimes`.
    """

    seeds: int
    distinct: int
    search: str
    saw: tuple[str, ...]

    def __str__(self) -> str:
        saw = ", ".join(self.saw) or "only the default"
        seeds, distinct = format_count(self.seeds), format_count(self.distinct)
        counts = f"{seeds} seeds, {distinct} distinct schedules"
        return f"not refuted: {counts} ({self.search}; saw {saw})"


class SampledTest(Protocol):
    """A decorated test. `result` is `None` until the test has passed on all its schedules."""

    result: SamplingResult | None

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        """Run the test on its schedules."""
        ...


@overload
def some_schedules(function: Test, /) -> SampledTest: ...
@overload
def some_schedules(
    *, seeds: int | Iterable[int] = SEEDS, search: SamplingMethod = "uniform"
) -> Callable[[Test], SampledTest]: ...


def some_schedules(
    function: Test | None = None,
    /,
    *,
    seeds: int | Iterable[int] = SEEDS,
    search: SamplingMethod = "uniform",
) -> SampledTest | Callable[[Test], SampledTest]:
    """Run a test on one random schedule per seed, without Hypothesis.

    >>> @some_schedules(seeds=300)
    ... def test_every_visit_counts(schedule):
    ...     net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    ...     ...

    The test has a parameter `schedule`. Its other parameters are fixtures and arguments as usual.
    `seeds` is the number of seeds, from 0, or the seeds themselves: `seeds=[7]` repeats the run of
    seed 7. With `search="uniform"` a seed has the same effect as in `EdgeNetwork(..., schedule=7)`.
    "pct" gives priorities to invocations, for bugs in which one waits while others do much.

    The `result` of the test is a `SamplingResult`, which pytest's summary shows.

    Raises: what the test raises on the simplest schedule with the same failure as the first one.
    The error has this schedule as a note and as its attribute `schedule`, and the timeline.
    NothingExercised if an event named by `net.sometimes` never happened; TypeError for a test
    without `schedule`, or a coroutine; ValueError for invalid seeds or an unknown search.
    """
    numbers = _seeds(seeds)
    make_scheduler = sampling_scheduler_factory("@some_schedules", search)
    if function is None:
        return lambda function: _make_sampled_test(function, numbers, search, make_scheduler)
    return _make_sampled_test(function, numbers, search, make_scheduler)


def sampling_scheduler_factory(call: str, search: str) -> Callable[[ChoiceSource], Scheduler]:
    """Return the function that makes the scheduler of a sampling method.

    Raises: ValueError for an unknown method.
    """
    if search not in _SCHEDULERS:
        names = " or ".join(f'"{name}"' for name in _SCHEDULERS)
        raise ValueError(f"{call}(search={search!r}): searches are {names}")
    return _SCHEDULERS[search]


def _seeds(seeds: object) -> tuple[int, ...]:
    seed_values = range(seeds) if type(seeds) is int else seeds
    values = tuple(seed_values) if isinstance(seed_values, Iterable) else ()
    if not values or not all(type(seed) is int for seed in values):
        raise ValueError(
            f"@some_schedules(seeds={seeds!r}): give a number of seeds, 1 or more, or the seeds "
            "themselves, as in seeds=[7]"
        )
    return values


def _make_sampled_test(
    function: Test,
    seeds: tuple[int, ...],
    search: str,
    make_scheduler: Callable[[ChoiceSource], Scheduler],
) -> SampledTest:
    def explore(call: Call) -> None:
        __tracebackhide__ = True
        test.result = None
        test.result = _explore(call, function.__name__, seeds, search, make_scheduler)

    test = cast("SampledTest", make_explorer(function, _NAME, explore))
    test.result = None
    return test


class SeededRunScheduler(PerNetworkScheduler):
    """The scheduler of one run: uses one seed in each of its networks."""

    def __init__(self, seed: int, make_scheduler: Callable[[ChoiceSource], Scheduler]) -> None:
        super().__init__(lambda _: make_scheduler(SeededChoice(seed)))
        self.harnesses: list[Harness] = []
        self.labels: dict[str, bool] = {}

    def on_network_created(self, harness: Harness) -> None:
        """Record a network of the run."""
        super().on_network_created(harness)
        self.harnesses.append(harness)

    def sometimes(self, label: str, happened: bool) -> None:  # noqa: FBT001
        """Record whether an event that at least one run must have has happened in this run."""
        self.labels[label] = self.labels.get(label, False) or happened

    @property
    def schedules(self) -> list[str]:
        """The schedule of each network of the run."""
        return [harness.simulation.schedule for harness in self.harnesses]

    @property
    def traces(self) -> list[Trace]:
        """The trace of each network of the run."""
        return [harness.build_trace() for harness in self.harnesses]


class _SampleSummary:
    """Accumulates the results of the runs."""

    def __init__(self) -> None:
        self.labels: dict[str, bool] = {}
        self.schedules: set[tuple[str, ...]] = set()
        self.saw: set[str] = set()
        self.is_used = False

    def add(self, sample: SeededRunScheduler) -> None:
        """Add a run that has passed."""
        self.is_used |= bool(sample.harnesses)
        self.schedules.add(tuple(sample.schedules))
        for label, happened in sample.labels.items():
            self.labels[label] = self.labels.get(label, False) or happened
        events = [event for harness in sample.harnesses for event in harness.trace.events]
        self.saw |= {
            label
            for label, has_happened in BUILTIN_EVENTS.items()
            if label not in self.saw and any(map(has_happened, events))
        }


def _explore(
    call: Call,
    name: str,
    seeds: tuple[int, ...],
    search: str,
    make_scheduler: Callable[[ChoiceSource], Scheduler],
) -> SamplingResult:
    """Run a test on every seed.

    Raises: what the test raises, and what `some_schedules` documents.
    """
    __tracebackhide__ = True
    progress, summary = Progress(name), _SampleSummary()
    try:
        for run, seed in enumerate(seeds, 1):
            sample = SeededRunScheduler(seed, make_scheduler)
            error = run_once(call, sample)
            if error is not None:
                break
            summary.add(sample)
            progress.update(run)
    finally:
        progress.clear()
    if error is not None:
        raise shrink_and_annotate(
            error,
            partial(run_once, call),
            SeededRunScheduler(seed, make_scheduler),
            origin=f"{_NAME}, seed {seed} (run {run:,} of {len(seeds):,})",
            schedules=sample.schedules,
            traces=sample.traces,
        )
    check_exercised(name, summary.labels, len(summary.schedules), is_used=summary.is_used)
    saw = tuple(label for label in BUILTIN_EVENTS if label in summary.saw)
    return SamplingResult(seeds=len(seeds), distinct=len(summary.schedules), search=search, saw=saw)
