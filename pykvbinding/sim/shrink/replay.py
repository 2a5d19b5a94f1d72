"""Replays: what a run did, in terms that survive being moved, and a driver that does it again.

A schedule says how many versions older than the newest a read is; here stands which version it is.
So an operation can be put elsewhere in a run and still see what it saw.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pykvbinding.sim.run.harness import Harness
from pykvbinding.sim.run.pending import PendingOperation
from pykvbinding.sim.run.schedulers import (
    VERSION,
    DefaultScheduler,
    NetworkObserver,
    PerNetworkScheduler,
    Scheduler,
)
from pykvbinding.sim.schedule import AdvanceTime

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


Act: TypeAlias = Step | AdvanceTime
Acts: TypeAlias = tuple[Act, ...]

Script: TypeAlias = tuple[Acts, ...]
"""What each network of a run did, in the order in which they were made."""

Actor: TypeAlias = tuple[int, int]
"""The number of an invocation, and which of its operations in flight is meant."""


class Who(NamedTuple):
    """What a network asked: which operation completes next, if time does not pass."""

    network: int
    there: tuple[Actor, ...]
    lapse: int | None


class What(NamedTuple):
    """What a network asked about the operation that completes; `versions` are those of `key`."""

    network: int
    n: int
    label: str
    key: str
    versions: tuple[int, ...]


Asked: TypeAlias = Who | What
Said: TypeAlias = int | AdvanceTime


class Recorded(NetworkObserver):
    """A driver that writes down what another one decides.

    `is_silent` tells that nobody will see what fails: then guarantees draw no picture of it.
    """

    def __init__(self, driver: Scheduler, *, is_silent: bool = False) -> None:
        self.stages: list[Harness] = []
        self.log: list[tuple[Asked, Said]] = []
        self._driver = driver
        self._is_silent = is_silent
        self._numbers: dict[object, int] = {}
        self._number = 0
        self._turn: PendingOperation | None = None

    def __repr__(self) -> str:
        texts = [stage.simulation.schedule for stage in self.stages]
        return " and ".join(map(repr, texts)) or "<a schedule that is not used>"

    def on_network_created(self, stage: Harness) -> None:
        """A network goes by this driver."""
        stage.is_silent = self._is_silent
        self._numbers[stage.simulation] = len(self.stages)
        self.stages.append(stage)
        if isinstance(self._driver, NetworkObserver):
            self._driver.on_network_created(stage)

    def next(self, turns: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """What the other says."""
        number = self._number = self._numbers[turns[0].invocation.simulation]
        said = self._driver.next(turns, lapse)
        self.log.append((Who(number, actors(turns), lapse), said))
        self._turn = None if isinstance(said, AdvanceTime) else turns[said]
        return said

    def choose(self, n: int, label: str) -> int:
        """What the other says."""
        said = self._driver.choose(n, label)
        number, turn = self._number, self._turn
        assert turn is not None
        offered = offer(self.stages[number], turn, label)
        self.log.append((What(number, n, label, *offered), said))
        return said

    def check_exhausted(self, started: int) -> None:
        """Whether the other has anything left to say."""
        self._driver.check_exhausted(started)

    def script(self) -> Script:
        """What every network has done so far."""
        networks = range(len(self.stages))
        return tuple(tuple(_acts(self.log, network)) for network in networks)


def actors(turns: Sequence[PendingOperation]) -> tuple[Actor, ...]:
    """Whose operations wait."""
    return tuple([(turn.invocation.number, turn.index) for turn in turns])


def offer(stage: Harness, turn: PendingOperation, label: str) -> tuple[str, tuple[int, ...]]:
    """The key that an operation is about to see, and the numbers of the versions it may see."""
    if label != VERSION:
        return "", ()
    key, versions = stage.adversaries[turn.namespace_id].last_candidates
    return key, tuple(versions)


def _acts(log: Iterable[tuple[Asked, Said]], network: int) -> Iterator[Act]:
    """What one network did, of all that was asked and said."""
    last, step = 0, None
    for asked, said in log:
        if asked.network != network:
            continue
        if isinstance(asked, What):
            assert step is not None
            assert isinstance(said, int)
            step = _with(step, asked, said)
            continue
        if step is not None:
            yield step
        if isinstance(said, AdvanceTime):
            step = None
            yield said
            continue
        number, nth = asked.there[said]
        is_switch = number != last and asked.there[0][0] == last
        step = Step(number, nth, is_early=said > 0, is_switch=is_switch)
        last = number
    if step is not None:
        yield step


def _with(step: Step, asked: What, said: int) -> Step:
    picks, more = step.picks, step.said
    if asked.label == VERSION:
        picks = (*picks, Pick(asked.key, asked.versions[said], said))
    elif said:
        more = (*more, (asked.label, said))
    return Step(step.invocation, step.nth, picks, more, step.is_early, step.is_switch)


class Performance:
    """What is written down for one network, done again; it passes over what no longer fits.

    Afterwards everything is ordinary. An operation is matched by its invocation; a read sees the
    very version that it saw, if that may still be seen, else the newest; time passes to the next
    deadline, whatever that is now.
    """

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._position = 0
        self._step: Step | None = None
        self._picks: list[Pick] = []

    def next(self, there: Sequence[Actor], lapse: int | None) -> int | AdvanceTime:
        """The next thing that fits."""
        while self._position < len(self._acts):
            act = self._acts[self._position]
            self._position += 1
            if isinstance(act, AdvanceTime):
                if lapse is not None:
                    return AdvanceTime(lapse)
                continue
            actor = (act.invocation, act.nth)
            if actor in there:
                self._step, self._picks = act, list(act.picks)
                return there.index(actor)
        self._step = None
        return 0

    def choose(self, n: int, label: str, key: str, versions: Sequence[int]) -> int:
        """The same as it was."""
        step = self._step
        if step is None:
            return 0
        if label != VERSION:
            return min(next((index for name, index in step.said if name == label), 0), n - 1)
        for pick in self._picks:
            if pick.key == key:
                self._picks.remove(pick)
                if pick.version < 0:
                    return min(NEWEST - pick.version, n - 1)
                return versions.index(pick.version) if pick.version in versions else 0
        return 0


class Replay(PerNetworkScheduler):
    """A driver that does again what is written down for each network."""

    def __init__(self, *script: Iterable[Act]) -> None:
        self._script = tuple(map(tuple, script))
        self._made = 0
        super().__init__(self._perform)

    def _perform(self, stage: Harness) -> Scheduler:
        number, script = self._made, self._script
        self._made += 1
        if len(script) > 1:
            stage.trace.place = f"network {number + 1} of {len(script)}"
        return _Performer(stage, Performance(script[number] if number < len(script) else ()))


class _Performer(DefaultScheduler):
    """The performance in one network."""

    def __init__(self, stage: Harness, performance: Performance) -> None:
        self._harness = stage
        self._performance = performance
        self._turn: PendingOperation | None = None

    def next(self, turns: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """What was done."""
        said = self._performance.next(actors(turns), lapse)
        self._turn = None if isinstance(said, AdvanceTime) else turns[said]
        return said

    def choose(self, n: int, label: str) -> int:
        """The same as it was."""
        assert self._turn is not None
        return self._performance.choose(n, label, *offer(self._harness, self._turn, label))


class Known:
    """The runs of a program that have been seen, as a tree: what was asked, and what was said.

    A program is deterministic, so that what a run would do can be told without running it, as long
    as another one has been the same way before.
    """

    def __init__(self) -> None:
        self._asked: Asked | None = None
        self._then: dict[Said, Known] = {}

    def add(self, log: Iterable[tuple[Asked, Said]]) -> None:
        """Remember a run."""
        at = self
        for asked, said in log:
            at._asked = asked
            at = at._then.setdefault(said, Known())

    def length(self, script: Script) -> int:
        """How much would be asked in a run by that script; 0 if no such run has been seen."""
        parts = {number: Performance(acts) for number, acts in enumerate(script)}
        at: Known | None = self
        length = 0
        while at is not None and at._asked is not None:
            asked = at._asked
            part = parts.setdefault(asked.network, Performance(()))
            if isinstance(asked, Who):
                said = part.next(asked.there, asked.lapse)
            else:
                said = part.choose(asked.n, asked.label, asked.key, asked.versions)
            length += 1
            at = at._then.get(said)
        return 0 if at is None else length
