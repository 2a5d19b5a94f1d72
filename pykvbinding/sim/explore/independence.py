"""The independence relation of the search: which two steps can be swapped."""

from dataclasses import dataclass
from typing import TypeAlias

from pykvbinding.sim.run.pending import WRITES, PendingOperation

EXTERNAL = "external"

Actor: TypeAlias = "str | None"
"""A session, whose steps keep their order; `None` is the passage of time."""


@dataclass(slots=True)
class SearchStep:
    """A pending operation, or the passage of time.

    No step can be swapped with one that `is_barrier`: the passage of time, or an operation of an
    invocation for whose end the test itself waits. `sequence_id` identifies the operation: the
    number of its invocation, and its position in it.
    """

    actor: Actor
    name: str
    kind: str
    namespace_id: str
    keys: tuple[str, ...]
    is_barrier: bool
    sequence_id: tuple[int, int] = (0, 0)

    def __str__(self) -> str:
        return " ".join((self.name, self.kind, *self.keys))


TIME = SearchStep(None, "+", "lapse", "", (), is_barrier=True)


def to_step(operation: PendingOperation, *, is_barrier: bool) -> SearchStep:
    """Copy the description of an operation, without a reference that keeps its run alive."""
    invocation = operation.invocation
    return SearchStep(
        invocation.session,
        operation.name,
        operation.kind,
        operation.namespace_id,
        operation.keys,
        is_barrier,
        (invocation.number, operation.sequence_id),
    )


def are_dependent(first: SearchStep, second: SearchStep, *, ordered_reads: bool = False) -> bool:
    """Return whether the order of two steps can make a difference.

    Two operations are independent unless they are of one session, or one of them writes a key that
    the other reads or writes. External effects depend on each other, and on nothing else. With
    `ordered_reads` a location remembers its reads, so reads of one key depend on each other too.
    """
    if first.is_barrier or second.is_barrier or first.actor == second.actor:
        return True
    if first.kind == EXTERNAL or second.kind == EXTERNAL:
        return first.kind == second.kind
    if first.namespace_id != second.namespace_id:
        return False
    if not ordered_reads and first.kind not in WRITES and second.kind not in WRITES:
        return False
    if first.kind == "list":
        return _is_listed(first.keys[0], second)
    if second.kind == "list":
        return _is_listed(second.keys[0], first)
    return not set(first.keys).isdisjoint(second.keys)


def _is_listed(prefix: str, step: SearchStep) -> bool:
    """Return whether a list of a prefix depends on a step, which may be another list."""
    return step.kind == "list" or any(key.startswith(prefix) for key in step.keys)
