"""Polish: from a run that fails to the simplest one that fails in the same way.

Simple is, in this order: few context switches, few deviations from the ordinary, reads that are
not far behind. Among equals an operation that is accepted goes before time that passes, a short
schedule before a long one, and what was started first before the rest. So a counterexample is the
same however it was found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import TypeAlias

from pykvbinding.sim.run.schedulers import Scheduler
from pykvbinding.sim.schedule import AdvanceTime
from pykvbinding.sim.shrink.passes import KINDS, Move
from pykvbinding.sim.shrink.replay import Act, Acts, Known, Recorded, Replay, Script, Step
from pykvbinding.sim.trace import Trace

MOST_OPERATIONS = 10_000
"""Of all runs of one polish together; few need a tenth of it."""

KNOWN_COSTS = 0.05
"""Operations: what it costs to see that one question of a run leads to where another has been."""

Run: TypeAlias = Callable[[Scheduler], BaseException | None]
"""The program under a driver: what it raised, `None` if nothing."""

Cost: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Attempt:
    """One run, with what it did in each of its networks."""

    script: Script
    error: BaseException | None
    recorded: Recorded

    @property
    def acts(self) -> Acts:
        """What it did, one network after another."""
        return sum(self.script, ())

    @property
    def cost(self) -> Cost:
        """Context switches, deviations from the ordinary, and how far reads are behind."""
        return self._key[:3]

    @property
    def traces(self) -> list[Trace]:
        """Everything that happened, in each network."""
        return [stage.build_trace() for stage in self.recorded.stages]

    @property
    def schedules(self) -> list[str]:
        """The run in the language of schedules, a text for each network."""
        return [stage.simulation.schedule for stage in self.recorded.stages]

    @property
    def schedule(self) -> str:
        """The text of the last network."""
        return self.schedules[-1]

    def driver(self) -> Replay:
        """A driver that does the same again."""
        return Replay(*self.script)

    def fails_like(self, error: BaseException | None) -> bool:
        """Whether it shows the same bug."""
        return self.error is not None and origin(self.error) == origin(error)

    def is_simpler_than(self, other: "Attempt") -> bool:
        """Whether this is to be shown rather than the other."""
        return self._key < other._key

    @cached_property
    def _key(self) -> tuple[int, int, int, int, int, tuple[tuple[object, ...], ...]]:
        acts = self.acts
        steps = [act for act in acts if isinstance(act, Step)]
        lapses = len(acts) - len(steps)
        return (
            sum(step.is_switch for step in steps),
            sum(step.deviations for step in steps) + lapses,
            sum(step.depth for step in steps),
            lapses,
            sum(map(_length, self.script)),
            tuple(map(_place, acts)),
        )


def attempt(run: Run, driver: Scheduler, *, is_silent: bool = True) -> Attempt:
    """Run the program once, and write down what it does.

    In a rehearsal, errors come without pictures.
    """
    recorded = Recorded(driver, is_silent=is_silent)
    error = run(recorded)
    return Attempt(recorded.script(), error, recorded)


def polish(run: Run, first: Scheduler) -> Attempt:
    """The simplest run that fails as the one under `first` does, or that one if it does not fail.

    The program must be deterministic.
    """
    return polished(run, attempt(run, first))


def polished(run: Run, start: Attempt) -> Attempt:
    """The simplest run that fails as one does that has been made."""
    if start.error is None:
        return start
    return _Polish(run, start).best()


class _Polish:
    """One polish: from what is best so far, by moves, to what no move makes better."""

    def __init__(self, run: Run, start: Attempt) -> None:
        self._run = run
        self._best = start
        self._origin = origin(start.error)
        self._known = Known()
        self._known.add(start.recorded.log)
        self._operations: float = 0

    def best(self) -> Attempt:
        """Try every kind of move, the cheap ones first, until none helps."""
        position = 0
        while position < len(KINDS):
            position = 0 if self._improve(KINDS[position]) and position else position + 1
        return self._best

    def _improve(self, kind: Move) -> bool:
        """Go on from whatever is better until there is nothing."""
        has_improved = False
        while self._step(kind):
            has_improved = True
        return has_improved

    def _step(self, kind: Move) -> bool:
        if self._best.cost == (0, 0, 0):
            return False  # the ordinary run itself
        script = self._best.script
        for network, acts in enumerate(script):
            for moved in kind(acts):
                if self._operations >= MOST_OPERATIONS:
                    return False
                if self._try((*script[:network], moved, *script[network + 1 :])):
                    return True
        return False

    def _try(self, script: Script) -> bool:
        length = self._known.length(script)
        if length:  # and what has been tried is no better
            self._operations += KNOWN_COSTS * length
            return False
        tried = attempt(self._run, Replay(*script))
        self._known.add(tried.recorded.log)
        self._operations += len(tried.acts) + 1
        fails_alike = tried.error is not None and origin(tried.error) == self._origin
        if not fails_alike or not tried.is_simpler_than(self._best):
            return False
        self._best = tried
        return True


def origin(error: BaseException | None) -> tuple[object, ...]:
    """What tells one bug from another: the class of the error and the line that raised it."""
    place: TracebackType | None = None if error is None else error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return (type(error),)
    return (type(error), place.tb_frame.f_code.co_filename, place.tb_lineno)


def _length(acts: Acts) -> int:
    """How far one has to tell what a network did, until everything else is ordinary."""
    told = (isinstance(act, AdvanceTime) or act.deviations > 0 for act in reversed(acts))
    return next((len(acts) - place for place, is_told in enumerate(told) if is_told), 0)


def _place(act: Act) -> tuple[object, ...]:
    """Where an act stands among others that are as simple."""
    if isinstance(act, AdvanceTime):
        return (1, act.nanoseconds)
    older = tuple(pick.older for pick in act.picks)
    return (0, act.invocation, act.nth, older, act.said)
