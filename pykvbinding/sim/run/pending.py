"""One operation that waits for its turn: what is known of it before, and what it then did."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from pykvbinding.sim.run.invocation import Invocation
from pykvbinding.sim.schedule import OperationToken

WRITES = frozenset({"put", "delete"})

DEVIATIONS = ("order", "stale", "accepted", "failed", "roamed", "tombstones", "overtakes")
"""What about an operation need not be the ordinary thing."""

NO_DEVIATIONS = ((), ("order",))
"""Of what its invocation alone tells: the order is told by where it stands."""


@dataclass(slots=True, eq=False)
class PendingOperation:
    """One operation of an invocation, waiting for its turn or having it.

    `kind` and `keys` are known before it happens, so a search can tell what it conflicts with.
    `places` are the locations that may carry it out, home first, if there is more than one;
    `location` is the one that did, `None` for home. `space` is the id of the namespace, which
    bindings of other names may lead to as well. `deviates` is what
    `deviations` tells once it is done.
    """

    invocation: Invocation
    kind: str
    binding: str
    keys: tuple[str, ...]
    asked: int
    alarm: "asyncio.Future[None]"
    after: int = 0
    """The number of the last event that had happened when it was asked."""

    ticket: int = 0
    """Which one of its invocation it is, in the order in which they began."""

    nth: int = 1
    places: tuple[str, ...] = ()
    location: str | None = None
    space: str = ""
    older: list[int] = field(default_factory=list)
    accepted: bool = False
    failed: bool = False
    tombstones: bool = False
    overtakes: bool = False
    out_of_order: bool = False
    deviates: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How a schedule names it."""
        number = str(self.invocation.number)
        return f"{number}:{self.nth}" if self.nth > 1 else number

    def deviations(self) -> tuple[str, ...]:
        """What about it is not the ordinary thing."""
        is_stale, is_away = any(self.older), self.location is not None
        special = self.accepted or self.failed or self.tombstones or self.overtakes
        if not (self.out_of_order or is_stale or is_away or special):
            return ()  # as nearly always
        said = (
            self.out_of_order,
            is_stale,
            self.accepted,
            self.failed,
            is_away,
            self.tombstones,
            self.overtakes,
        )
        return tuple(name for name, is_so in zip(DEVIATIONS, said, strict=True) if is_so)

    def token(self) -> OperationToken:
        """What it did, in the language of schedules."""
        if self.nth == 1 and self.deviations() in NO_DEVIATIONS:
            return self.invocation.move
        return OperationToken(
            invocation=self.invocation.number,
            nth=self.nth,
            location=self.location,
            older=tuple(self.older),
            accepted=self.accepted,
            failed=self.failed,
            tombstones=self.tombstones,
            overtakes=self.overtakes,
        )


def first_write_per_key(turns: Sequence[PendingOperation]) -> list[PendingOperation]:
    """Of the writes of each key only that of the invocation which was started first."""
    first: dict[tuple[str, str], PendingOperation] = {}
    for turn in turns:
        if turn.kind in WRITES:
            earlier = first.setdefault((turn.space, turn.keys[0]), turn)
            if turn.invocation.number < earlier.invocation.number:
                first[turn.space, turn.keys[0]] = turn
    return [
        turn for turn in turns if turn.kind not in WRITES or first[turn.space, turn.keys[0]] is turn
    ]
