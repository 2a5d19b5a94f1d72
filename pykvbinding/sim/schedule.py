"""The schedule language: what a run did that could have gone otherwise, as a line of text.

    2         invocation 2 completes its next operation, in the ordinary way
    2:2       … the second of those that it has in flight (`gather`), oldest first
    2@NRT     … in another location
    2~1       … its read returns one version older; a list or a read of several keys has one number
    2~0,1     for each key, in order
    2!        … its write is accepted although it comes within a second of another
    2?        … it fails after taking effect
    2%        … its list passes over tombstones
    2<        … its write comes in before the last one, which was made earlier in another location
    +61       61 seconds pass

Where the text ends, everything is ordinary: the invocation that moved last goes on, else the one
that was started first; reads are fresh, limits hold, and time passes only when all others wait.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pykvbinding.clock import NANOSECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One operation that is completed."""

    invocation: int
    nth: int = 1
    location: str | None = None
    older: tuple[int, ...] = ()
    accepted: bool = False
    failed: bool = False
    tombstones: bool = False
    overtakes: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it says nothing but whose operation it is."""
        said = self.accepted or self.failed or self.tombstones or self.overtakes
        return not (said or self.older or self.nth > 1 or self.location)

    def __str__(self) -> str:
        if self.is_plain:
            return str(self.invocation)  # as nearly always
        older = list(self.older)
        while older and older[-1] == 0:
            older.pop()
        return "".join(
            (
                str(self.invocation),
                f":{self.nth}" if self.nth > 1 else "",
                f"@{self.location}" if self.location is not None else "",
                f"~{','.join(map(str, older))}" if older else "",
                "!" if self.accepted else "",
                "?" if self.failed else "",
                "%" if self.tombstones else "",
                "<" if self.overtakes else "",
            )
        )


@dataclass(frozen=True, slots=True)
class Lapse:
    """Time that passes, in nanoseconds."""

    nanoseconds: int

    def __str__(self) -> str:
        whole, rest = divmod(self.nanoseconds, NANOSECONDS)
        fraction = f".{rest:09}".rstrip("0") if rest else ""
        return f"+{whole}{fraction}"


Token: TypeAlias = Move | Lapse

_MOVE = re.compile(
    r"(?P<invocation>[1-9][0-9]*)(:(?P<nth>[1-9][0-9]*))?(@(?P<location>[^\s~!?%@:]+?))?"
    r"(~(?P<older>[0-9]+(,[0-9]+)*))?(?P<accepted>!)?(?P<failed>\?)?(?P<tombstones>%)?"
    r"(?P<overtakes><)?"
)
_LAPSE = re.compile(r"\+(?P<whole>[0-9]+)(\.(?P<fraction>[0-9]{1,9}))?")


def parse(text: str) -> tuple[Token, ...]:
    """The tokens of a schedule.

    >>> [str(token) for token in parse("1 2~1 +0.5")]
    ['1', '2~1', '+0.5']

    Raises: ValueError that names the first token that is none.
    """
    return tuple(map(_token, text.split()))


def spell(tokens: Iterable[Token]) -> str:
    """The text of some tokens."""
    return " ".join(map(str, tokens))


def _token(word: str) -> Token:
    lapse = _LAPSE.fullmatch(word)
    if lapse is not None:
        fraction = (lapse["fraction"] or "").ljust(9, "0")
        return Lapse(int(lapse["whole"]) * NANOSECONDS + int(fraction))
    move = _MOVE.fullmatch(word)
    if move is None:
        raise ValueError(
            f"{word!r} is no token of a schedule; write 2 (invocation 2 goes on), 2~1 (its read is "
            "one version older), 2! (its write is accepted within the second), 2? (it fails after "
            "taking effect), 2< (it comes in before an earlier write), or +61 (61 s pass)"
        )
    return Move(
        invocation=int(move["invocation"]),
        nth=int(move["nth"] or 1),
        location=move["location"],
        older=tuple(map(int, move["older"].split(","))) if move["older"] else (),
        accepted=move["accepted"] is not None,
        failed=move["failed"] is not None,
        tombstones=move["tombstones"] is not None,
        overtakes=move["overtakes"] is not None,
    )
