"""PCT: random priorities, which find a bug of few orderings much sooner than uniform choices.

Every invocation gets a priority, and the enabled one with the highest priority runs. At a few
change points, chosen in advance, the invocation that would run gets the lowest priority. A bug that
needs `depth` orderings is found with a probability of at least 1 / (invocations * steps ** (depth -
1)) in each run (Burckhardt and others, "A randomized scheduler with probabilistic guarantees of
finding bugs", 2010).
"""

from collections.abc import Sequence

from pykvbinding.choices import ChoiceSource
from pykvbinding.sim.run.pending import PendingOperation
from pykvbinding.sim.run.schedulers import OPERATION
from pykvbinding.sim.schedule import AdvanceTime

PRIORITY = "priority"
PRIORITY_CHANGE = "priority change"

TIME = 0
"""The number of the passage of time, among the invocations, which are numbered from 1."""


class PctScheduler:
    """A scheduler with priorities; if every choice is 0, the order is the default.

    `steps` is the approximate number of operations in a run. Versions and refusals are chosen
    uniformly.
    """

    def __init__(self, choice: ChoiceSource, *, depth: int = 3, steps: int = 30) -> None:
        self._choice = choice
        self._order: list[int] = []
        # 0 is "never": a run without priority changes is the simplest.
        self._change_points = {choice.choose(steps + 1, PRIORITY_CHANGE) for _ in range(depth - 1)}
        self._step = 0

    def next(self, operations: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """Return the step with the highest priority."""
        self._step += 1
        actors = [operation.invocation.number for operation in operations]
        enabled = sorted({*actors, TIME} if lapse is not None else actors)
        for actor in enabled[enabled[0] == TIME :]:
            self._assign_priority(actor)
        if lapse is not None:
            self._assign_priority(TIME)
        first = next(actor for actor in self._order if actor in enabled)
        if self._step in self._change_points:
            self._demote(first)
            first = next(actor for actor in self._order if actor in enabled)
        if first == TIME and lapse is not None:
            self._demote(TIME)
            return AdvanceTime(lapse)
        indices = [index for index, actor in enumerate(actors) if actor == first]
        if len(indices) == 1:
            return indices[0]
        return indices[self._choice.choose(len(indices), OPERATION)]

    def choose(self, n: int, label: str) -> int:
        """Delegate to the source of choices."""
        return self._choice.choose(n, label)

    def check_exhausted(self, started: int) -> None:
        """Do nothing: a run without a text cannot have unused tokens."""

    def _assign_priority(self, actor: int) -> None:
        """Insert a new actor into the order; the default is the last place."""
        if actor not in self._order:
            count = len(self._order)
            self._order.insert(count - self._choice.choose(count + 1, PRIORITY), actor)

    def _demote(self, actor: int) -> None:
        self._order.remove(actor)
        self._order.append(actor)
