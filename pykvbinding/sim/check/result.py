"""Verdicts: what one guarantee says of one run, the report of several, and the errors they raise.

    AssertionError
    └── BrokenGuarantee
        ├── LostUpdate          no_lost_updates
        ├── OwnWriteUnseen      read_your_writes
        ├── NonMonotonicRead    monotonic_reads
        ├── NonMonotonicWrite   monotonic_writes
        ├── WriteBehindRead     writes_follow_reads
        ├── CausalityViolation  causal
        ├── StaleRead           fresh
        ├── NotConverged        converges
        ├── FracturedRead       together
        └── NotLinearizable     linearizable

There is a class for each guarantee because a test that breaks two has two bugs: Hypothesis tells
failures apart by their class and the line that raised them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from pykvbinding._text import GAP, counted
from pykvbinding.sim.check.observations import Evidence
from pykvbinding.sim.trace import Event, Trace

State: TypeAlias = Literal["holds", "not refuted", "broken", "nothing exercised"]


class BrokenGuarantee(AssertionError):  # noqa: N818 - the mistake is its name
    """A run that broke a guarantee. `verdict` has every violation and the events involved."""

    __module__ = "pykvbinding.sim"
    verdict: "Verdict | None" = None


class LostUpdate(BrokenGuarantee):
    """An invocation has overwritten what it had never read."""

    __module__ = "pykvbinding.sim"


class OwnWriteUnseen(BrokenGuarantee):
    """A session has read an older version than it had written."""

    __module__ = "pykvbinding.sim"


class NonMonotonicRead(BrokenGuarantee):
    """A session has read an older version than it had read before."""

    __module__ = "pykvbinding.sim"


class NonMonotonicWrite(BrokenGuarantee):
    """A write of a session was committed below one that it had made before."""

    __module__ = "pykvbinding.sim"


class WriteBehindRead(BrokenGuarantee):
    """A write of a session was committed below a version that it had read before."""

    __module__ = "pykvbinding.sim"


class CausalityViolation(BrokenGuarantee):
    """A session has read an older version than what it knew depends on."""

    __module__ = "pykvbinding.sim"


class StaleRead(BrokenGuarantee):
    """A read has returned what had been replaced for too long, or too often."""

    __module__ = "pykvbinding.sim"


class NotConverged(BrokenGuarantee):
    """A location has not shown the last version in time."""

    __module__ = "pykvbinding.sim"


class FracturedRead(BrokenGuarantee):
    """An invocation has seen one half of an update without the other."""

    __module__ = "pykvbinding.sim"


class NotLinearizable(BrokenGuarantee):
    """An operation has answered as if there were more than one copy."""

    __module__ = "pykvbinding.sim"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that broke a guarantee: a sentence, and the numbers of the events involved.

    The last of them is the operation that is blamed, those before it are what it is held against.
    """

    text: str
    events: tuple[int, ...]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a guarantee says of one run, or of many.

    One run can break a guarantee, and can leave it "not refuted": it was put to the test
    `exercised` times and stood. If that never happened, "nothing exercised" says so: the run shows
    nothing. That a guarantee "holds" can only be said of all runs. `notes` are what limits it.
    """

    guarantee: str
    exercised: int = 0
    violations: tuple[Violation, ...] = ()
    notes: tuple[str, ...] = ()
    runs: int = 1
    is_exhaustive: bool = False

    @property
    def state(self) -> State:
        """The verdict in two words."""
        if self.violations:
            return "broken"
        if not self.exercised:
            return "nothing exercised"
        return "holds" if self.is_exhaustive else "not refuted"

    def __str__(self) -> str:
        if self.violations:
            rest = len(self.violations) - 1
            return f"broken: {self.violations[0]}" + (f" (and {rest} more)" if rest else "")
        if not self.exercised:
            return "nothing exercised"
        runs = f" in {counted(self.runs, 'run')}" if self.runs > 1 else ""
        notes = "".join(f"; {note}" for note in self.notes)
        return f"{self.state}: exercised {counted(self.exercised, 'time')}{runs}{notes}"


def combined(verdicts: Iterable[Verdict], *, is_exhaustive: bool = False) -> Verdict:
    """The verdict of one guarantee over several runs, at least one.

    `is_exhaustive` says that these were all there are (up to equivalence and within the bounds of
    the search): then what none of them has broken holds.
    """
    several = list(verdicts)
    return replace(
        several[0],
        exercised=sum(each.exercised for each in several),
        violations=tuple(violation for each in several for violation in each.violations),
        notes=tuple(dict.fromkeys(note for each in several for note in each.notes)),
        runs=sum(each.runs for each in several),
        is_exhaustive=is_exhaustive,
    )


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts of several guarantees. It prints as a line for each."""

    verdicts: tuple[Verdict, ...]

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """Those that are broken."""
        return tuple(verdict for verdict in self.verdicts if verdict.violations)

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)

    def __str__(self) -> str:
        width = max((len(verdict.guarantee) for verdict in self.verdicts), default=0)
        return "\n".join(f"{each.guarantee:<{width}}{GAP}{each}" for each in self.verdicts)


@dataclass(slots=True)
class Findings:
    """What a guarantee has found while it goes through a run."""

    exercised: int = 0
    violations: list[Violation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def blame(self, text: str, *events: Event | None) -> None:
        """Note a violation: the last event is to blame, and is held against the others."""
        numbers = tuple(event.number for event in events if event is not None)
        self.violations.append(Violation(text, numbers))


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What a test names in `net.check(...)`. Called with a trace, it returns a `Verdict`.

    Two guarantees of one name are equal.
    """

    name: str
    error: type[BrokenGuarantee] = field(compare=False, repr=False)
    find: Callable[[Evidence], Findings] = field(compare=False, repr=False)

    def __call__(self, trace: Trace, /) -> Verdict:
        """The verdict on a trace."""
        return self.of(Evidence(trace))

    def of(self, evidence: Evidence) -> Verdict:
        """The verdict on a trace that is prepared already."""
        found = self.find(evidence)
        return Verdict(
            guarantee=self.name,
            exercised=found.exercised,
            violations=tuple(found.violations),
            notes=tuple(found.notes),
        )

    def __repr__(self) -> str:
        return self.name
