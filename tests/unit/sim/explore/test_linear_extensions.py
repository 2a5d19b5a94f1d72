"""How many orders events have, against counting them one by one."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.sim.explore.linear_extensions import Orders


@st.composite
def posets(draw: st.DrawFn) -> list[int]:
    """Masks of what comes before each event, closed: what comes before that does too."""
    before: list[int] = []
    for place in range(draw(st.integers(0, 6))):
        direct = draw(st.sets(st.integers(0, place - 1))) if place else set()
        mask = 0
        for each in direct:
            mask |= before[each] | 1 << each
        before.append(mask)
    return before


def pluralize(before: list[int]) -> int:
    orders = 0
    for order in permutations(range(len(before))):
        position = {event: place for place, event in enumerate(order)}
        orders += all(
            position[first] < position[second]
            for second, mask in enumerate(before)
            for first in range(second)
            if mask >> first & 1
        )
    return orders


@given(posets())
def test_every_order_is_counted_once(before: list[int]) -> None:
    orders = Orders()

    assert orders.count(before) == pluralize(before)
    assert orders.is_exact


def test_two_rows_of_three_can_be_shuffled_in_twenty_ways() -> None:
    assert Orders().count([0b0, 0b1, 0b11, 0b0, 0b1000, 0b11000]) == 20


def test_what_all_must_follow_is_no_choice() -> None:
    first_of_all = [0b0, 0b1, 0b1, 0b111]

    assert Orders().count(first_of_all) == 2


def test_what_stands_between_all_others_parts_them() -> None:
    two_then_one_then_two = [0b0, 0b0, 0b11, 0b111, 0b111]

    assert Orders(most_states=0).count(two_then_one_then_two) == 4


@pytest.mark.parametrize("rungs", [2, 3])
def test_an_estimate_is_right_where_every_walk_meets_the_same_choices(rungs: int) -> None:
    # Each of the lower row is before each of the upper one.
    ladder = [0] * rungs + [(1 << rungs) - 1] * rungs
    orders = Orders(most_states=1)

    assert orders.count(ladder) == {2: 4, 3: 36}[rungs]
    assert not orders.is_exact
