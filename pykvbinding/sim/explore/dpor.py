"""The search: every schedule of a program up to equivalence, one run after another.

It goes depth first through all that a run can decide. Two runs are equivalent if they differ only
in the order of operations that have nothing to do with each other; sleep sets leave out all but one
of them. While no time can pass any more, races alone tell which orders have to be tried at all
(source sets); time is let pass after every set of operations, so before that each order is tried.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from pykvbinding.sim.anomalies import Permissions
from pykvbinding.sim.errors import Cut, NotDeterministic
from pykvbinding.sim.explore.independence import TIME, Actor, Step, depend, step_of
from pykvbinding.sim.explore.linear_extensions import Orders
from pykvbinding.sim.run.pending import Turn
from pykvbinding.sim.run.schedulers import Searcher, Watcher
from pykvbinding.sim.run.simulation import Simulation
from pykvbinding.sim.schedule import Lapse
from pykvbinding.sim.trace import Trace


class Pick:
    """A choice of one among `n` about an operation."""

    __slots__ = ("index", "label", "n")

    def __init__(self, n: int, label: str) -> None:
        self.n = n
        self.label = label
        self.index = 0

    def advance(self) -> bool:
        """Go on to the next; `False` if that was the last."""
        self.index += 1
        return self.index < self.n

    def __str__(self) -> str:
        return f"a choice of {self.n} ({self.label})"


class Fork:
    """A point at which one of several steps comes next.

    `todo` has the actors whose steps are to be tried here, `asleep` the names of steps that need
    not be tried, because what they begin is equivalent to what has been. `is_barrier` is true where
    everything before has come to rest first.
    """

    __slots__ = (
        "asleep",
        "before",
        "index",
        "is_barrier",
        "is_full",
        "lapse",
        "now",
        "run",
        "steps",
        "todo",
    )

    def __init__(
        self, steps: list[Step], lapse: int | None, asleep: set[str], *, is_full: bool
    ) -> None:
        self.steps = steps if lapse is None else [*steps, TIME]
        self.lapse = lapse
        self.asleep = asleep
        self.is_full = is_full
        self.todo: set[Actor] = {step.actor for step in self.steps} if is_full else set()
        self.index = -1
        self.is_barrier = False
        self.run = 0
        self.now = 0
        self.before = 0
        """The steps that come before this one in every equivalent run, as a mask."""

    @property
    def leaves(self) -> int:
        """When this step is done, in nanoseconds since the epoch: only one of them takes time."""
        return self.now + (self.lapse or 0) if self.step is TIME else self.now

    @property
    def step(self) -> Step:
        """What comes next, as things stand."""
        return self.steps[self.index]

    def begin(self) -> bool:
        """Find the first step to try; `False` if every step is asleep."""
        if not self.is_full:
            awake = [step.actor for step in self.steps if step.name not in self.asleep]
            self.todo.update(awake[:1])
        return self._find()

    def advance(self) -> bool:
        """Go on to the next step to try; `False` if there is none."""
        self.asleep.add(self.step.name)
        return self._find()

    def still_asleep(self, *, ordered_reads: bool) -> set[str]:
        """What need not be tried after this step either: what has nothing to do with it."""
        step = self.step
        return {
            other.name
            for other in self.steps
            if other.name in self.asleep and not depend(step, other, ordered_reads=ordered_reads)
        }

    def could_be(self, later: Step) -> bool:
        """Whether a step that came later could have come first: it was there, or is of others.

        An actor has several at once if it does not wait for one before it begins the next.
        """
        is_of_others = later.actor != self.step.actor
        return is_of_others or any(step.ticket == later.ticket for step in self.steps)

    def offer(self, actors: Sequence[Actor]) -> None:
        """See to it that one of some actors is tried here, the last one rather than another."""
        if self.todo.isdisjoint(actors):
            there = {step.actor for step in self.steps}
            self.todo.update([actor for actor in actors if actor in there][-1:])

    def _find(self) -> bool:
        for index, step in enumerate(self.steps):
            if step.actor in self.todo and step.name not in self.asleep:
                self.index = index
                return True
        return False

    def __str__(self) -> str:
        return f"a choice between {', '.join(map(str, self.steps))}"


Node: TypeAlias = Fork | Pick


class Search(Watcher, Searcher):
    """A driver that decides otherwise in each run, until it has tried everything.

    `begin_run` and `end_run` stand around each; `distinct` counts the runs that came to their end,
    no two of them equivalent, and `blocked` those that were cut off because all that they could
    still become had been tried. `total` is how many runs there are without leaving any out. What
    that is worth depends on the bounds of the networks: their most `time_jumps`, and `grace`.
    """

    def __init__(self, time_jumps: int) -> None:
        self.time_jumps = 0
        self.grace: float = 0
        self.labels: dict[str, bool] = {}
        self.is_used = False
        self.is_cut = False
        self.problem: Exception | None = None
        self._time_jumps = time_jumps
        self._reduces = True
        self._ordered_reads = False
        self._starts_again = False
        self._start_over()

    def __repr__(self) -> str:
        return f"<every schedule: run {self.distinct + self.blocked + 1:,}>"

    # What a network tells.

    def opened(self, stage: Any) -> None:
        """A network goes by this search."""
        self._stages.append(stage)

    def adopt(self, permissions: Permissions, time_jumps: int | None) -> int:
        """A network goes by this search; how often time may pass in it."""
        chosen = self._time_jumps if time_jumps is None else time_jumps
        self.is_used = True
        self.time_jumps = max(self.time_jumps, chosen)
        self.grace = max(self.grace, permissions.grace)
        if not (permissions.racing_writes and permissions.torn_gets):
            self.share()  # an operation bears on others of its invocation, whatever their keys
        remembers = not (permissions.flap and permissions.early_refresh and permissions.cold_stale)
        if remembers and not self._ordered_reads:
            self._ordered_reads = True
            self._start_again()
        return chosen

    def share(self) -> None:
        """Handlers share what no key tells of: from now on, every order is tried."""
        if self._reduces:
            self._reduces = False
            self._start_again()

    def sometimes(self, label: str, happened: bool) -> None:  # noqa: FBT001
        """Something that must happen in one run at least has happened in this one, or not."""
        self.labels[label] = self.labels.get(label, False) or happened

    # A run.

    def begin_run(self) -> None:
        """Be ready for another run."""
        self._depth = 0
        self._stages: list[Any] = []
        self._worlds: list[Simulation] = []
        self.is_cut = False

    def end_run(self) -> bool:
        """Draw conclusions from the run; whether there is another one to do.

        Raises: NotDeterministic if it was not the run that was to be repeated.
        """
        if not self.is_cut and self._depth < len(self._path) and not self._starts_again:
            self._problem("the end", self._path[self._depth])
        if self.problem is not None:
            raise self.problem
        if self._starts_again:
            self._start_over()
            return True
        self._compare()
        if self.is_cut:
            self.blocked += 1
        else:
            self.distinct += 1
            before = [fork.before for fork in self._forks]
            self.total += self.orders.count(before) if self._reduces else 1
        return self._go_on()

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:
        """The step that is to be tried here.

        Raises: Cut where nothing has to be tried.
        """
        if self.is_cut:
            raise Cut
        simulation = cast("Simulation", turns[0].invocation.simulation)
        is_new_world = not self._worlds or self._worlds[-1] is not simulation
        if is_new_world:
            if simulation in self._worlds:
                self.share()  # two networks take turns, and the test may carry things over
            self._worlds.append(simulation)
        if self._depth == len(self._path):
            self._visit(simulation, turns, lapse, is_new_world=is_new_world)
        node = self._path[self._depth]
        if not isinstance(node, Fork) or not _fits(node, turns, lapse):
            self._problem(_described(turns, lapse), node)
            raise Cut
        self._depth += 1
        index = node.index
        return index if index < len(turns) else Lapse(lapse or 0)

    def choose(self, n: int, label: str) -> int:
        """The choice that is to be tried here."""
        if self.is_cut:
            raise Cut
        if self._depth == len(self._path):
            self._path.append(Pick(n, label))
        node = self._path[self._depth]
        if not isinstance(node, Pick) or node.n != n or node.label != label:
            self._problem(str(Pick(n, label)), node)
            raise Cut
        self._depth += 1
        return node.index

    def check_end(self, started: int) -> None:
        """A search says nothing that could be left."""

    @property
    def schedules(self) -> list[str]:
        """What the run was, in the language of schedules, for each network."""
        return [stage.simulation.schedule for stage in self._stages]

    @property
    def traces(self) -> list[Trace]:
        """Everything that happened, in each network."""
        return [stage.told() for stage in self._stages]

    # The tree.

    def _start_again(self) -> None:
        if self._path:
            self._starts_again = True

    def _start_over(self) -> None:
        """Forget what has been tried: it was too little."""
        self.distinct = self.blocked = self.total = 0
        self.orders = Orders()
        self._path: list[Node] = []
        self._forks: list[Fork] = []
        self._compared = 0
        self._starts_again = False
        self.begin_run()

    def _visit(
        self,
        simulation: Simulation,
        turns: Sequence[Turn],
        lapse: int | None,
        *,
        is_new_world: bool,
    ) -> None:
        """Come to a point where nobody has been."""
        until, now = simulation.until, simulation.clock.now_nanoseconds()
        steps = [step_of(turn, rules=turn.invocation is until) for turn in turns]
        last = self._forks[-1] if self._forks else None
        is_barrier = is_new_world
        if last is not None and not is_new_world:
            is_barrier = last.run == simulation.runs and now != last.leaves
            was_alone = len(last.steps) - (last.lapse is not None) == 1
            if is_barrier and not was_alone:
                self.share()  # time does not pass by itself while others wait: a handler moved it
            is_barrier |= last.run != simulation.runs and was_alone
        asleep: set[str] = set()
        if last is not None and not is_barrier and self._reduces:
            asleep = last.still_asleep(ordered_reads=self._ordered_reads)
        is_full = not self._reduces or simulation.time_jumps > 0
        fork = Fork(steps, lapse, asleep, is_full=is_full)
        fork.is_barrier, fork.run, fork.now = is_barrier, simulation.runs, now
        if not fork.begin():
            self.is_cut = True
            raise Cut
        self._path.append(fork)
        self._forks.append(fork)

    def _compare(self) -> None:
        """Find, for each new step of the run, what comes before it, and what it races with."""
        forks = self._forks
        start = 0
        for place, fork in enumerate(forks):
            start = place if fork.is_barrier else start
            if place >= self._compared:
                self._compare_one(place, start)
        self._compared = len(forks)

    def _compare_one(self, place: int, start: int) -> None:
        forks, ordered_reads = self._forks, self._ordered_reads
        step = forks[place].step
        before = (1 << start) - 1
        for earlier in range(place - 1, start - 1, -1):
            if before >> earlier & 1:
                continue
            other = forks[earlier]
            if not depend(other.step, step, ordered_reads=ordered_reads):
                continue
            before |= other.before | 1 << earlier
            if not other.is_full and other.could_be(step):
                forks[place].before = before
                other.offer(self._beginnings(earlier, place))
        forks[place].before = before

    def _beginnings(self, first: int, last: int) -> list[Actor]:
        """Who can begin what leads to the last of two steps, but not by way of the first one."""
        forks = self._forks
        rest = [n for n in range(first + 1, last) if not forks[n].before >> first & 1] + [last]
        mask = sum(1 << n for n in rest)
        return [forks[n].step.actor for n in rest if not forks[n].before & mask]

    def _go_on(self) -> bool:
        """Turn to the last decision that can be another one; `False` if there is none."""
        path = self._path
        while path and not path[-1].advance():
            if isinstance(path.pop(), Fork):
                self._forks.pop()
        self._compared = min(self._compared, len(self._forks))
        if path and isinstance(path[-1], Fork):
            self._compared = min(self._compared, len(self._forks) - 1)
        return bool(path)

    def _problem(self, now: str, node: Node) -> None:
        """Note the first difference to what the run was to repeat."""
        self.is_cut = True
        schedule = " | ".join(self.schedules)
        self.problem = NotDeterministic(
            f"after the schedule {schedule!r} the test came to {now}; the same schedule has led to "
            f"{node} before. Does a handler look at the wall clock, random, uuid or a global of "
            "its module, or the test at a fixture that it changes?"
        )


def _fits(fork: Fork, turns: Sequence[Turn], lapse: int | None) -> bool:
    """Whether that is the point where a run has been before. It looks at what comes next alone."""
    index = fork.index
    if lapse != fork.lapse or len(turns) + (lapse is not None) != len(fork.steps):
        return False
    if index == len(turns):
        return True
    step, turn = fork.steps[index], turns[index]
    return step.keys == turn.keys and step.kind == turn.kind and step.name == turn.name


def _described(turns: Sequence[Turn], lapse: int | None) -> str:
    return str(Fork([step_of(turn, rules=False) for turn in turns], lapse, set(), is_full=True))
