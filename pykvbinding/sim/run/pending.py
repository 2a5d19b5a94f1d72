"""A pending operation: its static description and, once complete, its non-default choices."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from pykvbinding.sim.run.invocation import Invocation
from pykvbinding.sim.schedule import OperationToken

WRITES = frozenset({"put", "delete"})

DEVIATIONS = ("order", "stale", "accepted", "failed", "roamed", "tombstones", "overtakes")
"""The ways in which an operation can differ from the default."""

NO_DEVIATIONS = ((), ("order",))
"""Deviations of an operation whose token is its invocation alone: the order is in the position."""


@dataclass(slots=True, eq=False)
class PendingOperation:
    """One operation of an invocation that waits for the scheduler, or that the scheduler runs.

    `kind` and `keys` are known in advance, so that a search can find the operations that it
    conflicts with. `candidate_locations` are the locations that may carry it out, home first, if
    there is more than one; `location` is the one that did, `None` for home. `namespace_id`
    identifies the namespace, which can have several bindings. `deviates` is the result of
    `deviations()`, set when the operation is complete.
    """

    invocation: Invocation
    kind: str
    binding: str
    keys: tuple[str, ...]
    invoked: int
    wakeup: "asyncio.Future[None]"
    after: int = 0
    """The number of the last event before the operation was invoked."""

    sequence_id: int = 0
    """The position among the operations of its invocation, in the order in which they began."""

    index: int = 1
    candidate_locations: tuple[str, ...] = ()
    location: str | None = None
    namespace_id: str = ""
    versions_behind: list[int] = field(default_factory=list)
    accepted: bool = False
    failed: bool = False
    tombstones: bool = False
    reordered: bool = False
    out_of_order: bool = False
    deviates: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the operation in a schedule."""
        number = str(self.invocation.number)
        return f"{number}:{self.index}" if self.index > 1 else number

    def deviations(self) -> tuple[str, ...]:
        """Return the ways in which the operation differs from the default."""
        is_stale, is_away = any(self.versions_behind), self.location is not None
        is_special = self.accepted or self.failed or self.tombstones or self.reordered
        if not (self.out_of_order or is_stale or is_away or is_special):
            return ()  # nearly always
        values = (
            self.out_of_order,
            is_stale,
            self.accepted,
            self.failed,
            is_away,
            self.tombstones,
            self.reordered,
        )
        return tuple(name for name, deviates in zip(DEVIATIONS, values, strict=True) if deviates)

    def token(self) -> OperationToken:
        """Return the operation as a token of a schedule."""
        if self.index == 1 and self.deviations() in NO_DEVIATIONS:
            return self.invocation.default_token
        return OperationToken(
            invocation=self.invocation.number,
            index=self.index,
            location=self.location,
            versions_behind=tuple(self.versions_behind),
            accepted=self.accepted,
            failed=self.failed,
            tombstones=self.tombstones,
            reordered=self.reordered,
        )


def first_write_per_key(operations: Sequence[PendingOperation]) -> list[PendingOperation]:
    """Drop each write of a key except the one whose invocation was started first."""
    first: dict[tuple[str, str], PendingOperation] = {}
    for operation in operations:
        if operation.kind in WRITES:
            key = (operation.namespace_id, operation.keys[0])
            earliest = first.setdefault(key, operation)
            if operation.invocation.number < earliest.invocation.number:
                first[key] = operation
    return [
        operation
        for operation in operations
        if operation.kind not in WRITES
        or first[operation.namespace_id, operation.keys[0]] is operation
    ]
