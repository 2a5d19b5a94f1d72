"""The guarantees that a test can ask for, and the check that raises what a run has broken.

    net.check(no_lost_updates, fresh(within=60))

| guarantee             | broken by                                                            |
|-----------------------|----------------------------------------------------------------------|
| `no_lost_updates`     | overwriting a version that one has never read, after reading the key |
| `read_your_writes`    | reading less than one's session has written                          |
| `monotonic_reads`     | reading less than one's session has read                             |
| `monotonic_writes`    | writing below what one's session has written                         |
| `writes_follow_reads` | writing below what one's session has read                            |
| `causal`              | missing what something that one knows depends on, across keys        |
| `fresh`               | reading what had been replaced for too long, or too often            |
| `converges`           | missing the last version of a key after so many seconds              |
| `together`            | seeing one half of an update without the other                       |
| `linearizable`        | anything that one single copy would not have answered                |

Each is exact and cheap because the order of the versions is known, so nothing has to be guessed:
the cost is linear in the operations of a run. From one run nobody can conclude that a guarantee
holds; see `Verdict`.
"""

from collections.abc import Callable, Sequence

from pykvbinding.sim.check.isolation import no_lost_updates, together
from pykvbinding.sim.check.observations import Evidence
from pykvbinding.sim.check.result import (
    BrokenGuarantee,
    Guarantee,
    GuaranteeArgument,
    Report,
    Verdict,
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
    "error_of",
    "fresh",
    "judge",
    "linearizable",
    "monotonic_reads",
    "monotonic_writes",
    "no_lost_updates",
    "read_your_writes",
    "together",
    "writes_follow_reads",
]


def judge(trace: Trace, *guarantees: GuaranteeArgument) -> Report:
    """Return the verdict of each guarantee on a trace, in the order of the arguments.

    Raises: TypeError without a guarantee, and for an argument that is not one.
    """
    return _report(trace, _guarantees(guarantees))


def check(
    trace: Trace, *guarantees: GuaranteeArgument, picture: str | Callable[[Verdict], str] = ""
) -> Report:
    """Raise the error of the first guarantee that is broken, in the order of the arguments.

    The message begins with the sentence of the first violation; `picture`, or what it returns for
    the verdict, follows. If nothing is broken, return the report: it prints as a line for each
    guarantee, which distinguishes "not refuted" from "nothing exercised".

    Raises: a `BrokenGuarantee`; TypeError as `judge` does.
    """
    __tracebackhide__ = True
    named = _guarantees(guarantees)
    report = _report(trace, named)
    for guarantee, verdict in zip(named, report, strict=True):
        if verdict.violations:
            raise error_of(guarantee, verdict, picture)
    return report


def error_of(
    guarantee: Guarantee, verdict: Verdict, picture: str | Callable[[Verdict], str] = ""
) -> BrokenGuarantee:
    """The error of a broken verdict, with its picture."""
    lines = [verdict.violations[0].text]
    if len(verdict.violations) > 1:
        lines.append(f"(The same guarantee is broken {len(verdict.violations)} times.)")
    drawn = picture(verdict) if callable(picture) else picture
    error = guarantee.error("\n".join([*lines, drawn] if drawn else lines))
    error.verdict = verdict
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
        f"check({getattr(argument, '__name__', repr(argument))}): this is no guarantee; name some, "
        'as in check(no_lost_updates, fresh(within=60), together("item", "index"))'
    )


def _report(trace: Trace, guarantees: Sequence[Guarantee]) -> Report:
    evidence = Evidence(trace)
    return Report(tuple(guarantee.of(evidence) for guarantee in guarantees))
