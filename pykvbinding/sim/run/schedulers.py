"""Who decides: the ordinary thing, chance, or a text. Each sees the same questions."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from pykvbinding.choices import ChoiceSource, SeededChoice
from pykvbinding.sim.anomalies import Permissions
from pykvbinding.sim.errors import ScheduleMismatch
from pykvbinding.sim.run.pending import Turn
from pykvbinding.sim.schedule import Lapse, Move, Token, parse, spell

VERSION = "version"
ACCEPT = "accept"
FAIL = "fail"
TOMBSTONES = "tombstones"
OVERTAKE = "overtake"
WHO = "who"
WHERE = "where"

SAID = {ACCEPT: "accepted", FAIL: "failed", TOMBSTONES: "tombstones", OVERTAKE: "overtakes"}
"""What a move says about each of these."""

UNASKED = {
    ACCEPT: "that operation is not refused anyhow",
    FAIL: "that operation cannot fail (faults are off, or it is no write that was accepted)",
    TOMBSTONES: "that operation passes over no tombstones",
    OVERTAKE: (
        "that operation does not come in before another (reorder_writes is off, it is refused, or "
        "the last write of its key is of the same location, or of more than 60 s ago)"
    ),
}


@runtime_checkable
class Driver(Protocol):
    """What a run asks whenever something may go several ways."""

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:
        """Which operation completes next, by its place among `turns`, or how much time passes.

        The first is the ordinary one. `lapse` is the time to the next deadline, in nanoseconds,
        `None` where time may not pass.
        """
        ...

    def choose(self, n: int, label: str) -> int:
        """A choice of one among `n` about the operation that completes now; 0 is ordinary."""
        ...

    def check_end(self, started: int) -> None:
        """Everything has come to rest after so many invocations: is anything left unsaid?"""
        ...


@runtime_checkable
class Searcher(Protocol):
    """A driver that tries everything, and has to know what it may leave out."""

    def adopt(self, permissions: Permissions, time_jumps: int | None) -> int:
        """A network goes by this driver, and by these rules; how often time may pass in it.

        That is as often as the network says, or as the driver does if it says nothing.
        """
        ...

    def share(self) -> None:
        """Operations may depend on each other in ways that their kinds and keys do not tell."""
        ...


class Watcher:
    """A driver that has to know the networks that go by it."""

    def opened(self, stage: Any) -> None:
        """A network goes by this driver; `stage` is what it runs on."""

    def cut_off(self, error: BaseException) -> None:
        """A run has ended with an error that is nobody's outcome, such as one of the driver."""


class Several(Watcher):
    """A driver that has another one for each network: what `make` returns for its stage."""

    def __init__(self, make: Callable[[Any], "Driver"]) -> None:
        self._make = make
        self._drivers: dict[object, Driver] = {}
        self._current: Driver = Ordinary()

    def opened(self, stage: Any) -> None:
        """A network goes by this driver."""
        self._drivers[stage.simulation] = self._make(stage)

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:
        """What the driver of that network says."""
        self._current = self._drivers[turns[0].invocation.simulation]
        return self._current.next(turns, lapse)

    def choose(self, n: int, label: str) -> int:
        """What the driver of the network says whose turn it is."""
        return self._current.choose(n, label)

    def check_end(self, started: int) -> None:
        """What one of them leaves unsaid may be meant for later."""


class Ordinary:
    """Nothing but the ordinary."""

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:  # noqa: ARG002
        """The first."""
        return 0

    def choose(self, n: int, label: str) -> int:  # noqa: ARG002
        """The first."""
        return 0

    def check_end(self, started: int) -> None:
        """There is nothing to be left."""


