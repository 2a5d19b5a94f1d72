"""The schedule language: the non-default choices of a run, as a line of text.

    2         invocation 2 completes its next operation, with the default result
    2:2       … the second of the operations that it has in flight (`gather`), oldest first
    2@NRT     … in another location
    2~1       … its read returns the version before; lists and bulk reads have one number
    2~0,1     … one number for each key, in order
    2!        … its write is accepted within a second of another one
    2?        … it fails after taking effect
    2%        … its list counts tombstones
    2<        … its write is inserted before the last one, an earlier write of another location
    +61       61 seconds pass

After the end of the text, every choice is the default: the invocation that ran last continues, or
else the one that was started first; reads are fresh, limits hold, and time passes only when every
invocation waits.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pykvbinding.clock import NANOSECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationToken:
    """One operation that completes."""

    invocation: int
    index: int = 1
    location: str | None = None
    versions_behind: tuple[int, ...] = ()
    accepted: bool = False
    failed: bool = False
    tombstones: bool = False
    reordered: bool = False

    @property
    def is_default(self) -> bool:
        """True if the token is the number of the invocation alone."""
        is_special = self.accepted or self.failed or self.tombstones or self.reordered
        return not (is_special or self.versions_behind or self.index > 1 or self.location)

    def __str__(self) -> str:
        if self.is_default:
            return str(self.invocation)  # nearly always
        versions_behind = list(self.versions_behind)
        while versions_behind and versions_behind[-1] == 0:
            versions_behind.pop()
        return "".join(
            (
                str(self.invocation),
                f":{self.index}" if self.index > 1 else "",
                f"@{self.location}" if self.location is not None else "",
                f"~{','.join(map(str, versions_behind))}" if versions_behind else "",
                "!" if self.accepted else "",
                "?" if self.failed else "",
                "%" if self.tombstones else "",
                "<" if self.reordered else "",
            )
        )


@dataclass(frozen=True, slots=True)
class AdvanceTime:
    """The passage of time, in nanoseconds."""

    nanoseconds: int

    def __str__(self) -> str:
        whole, rest = divmod(self.nanoseconds, NANOSECONDS)
        fraction = f".{rest:09}".rstrip("0") if rest else ""
        return f"+{whole}{fraction}"


Token: TypeAlias = OperationToken | AdvanceTime

_OPERATION_TOKEN = re.compile(
    r"(?P<invocation>[1-9][0-9]*)(:(?P<index>[1-9][0-9]*))?(@(?P<location>[^\s~!?%@:]+?))?"
    r"(~(?P<versions_behind>[0-9]+(,[0-9]+)*))?(?P<accepted>!)?(?P<failed>\?)?(?P<tombstones>%)?"
    r"(?P<reordered><)?"
)
_ADVANCE_TIME = re.compile(r"\+(?P<whole>[0-9]+)(\.(?P<fraction>[0-9]{1,9}))?")


def parse_schedule(text: str) -> tuple[Token, ...]:
    """Return the tokens of a schedule.

    >>> [str(token) for token in parse_schedule("1 2~1 +0.5")]
    ['1', '2~1', '+0.5']

    Raises: ValueError that names the first invalid token.
    """
    return tuple(map(_parse_token, text.split()))


def format_schedule(tokens: Iterable[Token]) -> str:
    """Return the text of some tokens."""
    return " ".join(map(str, tokens))


def _parse_token(text: str) -> Token:
    match = _ADVANCE_TIME.fullmatch(text)
    if match is not None:
        fraction = (match["fraction"] or "").ljust(9, "0")
        return AdvanceTime(int(match["whole"]) * NANOSECONDS + int(fraction))
    match = _OPERATION_TOKEN.fullmatch(text)
    if match is None:
        raise ValueError(
            f"invalid schedule token {text!r}. Valid tokens: 2 (run invocation 2), 2~1 (its read "
            "is one version older), 2! (its write is accepted within the second), 2? (it fails "
            "after taking effect), 2< (its write is inserted before an earlier one), +61 (61 s "
            "pass)"
        )
    numbers = match["versions_behind"]
    return OperationToken(
        invocation=int(match["invocation"]),
        index=int(match["index"] or 1),
        location=match["location"],
        versions_behind=tuple(map(int, numbers.split(","))) if numbers else (),
        accepted=match["accepted"] is not None,
        failed=match["failed"] is not None,
        tombstones=match["tombstones"] is not None,
        reordered=match["reordered"] is not None,
    )
