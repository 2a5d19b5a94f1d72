"""The histogram of durations, and the tally around it."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.middleware.counters import Latency, Tally
from tests.support.assertions import exactly

DURATIONS = st.integers(0, 10**15) | st.integers(0, 40)


def histogram(durations: list[int]) -> Latency:
    latency = Latency()
    for nanoseconds in durations:
        latency.add(nanoseconds)
    return latency


@given(st.lists(DURATIONS, min_size=1), st.floats(0, 1))
def test_a_quantile_is_within_a_sixteenth_of_the_true_one(
    durations: list[int], share: float
) -> None:
    rank = max(1, ceil(share * len(durations)))
    true = sorted(durations)[rank - 1]

    told = histogram(durations).quantile(share) * 1e6

    assert abs(told - true) <= true / 16 + 1e-6


@given(st.lists(DURATIONS), st.lists(DURATIONS))
def test_merged_histograms_are_the_histogram_of_both(one: list[int], other: list[int]) -> None:
    merged, whole = histogram(one), histogram(one + other)
    merged.merge(histogram(other))

    assert merged.buckets == whole.buckets
    assert (merged.count, merged.mean) == (whole.count, whole.mean)


@given(DURATIONS, DURATIONS)
def test_a_longer_duration_is_in_no_lower_bucket(one: int, other: int) -> None:
    low, high = sorted((one, other))

    assert max(histogram([low]).buckets) <= max(histogram([high]).buckets)


def test_the_mean_is_exact() -> None:
    assert histogram([1_000_000, 2_000_000, 6_000_000]).mean == 3.0


def test_no_durations_have_quantiles_and_a_mean_of_0() -> None:
    assert (Latency().quantile(0.5), Latency().mean, Latency().count) == (0.0, 0.0, 0)


def test_a_clock_that_was_set_back_took_no_time() -> None:
    latency = histogram([-1_000_000])

    assert (latency.count, latency.mean, latency.quantile(1)) == (1, 0.0, 0.0)


@pytest.mark.parametrize("share", [-0.01, 1.01, 99, float("nan")])
def test_a_share_is_from_0_to_1(share: float) -> None:
    text = f"quantile({share!r}): give a share from 0 to 1; the 99th percentile is 0.99"

    with pytest.raises(ValueError, match=exactly(text)):
        Latency().quantile(share)


def test_a_histogram_shows_its_count_and_two_quantiles() -> None:
    shown = repr(histogram([0] * 98 + [16_000_000] * 2))

    assert shown == "<Latency: 100 operations, p50 0 ms, p99 16.3 ms>"


def test_tallies_add_up() -> None:
    one = Tally(operations=1, keys=2, bytes=3, failed=4, latency=histogram([5]))

    one.merge(Tally(operations=10, keys=20, bytes=30, failed=40, latency=histogram([5, 6])))

    assert (one.operations, one.keys, one.bytes, one.failed) == (11, 22, 33, 44)
    assert one.latency.buckets == {5: 2, 6: 1}
