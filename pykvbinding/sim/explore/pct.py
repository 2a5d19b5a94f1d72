"""PCT: random priorities, which find a bug of few orderings far sooner than fair choices do.

Every invocation gets a priority, and the highest that can go on does; at a few moments, chosen
beforehand, the one that would go on falls behind all others. A bug that takes `depth` orderings is
hit with a probability of at least 1 / (invocations * steps ** (depth - 1)) in each run (Burckhardt
and others, "A randomized scheduler with probabilistic guarantees of finding bugs", 2010).
"""

from collections.abc import Sequence

from pykvbinding.choices import ChoiceSource
from pykvbinding.sim.run.pending import Turn
from pykvbinding.sim.schedule import Lapse

PRIORITY = "priority"
FALL = "fall"
WHO = "who"

TIME = 0
"""Stands for the passage of time among the invocations, which count from 1."""


class Pct:
    """A driver that goes by priorities; all zeros are the ordinary order.

    `steps` is about how many operations a run has. Versions and refusals are chosen evenly.
    """

    def __init__(self, choice: ChoiceSource, *, depth: int = 3, steps: int = 30) -> None:
        self._choice = choice
        self._order: list[int] = []
        # 0 is "never": a run in which nothing falls behind is the simplest.
        self._falls = {choice.choose(steps + 1, FALL) for _ in range(depth - 1)}
        self._step = 0

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:
        """The step of the highest priority."""
        self._step += 1
        actors = [turn.invocation.number for turn in turns]
        there = sorted({*actors, TIME} if lapse is not None else actors)
        for actor in there[there[0] == TIME :]:
            self._rank(actor)
        if lapse is not None:
            self._rank(TIME)
        first = next(actor for actor in self._order if actor in there)
        if self._step in self._falls:
            self._fall(first)
            first = next(actor for actor in self._order if actor in there)
        if first == TIME and lapse is not None:
            self._fall(TIME)
            return Lapse(lapse)
        mine = [index for index, actor in enumerate(actors) if actor == first]
        return mine[self._choice.choose(len(mine), WHO)] if len(mine) > 1 else mine[0]

    def choose(self, n: int, label: str) -> int:
        """What the choice says."""
        return self._choice.choose(n, label)

    def check_end(self, started: int) -> None:
        """Chance leaves nothing unsaid."""

    def _rank(self, actor: int) -> None:
        """Give a newcomer its place: the last one is the ordinary."""
        if actor not in self._order:
            count = len(self._order)
            self._order.insert(count - self._choice.choose(count + 1, PRIORITY), actor)

    def _fall(self, actor: int) -> None:
        self._order.remove(actor)
        self._order.append(actor)
