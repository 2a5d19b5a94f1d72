"""Systematic tests of handlers against the interleavings and stale reads that KV allows."""

from typing import TYPE_CHECKING

from pykvbinding._lazy import lazy_exports

# Not lazy: a later import of the package `sim.check` would replace the function of that name.
from pykvbinding.sim.check.guarantees import check

if TYPE_CHECKING:
    from pykvbinding.sim.check.guarantees import (
        causal,
        converges,
        fresh,
        linearizable,
        monotonic_reads,
        monotonic_writes,
        no_lost_updates,
        read_your_writes,
        together,
        writes_follow_reads,
    )
    from pykvbinding.sim.check.import_history import read_history
    from pykvbinding.sim.check.result import (
        CausalityViolation,
        GuaranteeViolation,
        LostUpdate,
        NonMonotonicRead,
        NonMonotonicWrite,
        NotConverged,
        NotLinearizable,
        ReadYourWritesViolation,
        StaleRead,
        TornRead,
        WritesFollowReadsViolation,
    )
    from pykvbinding.sim.errors import (
        Deadlock,
        NotDeterministic,
        NothingExercised,
        NotSimulated,
        ScheduleMismatch,
        SearchLimitReached,
        TooManySteps,
    )
    from pykvbinding.sim.explore.exhaustive import ExhaustiveResult, every_schedule
    from pykvbinding.sim.explore.hypothesis_strategy import schedules
    from pykvbinding.sim.explore.sampling import SamplingResult, some_schedules
    from pykvbinding.sim.render.timeline import Timeline
    from pykvbinding.sim.run.harness import Schedule

__all__ = [
    "CausalityViolation",
    "Deadlock",
    "ExhaustiveResult",
    "GuaranteeViolation",
    "LostUpdate",
    "NonMonotonicRead",
    "NonMonotonicWrite",
    "NotConverged",
    "NotDeterministic",
    "NotLinearizable",
    "NotSimulated",
    "NothingExercised",
    "ReadYourWritesViolation",
    "SamplingResult",
    "Schedule",
    "ScheduleMismatch",
    "SearchLimitReached",
    "StaleRead",
    "Timeline",
    "TooManySteps",
    "TornRead",
    "WritesFollowReadsViolation",
    "causal",
    "check",
    "converges",
    "every_schedule",
    "fresh",
    "linearizable",
    "monotonic_reads",
    "monotonic_writes",
    "no_lost_updates",
    "read_history",
    "read_your_writes",
    "schedules",
    "some_schedules",
    "together",
    "writes_follow_reads",
]

# Only `schedules` imports Hypothesis, so a program that does not use it does not pay for it.
__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "sim.check.guarantees": (
            "causal converges fresh linearizable monotonic_reads monotonic_writes "
            "no_lost_updates read_your_writes together writes_follow_reads"
        ),
        "sim.check.import_history": "read_history",
        "sim.check.result": (
            "CausalityViolation GuaranteeViolation LostUpdate NonMonotonicRead "
            "NonMonotonicWrite NotConverged NotLinearizable ReadYourWritesViolation "
            "StaleRead TornRead WritesFollowReadsViolation"
        ),
        "sim.errors": (
            "Deadlock NotDeterministic NotSimulated NothingExercised ScheduleMismatch "
            "SearchLimitReached TooManySteps"
        ),
        "sim.explore.exhaustive": "ExhaustiveResult every_schedule",
        "sim.explore.hypothesis_strategy": "schedules",
        "sim.explore.sampling": "SamplingResult some_schedules",
        "sim.render.timeline": "Timeline",
        "sim.run.harness": "Schedule",
    },
)