class Chosen:
    """Every question is one `choose`: a seed, Hypothesis, or a search answers it."""

    def __init__(self, choice: ChoiceSource) -> None:
        self._choice = choice

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:
        """One of the operations, or, last of all, the lapse."""
        index = self._choice.choose(len(turns) + (lapse is not None), WHO)
        return Lapse(lapse) if lapse is not None and index == len(turns) else index

    def choose(self, n: int, label: str) -> int:
        """What the choice says."""
        return self._choice.choose(n, label)

    def check_end(self, started: int) -> None:
        """Chance leaves nothing unsaid."""


def by_seed(seed: int) -> Chosen:
    """The driver for a seed."""
    return Chosen(SeededChoice(seed))


class Spoken:
    """A text decides, and where it ends the ordinary thing does.

    Raises: ScheduleMismatch for a token that does not fit, when its turn comes.
    """

    def __init__(self, text: str) -> None:
        self.is_refused: bool = False
        """Whether it has been found not to fit."""

        self._tokens = parse(text)
        self._position = 0
        self._move: Move | None = None
        self._looks = 0
        self._places: tuple[str, ...] = ()
        self._asked: set[str] = set()

    def __str__(self) -> str:
        return spell(self._tokens)

    def next(self, turns: Sequence[Turn], lapse: int | None) -> int | Lapse:  # noqa: ARG002
        """What the next token says."""
        self._check_said()
        if self._position == len(self._tokens):
            self._move = None
            return 0
        token = self._tokens[self._position]
        self._position += 1
        if isinstance(token, Lapse):
            return token
        name = f"{token.invocation}:{token.nth}" if token.nth > 1 else str(token.invocation)
        names = [turn.name for turn in turns]
        if name not in names:
            there = f"what can go on is {', '.join(names)}"
            raise self._mismatch(token, f"invocation {name} has no operation to complete; {there}")
        self._move = token
        self._looks = 0
        self._asked.clear()
        index = names.index(name)
        self._places = turns[index].places
        return index

    def choose(self, n: int, label: str) -> int:
        """What the token says of that, 0 if nothing."""
        move = self._move
        if move is None:
            return 0
        if label == VERSION:
            older = move.older[self._looks] if self._looks < len(move.older) else 0
            self._looks += 1
            if older >= n:
                raise self._mismatch(move, f"that read may return {n} versions, counted from 0")
            return older
        self._asked.add(label)
        if label == WHERE:
            return self._find_place(move)
        return int(getattr(move, SAID[label]))

    def check_end(self, started: int) -> None:
        """Refuse what was never reached, unless it may be meant for invocations yet to start.

        Raises: ScheduleMismatch.
        """
        self._check_said()
        left = self._tokens[self._position :]
        moves = [token for token in left if isinstance(token, Move)]
        if left and all(move.invocation <= started for move in moves):
            self.is_refused = True
            raise ScheduleMismatch(
                f"token {self._position + 1}, {str(left[0])!r}, was never reached: the run had "
                "ended before it"
            )

    @property
    def is_said(self) -> bool:
        """Whether nothing of it can be left to say."""
        return self._move is None and self._position == len(self._tokens)

    def _check_said(self) -> None:
        """Refuse a token that said more than it was asked."""
        move = self._move
        self._move = None
        if move is None:
            return
        if self._looks < len(move.older):
            raise self._mismatch(move, f"that operation looks at {self._looks} keys")
        if move.location is not None and WHERE not in self._asked:
            raise self._mismatch(move, "that operation stays where it is (roaming is off)")
        for label, name in SAID.items():
            if getattr(move, name) and label not in self._asked:
                raise self._mismatch(move, UNASKED[label])

    def _find_place(self, move: Move) -> int:
        if move.location is None:
            return 0
        if move.location not in self._places:
            there = ", ".join(self._places)
            raise self._mismatch(move, f"the locations of this network are {there}")
        return self._places.index(move.location)

    def _mismatch(self, token: Token, why: str) -> ScheduleMismatch:
        self.is_refused = True
        return ScheduleMismatch(
            f"token {self._position}, {str(token)!r}, does not fit this run: {why}"
        )
