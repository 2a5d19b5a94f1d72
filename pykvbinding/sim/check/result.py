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

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pykvbinding._text.tables import GAP, counted
from pykvbinding.sim.check.observations import Evidence
from pykvbinding.sim.trace import Event, Trace

State: TypeAlias = Literal["not refuted", "broken", "nothing exercised"]


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
    """The result of checking one guarantee on one run.

    A run can break a guarantee, or leave it "not refuted": it was put to the test `exercised` times
    and was not broken. "nothing exercised" means that it was never put to the test, so the run
    shows nothing. No single run shows that a guarantee holds. `notes` limit what the run shows.
    """

    guarantee: str
    exercised: int = 0
    violations: tuple[Violation, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The verdict in two words."""
        if self.violations:
            return "broken"
        return "not refuted" if self.exercised else "nothing exercised"

    def __str__(self) -> str:
        if self.violations:
            rest = len(self.violations) - 1
            return f"broken: {self.violations[0]}" + (f" (and {rest} more)" if rest else "")
        if not self.exercised:
            return "nothing exercised"
        notes = "".join(f"; {note}" for note in self.notes)
        return f"{self.state}: exercised {counted(self.exercised, 'time')}{notes}"


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


GuaranteeArgument: TypeAlias = Guarantee | Callable[[], Guarantee]
"""What `check` takes: a guarantee, or `fresh` or `converges` without a bound."""
