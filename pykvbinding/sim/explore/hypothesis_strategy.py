"""`schedules()`: Hypothesis decides what may go several ways in a network.

A schedule is drawn while the network runs, one choice after another, so that Hypothesis can make
each of them smaller. In its last run the test is rehearsed and polished: see `rehearsal`.
"""

from collections.abc import Sequence
from typing import Protocol

from hypothesis import strategies as st
from hypothesis.control import currently_in_test_context, event, note
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from pykvbinding.sim.explore import hypothesis_final_run as rehearsal
from pykvbinding.sim.explore.sampling import Search, driver_by
from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.run.harness import Stage
from pykvbinding.sim.run.pending import Turn
from pykvbinding.sim.run.schedulers import Chosen, Driver, Watcher
from pykvbinding.sim.schedule import Lapse
from pykvbinding.sim.shrink.replay import RecordingScheduler
from pykvbinding.sim.trace import Trace

MOST_DRAWS = 600
"""Choices in one example: about 300 operations. With many more, Hypothesis calls it too large."""


class Dice(Protocol):
    """What is wanted of a `Random`."""

    def randrange(self, stop: int, /) -> int:
        """A number from 0 to `stop` - 1."""
        ...


class Draws:
    """Choices that Hypothesis draws, and that can be made again.

    One is drawn even where there is nothing to choose: examples in which the same happens otherwise
    would be of different lengths, and Hypothesis would look for short ones instead of simple ones.
    """

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._drawn: list[int] = []
        self._position = 0
        self._is_complete = False

    def choose(self, n: int, label: str) -> int:  # noqa: ARG002 -- for the drivers that show it
        """What was drawn here before, else a new draw; after very many the ordinary thing."""
        if self._position == len(self._drawn):
            if self._is_complete or self._position >= MOST_DRAWS:
                return 0
            self._drawn.append(self._dice.randrange(max(n, 2)))
        index = self._drawn[self._position]
        self._position += 1
        return index if index < n else 0

    def rewind(self) -> None:
        """Begin again with the first. What comes after the last is ordinary from now on."""
        self._position = 0
        self._is_complete = bool(self._drawn)


class Drawn(Watcher):
    """A schedule that Hypothesis draws: a second network goes on where the first has stopped."""

    def __init__(self, dice: Dice, search: Search) -> None:
        self._draws = Draws(dice)
        self._search = search
        self._text = ""
        self._pending: Stage | None = None
        self._is_fresh = True
        self._driver: Driver = Chosen(self._draws)
        self._recorded = RecordingScheduler(self._driver)

    def opened(self, stage: Stage) -> None:
        """A network goes by this schedule; in Hypothesis's last run it is made simpler first."""
        if self._is_fresh:
            self._is_fresh = False
            self._driver = self._from_start()
            if currently_in_test_context() and rehearsal.is_final():
                self._rehearse(stage)
            self._recorded = RecordingScheduler(self._driver)
        self._recorded.opened(stage)

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:
        """What is drawn."""
        return self._recorded.next(turns, lapse)

    def choose(self, n: int, label: str) -> int:
        """What is drawn."""
        return self._recorded.choose(n, label)

    def check_end(self, started: int) -> None:
        """Show the run, if it is the last one and could not be shown before."""
        self._recorded.check_end(started)
        if self._pending is not None:
            note(Timeline(self._pending.told()).text(color=False))
            self._pending = None

    def cut_off(self, error: BaseException) -> None:
        """Tell more of a test that Hypothesis has found to be different each time."""
        if isinstance(error, Flaky):
            error.add_note(rehearsal.why_flaky(self, self._recorded.recording()))

    def sometimes(self, label: str, happened: bool) -> None:  # noqa: FBT001
        """Something that the test names has happened: an event of Hypothesis's statistics."""
        if happened and currently_in_test_context():
            event(label)

    @property
    def traces(self) -> list[Trace]:
        """Everything that happened, in each of its networks."""
        return [stage.told() for stage in self._recorded.stages]

    def _rehearse(self, stage: Stage) -> None:
        rehearsed = rehearsal.rehearse(self, self._driver, self._from_start)
        if rehearsed is None:
            self._driver, self._pending = self._from_start(), stage
        else:
            self._driver, self._text = rehearsed

    def _from_start(self) -> Driver:
        """A driver that makes the choices from the first one on."""
        self._draws.rewind()
        return driver_by("schedules", self._search)(self._draws)

    def __repr__(self) -> str:
        return self._text or "schedule drawn by Hypothesis"


def schedules(*, search: Search = "uniform") -> SearchStrategy[Driver]:
    """Schedules for `EdgeNetwork(..., schedule=schedule)`, drawn while the network runs.

    Hypothesis picks every interleaving, stale read, refusal and passage of time, and shows the
    simplest schedule that fails, with the line that replays it: `@example("1 1 2~1 2!")`.

    `search="pct"` gives invocations priorities instead of choosing evenly: better for bugs that
    need one invocation to stand still while the others do much.

    Raises: ValueError for another search.
    """
    driver_by("schedules", search)
    return _drawn(search)


@st.composite
def _drawn(draw: st.DrawFn, search: Search) -> Driver:
    # Composed, because what is mapped is printed with what it was mapped from.
    return Drawn(draw(st.randoms(use_true_random=False)), search)
