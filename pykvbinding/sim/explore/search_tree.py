"""The branches of the search tree: scheduling points and choices, with their alternatives."""

from collections.abc import Sequence
from typing import TypeAlias

from pykvbinding.sim.explore.independence import TIME, Actor, SearchStep, are_dependent, to_step
from pykvbinding.sim.run.pending import PendingOperation


class BranchChoice:
    """A choice among `n` effects of an operation."""

    __slots__ = ("index", "label", "n")

    def __init__(self, n: int, label: str) -> None:
        self.n = n
        self.label = label
        self.index = 0

    def advance(self) -> bool:
        """Select the next alternative; return `False` if there is none."""
        self.index += 1
        return self.index < self.n

    def __str__(self) -> str:
        return f"a choice of {self.n} ({self.label})"


class BranchPoint:
    """A point of a run at which one of several steps comes next.

    `backtrack_set` holds the actors whose steps are to be tried here. `sleep_set` holds the names
    of steps that need not be tried, because their runs are equivalent to earlier ones.
    `is_barrier` is true if every earlier step happens before this one.
    """

    __slots__ = (
        "backtrack_set",
        "index",
        "is_barrier",
        "is_full",
        "lapse",
        "now_ns",
        "predecessors",
        "run",
        "sleep_set",
        "steps",
    )

    def __init__(
        self, steps: list[SearchStep], lapse: int | None, sleep_set: set[str], *, is_full: bool
    ) -> None:
        self.steps = steps if lapse is None else [*steps, TIME]
        self.lapse = lapse
        self.sleep_set = sleep_set
        self.is_full = is_full
        self.backtrack_set: set[Actor] = {step.actor for step in self.steps} if is_full else set()
        self.index = -1
        self.is_barrier = False
        self.run = 0
        self.now_ns = 0
        self.predecessors = 0
        """The steps that happen before this one in every equivalent run, as a bit mask."""

    @property
    def ends_at(self) -> int:
        """The end of the step, in nanoseconds since the epoch: operations take no time."""
        return self.now_ns + (self.lapse or 0) if self.step is TIME else self.now_ns

    @property
    def step(self) -> SearchStep:
        """The selected step."""
        return self.steps[self.index]

    def begin(self) -> bool:
        """Select the first step to try; return `False` if every step is in the sleep set."""
        if not self.is_full:
            awake = [step.actor for step in self.steps if step.name not in self.sleep_set]
            self.backtrack_set.update(awake[:1])
        return self._select()

    def advance(self) -> bool:
        """Select the next step to try; return `False` if there is none."""
        self.sleep_set.add(self.step.name)
        return self._select()

    def inherited_sleep_set(self, *, ordered_reads: bool) -> set[str]:
        """Return the sleep set of the next point: the sleeping steps independent of this step."""
        step = self.step
        return {
            other.name
            for other in self.steps
            if other.name in self.sleep_set
            and not are_dependent(step, other, ordered_reads=ordered_reads)
        }

    def was_enabled_or_independent(self, later: SearchStep) -> bool:
        """Return whether `later` could come first: it is of another actor, or was enabled here.

        An actor has several enabled steps if it begins operations without awaiting each.
        """
        is_other_actor = later.actor != self.step.actor
        return is_other_actor or any(step.sequence_id == later.sequence_id for step in self.steps)

    def add_backtrack(self, actors: Sequence[Actor]) -> None:
        """Add one of some actors to the backtrack set, preferably the last, unless one is in it."""
        if self.backtrack_set.isdisjoint(actors):
            enabled = {step.actor for step in self.steps}
            self.backtrack_set.update([actor for actor in actors if actor in enabled][-1:])

    def _select(self) -> bool:
        for index, step in enumerate(self.steps):
            if step.actor in self.backtrack_set and step.name not in self.sleep_set:
                self.index = index
                return True
        return False

    def __str__(self) -> str:
        return f"a choice between {', '.join(map(str, self.steps))}"


Branch: TypeAlias = BranchPoint | BranchChoice


def matches(point: BranchPoint, operations: Sequence[PendingOperation], lapse: int | None) -> bool:
    """Return whether the selected step of a branch point matches the pending operations."""
    index = point.index
    if lapse != point.lapse or len(operations) + (lapse is not None) != len(point.steps):
        return False
    if index == len(operations):
        return True
    step, operation = point.steps[index], operations[index]
    return (
        step.keys == operation.keys and step.kind == operation.kind and step.name == operation.name
    )


def describe(operations: Sequence[PendingOperation], lapse: int | None) -> str:
    """Describe the alternatives at a scheduling point, for an error message."""
    return str(
        BranchPoint(
            [to_step(operation, is_barrier=False) for operation in operations],
            lapse,
            set(),
            is_full=True,
        )
    )
