"""Moves: each kind makes other runs of one, and says what it is meant to say."""

from pykvbinding.sim.run.schedulers import ACCEPT
from pykvbinding.sim.schedule import Lapse
from pykvbinding.sim.shrink.passes import (
    KINDS,
    _exchanged,
    _merged,
    _more_ordinary,
    _moved,
    _renamed,
    _shorter,
)
from pykvbinding.sim.shrink.replay import NEWEST, Acts, Pick, Step

ONE, TWO = Step(1), Step(2)
STALE = Step(2, 1, (Pick("k", 0, 2),))
EARLY = Step(2, is_early=True, is_switch=True)
SECOND = Lapse(1_000_000_000)


def test_of_nothing_nothing_is_made_but_nothing() -> None:
    assert all(set(kind(())) <= {()} for kind in KINDS)


def test_a_run_is_cut_short() -> None:
    assert list(_shorter((ONE, TWO, ONE))) == [(), (ONE,), (ONE, TWO)]


def test_a_deviation_is_left_out_or_made_smaller() -> None:
    made = list(_more_ordinary((ONE, SECOND, STALE)))

    assert (ONE, TWO) in made
    assert (ONE, STALE) in made
    assert (ONE, SECOND, TWO) in made
    assert (ONE, SECOND, Step(2, 1, (Pick("k", 1),))) in made
    assert (ONE, SECOND, Step(2, 1, (Pick("k", NEWEST),))) in made


def test_what_is_said_of_an_operation_is_left_out() -> None:
    accepted = Step(1, said=((ACCEPT, 1),))

    assert (ONE,) in list(_more_ordinary((accepted,)))


def test_what_goes_early_is_left_out() -> None:
    assert (ONE,) in list(_more_ordinary((EARLY, ONE)))


def test_stretches_of_one_invocation_are_put_together() -> None:
    made: list[Acts] = list(_merged((ONE, TWO, ONE, SECOND)))

    assert (TWO, ONE, ONE, SECOND) in made
    assert (ONE, ONE, TWO, SECOND) in made


def test_invocations_change_places() -> None:
    assert (TWO, TWO, ONE) in list(_renamed((ONE, ONE, TWO)))
    assert (ONE, TWO, TWO) in list(_renamed((ONE, ONE, TWO)))


def test_an_operation_is_moved_and_keeps_its_version() -> None:
    made = list(_moved((ONE, ONE, STALE)))

    assert (STALE, ONE, ONE) in made
    assert (ONE, STALE, ONE) in made


def test_a_lapse_is_exchanged_for_an_acceptance() -> None:
    assert (ONE, Step(1, said=((ACCEPT, 1),))) in list(_exchanged((ONE, SECOND, ONE)))


def test_a_fresh_read_is_exchanged_for_a_stale_one() -> None:
    fresh = Step(2, 1, (Pick("k", 1),))

    assert (ONE, Step(2, 1, (Pick("k", 0),))) in list(_exchanged((ONE, fresh)))
