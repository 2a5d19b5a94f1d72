"""Guarantees compared with reference definitions, on runs of the simulator."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.sim.check.guarantees import (
    causal,
    converges,
    fresh,
    linearizable,
    monotonic_reads,
    monotonic_writes,
    no_lost_updates,
    read_your_writes,
    together,
    writes_follow_reads,
)
from pykvbinding.sim.trace import Trace
from tests.support import reference_guarantees as naive
from tests.unit.sim.check.test_guarantees import documented, evaluate_counts
from tests.unit.sim.run.test_adversary import PROGRAMS, run_at_random

RUNS = settings(deadline=None, max_examples=150)


@st.composite
def runs(draw: st.DrawFn) -> Trace:
    """Generate runs with reordered writes, faults and cross-location routing."""
    switches: dict[str, Any] = {
        name: draw(st.booleans()) for name in ("reorder_writes", "faults", "cross_location_routing")
    }
    net, _ = run_at_random(draw(st.integers(0, 2**32)), draw(PROGRAMS), **switches)
    trace: Trace = net.trace
    return trace


@RUNS
@given(runs())
def test_session_guarantees_equal_their_definition_over_all_pairs(trace: Trace) -> None:
    for guarantee, writes, after_writes in (
        (read_your_writes, False, True),
        (monotonic_reads, False, False),
        (monotonic_writes, True, True),
        (writes_follow_reads, True, False),
    ):
        expected = naive.session_pairs(trace, writes=writes, after_writes=after_writes)

        assert evaluate_counts(guarantee, trace) == expected
    assert evaluate_counts(causal, trace) == naive.causal(trace)


@RUNS
@given(runs())
def test_invocation_guarantees_equal_their_definition_over_all_pairs(trace: Trace) -> None:
    assert evaluate_counts(no_lost_updates, trace) == naive.no_lost_updates(trace)
    exercised, violating = evaluate_counts(together(["a", "b"]), trace)
    expected = naive.together(trace, "ab")
    assert (exercised, set(violating)) == (expected[0], set(expected[1]))


@RUNS
@given(runs())
def test_reader_guarantees_equal_their_definition_over_all_versions(trace: Trace) -> None:
    for guarantee, expected in (
        (fresh(), naive.fresh_within(trace, documented)),
        (fresh(within=1), naive.fresh_within(trace, lambda _: 1)),
        (fresh(versions=1), naive.fresh_versions(trace, 1)),
        (converges(within=1), naive.converges(trace, lambda _: 1)),
        (linearizable, naive.linearizable(trace)),
    ):
        exercised, violating = evaluate_counts(guarantee, trace)

        assert (exercised, sorted(set(violating))) == (expected[0], sorted(set(expected[1])))


@pytest.mark.parametrize("guarantee", [monotonic_writes, writes_follow_reads])
def test_write_reordering_breaks_the_guarantees_that_only_it_can_break(guarantee: Any) -> None:
    programs = [[("get", "a", 1), ("put", "a", 1), ("put", "a", 2)]] * 3

    def broken(*, reorder_writes: bool) -> int:
        traces = (
            run_at_random(
                seed, programs, cross_location_routing=True, reorder_writes=reorder_writes
            )[0].trace
            for seed in range(50)
        )
        return sum(bool(guarantee(trace).violations) for trace in traces)

    assert broken(reorder_writes=False) == 0
    assert broken(reorder_writes=True) > 0
