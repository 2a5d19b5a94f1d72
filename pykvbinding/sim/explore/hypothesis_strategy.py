"""`schedules()`: a strategy with which Hypothesis makes the decisions of a network.

A schedule is drawn while the network runs, choice by choice, so that Hypothesis can shrink each of
them. In Hypothesis's final run the schedule is shrunk further: see `hypothesis_final_run`.
"""

from collections.abc import Sequence
from typing import Protocol

from hypothesis import strategies as st
from hypothesis.control import currently_in_test_context, event, note
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from pykvbinding.sim.explore import hypothesis_final_run as final_run
from pykvbinding.sim.explore.sampling import SamplingMethod, sampling_scheduler_factory
from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.run.harness import Harness
from pykvbinding.sim.run.pending import PendingOperation
from pykvbinding.sim.run.schedulers import NetworkObserver, RandomScheduler, Scheduler
from pykvbinding.sim.schedule import AdvanceTime
from pykvbinding.sim.shrink.replay import RecordingScheduler
from pykvbinding.sim.trace import Trace

MAX_DRAWS = 600
"""Choices in one example: about 300 operations. Hypothesis rejects much larger examples."""


class RandomLike(Protocol):
    """The part of `random.Random` that is used."""

    def randrange(self, stop: int, /) -> int:
        """Return a number from 0 to `stop` - 1."""
        ...


class ReplayableDraws:
    """Choices that Hypothesis draws, and that can be replayed.

    A choice is drawn even if there is only one alternative. Otherwise equal runs could have
    examples of different lengths, and Hypothesis would prefer short ones to simple ones.
    """

    def __init__(self, random: RandomLike) -> None:
        self._random = random
        self._draws: list[int] = []
        self._position = 0
        self._is_complete = False

    def choose(self, n: int, label: str) -> int:  # noqa: ARG002 -- for the drivers that show it
        """Return the earlier draw at this position, or a new one; 0 after `MAX_DRAWS` draws."""
        if self._position == len(self._draws):
            if self._is_complete or self._position >= MAX_DRAWS:
                return 0
            self._draws.append(self._random.randrange(max(n, 2)))
        index = self._draws[self._position]
        self._position += 1
        return index if index < n else 0

    def rewind(self) -> None:
        """Replay from the first draw; from now on every choice after the last one is 0."""
        self._position = 0
        self._is_complete = bool(self._draws)


class HypothesisScheduler(NetworkObserver):
    """A schedule drawn by Hypothesis; a second network continues with the following draws."""

    def __init__(self, random: RandomLike, search: SamplingMethod) -> None:
        self._choices = ReplayableDraws(random)
        self._search = search
        self._text = ""
        self._pending: Harness | None = None
        self._is_fresh = True
        self._scheduler: Scheduler = RandomScheduler(self._choices)
        self._recorded = RecordingScheduler(self._scheduler)

    def on_network_created(self, harness: Harness) -> None:
        """Record a network; in Hypothesis's final run, shrink the schedule first."""
        if self._is_fresh:
            self._is_fresh = False
            self._scheduler = self._from_start()
            if currently_in_test_context() and final_run.is_final():
                self._shrink_final_example(harness)
            self._recorded = RecordingScheduler(self._scheduler)
        self._recorded.on_network_created(harness)

    def next(self, operations: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """Return what is drawn."""
        return self._recorded.next(operations, lapse)

    def choose(self, n: int, label: str) -> int:
        """Return what is drawn."""
        return self._recorded.choose(n, label)

    def check_exhausted(self, started: int) -> None:
        """Show the timeline of the final run, unless shrinking has shown it."""
        self._recorded.check_exhausted(started)
        if self._pending is not None:
            note(Timeline(self._pending.build_trace()).text(color=False))
            self._pending = None

    def on_abort(self, error: BaseException) -> None:
        """Explain the error of Hypothesis about a test that behaves differently in each run."""
        if isinstance(error, Flaky):
            error.add_note(final_run.explain_flakiness(self, self._recorded.recording()))

    def sometimes(self, label: str, happened: bool) -> None:  # noqa: FBT001
        """Add an event that has happened to the statistics of Hypothesis."""
        if happened and currently_in_test_context():
            event(label)

    @property
    def traces(self) -> list[Trace]:
        """The trace of each network of the run."""
        return [harness.build_trace() for harness in self._recorded.stages]

    def _shrink_final_example(self, harness: Harness) -> None:
        shrunk = final_run.shrink_final_example(self, self._scheduler, self._from_start)
        if shrunk is None:
            self._scheduler, self._pending = self._from_start(), harness
        else:
            self._scheduler, self._text = shrunk

    def _from_start(self) -> Scheduler:
        """Return a scheduler that replays the choices from the first one."""
        self._choices.rewind()
        return sampling_scheduler_factory("schedules", self._search)(self._choices)

    def __repr__(self) -> str:
        return self._text or "schedule drawn by Hypothesis"


def schedules(*, search: SamplingMethod = "uniform") -> SearchStrategy[Scheduler]:
    """Schedules for `EdgeNetwork(..., schedule=schedule)`, drawn while the network runs.

    Hypothesis chooses every interleaving, stale read, refusal and passage of time, and shows the
    simplest failing schedule, with the line that replays it: `@example("1 1 2~1 2!")`.

    `search="pct"` gives priorities to invocations instead of choosing uniformly. This is better for
    bugs in which one invocation waits while the others do much.

    Raises: ValueError for an unknown search.
    """
    sampling_scheduler_factory("schedules", search)
    return _draws(search)


@st.composite
def _draws(draw: st.DrawFn, search: SamplingMethod) -> Scheduler:
    # A composite: the repr of a mapped strategy's value would include its source.
    return HypothesisScheduler(draw(st.randoms(use_true_random=False)), search)
