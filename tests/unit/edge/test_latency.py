"""Latency: the spreads, the profiles, and the draws, which are the same everywhere."""

import math
import re
from dataclasses import fields, replace
from statistics import median, quantiles
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.choices import SeededChoice
from pykvbinding.edge.latency import (
    PROFILES,
    STEPS,
    LatencyProfile,
    Spread,
    draw_seconds,
    find_profile,
)

NAMES = [field.name for field in fields(LatencyProfile)]
SPREADS = [
    (f"{year} {name}", getattr(profile, name))
    for year, profile in PROFILES.items()
    for name in NAMES
]
SPREAD = Spread(p50=3, p99=20)


class Fixed:
    """A choice that has been made."""

    def __init__(self, step: int) -> None:
        self.step = step
        self.asked: list[tuple[int, str]] = []

    def choose(self, n: int, label: str) -> int:
        self.asked.append((n, label))
        return self.step


def every_draw(spread: Spread) -> list[float]:
    return [draw_seconds(spread, Fixed(step)) for step in range(STEPS)]


each_spread = pytest.mark.parametrize(
    "spread", [spread for _, spread in SPREADS], ids=[name for name, _ in SPREADS]
)


# Draws


@each_spread
def test_the_ordinary_draw_is_the_median(spread: Spread) -> None:
    assert draw_seconds(spread, Fixed(0)) == spread.p50 / 1000


@each_spread
def test_over_all_draws_the_quantiles_are_those_declared(spread: Spread) -> None:
    draws = every_draw(spread)

    assert median(draws) == pytest.approx(spread.p50 / 1000, rel=0.002)
    assert quantiles(draws, n=100)[98] == pytest.approx(spread.p99 / 1000, rel=0.02)


@each_spread
def test_every_draw_is_a_sane_number_of_whole_microseconds(spread: Spread) -> None:
    draws = every_draw(spread)

    assert 0.000_1 < min(draws) < max(draws) < 10
    assert all(draw == round(draw, 6) for draw in draws)


def test_draws_go_outward_from_the_median() -> None:
    draws = every_draw(SPREAD)
    above, below = draws[1::2], draws[0::2]

    assert above == sorted(above)
    assert below == sorted(below, reverse=True)
    assert below[0] == 0.003 < above[0]


@settings(deadline=None)
@given(step=st.integers(0, STEPS - 1), p50=st.floats(0.01, 1000), ratio=st.floats(1, 100))
def test_a_draw_of_any_spread_is_positive_and_finite(step: int, p50: float, ratio: float) -> None:
    drawn = draw_seconds(Spread(p50=p50, p99=p50 * ratio), Fixed(step))

    assert 0 <= drawn < math.inf


def test_a_spread_without_any_width_always_gives_the_same() -> None:
    assert set(every_draw(Spread(p50=5, p99=5))) == {0.005}


def test_one_draw_is_one_choice_and_says_what_it_decides() -> None:
    choice = Fixed(0)

    draw_seconds(SPREAD, choice)

    assert choice.asked == [(STEPS, "latency")]


def test_a_seed_gives_these_very_draws_on_every_version_of_python() -> None:
    choice = SeededChoice(0)

    draws = [draw_seconds(PROFILES["2025"].hit, choice) for _ in range(8)]

    assert draws == [
        0.004522,
        0.000815,
        0.003127,
        0.000537,
        0.001763,
        0.012404,
        0.009183,
        0.000524,
    ]


@pytest.mark.parametrize(
    ("quantile", "seconds"), [(0.01, 0.00045), (0.5, 0.003), (0.9, 0.008531), (0.99, 0.02)]
)
def test_a_spread_gives_the_duration_at_a_quantile(quantile: float, seconds: float) -> None:
    assert SPREAD.seconds(quantile) == seconds


# Profiles


@pytest.mark.parametrize("year", ["2019", "2024", "2025"])
def test_a_profile_is_found_by_its_year(year: str) -> None:
    assert find_profile(year) is PROFILES[year]


def test_a_latency_of_ones_own_and_none_at_all_are_taken_as_they_are() -> None:
    own = replace(PROFILES["2025"], hit=SPREAD)

    assert find_profile(own) is own
    assert find_profile(None) is None


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_in_every_profile_what_is_farther_away_takes_longer(profile: LatencyProfile) -> None:
    way = [profile.hit, profile.regional, profile.central, profile.near, profile.far]

    assert [spread.p50 for spread in way] == sorted({spread.p50 for spread in way})
    assert [spread.p99 for spread in way] == sorted({spread.p99 for spread in way})


@pytest.mark.parametrize(
    ("faster", "slower"), [("2025", "2024"), ("2024", "2019")], ids=["2025", "2024"]
)
def test_every_profile_is_at_least_as_fast_as_the_one_before(faster: str, slower: str) -> None:
    for name in NAMES:
        now, before = getattr(PROFILES[faster], name), getattr(PROFILES[slower], name)

        assert now.p50 <= before.p50
        assert now.p99 <= before.p99


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    text = "no latency profile '2020'; there are '2019', '2024', '2025'"

    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        find_profile("2020")


@pytest.mark.parametrize("wrong", [2025, 0, True, SPREAD], ids=repr)
def test_what_is_no_latency_is_refused(wrong: Any) -> None:
    text = f'latency={wrong!r}: give the name of a profile, as in latency="2025"'

    with pytest.raises(TypeError, match=f"^{re.escape(text)}$"):
        find_profile(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        5,
        None,
        Spread(p50=0, p99=1),
        Spread(p50=-1, p99=1),
        Spread(p50=2, p99=1),
        Spread(p50=math.nan, p99=1),
        Spread(p50=1, p99=math.nan),
        Spread(p50=1, p99=math.inf),
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", NAMES)
def test_a_latency_is_made_of_spreads_that_can_be_drawn_from(name: str, wrong: Any) -> None:
    text = (
        f"LatencyProfile({name}={wrong!r}): give Spread(p50=3, p99=20), in milliseconds, "
        "p50 above 0 and not above p99"
    )

    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        replace(PROFILES["2025"], **{name: wrong})
