"""The number of linear extensions, compared with an enumeration."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.sim.explore.linear_extensions import LinearExtensionCounter


@st.composite
def posets(draw: st.DrawFn) -> list[int]:
    """Draw the transitively closed masks of the predecessors of each event."""
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
def test_counts_every_order_once(before: list[int]) -> None:
    orders = LinearExtensionCounter()

    assert orders.count(before) == pluralize(before)
    assert orders.is_exact


def test_counts_twenty_interleavings_of_two_chains_of_three() -> None:
    assert LinearExtensionCounter().count([0b0, 0b1, 0b11, 0b0, 0b1000, 0b11000]) == 20


def test_splits_at_an_event_before_all_others() -> None:
    first_of_all = [0b0, 0b1, 0b1, 0b111]

    assert LinearExtensionCounter().count(first_of_all) == 2


def test_splits_at_an_event_that_is_comparable_to_all_others() -> None:
    two_then_one_then_two = [0b0, 0b0, 0b11, 0b111, 0b111]

    assert LinearExtensionCounter(max_states=0).count(two_then_one_then_two) == 4


@pytest.mark.parametrize("rungs", [2, 3])
def test_an_estimate_is_exact_if_every_order_has_the_same_choices(rungs: int) -> None:
    # Each event of the lower row is before each event of the upper row.
    ladder = [0] * rungs + [(1 << rungs) - 1] * rungs
    orders = LinearExtensionCounter(max_states=1)

    assert orders.count(ladder) == {2: 4, 3: 36}[rungs]
    assert not orders.is_exact
