"""Shrink passes: cases beyond the examples in their docstrings."""

from collections.abc import Callable, Iterable

import pytest

from pykvbinding.sim.run.schedulers import ACCEPT
from pykvbinding.sim.schedule import AdvanceTime
from pykvbinding.sim.shrink.passes import (
    PASSES,
    merge_blocks,
    move_block,
    remove_deviations,
    substitute_deviation,
    swap_invocations,
)
from pykvbinding.sim.shrink.replay import NEWEST, RecordedActions, RecordedStep, VersionChoice

ONE, TWO = RecordedStep(1), RecordedStep(2)
STALE = RecordedStep(2, 1, (VersionChoice("k", 0, 2),))
EARLY = RecordedStep(2, is_early=True, is_switch=True)
ACCEPTED = RecordedStep(1, choices=((ACCEPT, 1),))
SECOND = AdvanceTime(1_000_000_000)


def read(version: int) -> RecordedStep:
    return RecordedStep(2, 1, (VersionChoice("k", version),))


@pytest.mark.parametrize(
    ("make", "before", "after"),
    [
        (remove_deviations, (ONE, SECOND, STALE), (ONE, STALE)),
        (remove_deviations, (ONE, SECOND, STALE), (ONE, SECOND, TWO)),
        (remove_deviations, (ONE, SECOND, STALE), (ONE, SECOND, read(1))),
        (remove_deviations, (ONE, SECOND, STALE), (ONE, SECOND, read(NEWEST))),
        (remove_deviations, (ACCEPTED,), (ONE,)),
        (remove_deviations, (EARLY, ONE), (ONE,)),
        (merge_blocks, (ONE, TWO, ONE, SECOND), (TWO, ONE, ONE, SECOND)),
        (swap_invocations, (ONE, ONE, TWO), (ONE, TWO, TWO)),
        (move_block, (ONE, ONE, STALE), (ONE, STALE, ONE)),
        (substitute_deviation, (ONE, read(1)), (ONE, read(0))),
    ],
    ids=[
        "lapse removed",
        "deviation removed",
        "one version newer",
        "newest version",
        "early acceptance removed",
        "early operation removed",
        "lapse kept behind",
        "block renumbered",
        "one operation moved",
        "fresh read made stale",
    ],
)
def test_a_pass_yields_the_expected_actions(
    make: Callable[[RecordedActions], Iterable[RecordedActions]],
    before: RecordedActions,
    after: RecordedActions,
) -> None:
    assert after in list(make(before))


def test_passes_of_an_empty_run_yield_only_empty_runs() -> None:
    assert all(set(make(())) <= {()} for make in PASSES)
