"""Shrinker: reduces a failing run to the simplest run with the same failure.

Runs are compared by, in this order: the number of context switches, the number of deviations from
the default, and how far reads are behind. Ties prefer early acceptance over a lapse of time,
shorter schedules, and invocations that started first. So a counterexample does not depend on how it
was found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import TypeAlias

from pykvbinding.sim.run.schedulers import Scheduler
from pykvbinding.sim.schedule import AdvanceTime
from pykvbinding.sim.shrink.passes import PASSES, ShrinkPass
from pykvbinding.sim.shrink.replay import (
    RecordedAction,
    RecordedActions,
    RecordedStep,
    Recording,
    RecordingReplayer,
    RecordingScheduler,
    RunCache,
)
from pykvbinding.sim.trace import Trace

MAX_OPERATIONS = 10_000
"""Limit for all runs of one shrink together; few shrinks need a tenth of it."""

CACHED_RUN_COST = 0.05
"""Cost, in operations, of looking up one question in the cache."""

Run: TypeAlias = Callable[[Scheduler], BaseException | None]
"""Runs the program under a scheduler and returns its exception or `None`."""

Cost: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class RunResult:
    """One run, with the actions of each of its networks."""

    recording: Recording
    error: BaseException | None
    recorder: RecordingScheduler

    @property
    def actions(self) -> RecordedActions:
        """The actions of all networks, one network after another."""
        return sum(self.recording, ())

    @property
    def cost(self) -> Cost:
        """Context switches, deviations from the default, and how far reads are behind."""
        return self._key[:3]

    @property
    def traces(self) -> list[Trace]:
        """The trace of each network."""
        return [stage.build_trace() for stage in self.recorder.stages]

    @property
    def schedules(self) -> list[str]:
        """The schedule string of each network."""
        return [stage.simulation.schedule for stage in self.recorder.stages]

    @property
    def schedule(self) -> str:
        """The schedule string of the last network."""
        return self.schedules[-1]

    def replay_scheduler(self) -> RecordingReplayer:
        """Return a scheduler that repeats the run."""
        return RecordingReplayer(*self.recording)

    def has_same_failure(self, error: BaseException | None) -> bool:
        """Return whether the run fails with the same bug."""
        return self.error is not None and failure_key(self.error) == failure_key(error)

    def is_simpler_than(self, other: "RunResult") -> bool:
        """Return whether this run is simpler than the other."""
        return self._key < other._key

    @cached_property
    def _key(self) -> tuple[int, int, int, int, int, tuple[tuple[object, ...], ...]]:
        actions = self.actions
        steps = [action for action in actions if isinstance(action, RecordedStep)]
        lapses = len(actions) - len(steps)
        return (
            sum(step.is_switch for step in steps),
            sum(step.deviations for step in steps) + lapses,
            sum(step.depth for step in steps),
            lapses,
            sum(map(_described_length, self.recording)),
            tuple(map(_tie_break, actions)),
        )


def execute(run: Run, driver: Scheduler, *, is_silent: bool = True) -> RunResult:
    """Run the program once and record it.

    In a rehearsal, errors have no pictures.
    """
    recorder = RecordingScheduler(driver, is_silent=is_silent)
    error = run(recorder)
    return RunResult(recorder.recording(), error, recorder)


def shrink(run: Run, first: Scheduler) -> RunResult:
    """Return the simplest run that fails as the run under `first` does, or that run if it passes.

    The program must be deterministic.
    """
    return shrink_from(run, execute(run, first))


def shrink_from(run: Run, start: RunResult) -> RunResult:
    """Return the simplest run that fails in the same way as `start`."""
    if start.error is None:
        return start
    return Shrinker(run, start).best()


class Shrinker:
    """Applies shrink passes to the best run so far until no pass improves it."""

    def __init__(self, run: Run, start: RunResult) -> None:
        self._run = run
        self._best = start
        self._failure_key = failure_key(start.error)
        self._cache = RunCache()
        self._cache.add(start.recorder.log)
        self._operations: float = 0

    def best(self) -> RunResult:
        """Apply all passes, cheap ones first, until none improves the run."""
        position = 0
        while position < len(PASSES):
            position = 0 if self._improve(PASSES[position]) and position else position + 1
        return self._best

    def _improve(self, shrink_pass: ShrinkPass) -> bool:
        """Apply one pass until it no longer improves the run."""
        has_improved = False
        while self._step(shrink_pass):
            has_improved = True
        return has_improved

    def _step(self, shrink_pass: ShrinkPass) -> bool:
        if self._best.cost == (0, 0, 0):
            return False  # the default run itself
        recording = self._best.recording
        for network, actions in enumerate(recording):
            for candidate in shrink_pass(actions):
                if self._operations >= MAX_OPERATIONS:
                    return False
                if self._try((*recording[:network], candidate, *recording[network + 1 :])):
                    return True
        return False

    def _try(self, recording: Recording) -> bool:
        length = self._cache.length(recording)
        if length:  # known runs are not better
            self._operations += CACHED_RUN_COST * length
            return False
        result = execute(self._run, RecordingReplayer(*recording))
        self._cache.add(result.recorder.log)
        self._operations += len(result.actions) + 1
        fails_alike = result.error is not None and failure_key(result.error) == self._failure_key
        if not fails_alike or not result.is_simpler_than(self._best):
            return False
        self._best = result
        return True


def failure_key(error: BaseException | None) -> tuple[object, ...]:
    """Return what identifies a bug: the class of the error and the line that raised it."""
    traceback: TracebackType | None = None if error is None else error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return (type(error),)
    return (type(error), traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)


def _described_length(actions: RecordedActions) -> int:
    """Return the number of actions up to the last deviation from the default."""
    annotate = (
        isinstance(action, AdvanceTime) or action.deviations > 0 for action in reversed(actions)
    )
    return next(
        (
            len(actions) - traceback
            for traceback, is_described in enumerate(annotate)
            if is_described
        ),
        0,
    )


def _tie_break(action: RecordedAction) -> tuple[object, ...]:
    """Return the sort key of an action among equally simple ones."""
    if isinstance(action, AdvanceTime):
        return (1, action.nanoseconds)
    older = tuple(version_choice.older for version_choice in action.version_choices)
    return (0, action.invocation, action.nth, older, action.choices)
