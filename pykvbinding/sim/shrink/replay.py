"""Recording of a run in a form that survives reordering, and schedulers that replay it.

A schedule string says how many versions behind the newest a read is; a recording has the absolute
version. So an operation can be moved within a run and still see the same version.
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
"""The newest version; -2 is the one before, and so on."""


@dataclass(frozen=True, slots=True)
class VersionChoice:
    """The version of one key that an operation saw. `older` is the number of newer versions."""

    key: str
    version: int
    older: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """One completed operation. `choices` has its other choices that differ from the default.

    `is_switch`: another invocation could have continued. `is_early`: another operation was the
    default. Both are results of a run; a replay ignores them.
    """

    invocation: int
    nth: int = 1
    version_choices: tuple[VersionChoice, ...] = ()
    choices: tuple[tuple[str, int], ...] = ()
    is_early: bool = field(default=False, compare=False)
    is_switch: bool = field(default=False, compare=False)

    @property
    def depth(self) -> int:
        """The number of newer versions that its reads missed, summed over all keys."""
        return sum(version_choice.older for version_choice in self.version_choices)

    @property
    def deviations(self) -> int:
        """The number of deviations from the default."""
        return self.is_early + (self.depth > 0) + len(self.choices)


RecordedAction: TypeAlias = RecordedStep | AdvanceTime
RecordedActions: TypeAlias = tuple[RecordedAction, ...]

Recording: TypeAlias = tuple[RecordedActions, ...]
"""The actions of each network of a run, in the order of creation."""

OperationId: TypeAlias = tuple[int, int]
"""The number of an invocation, and the index of its operation in flight."""


class NextQuestion(NamedTuple):
    """A network asks which operation completes next, if time does not pass."""

    network: int
    waiting: tuple[OperationId, ...]
    lapse: int | None


class ChoiceQuestion(NamedTuple):
    """A network asks about the completing operation; `versions` are the versions of `key`."""

    network: int
    n: int
    label: str
    key: str
    versions: tuple[int, ...]


SchedulerQuestion: TypeAlias = NextQuestion | ChoiceQuestion
Decision: TypeAlias = int | AdvanceTime


class RecordingScheduler(NetworkObserver):
    """A scheduler that records the decisions of another one.

    With `is_silent`, guarantees render no pictures, because the failure is not reported.
    """

    def __init__(self, driver: Scheduler, *, is_silent: bool = False) -> None:
        self.stages: list[Harness] = []
        self.log: list[tuple[SchedulerQuestion, Decision]] = []
        self._driver = driver
        self._is_silent = is_silent
        self._numbers: dict[object, int] = {}
        self._number = 0
        self._turn: PendingOperation | None = None

    def __repr__(self) -> str:
        texts = [stage.simulation.schedule for stage in self.stages]
        return " and ".join(map(repr, texts)) or "<a schedule that is not used>"

    def on_network_created(self, stage: Harness) -> None:
        """Register a network that this scheduler controls."""
        stage.is_silent = self._is_silent
        self._numbers[stage.simulation] = len(self.stages)
        self.stages.append(stage)
        if isinstance(self._driver, NetworkObserver):
            self._driver.on_network_created(stage)

    def next(self, turns: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """Return and record the decision of the other scheduler."""
        number = self._number = self._numbers[turns[0].invocation.simulation]
        decision = self._driver.next(turns, lapse)
        self.log.append((NextQuestion(number, waiting_operations(turns), lapse), decision))
        self._turn = None if isinstance(decision, AdvanceTime) else turns[decision]
        return decision

    def choose(self, n: int, label: str) -> int:
        """Return and record the decision of the other scheduler."""
        decision = self._driver.choose(n, label)
        number, turn = self._number, self._turn
        assert turn is not None
        offered = candidate_versions(self.stages[number], turn, label)
        self.log.append((ChoiceQuestion(number, n, label, *offered), decision))
        return decision

    def check_exhausted(self, started: int) -> None:
        """Check that the other scheduler is exhausted."""
        self._driver.check_exhausted(started)

    def recording(self) -> Recording:
        """Return the actions of every network so far."""
        networks = range(len(self.stages))
        return tuple(tuple(_actions(self.log, network)) for network in networks)


def waiting_operations(turns: Sequence[PendingOperation]) -> tuple[OperationId, ...]:
    """Return the identifiers of the waiting operations."""
    return tuple([(turn.invocation.number, turn.index) for turn in turns])


def candidate_versions(
    stage: Harness, turn: PendingOperation, label: str
) -> tuple[str, tuple[int, ...]]:
    """Return the key that an operation is about to see, and the versions that it may see."""
    if label != VERSION:
        return "", ()
    key, versions = stage.adversaries[turn.namespace_id].last_candidates
    return key, tuple(versions)


def _actions(
    log: Iterable[tuple[SchedulerQuestion, Decision]], network: int
) -> Iterator[RecordedAction]:
    """Yield the actions of one network from the questions and decisions of all networks."""
    last, step = 0, None
    for question, decision in log:
        if question.network != network:
            continue
        if isinstance(question, ChoiceQuestion):
            assert step is not None
            assert isinstance(decision, int)
            step = _add_choice(step, question, decision)
            continue
        if step is not None:
            yield step
        if isinstance(decision, AdvanceTime):
            step = None
            yield decision
            continue
        number, nth = question.waiting[decision]
        is_switch = number != last and question.waiting[0][0] == last
        step = RecordedStep(number, nth, is_early=decision > 0, is_switch=is_switch)
        last = number
    if step is not None:
        yield step


def _add_choice(step: RecordedStep, question: ChoiceQuestion, decision: int) -> RecordedStep:
    version_choices, choices = step.version_choices, step.choices
    if question.label == VERSION:
        version_choices = (
            *version_choices,
            VersionChoice(question.key, question.versions[decision], decision),
        )
    elif decision:
        choices = (*choices, (question.label, decision))
    return RecordedStep(
        step.invocation, step.nth, version_choices, choices, step.is_early, step.is_switch
    )


class ReplayCursor:
    """Replays the recorded actions of one network, and skips actions that no longer fit.

    After the last action it follows the default. An operation is matched by its invocation. A read
    sees its recorded version if that is still allowed, else the newest. Time passes to the next
    deadline at that moment.
    """

    def __init__(self, actions: RecordedActions) -> None:
        self._actions = actions
        self._position = 0
        self._step: RecordedStep | None = None
        self._picks: list[VersionChoice] = []

    def next(self, waiting: Sequence[OperationId], lapse: int | None) -> int | AdvanceTime:
        """Return the next action that fits."""
        while self._position < len(self._actions):
            action = self._actions[self._position]
            self._position += 1
            if isinstance(action, AdvanceTime):
                if lapse is not None:
                    return AdvanceTime(lapse)
                continue
            operation = (action.invocation, action.nth)
            if operation in waiting:
                self._step, self._picks = action, list(action.version_choices)
                return waiting.index(operation)
        self._step = None
        return 0

    def choose(self, n: int, label: str, key: str, versions: Sequence[int]) -> int:
        """Return the recorded choice."""
        step = self._step
        if step is None:
            return 0
        if label != VERSION:
            return min(next((index for name, index in step.choices if name == label), 0), n - 1)
        for version_choice in self._picks:
            if version_choice.key == key:
                self._picks.remove(version_choice)
                if version_choice.version < 0:
                    return min(NEWEST - version_choice.version, n - 1)
                return (
                    versions.index(version_choice.version)
                    if version_choice.version in versions
                    else 0
                )
        return 0


class RecordingReplayer(PerNetworkScheduler):
    """A scheduler that replays the recording of each network."""

    def __init__(self, *recording: Iterable[RecordedAction]) -> None:
        self._recording = tuple(map(tuple, recording))
        self._made = 0
        super().__init__(self._make_scheduler)

    def _make_scheduler(self, stage: Harness) -> Scheduler:
        number, recording = self._made, self._recording
        self._made += 1
        if len(recording) > 1:
            stage.trace.network_label = f"network {number + 1} of {len(recording)}"
        return _ReplayScheduler(
            stage, ReplayCursor(recording[number] if number < len(recording) else ())
        )


class _ReplayScheduler(DefaultScheduler):
    """Replays the recording of one network."""

    def __init__(self, stage: Harness, cursor: ReplayCursor) -> None:
        self._harness = stage
        self._cursor = cursor
        self._turn: PendingOperation | None = None

    def next(self, turns: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """Return the recorded decision."""
        decision = self._cursor.next(waiting_operations(turns), lapse)
        self._turn = None if isinstance(decision, AdvanceTime) else turns[decision]
        return decision

    def choose(self, n: int, label: str) -> int:
        """Return the recorded choice."""
        assert self._turn is not None
        return self._cursor.choose(n, label, *candidate_versions(self._harness, self._turn, label))


class RunCache:
    """Known runs of a program, as a trie of questions and decisions.

    Programs are deterministic, so the result of a run can be looked up without running it if a
    known run made the same decisions.
    """

    def __init__(self) -> None:
        self._question: SchedulerQuestion | None = None
        self._children: dict[Decision, RunCache] = {}

    def add(self, log: Iterable[tuple[SchedulerQuestion, Decision]]) -> None:
        """Add a run."""
        node = self
        for question, decision in log:
            node._question = question
            node = node._children.setdefault(decision, RunCache())

    def length(self, recording: Recording) -> int:
        """Return the number of questions in a run of that recording; 0 if the run is unknown."""
        cursors = {number: ReplayCursor(actions) for number, actions in enumerate(recording)}
        node: RunCache | None = self
        length = 0
        while node is not None and node._question is not None:
            question = node._question
            cursor = cursors.setdefault(question.network, ReplayCursor(()))
            if isinstance(question, NextQuestion):
                decision = cursor.next(question.waiting, question.lapse)
            else:
                decision = cursor.choose(
                    question.n, question.label, question.key, question.versions
                )
            length += 1
            node = node._children.get(decision)
        return 0 if node is None else length
