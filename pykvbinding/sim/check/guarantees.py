"""The guarantees that a test can check, and `check`, which raises for the first broken one.

    net.check(no_lost_updates, fresh(within=60))

| guarantee             | broken by                                                           |
|-----------------------|---------------------------------------------------------------------|
| `no_lost_updates`     | overwriting a version that the invocation, which read the key,      |
|                       | has not seen                                                        |
| `read_your_writes`    | a read below the session's own last write                           |
| `monotonic_reads`     | a read below the session's earlier read                             |
| `monotonic_writes`    | a write below the session's earlier write                           |
| `writes_follow_reads` | a write below the session's earlier read                            |
| `causal`              | a read or write below what the session's knowledge depends on,      |
|                       | across keys                                                         |
| `fresh`               | a read of a version that was superseded too long ago                |
| `converges`           | a read that misses the last version of a key after the bound        |
| `together`            | a read of one key of an update, and of another from before it       |
| `linearizable`        | an operation that a single copy of the data could not have returned |

Each check is exact and linear in the number of operations, because the order of the versions is
known and need not be searched. One run cannot prove that a guarantee holds; see `GuaranteeResult`.
"""

from collections.abc import Callable, Sequence

from pykvbinding.sim.check.isolation import no_lost_updates, together
from pykvbinding.sim.check.observations import Observations
from pykvbinding.sim.check.result import (
    Guarantee,
    GuaranteeArgument,
    GuaranteeResult,
    GuaranteeViolation,
    Report,
)
from pykvbinding.sim.check.session import (
    causal,
    monotonic_reads,
    monotonic_writes,
    read_your_writes,
    writes_follow_reads,
)
from pykvbinding.sim.check.staleness import converges, fresh, linearizable
from pykvbinding.sim.trace import Trace

__all__ = [
    "causal",
    "check",
    "converges",
    "evaluate",
    "fresh",
    "linearizable",
    "make_error",
    "monotonic_reads",
    "monotonic_writes",
    "no_lost_updates",
    "read_your_writes",
    "together",
    "writes_follow_reads",
]


def evaluate(trace: Trace, *guarantees: GuaranteeArgument) -> Report:
    """Return the result of each guarantee for a trace, in the order of the arguments.

    Raises: TypeError if no guarantee is given, or if an argument is not a guarantee.
    """
    return _report(trace, _guarantees(guarantees))


def check(
    trace: Trace,
    *guarantees: GuaranteeArgument,
    picture: str | Callable[[GuaranteeResult], str] = "",
) -> Report:
    """Raise the error of the first broken guarantee, in the order of the arguments.

    The message begins with the text of the first violation, followed by `picture`, or by what it
    returns for the result. If no guarantee is broken, return the report. It prints as one line per
    guarantee, and distinguishes "not refuted" from "nothing exercised".

    Raises: a `GuaranteeViolation`; TypeError as `evaluate` does.
    """
    __tracebackhide__ = True
    checked = _guarantees(guarantees)
    report = _report(trace, checked)
    for guarantee, result in zip(checked, report, strict=True):
        if result.violations:
            raise make_error(guarantee, result, picture)
    return report


def make_error(
    guarantee: Guarantee,
    result: GuaranteeResult,
    picture: str | Callable[[GuaranteeResult], str] = "",
) -> GuaranteeViolation:
    """Return the error for a broken guarantee, with its picture."""
    lines = [result.violations[0].text]
    if len(result.violations) > 1:
        lines.append(f"(The same guarantee is broken {len(result.violations)} times.)")
    rendered = picture(result) if callable(picture) else picture
    error = guarantee.error("\n".join([*lines, rendered] if rendered else lines))
    error.verdict = result
    return error


def _guarantees(arguments: Sequence[GuaranteeArgument]) -> list[Guarantee]:
    if not arguments:
        raise TypeError("check() without a guarantee checks nothing; write check(no_lost_updates)")
    return [_guarantee(argument) for argument in arguments]


def _guarantee(argument: GuaranteeArgument) -> Guarantee:
    if argument is fresh or argument is converges:
        return argument()
    if isinstance(argument, Guarantee):
        return argument
    raise TypeError(
        f"check({getattr(argument, '__name__', repr(argument))}): not a guarantee; "
        'pass guarantees, as in check(no_lost_updates, fresh(within=60), together("item", "index"))'
    )


def _report(trace: Trace, guarantees: Sequence[Guarantee]) -> Report:
    observations = Observations(trace)
    return Report(tuple(guarantee.of(observations) for guarantee in guarantees))
