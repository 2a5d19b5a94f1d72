"""Replays: what a run did, in terms that survive being moved, and a driver that does it again.

A schedule says how many versions older than the newest a read is; here stands which version it is.
So an operation can be put elsewhere in a run and still see what it saw.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pykvbinding.sim.drivers import VERSION, Driver, Ordinary, Watcher
from pykvbinding.sim.schedule import Lapse
from pykvbinding.sim.stage import Stage
from pykvbinding.sim.turn import Turn

NEWEST = -1
"""Stands for whatever version is the newest, -2 for the one before that, and so on."""


@dataclass(frozen=True, slots=True)
class Pick:
    """The version of one key that an operation saw. `older` is how many newer ones there were."""

    key: str
    version: int
    older: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One operation that was completed. `said` has what else about it is not ordinary.

    `is_switch` tells that another invocation could have gone on, `is_early` that something else
    would have been ordinary; both are findings of a run, not part of what is to be done.
    """

    invocation: int
    nth: int = 1
    picks: tuple[Pick, ...] = ()
    said: tuple[tuple[str, int], ...] = ()
    is_early: bool = field(default=False, compare=False)
    is_switch: bool = field(default=False, compare=False)

    @property
    def depth(self) -> int:
        """How many versions older than the newest it saw, over all keys."""
        return sum(pick.older for pick in self.picks)

    @property
    def deviations(self) -> int:
        """How much about it is not ordinary."""
        return self.is_early + (self.depth > 0) + len(self.said)


Act: TypeAlias = Step | Lapse


class Recorded(Watcher):
    """A driver that writes down what another one decides."""

    def __init__(self, driver: Driver) -> None:
        self.stages: list[Stage] = []
        self._driver = driver
        self._acts: list[Act] = []
        self._turn: Turn | None = None
        self._last = 0
        self._flags = (False, False)
        self._picks: list[Pick] = []
        self._said: list[tuple[str, int]] = []

    def opened(self, stage: Stage) -> None:
        """A network goes by this driver."""
        self.stages.append(stage)
        if isinstance(self._driver, Watcher):
            self._driver.opened(stage)

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:
        """What the other says."""
        self._note()
        decided = self._driver.next(turns, lapse)
        if isinstance(decided, Lapse):
            self._acts.append(decided)
            return decided
        turn = self._turn = turns[decided]
        number = turn.invocation.number
        goes_on = turns[0].invocation.number == self._last
        self._flags = (decided > 0, goes_on and number != self._last)
        self._last = number
        return decided

    def choose(self, n: int, label: str) -> int:
        """What the other says."""
        index = self._driver.choose(n, label)
        if label == VERSION:
            key, versions = offered(self.stages, self._turn)
            self._picks.append(Pick(key, versions[index], index))
        elif index:
            self._said.append((label, index))
        return index

    def check_end(self, started: int) -> None:
        """Whether the other has anything left to say."""
        self._driver.check_end(started)

    def acts(self) -> tuple[Act, ...]:
        """What has happened so far."""
        self._note()
        return tuple(self._acts)

    def _note(self) -> None:
        turn = self._turn
        if turn is None:
            return
        early, switch = self._flags
        step = Step(
            turn.invocation.number, turn.nth, tuple(self._picks), tuple(self._said), early, switch
        )
        self._acts.append(step)
        self._turn = None
        self._picks.clear()
        self._said.clear()


class Replay(Watcher):
    """A driver that does again what is written down, and passes over what no longer fits.

    Afterwards everything is ordinary. An operation is matched by its invocation; a read sees the
    very version that it saw, if that may still be seen, else the newest; time passes to the next
    deadline, whatever that is now.
    """

    def __init__(self, acts: Iterable[Act]) -> None:
        self._acts = list(reversed(list(acts)))
        self._step: Step | None = None
        self._picks: list[Pick] = []
        self._turn: Turn | None = None
        self._ordinary = Ordinary()
        self._stages: list[Stage] = []

    def opened(self, stage: Stage) -> None:
        """A network goes by this driver."""
        self._stages.append(stage)

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:
        """The next thing that fits."""
        while self._acts:
            act = self._acts.pop()
            if isinstance(act, Lapse):
                if lapse is not None:
                    return Lapse(lapse)
                continue
            for index, turn in enumerate(turns):
                if turn.nth == act.nth and turn.invocation.number == act.invocation:
                    self._step, self._turn, self._picks = act, turn, list(act.picks)
                    return index
        self._step = None
        return 0

    def choose(self, n: int, label: str) -> int:
        """The same as it was."""
        step = self._step
        if step is None:
            return self._ordinary.choose(n, label)
        if label != VERSION:
            return min(next((index for name, index in step.said if name == label), 0), n - 1)
        key, versions = offered(self._stages, self._turn)
        for pick in self._picks:
            if pick.key == key:
                self._picks.remove(pick)
                if pick.version < 0:
                    return min(NEWEST - pick.version, n - 1)
                return versions.index(pick.version) if pick.version in versions else 0
        return 0

    def check_end(self, started: int) -> None:
        """What does not fit has been passed over."""


def offered(stages: Sequence[Stage], turn: Turn | None) -> tuple[str, Sequence[int]]:
    """The key that an operation is about to see, and the numbers of the versions it may see."""
    assert turn is not None
    return stages[-1].adversaries[turn.space].offered
