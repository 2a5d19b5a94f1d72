"""Latencies: spreads, profiles, and samples, which do not depend on the platform."""

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
    resolve_profile,
    sample_seconds,
)

NAMES = [field.name for field in fields(LatencyProfile)]
SPREADS = [
    (f"{year} {name}", getattr(profile, name))
    for year, profile in PROFILES.items()
    for name in NAMES
]
SPREAD = Spread(p50=3, p99=20)


class ConstantChoice:
    """A choice source that always returns the same choice."""

    def __init__(self, step: int) -> None:
        self.step = step
        self.calls: list[tuple[int, str]] = []

    def choose(self, n: int, label: str) -> int:
        self.calls.append((n, label))
        return self.step


def all_samples(spread: Spread) -> list[float]:
    return [sample_seconds(spread, ConstantChoice(step)) for step in range(STEPS)]


for_each_spread = pytest.mark.parametrize(
    "spread", [spread for _, spread in SPREADS], ids=[name for name, _ in SPREADS]
)


# Samples


@for_each_spread
def test_the_default_sample_is_the_median(spread: Spread) -> None:
    assert sample_seconds(spread, ConstantChoice(0)) == spread.p50 / 1000


@for_each_spread
def test_all_samples_have_the_declared_quantiles(spread: Spread) -> None:
    samples = all_samples(spread)

    assert median(samples) == pytest.approx(spread.p50 / 1000, rel=0.002)
    assert quantiles(samples, n=100)[98] == pytest.approx(spread.p99 / 1000, rel=0.02)


@for_each_spread
def test_samples_are_positive_whole_microseconds(spread: Spread) -> None:
    samples = all_samples(spread)

    assert 0.000_1 < min(samples) < max(samples) < 10
    assert all(sample == round(sample, 6) for sample in samples)


def test_samples_alternate_around_the_median() -> None:
    samples = all_samples(SPREAD)
    above, below = samples[1::2], samples[0::2]

    assert above == sorted(above)
    assert below == sorted(below, reverse=True)
    assert below[0] == 0.003 < above[0]


@settings(deadline=None)
@given(step=st.integers(0, STEPS - 1), p50=st.floats(0.01, 1000), ratio=st.floats(1, 100))
def test_samples_of_any_spread_are_positive_and_finite(step: int, p50: float, ratio: float) -> None:
    sample = sample_seconds(Spread(p50=p50, p99=p50 * ratio), ConstantChoice(step))

    assert 0 <= sample < math.inf


def test_a_spread_without_width_is_constant() -> None:
    assert set(all_samples(Spread(p50=5, p99=5))) == {0.005}


def test_a_sample_is_one_labelled_choice() -> None:
    choice = ConstantChoice(0)

    sample_seconds(SPREAD, choice)

    assert choice.calls == [(STEPS, "latency")]


def test_samples_of_a_seed_are_stable_across_python_versions() -> None:
    choice = SeededChoice(0)

    samples = [sample_seconds(PROFILES["2025"].hit, choice) for _ in range(8)]

    assert samples == [
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
def test_a_spread_returns_the_duration_at_a_quantile(quantile: float, seconds: float) -> None:
    assert SPREAD.seconds(quantile) == seconds


# Profiles


@pytest.mark.parametrize("year", ["2019", "2024", "2025"])
def test_resolves_a_profile_by_year(year: str) -> None:
    assert resolve_profile(year) is PROFILES[year]


def test_returns_a_custom_profile_or_none_unchanged() -> None:
    own = replace(PROFILES["2025"], hit=SPREAD)

    assert resolve_profile(own) is own
    assert resolve_profile(None) is None


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_more_distant_tiers_are_slower_in_every_profile(profile: LatencyProfile) -> None:
    way = [profile.hit, profile.regional, profile.central, profile.near, profile.far]

    assert [spread.p50 for spread in way] == sorted({spread.p50 for spread in way})
    assert [spread.p99 for spread in way] == sorted({spread.p99 for spread in way})


@pytest.mark.parametrize(
    ("faster", "slower"), [("2025", "2024"), ("2024", "2019")], ids=["2025", "2024"]
)
def test_every_profile_is_at_least_as_fast_as_the_previous_one(faster: str, slower: str) -> None:
    for name in NAMES:
        now, before = getattr(PROFILES[faster], name), getattr(PROFILES[slower], name)

        assert now.p50 <= before.p50
        assert now.p99 <= before.p99


def test_rejects_an_unknown_profile_and_lists_the_known_ones() -> None:
    text = "no latency profile '2020'; there are '2019', '2024', '2025'"

    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        resolve_profile("2020")


@pytest.mark.parametrize("value", [2025, 0, True, SPREAD], ids=repr)
def test_rejects_a_latency_of_another_type(value: Any) -> None:
    text = f'latency={value!r}: pass the name of a profile, as in latency="2025"'

    with pytest.raises(TypeError, match=f"^{re.escape(text)}$"):
        resolve_profile(value)


@pytest.mark.parametrize(
    "value",
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
def test_rejects_invalid_spreads(name: str, value: Any) -> None:
    text = (
        f"LatencyProfile({name}={value!r}): pass Spread(p50=3, p99=20), in milliseconds, "
        "p50 above 0 and not above p99"
    )

    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        replace(PROFILES["2025"], **{name: value})
