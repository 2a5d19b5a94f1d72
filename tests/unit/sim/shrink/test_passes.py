"""The shrink passes: what the examples in their docstrings leave out."""

from collections.abc import Callable, Iterable

import pytest

from pykvbinding.sim.run.schedulers import ACCEPT
from pykvbinding.sim.schedule import Lapse
from pykvbinding.sim.shrink.passes import (
    KINDS,
    _exchanged,
    _merged,
    _more_ordinary,
    _moved,
    _renamed,
)
from pykvbinding.sim.shrink.replay import NEWEST, Acts, Pick, Step

ONE, TWO = Step(1), Step(2)
STALE = Step(2, 1, (Pick("k", 0, 2),))
EARLY = Step(2, is_early=True, is_switch=True)
ACCEPTED = Step(1, said=((ACCEPT, 1),))
SECOND = Lapse(1_000_000_000)


def read(version: int) -> Step:
    return Step(2, 1, (Pick("k", version),))


@pytest.mark.parametrize(
    ("make", "before", "after"),
    [
        (_more_ordinary, (ONE, SECOND, STALE), (ONE, STALE)),
        (_more_ordinary, (ONE, SECOND, STALE), (ONE, SECOND, TWO)),
        (_more_ordinary, (ONE, SECOND, STALE), (ONE, SECOND, read(1))),
        (_more_ordinary, (ONE, SECOND, STALE), (ONE, SECOND, read(NEWEST))),
        (_more_ordinary, (ACCEPTED,), (ONE,)),
        (_more_ordinary, (EARLY, ONE), (ONE,)),
        (_merged, (ONE, TWO, ONE, SECOND), (TWO, ONE, ONE, SECOND)),
        (_renamed, (ONE, ONE, TWO), (ONE, TWO, TWO)),
        (_moved, (ONE, ONE, STALE), (ONE, STALE, ONE)),
        (_exchanged, (ONE, read(1)), (ONE, read(0))),
    ],
    ids=[
        "lapse left out",
        "deviation left out",
        "one version newer",
        "newest version",
        "early acceptance left out",
        "early operation left out",
        "lapse kept behind",
        "block numbered anew",
        "one operation moved",
        "fresh read made stale",
    ],
)
def test_a_pass_makes_this_of_that(
    make: Callable[[Acts], Iterable[Acts]], before: Acts, after: Acts
) -> None:
    assert after in list(make(before))


def test_of_nothing_nothing_is_made_but_nothing() -> None:
    assert all(set(make(())) <= {()} for make in KINDS)
