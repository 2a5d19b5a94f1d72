"""Schedules: what the platform may lawfully do to handlers, found, replayed and proved."""

from typing import TYPE_CHECKING

from pykvbinding.lazily import lazily

if TYPE_CHECKING:
    from pykvbinding.network import EdgeNetwork
    from pykvbinding.sim.explore import Proof, every_schedule
    from pykvbinding.sim.guarantees import (
        causal,
        check,
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
    from pykvbinding.sim.recorded import read_history
    from pykvbinding.sim.refusals import (
        Deadlock,
        NotDeterministic,
        NotSimulated,
        ScheduleMismatch,
        TooManySteps,
        Unfinished,
        Vacuous,
    )
    from pykvbinding.sim.sampled import Tried, some_schedules
    from pykvbinding.sim.stage import Schedule
    from pykvbinding.sim.strategies import schedules
    from pykvbinding.sim.timeline import Timeline
    from pykvbinding.sim.verdict import (
        BrokenGuarantee,
        CausalityViolation,
        FracturedRead,
        LostUpdate,
        NonMonotonicRead,
        NonMonotonicWrite,
        NotConverged,
        NotLinearizable,
        OwnWriteUnseen,
        StaleRead,
        WriteBehindRead,
    )

# Where each name lives. Imported when it is first asked for: `schedules` brings Hypothesis along,
# and nothing else does.
_HOMES = {
    name: module
    for module, names in {
        "network": "EdgeNetwork",
        "sim.explore": "Proof every_schedule",
        "sim.guarantees": (
            "causal check converges fresh linearizable monotonic_reads monotonic_writes "
            "no_lost_updates read_your_writes together writes_follow_reads"
        ),
        "sim.recorded": "read_history",
        "sim.refusals": (
            "Deadlock NotDeterministic NotSimulated ScheduleMismatch TooManySteps Unfinished "
            "Vacuous"
        ),
        "sim.sampled": "Tried some_schedules",
        "sim.stage": "Schedule",
        "sim.strategies": "schedules",
        "sim.timeline": "Timeline",
        "sim.verdict": (
            "BrokenGuarantee CausalityViolation FracturedRead LostUpdate NonMonotonicRead "
            "NonMonotonicWrite NotConverged NotLinearizable OwnWriteUnseen StaleRead "
            "WriteBehindRead"
        ),
    }.items()
    for name in names.split()
}

__all__ = [
    "BrokenGuarantee",
    "CausalityViolation",
    "Deadlock",
    "EdgeNetwork",
    "FracturedRead",
    "LostUpdate",
    "NonMonotonicRead",
    "NonMonotonicWrite",
    "NotConverged",
    "NotDeterministic",
    "NotLinearizable",
    "NotSimulated",
    "OwnWriteUnseen",
    "Proof",
    "Schedule",
    "ScheduleMismatch",
    "StaleRead",
    "Timeline",
    "TooManySteps",
    "Tried",
    "Unfinished",
    "Vacuous",
    "WriteBehindRead",
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

__getattr__, __dir__ = lazily(__name__, _HOMES)
