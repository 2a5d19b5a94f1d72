"""Dynamic partial-order reduction: every schedule of a program up to equivalence, run by run.

The search goes depth first through the decisions of a run. Two runs are equivalent if they differ
only in the order of independent operations; sleep sets prune all but one of them. Once no time can
pass any more, only races add orders to try (source sets). Before that, every order is tried,
because time can pass after every set of operations.
"""

from collections.abc import Sequence
from typing import Any, cast

from pykvbinding.sim.anomalies import AllowedAnomalies
from pykvbinding.sim.errors import NotDeterministic, Pruned
from pykvbinding.sim.explore.independence import Actor, are_dependent, to_step
from pykvbinding.sim.explore.linear_extensions import LinearExtensionCounter
from pykvbinding.sim.explore.search_tree import Branch, BranchChoice, BranchPoint, describe, matches
from pykvbinding.sim.run.pending import PendingOperation
from pykvbinding.sim.run.schedulers import ExhaustiveScheduler, NetworkObserver
from pykvbinding.sim.run.simulation import Simulation
from pykvbinding.sim.schedule import AdvanceTime
from pykvbinding.sim.trace import Trace


class DporScheduler(NetworkObserver, ExhaustiveScheduler):
    """A scheduler that takes another schedule in each run, until it has tried all of them.

    Call `begin_run` before and `end_run` after each run. `distinct` counts the complete runs, no
    two of which are equivalent. `pruned_runs` counts those that were aborted because every
    continuation is equivalent to an earlier run. `total` is the number of runs without reduction.
    All numbers are relative to the bounds of the networks; `time_jumps` and
    `staleness_grace_seconds` are the maxima of these bounds.
    """

    def __init__(self, time_jumps: int) -> None:
        self.time_jumps = 0
        self.staleness_grace_seconds: float = 0
        self.labels: dict[str, bool] = {}
        self.is_used = False
        self.pruned = False
        self.divergence: Exception | None = None
        self._time_jumps = time_jumps
        self._uses_reduction = True
        self._ordered_reads = False
        self._must_restart = False
        self._restart()

    def __repr__(self) -> str:
        return f"<every schedule: run {self.distinct + self.pruned_runs + 1:,}>"

    # Called by networks.

    def on_network_created(self, harness: Any) -> None:
        """Record a network of the current run."""
        self._harnesses.append(harness)

    def attach_network(self, anomalies: AllowedAnomalies, time_jumps: int | None) -> int:
        """Record the bounds of a network; return how often time may pass in it."""
        bound = self._time_jumps if time_jumps is None else time_jumps
        self.is_used = True
        self.time_jumps = max(self.time_jumps, bound)
        self.staleness_grace_seconds = max(
            self.staleness_grace_seconds, anomalies.staleness_grace_seconds
        )
        if not (anomalies.racing_writes and anomalies.torn_sequential_reads):
            self.disable_reduction()  # operations of one invocation depend on each other
        orders_reads = not (
            anomalies.non_monotonic_reads
            and anomalies.early_refresh
            and anomalies.stale_first_reads
        )
        if orders_reads and not self._ordered_reads:
            self._ordered_reads = True
            self._request_restart()
        return bound

    def disable_reduction(self) -> None:
        """Try every order from now on: operations depend on each other by more than their keys."""
        if self._uses_reduction:
            self._uses_reduction = False
            self._request_restart()

    def sometimes(self, label: str, happened: bool) -> None:  # noqa: FBT001
        """Record whether an event that at least one run must have has happened in this run."""
        self.labels[label] = self.labels.get(label, False) or happened

    # One run.

    def begin_run(self) -> None:
        """Prepare for another run."""
        self._depth = 0
        self._harnesses: list[Any] = []
        self._simulations: list[Simulation] = []
        self.pruned = False

    def end_run(self) -> bool:
        """Analyze the run; return whether there is another one to do.

        Raises: NotDeterministic if the run did not repeat the path of the search.
        """
        if not self.pruned and self._depth < len(self._path) and not self._must_restart:
            self._record_divergence("the end", self._path[self._depth])
        if self.divergence is not None:
            raise self.divergence
        if self._must_restart:
            self._restart()
            return True
        self._find_races()
        if self.pruned:
            self.pruned_runs += 1
        else:
            self.distinct += 1
            predecessors = [point.predecessors for point in self._points]
            self.total += self.extensions.count(predecessors) if self._uses_reduction else 1
        return self._backtrack()

    def next(self, operations: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """Return the step to try here.

        Raises: Pruned if every branch here is covered by an equivalent run.
        """
        if self.pruned:
            raise Pruned
        simulation = cast("Simulation", operations[0].invocation.simulation)
        is_new_simulation = not self._simulations or self._simulations[-1] is not simulation
        if is_new_simulation:
            if simulation in self._simulations:
                self.disable_reduction()  # networks alternate, and the test may share state
            self._simulations.append(simulation)
        if self._depth == len(self._path):
            self._add_branch_point(
                simulation, operations, lapse, is_new_simulation=is_new_simulation
            )
        branch = self._path[self._depth]
        if not isinstance(branch, BranchPoint) or not matches(branch, operations, lapse):
            self._record_divergence(describe(operations, lapse), branch)
            raise Pruned
        self._depth += 1
        index = branch.index
        return index if index < len(operations) else AdvanceTime(lapse or 0)

    def choose(self, n: int, label: str) -> int:
        """Return the choice to try here.

        Raises: Pruned after the run has been pruned.
        """
        if self.pruned:
            raise Pruned
        if self._depth == len(self._path):
            self._path.append(BranchChoice(n, label))
        branch = self._path[self._depth]
        if not isinstance(branch, BranchChoice) or branch.n != n or branch.label != label:
            self._record_divergence(str(BranchChoice(n, label)), branch)
            raise Pruned
        self._depth += 1
        return branch.index

    def check_exhausted(self, started: int) -> None:
        """Do nothing: a run without a text cannot have unused tokens."""

    @property
    def schedules(self) -> list[str]:
        """The schedule of each network in the current run."""
        return [harness.simulation.schedule for harness in self._harnesses]

    @property
    def traces(self) -> list[Trace]:
        """The trace of each network in the current run."""
        return [harness.build_trace() for harness in self._harnesses]

    # The search tree.

    def _request_restart(self) -> None:
        if self._path:
            self._must_restart = True

    def _restart(self) -> None:
        """Start the search again: its earlier runs were based on too few dependencies."""
        self.distinct = self.pruned_runs = self.total = 0
        self.extensions = LinearExtensionCounter()
        self._path: list[Branch] = []
        self._points: list[BranchPoint] = []
        self._analyzed = 0
        self._must_restart = False
        self.begin_run()

    def _add_branch_point(
        self,
        simulation: Simulation,
        operations: Sequence[PendingOperation],
        lapse: int | None,
        *,
        is_new_simulation: bool,
    ) -> None:
        """Add a new branch point to the path.

        Raises: Pruned if every step is in the sleep set.
        """
        until, now_ns = simulation.until, simulation.clock.now_nanoseconds()
        steps = [
            to_step(operation, is_barrier=operation.invocation is until) for operation in operations
        ]
        last = self._points[-1] if self._points else None
        is_barrier = is_new_simulation
        if last is not None and not is_new_simulation:
            is_barrier = last.run == simulation.runs and now_ns != last.ends_at
            was_alone = len(last.steps) - (last.lapse is not None) == 1
            if is_barrier and not was_alone:
                self.disable_reduction()  # a handler has moved the clock while others waited
            is_barrier |= last.run != simulation.runs and was_alone
        sleep_set: set[str] = set()
        if last is not None and not is_barrier and self._uses_reduction:
            sleep_set = last.inherited_sleep_set(ordered_reads=self._ordered_reads)
        is_full = not self._uses_reduction or simulation.time_jumps > 0
        point = BranchPoint(steps, lapse, sleep_set, is_full=is_full)
        point.is_barrier, point.run, point.now_ns = is_barrier, simulation.runs, now_ns
        if not point.begin():
            self.pruned = True
            raise Pruned
        self._path.append(point)
        self._points.append(point)

    def _find_races(self) -> None:
        """Compute happens-before for each new step, and add the races to the backtrack sets."""
        points = self._points
        start = 0
        for index, point in enumerate(points):
            start = index if point.is_barrier else start
            if index >= self._analyzed:
                self._find_races_of(index, start)
        self._analyzed = len(points)

    def _find_races_of(self, index: int, start: int) -> None:
        points, ordered_reads = self._points, self._ordered_reads
        step = points[index].step
        predecessors = (1 << start) - 1
        for earlier in range(index - 1, start - 1, -1):
            if predecessors >> earlier & 1:
                continue
            other = points[earlier]
            if not are_dependent(other.step, step, ordered_reads=ordered_reads):
                continue
            predecessors |= other.predecessors | 1 << earlier
            if not other.is_full and other.was_enabled_or_independent(step):
                points[index].predecessors = predecessors
                other.add_backtrack(self._initials(earlier, index))
        points[index].predecessors = predecessors

    def _initials(self, first: int, last: int) -> list[Actor]:
        """Return the initials of the steps from `first` to `last` that do not depend on `first`."""
        points = self._points
        candidates = [
            n for n in range(first + 1, last) if not points[n].predecessors >> first & 1
        ] + [last]
        mask = sum(1 << n for n in candidates)
        return [points[n].step.actor for n in candidates if not points[n].predecessors & mask]

    def _backtrack(self) -> bool:
        """Go back to the last branch with an alternative; return `False` if there is none."""
        path = self._path
        while path and not path[-1].advance():
            if isinstance(path.pop(), BranchPoint):
                self._points.pop()
        self._analyzed = min(self._analyzed, len(self._points))
        if path and isinstance(path[-1], BranchPoint):
            self._analyzed = min(self._analyzed, len(self._points) - 1)
        return bool(path)

    def _record_divergence(self, current: str, branch: Branch) -> None:
        """Record the first difference from the path that the run had to repeat."""
        self.pruned = True
        schedule = " | ".join(self.schedules)
        self.divergence = NotDeterministic(
            f"after the schedule {schedule!r} the test reached {current}; the same schedule led to "
            f"{branch} before. Does a handler use the wall clock, random, uuid or a global of its "
            "module, or does the test change a fixture that it uses?"
        )
