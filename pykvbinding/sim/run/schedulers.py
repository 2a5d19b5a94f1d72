"""Schedulers: default order, random, or replay of a text. All implement the same protocol."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from pykvbinding.choices import ChoiceSource, SeededChoice
from pykvbinding.sim.anomalies import AllowedAnomalies
from pykvbinding.sim.errors import ScheduleMismatch
from pykvbinding.sim.run.pending import PendingOperation
from pykvbinding.sim.schedule import (
    AdvanceTime,
    OperationToken,
    Token,
    format_schedule,
    parse_schedule,
)

VERSION = "version"
ACCEPT = "accept"
FAIL = "fail"
TOMBSTONES = "tombstones"
OVERTAKE = "overtake"
OPERATION = "operation"
LOCATION = "location"

TOKEN_FIELD = {ACCEPT: "accepted", FAIL: "failed", TOMBSTONES: "tombstones", OVERTAKE: "reordered"}
"""The field of an operation, and of its token, that holds the result of each choice."""

UNUSED_TOKEN_REASON = {
    ACCEPT: "that operation would not be refused",
    FAIL: "that operation cannot fail (faults are off, or it is not an accepted write)",
    TOMBSTONES: "that operation skips no tombstones",
    OVERTAKE: (
        "that operation cannot be inserted before another one (reorder_writes is off, the write is "
        "refused, or the last write of its key is from the same location or more than 60 s old)"
    ),
}


@runtime_checkable
class Scheduler(Protocol):
    """Makes every decision of a run that has more than one possible result."""

    def next(self, operations: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """Return the index of the operation that completes next, or how much time passes.

        The first operation is the default. `lapse` is the time to the next deadline in nanoseconds,
        or `None` if no time may pass.
        """
        ...

    def choose(self, n: int, label: str) -> int:
        """Choose one of `n` possible effects of the operation that completes; 0 is the default."""
        ...

    def check_exhausted(self, started: int) -> None:
        """Check, at the end of a run with `started` invocations, that nothing is left to replay."""
        ...


@runtime_checkable
class ExhaustiveScheduler(Protocol):
    """A scheduler that tries every schedule, and has to know which ones it may skip."""

    def attach_network(self, anomalies: AllowedAnomalies, time_jumps: int | None) -> int:
        """Add a network that uses this scheduler; return how often time may pass in it.

        This is the `time_jumps` of the network, or the default of the scheduler if it is `None`.
        """
        ...

    def disable_reduction(self) -> None:
        """Treat all operations as dependent: more than their kinds and keys decides."""
        ...


class NetworkObserver:
    """A scheduler that has to know the networks that use it."""

    def on_network_created(self, harness: Any) -> None:
        """Handle a new network that uses this scheduler; `harness` is its harness."""

    def on_abort(self, error: BaseException) -> None:
        """Handle a run that ended with an error of no handler, such as one of the scheduler."""


class PerNetworkScheduler(NetworkObserver):
    """A scheduler that delegates to another one per network, made by `make_scheduler(harness)`."""

    def __init__(self, make_scheduler: Callable[[Any], "Scheduler"]) -> None:
        self._make_scheduler = make_scheduler
        self._schedulers: dict[object, Scheduler] = {}
        self._current: Scheduler = DefaultScheduler()

    def on_network_created(self, harness: Any) -> None:
        """Make the scheduler of a new network."""
        self._schedulers[harness.simulation] = self._make_scheduler(harness)

    def next(self, operations: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """Delegate to the scheduler of the network."""
        self._current = self._schedulers[operations[0].invocation.simulation]
        return self._current.next(operations, lapse)

    def choose(self, n: int, label: str) -> int:
        """Delegate to the scheduler of the network whose operation completes."""
        return self._current.choose(n, label)

    def check_exhausted(self, started: int) -> None:
        """Check nothing: the rest of a text may be for a later run of its network."""


class DefaultScheduler:
    """Always makes the default choice."""

    def next(
        self,
        operations: Sequence[PendingOperation],  # noqa: ARG002
        lapse: int | None,  # noqa: ARG002
    ) -> int | AdvanceTime:
        """Return 0."""
        return 0

    def choose(self, n: int, label: str) -> int:  # noqa: ARG002
        """Return 0."""
        return 0

    def check_exhausted(self, started: int) -> None:
        """Do nothing: a run without a text cannot have unused tokens."""


class RandomScheduler:
    """Makes every decision by one `choose`, of a seed, of Hypothesis or of a search."""

    def __init__(self, choice: ChoiceSource) -> None:
        self._choice = choice

    def next(self, operations: Sequence[PendingOperation], lapse: int | None) -> int | AdvanceTime:
        """Choose among the operations and, as the last alternative, the passage of time."""
        index = self._choice.choose(len(operations) + (lapse is not None), OPERATION)
        return AdvanceTime(lapse) if lapse is not None and index == len(operations) else index

    def choose(self, n: int, label: str) -> int:
        """Delegate to the source of choices."""
        return self._choice.choose(n, label)

    def check_exhausted(self, started: int) -> None:
        """Do nothing: a run without a text cannot have unused tokens."""


def seeded_scheduler(seed: int) -> RandomScheduler:
    """Return the scheduler for a seed."""
    return RandomScheduler(SeededChoice(seed))


class ReplayScheduler:
    """Follows a schedule text; after its end, makes the default choices.

    Raises: ScheduleMismatch when the run reaches a token that does not fit.
    """

    def __init__(self, text: str) -> None:
        self.is_refused: bool = False
        """Whether a token did not fit."""

        self._tokens = parse_schedule(text)
        self._position = 0
        self._token: OperationToken | None = None
        self._versions_read = 0
        self._candidate_locations: tuple[str, ...] = ()
        self._used: set[str] = set()

    def __str__(self) -> str:
        return format_schedule(self._tokens)

    def next(
        self,
        operations: Sequence[PendingOperation],
        lapse: int | None,  # noqa: ARG002
    ) -> int | AdvanceTime:
        """Follow the next token."""
        self._check_token_used()
        if self._position == len(self._tokens):
            self._token = None
            return 0
        token = self._tokens[self._position]
        self._position += 1
        if isinstance(token, AdvanceTime):
            return token
        name = f"{token.invocation}:{token.index}" if token.index > 1 else str(token.invocation)
        names = [operation.name for operation in operations]
        if name not in names:
            raise self._mismatch(
                token,
                f"invocation {name} has no operation to complete; those that can go on are "
                f"{', '.join(names)}",
            )
        self._token = token
        self._versions_read = 0
        self._used.clear()
        index = names.index(name)
        self._candidate_locations = operations[index].candidate_locations
        return index

    def choose(self, n: int, label: str) -> int:
        """Follow the current token; return 0 if it leaves the choice open."""
        token = self._token
        if token is None:
            return 0
        if label == VERSION:
            return self._choose_version(token, n)
        self._used.add(label)
        if label == LOCATION:
            return self._location_index(token)
        return int(getattr(token, TOKEN_FIELD[label]))

    def check_exhausted(self, started: int) -> None:
        """Check that every token was reached, or may be for an invocation yet to start.

        Raises: ScheduleMismatch.
        """
        self._check_token_used()
        remaining = self._tokens[self._position :]
        operations = [token for token in remaining if isinstance(token, OperationToken)]
        if remaining and all(token.invocation <= started for token in operations):
            self.is_refused = True
            raise ScheduleMismatch(
                f"token {self._position + 1}, {str(remaining[0])!r}, was never reached: the run "
                "ended before it"
            )

    @property
    def is_exhausted(self) -> bool:
        """True if every token has been followed and checked."""
        return self._token is None and self._position == len(self._tokens)

    def _choose_version(self, token: OperationToken, n: int) -> int:
        versions_behind = token.versions_behind[self._versions_read :][:1]
        self._versions_read += 1
        index = versions_behind[0] if versions_behind else 0
        if index >= n:
            raise self._mismatch(token, f"that read may return {n} versions, counted from 0")
        return index

    def _check_token_used(self) -> None:
        """Reject a token with a part that the operation did not use."""
        token = self._token
        self._token = None
        if token is None:
            return
        if self._versions_read < len(token.versions_behind):
            raise self._mismatch(token, f"that operation reads {self._versions_read} keys")
        if token.location is not None and LOCATION not in self._used:
            raise self._mismatch(
                token, "that operation stays in its location (cross_location_routing is off)"
            )
        for label, name in TOKEN_FIELD.items():
            if getattr(token, name) and label not in self._used:
                raise self._mismatch(token, UNUSED_TOKEN_REASON[label])

    def _location_index(self, token: OperationToken) -> int:
        if token.location is None:
            return 0
        if token.location not in self._candidate_locations:
            locations = ", ".join(self._candidate_locations)
            raise self._mismatch(token, f"the locations of this network are {locations}")
        return self._candidate_locations.index(token.location)

    def _mismatch(self, token: Token, reason: str) -> ScheduleMismatch:
        self.is_refused = True
        return ScheduleMismatch(
            f"token {self._position}, {str(token)!r}, does not fit this run: {reason}"
        )
