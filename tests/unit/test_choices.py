"""`SeededChoice`: reproducible choices from a seed."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.choices import ChoiceSource, SeededChoice

GOLDEN = [1577, 3646, 165, 3954, 1990, 3761, 3399, 3964, 1466, 3652, 894, 570]


def dice(choice: ChoiceSource, count: int, sides: int = 6) -> list[int]:
    return [choice.choose(sides, "die") for _ in range(count)]


@settings(deadline=None)
@given(seed=st.integers(), n=st.integers(1, 2**70))
def test_a_choice_is_in_range(seed: int, n: int) -> None:
    assert 0 <= SeededChoice(seed).choose(n, "label") < n


@settings(deadline=None)
@given(seed=st.integers())
def test_the_same_seed_gives_the_same_choices(seed: int) -> None:
    assert dice(SeededChoice(seed), 20) == dice(SeededChoice(seed), 20)


def test_different_seeds_give_different_choices() -> None:
    assert dice(SeededChoice(1), 20) != dice(SeededChoice(2), 20)


def test_choices_of_a_seed_are_the_same_on_every_version_of_python() -> None:
    assert dice(SeededChoice(0), 12, 4096) == GOLDEN


def test_a_choice_among_one_is_0() -> None:
    assert dice(SeededChoice(7), 20, sides=1) == [0] * 20


def test_choices_do_not_depend_on_labels() -> None:
    assert SeededChoice(7).choose(4096, "one") == SeededChoice(7).choose(4096, "another")


def test_choices_do_not_depend_on_the_sizes_of_earlier_ones() -> None:
    first, second = SeededChoice(7), SeededChoice(7)
    first.choose(1, "label")
    second.choose(2**60, "label")

    assert dice(first, 10) == dice(second, 10)


def test_all_outcomes_are_equally_likely() -> None:
    counts = Counter(dice(SeededChoice(0), 6000))

    assert sorted(counts) == [0, 1, 2, 3, 4, 5]
    assert all(900 < count < 1100 for count in counts.values())


def test_repr_shows_the_seed() -> None:
    choice = SeededChoice(7)

    assert choice.seed == 7
    assert repr(choice) == "SeededChoice(7)"
