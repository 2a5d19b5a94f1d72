"""`@some_schedules`: a test that runs on many schedules by chance, each the same for its seed."""

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
    decorated,
    run_once,
    spelled,
)
from pykvbinding.sim.explore.pct import Pct
from pykvbinding.sim.run.harness import HAPPENINGS, Stage
from pykvbinding.sim.run.schedulers import Chosen, Driver, Several
from pykvbinding.sim.shrink.report import shrink_and_annotate
from pykvbinding.sim.trace import Trace

_NAME = "@some_schedules"

SEEDS = 100
"""As many as Hypothesis tries."""

Search: TypeAlias = Literal["uniform", "pct"]

_DRIVERS: dict[str, Callable[[ChoiceSource], Driver]] = {"uniform": Chosen, "pct": Pct}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What some seeds have shown: the test held in the run of each.

    `distinct` is how many schedules they were, and `saw` what happened in one of them at least, in
    the words of `net.sometimes`.
    """

    seeds: int
    distinct: int
    search: str
    saw: tuple[str, ...]

    def __str__(self) -> str:
        saw = ", ".join(self.saw) or "nothing but the ordinary"
        counts = f"{spelled(self.seeds)} seeds, {spelled(self.distinct)} distinct schedules"
        return f"not refuted: {counts} ({self.search}; saw {saw})"


class Sampled(Protocol):
    """A test that tries some schedules. `tried` is `None` until it has held in all of them."""

    tried: Tried | None

    def __call__(self, *args: Any, **named: Any) -> None:
        """Try them."""
        ...


@overload
def some_schedules(function: Test, /) -> Sampled: ...
@overload
def some_schedules(
    *, seeds: int | Iterable[int] = SEEDS, search: Search = "uniform"
) -> Callable[[Test], Sampled]: ...


def some_schedules(
    function: Test | None = None,
    /,
    *,
    seeds: int | Iterable[int] = SEEDS,
    search: Search = "uniform",
) -> Sampled | Callable[[Test], Sampled]:
    """Call a test with as many schedules as there are seeds, without Hypothesis.

    >>> @some_schedules(seeds=300)
    ... def test_every_visit_counts(schedule):
    ...     net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    ...     ...

    The test has a parameter `schedule`; its other parameters are fixtures and arguments as ever.
    `seeds` is how many seeds there are, from 0, or the seeds themselves: `seeds=[7]` repeats what
    seed 7 has done. With `search="uniform"` they do as in `EdgeNetwork(..., schedule=7)`; "pct"
    gives invocations priorities, for bugs that need one to stand still while others do much.

    What has been shown is the `tried` of the test, a `Tried`, and stands in pytest's summary.

    Raises: what the test raises on the simplest schedule on which it fails as it first did, with
    that schedule as a note and as its `schedule`, and with the picture.
    Vacuous if what `net.sometimes` names never happened. TypeError for a test without `schedule`,
    or a coroutine; ValueError for seeds that are none, or another search.
    """
    chosen = _seeds(seeds)
    make = driver_by("@some_schedules", search)
    if function is None:
        return lambda function: _sampled(function, chosen, search, make)
    return _sampled(function, chosen, search, make)


def driver_by(call: str, search: str) -> Callable[[ChoiceSource], Driver]:
    """What makes a driver for a way to search.

    Raises: ValueError for another one.
    """
    if search not in _DRIVERS:
        names = " or ".join(f'"{name}"' for name in _DRIVERS)
        raise ValueError(f"{call}(search={search!r}): searches are {names}")
    return _DRIVERS[search]


def _seeds(seeds: object) -> tuple[int, ...]:
    numbers = range(seeds) if type(seeds) is int else seeds
    given = tuple(numbers) if isinstance(numbers, Iterable) else ()
    if not given or not all(type(seed) is int for seed in given):
        raise ValueError(
            f"@some_schedules(seeds={seeds!r}): give a number of seeds, 1 or more, or the seeds "
            "themselves, as in seeds=[7]"
        )
    return given


def _sampled(
    function: Test, seeds: tuple[int, ...], search: str, make: Callable[[ChoiceSource], Driver]
) -> Sampled:
    def explore(call: Call) -> None:
        __tracebackhide__ = True
        test.tried = None
        test.tried = _explore(call, function.__name__, seeds, search, make)

    test = cast("Sampled", decorated(function, _NAME, explore))
    test.tried = None
    return test


class Sample(Several):
    """Who decides in one run: by one seed in each of its networks."""

    def __init__(self, seed: int, make: Callable[[ChoiceSource], Driver]) -> None:
        super().__init__(lambda _: make(SeededChoice(seed)))
        self.stages: list[Stage] = []
        self.labels: dict[str, bool] = {}

    def opened(self, stage: Stage) -> None:
        """A network goes by this seed."""
        super().opened(stage)
        self.stages.append(stage)

    def sometimes(self, label: str, happened: bool) -> None:  # noqa: FBT001
        """Something that must happen in one run at least has happened in this one, or not."""
        self.labels[label] = self.labels.get(label, False) or happened

    @property
    def schedules(self) -> list[str]:
        """The run in the language of schedules, a text for each network."""
        return [stage.simulation.schedule for stage in self.stages]

    @property
    def traces(self) -> list[Trace]:
        """Everything that happened, in each network."""
        return [stage.told() for stage in self.stages]


class _Findings:
    """What all runs have shown."""

    def __init__(self) -> None:
        self.labels: dict[str, bool] = {}
        self.schedules: set[tuple[str, ...]] = set()
        self.saw: set[str] = set()
        self.is_used = False

    def add(self, sample: Sample) -> None:
        """Another run has passed."""
        self.is_used |= bool(sample.stages)
        self.schedules.add(tuple(sample.schedules))
        for label, happened in sample.labels.items():
            self.labels[label] = self.labels.get(label, False) or happened
        events = [event for stage in sample.stages for event in stage.trace.events]
        self.saw |= {
            label
            for label, is_so in HAPPENINGS.items()
            if label not in self.saw and any(map(is_so, events))
        }


def _explore(
    call: Call,
    name: str,
    seeds: tuple[int, ...],
    search: str,
    make: Callable[[ChoiceSource], Driver],
) -> Tried:
    """Run a test on every seed.

    Raises: what the test raises, and what `some_schedules` says.
    """
    __tracebackhide__ = True
    progress, findings = Progress(name), _Findings()
    try:
        for run, seed in enumerate(seeds, 1):
            sample = Sample(seed, make)
            raised = run_once(call, sample)
            if raised is not None:
                break
            findings.add(sample)
            progress.show(run)
    finally:
        progress.clear()
    if raised is not None:
        raise shrink_and_annotate(
            raised,
            partial(run_once, call),
            Sample(seed, make),
            origin=f"{_NAME}, seed {seed} (run {run:,} of {len(seeds):,})",
            schedules=sample.schedules,
            traces=sample.traces,
        )
    check_exercised(name, findings.labels, len(findings.schedules), is_used=findings.is_used)
    saw = tuple(label for label in HAPPENINGS if label in findings.saw)
    return Tried(seeds=len(seeds), distinct=len(findings.schedules), search=search, saw=saw)
