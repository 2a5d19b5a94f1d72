"""Results of checks: the result of one guarantee, the report of several, and their errors.

    AssertionError
    └── GuaranteeViolation
        ├── LostUpdate                  no_lost_updates
        ├── ReadYourWritesViolation     read_your_writes
        ├── NonMonotonicRead            monotonic_reads
        ├── NonMonotonicWrite           monotonic_writes
        ├── WritesFollowReadsViolation  writes_follow_reads
        ├── CausalityViolation          causal
        ├── StaleRead                   fresh
        ├── NotConverged                converges
        ├── TornRead                    together
        └── NotLinearizable             linearizable

Each guarantee has its own class because a test that breaks two guarantees has two bugs: Hypothesis
distinguishes failures by their class and by the line that raised them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pykvbinding._text.tables import GAP, pluralize
from pykvbinding.sim.check.observations import Observations
from pykvbinding.sim.trace import Event, Trace

ResultState: TypeAlias = Literal["not refuted", "broken", "nothing exercised"]


class GuaranteeViolation(AssertionError):  # noqa: N818 - named after the violation
    """A run broke a guarantee. `result` has all violations and the events involved."""

    __module__ = "pykvbinding.sim"
    verdict: "GuaranteeResult | None" = None


class LostUpdate(GuaranteeViolation):
    """An invocation overwrote a version that it had not seen."""

    __module__ = "pykvbinding.sim"


class ReadYourWritesViolation(GuaranteeViolation):
    """A session read an older version than it had written."""

    __module__ = "pykvbinding.sim"


class NonMonotonicRead(GuaranteeViolation):
    """A session read an older version than it had read before."""

    __module__ = "pykvbinding.sim"


class NonMonotonicWrite(GuaranteeViolation):
    """A write of a session was committed below an earlier write of the session."""

    __module__ = "pykvbinding.sim"


class WritesFollowReadsViolation(GuaranteeViolation):
    """A write of a session was committed below a version that the session had read before."""

    __module__ = "pykvbinding.sim"


class CausalityViolation(GuaranteeViolation):
    """A session read an older version than its knowledge depends on."""

    __module__ = "pykvbinding.sim"


class StaleRead(GuaranteeViolation):
    """A read returned a version that was superseded too long ago, or too often."""

    __module__ = "pykvbinding.sim"


class NotConverged(GuaranteeViolation):
    """A location did not return the last version in time."""

    __module__ = "pykvbinding.sim"


class TornRead(GuaranteeViolation):
    """An invocation saw one half of an update without the other."""

    __module__ = "pykvbinding.sim"


class NotLinearizable(GuaranteeViolation):
    """An operation returned what a single copy of the data could not have returned."""

    __module__ = "pykvbinding.sim"


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation of a guarantee: a sentence, and the numbers of the events involved.

    The last event is the violating operation; the events before it are the evidence.
    """

    text: str
    events: tuple[int, ...]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeResult:
    """The result of checking one guarantee on one run.

    "broken": the run violates the guarantee. "not refuted": the run exercised it `exercised` times
    without a violation. "nothing exercised": no operation of the run was subject to it, so the run
    shows nothing. No single run shows that a guarantee holds. `notes` state limits of the result.
    """

    guarantee: str
    exercised: int = 0
    violations: tuple[Violation, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def state(self) -> ResultState:
        """The result in two words."""
        if self.violations:
            return "broken"
        return "not refuted" if self.exercised else "nothing exercised"

    def __str__(self) -> str:
        if self.violations:
            rest = len(self.violations) - 1
            return f"broken: {self.violations[0]}" + (f" (and {rest} more)" if rest else "")
        if not self.exercised:
            return "nothing exercised"
        notes = "".join(f"; {record}" for record in self.notes)
        return f"{self.state}: exercised {pluralize(self.exercised, 'time')}{notes}"


@dataclass(frozen=True, slots=True)
class Report:
    """The results of several guarantees. It prints as one line per guarantee."""

    verdicts: tuple[GuaranteeResult, ...]

    @property
    def broken(self) -> tuple[GuaranteeResult, ...]:
        """The results of the broken guarantees."""
        return tuple(result for result in self.verdicts if result.violations)

    def __iter__(self) -> Iterator[GuaranteeResult]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)

    def __str__(self) -> str:
        width = max((len(result.guarantee) for result in self.verdicts), default=0)
        return "\n".join(f"{result.guarantee:<{width}}{GAP}{result}" for result in self.verdicts)


@dataclass(slots=True)
class CheckFindings:
    """Mutable findings of a guarantee while it processes a run."""

    exercised: int = 0
    violations: list[Violation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_violation(self, text: str, *events: Event | None) -> None:
        """Add a violation. The last event is the violating one, the others are the evidence."""
        numbers = tuple(event.number for event in events if event is not None)
        self.violations.append(Violation(text, numbers))


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A guarantee that a test passes to `net.check(...)`. Called with a trace, it returns a
    `GuaranteeResult`.

    Two guarantees with the same name are equal.
    """

    name: str
    error: type[GuaranteeViolation] = field(compare=False, repr=False)
    find: Callable[[Observations], CheckFindings] = field(compare=False, repr=False)

    def __call__(self, trace: Trace, /) -> GuaranteeResult:
        """Return the result for a trace."""
        return self.of(Observations(trace))

    def of(self, observations: Observations) -> GuaranteeResult:
        """Return the result for a trace that is already preprocessed."""
        findings = self.find(observations)
        return GuaranteeResult(
            guarantee=self.name,
            exercised=findings.exercised,
            violations=tuple(findings.violations),
            notes=tuple(findings.notes),
        )

    def __repr__(self) -> str:
        return self.name


GuaranteeArgument: TypeAlias = Guarantee | Callable[[], Guarantee]
"""Accepted by `check`: a guarantee, or `fresh` or `converges` without a bound."""
