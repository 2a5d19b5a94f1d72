"""The histogram of durations, and the counters of operations."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.middleware.counters import LatencyHistogram, OperationCounters
from tests.support.assertions import exactly

DURATIONS = st.integers(0, 10**15) | st.integers(0, 40)


def histogram(durations: list[int]) -> LatencyHistogram:
    latency = LatencyHistogram()
    for nanoseconds in durations:
        latency.add(nanoseconds)
    return latency


@given(st.lists(DURATIONS, min_size=1), st.floats(0, 1))
def test_a_quantile_is_accurate_to_a_sixteenth(durations: list[int], q: float) -> None:
    rank = max(1, ceil(q * len(durations)))
    true = sorted(durations)[rank - 1]

    result = histogram(durations).quantile(q) * 1e6

    assert abs(result - true) <= true / 16 + 1e-6


@given(st.lists(DURATIONS), st.lists(DURATIONS))
def test_merging_equals_counting_both(one: list[int], other: list[int]) -> None:
    merged, whole = histogram(one), histogram(one + other)
    merged.merge(histogram(other))

    assert merged.buckets == whole.buckets
    assert (merged.count, merged.mean) == (whole.count, whole.mean)


@given(DURATIONS, DURATIONS)
def test_buckets_are_monotonic(one: int, other: int) -> None:
    low, high = sorted((one, other))

    assert max(histogram([low]).buckets) <= max(histogram([high]).buckets)


def test_the_mean_is_exact() -> None:
    assert histogram([1_000_000, 2_000_000, 6_000_000]).mean == 3.0


def test_an_empty_histogram_has_zero_quantiles_and_mean() -> None:
    assert (
        LatencyHistogram().quantile(0.5),
        LatencyHistogram().mean,
        LatencyHistogram().count,
    ) == (0.0, 0.0, 0)


def test_a_negative_duration_counts_as_zero() -> None:
    latency = histogram([-1_000_000])

    assert (latency.count, latency.mean, latency.quantile(1)) == (1, 0.0, 0.0)


@pytest.mark.parametrize("q", [-0.01, 1.01, 99, float("nan")])
def test_rejects_a_quantile_outside_0_to_1(q: float) -> None:
    text = f"quantile({q!r}): pass a number from 0 to 1; the 99th percentile is 0.99"

    with pytest.raises(ValueError, match=exactly(text)):
        LatencyHistogram().quantile(q)


def test_repr_has_the_count_and_two_quantiles() -> None:
    shown = repr(histogram([0] * 98 + [16_000_000] * 2))

    assert shown == "<LatencyHistogram: 100 operations, p50 0 ms, p99 16.3 ms>"


def test_merge_adds_all_counters() -> None:
    one = OperationCounters(operations=1, keys=2, bytes=3, failed=4, latency=histogram([5]))

    one.merge(
        OperationCounters(operations=10, keys=20, bytes=30, failed=40, latency=histogram([5, 6]))
    )

    assert (one.operations, one.keys, one.bytes, one.failed) == (11, 22, 33, 44)
    assert one.latency.buckets == {5: 2, 6: 1}
