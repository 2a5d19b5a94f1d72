"""Steps: what a search knows of an operation beforehand, and which two of them may be swapped."""

from dataclasses import dataclass
from typing import TypeAlias

from pykvbinding.sim.run.pending import WRITES, PendingOperation

EXTERNAL = "external"

Actor: TypeAlias = "str | None"
"""A session, whose steps keep their order; `None` is the passage of time."""


@dataclass(slots=True)
class Step:
    """An operation that waits for its turn, or the passage of time.

    `rules` is true of a step after which anything may happen: time that passes, or an invocation
    for whose end the test itself waits. Nothing is swapped with it. `ticket` tells it from every
    other one: its invocation, and which operation of that it is.
    """

    actor: Actor
    name: str
    kind: str
    space: str
    keys: tuple[str, ...]
    rules: bool
    ticket: tuple[int, int] = (0, 0)

    def __str__(self) -> str:
        return " ".join((self.name, self.kind, *self.keys))


TIME = Step(None, "+", "lapse", "", (), rules=True)


def step_of(turn: PendingOperation, *, rules: bool) -> Step:
    """What is known of an operation; a run must not be kept alive for it."""
    invocation = turn.invocation
    ticket = (invocation.number, turn.ticket)
    return Step(invocation.session, turn.name, turn.kind, turn.space, turn.keys, rules, ticket)


def depend(one: Step, other: Step, *, ordered_reads: bool = False) -> bool:
    """Whether it can make a difference which of two steps comes first.

    Two operations can be swapped unless they are of one session, or one of them writes what the
    other reads or writes. External effects depend on each other, and on nothing else. With
    `ordered_reads` the locations remember what they have shown, so that reads of one key depend on
    each other too.
    """
    if one.rules or other.rules or one.actor == other.actor:
        return True
    if one.kind == EXTERNAL or other.kind == EXTERNAL:
        return one.kind == other.kind
    if one.space != other.space:
        return False
    if not ordered_reads and one.kind not in WRITES and other.kind not in WRITES:
        return False
    if one.kind == "list":
        return _is_listed(one.keys[0], other)
    if other.kind == "list":
        return _is_listed(other.keys[0], one)
    return not set(one.keys).isdisjoint(other.keys)


def _is_listed(prefix: str, step: Step) -> bool:
    """Whether a list of a prefix has to do with a step: of two lists, only if reads are ordered."""
    return step.kind == "list" or any(key.startswith(prefix) for key in step.keys)
