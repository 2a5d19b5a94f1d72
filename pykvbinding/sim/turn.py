"""One operation that waits for its turn: what is known of it before, and what it then did."""

import asyncio
from dataclasses import dataclass, field

from pykvbinding.sim.invocation import Invocation
from pykvbinding.sim.schedule import Move

DEVIATIONS = ("order", "stale", "accepted", "failed", "roamed", "tombstones")
"""What about an operation need not be the ordinary thing."""


@dataclass(slots=True, eq=False)
class Turn:
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

    nth: int = 1
    places: tuple[str, ...] = ()
    location: str | None = None
    space: str = ""
    older: list[int] = field(default_factory=list)
    accepted: bool = False
    failed: bool = False
    tombstones: bool = False
    out_of_order: bool = False
    deviates: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How a schedule names it."""
        number = str(self.invocation.number)
        return f"{number}:{self.nth}" if self.nth > 1 else number

    def deviations(self) -> tuple[str, ...]:
        """What about it is not the ordinary thing."""
        is_stale = bool(self.older) and any(self.older)
        said = (
            self.out_of_order,
            is_stale,
            self.accepted,
            self.failed,
            self.location is not None,
            self.tombstones,
        )
        if True not in said:
            return ()  # as nearly always
        return tuple(name for name, is_so in zip(DEVIATIONS, said, strict=True) if is_so)

    def token(self) -> Move:
        """What it did, in the language of schedules."""
        is_plain = not (self.accepted or self.failed or self.location or self.tombstones)
        if is_plain and self.nth == 1 and not any(self.older):
            return self.invocation.move
        return Move(
            invocation=self.invocation.number,
            nth=self.nth,
            location=self.location,
            older=tuple(self.older),
            accepted=self.accepted,
            failed=self.failed,
            tombstones=self.tombstones,
        )
