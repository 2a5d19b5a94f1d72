"""Guarantees compared with slow reference definitions, and `check`."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from pykvbinding.sim.check.guarantees import (
    causal,
    check,
    converges,
    evaluate,
    fresh,
    linearizable,
    monotonic_reads,
    monotonic_writes,
    no_lost_updates,
    read_your_writes,
    together,
    writes_follow_reads,
)
from pykvbinding.sim.check.result import (
    Guarantee,
    GuaranteeResult,
    GuaranteeViolation,
    LostUpdate,
    NonMonotonicRead,
    ReadYourWritesViolation,
    StaleRead,
    TornRead,
)
from pykvbinding.sim.trace import Trace
from tests.support import reference_guarantees as naive
from tests.support.trace_parser import trace_of, traces

SESSIONS = [read_your_writes, monotonic_reads, monotonic_writes, writes_follow_reads]

THOROUGH = settings(max_examples=150, deadline=None)


def evaluate_counts(guarantee: Guarantee, trace: Trace) -> naive.Result:
    verdict = guarantee(trace)
    return verdict.exercised, sorted(violation.events[-1] for violation in verdict.violations)


def documented(op: naive.Op) -> float:
    ttl = op.event.cache_ttl
    return (60 if ttl is None else ttl) + op.trace.staleness_grace_seconds


# Comparison with reference definitions


@THOROUGH
@given(traces(reordered=True))
def test_session_guarantees_equal_their_definition_over_all_pairs(trace: Trace) -> None:
    for guarantee, writes, after_writes in (
        (read_your_writes, False, True),
        (monotonic_reads, False, False),
        (monotonic_writes, True, True),
        (writes_follow_reads, True, False),
    ):
        expected = naive.session_pairs(trace, writes=writes, after_writes=after_writes)

        assert evaluate_counts(guarantee, trace) == expected


@THOROUGH
@given(traces(reordered=True))
def test_causal_equals_the_transitive_closure_of_sessions_and_reads(trace: Trace) -> None:
    assert evaluate_counts(causal, trace) == naive.causal(trace)


@THOROUGH
@given(traces(reordered=True))
def test_causal_implies_the_other_session_guarantees(trace: Trace) -> None:
    violating = {violation.events[-1] for violation in causal(trace).violations}

    for guarantee in SESSIONS:
        assert {each.events[-1] for each in guarantee(trace).violations} <= violating


@THOROUGH
@given(traces())
def test_lost_updates_equal_their_definition_over_all_pairs(trace: Trace) -> None:
    assert evaluate_counts(no_lost_updates, trace) == naive.no_lost_updates(trace)


@THOROUGH
@given(traces())
def test_fresh_equals_its_definition_over_all_versions(trace: Trace) -> None:
    assert evaluate_counts(fresh(), trace) == naive.fresh_within(trace, documented)
    for bound in (0, 1, 2.5):
        expected = naive.fresh_within(trace, lambda _, bound=bound: bound)  # type: ignore[misc]
        assert evaluate_counts(fresh(within=bound), trace) == expected
    for versions in (0, 1):
        assert evaluate_counts(fresh(versions=versions), trace) == naive.fresh_versions(
            trace, versions
        )


@THOROUGH
@given(traces())
def test_converges_checks_every_read_after_the_last_write(trace: Trace) -> None:
    assert evaluate_counts(converges(), trace) == naive.converges(trace, documented)
    for bound in (0, 1):
        expected = naive.converges(trace, lambda _, bound=bound: bound)  # type: ignore[misc]
        assert evaluate_counts(converges(within=bound), trace) == expected


@THOROUGH
@given(traces())
def test_a_read_that_breaks_converges_breaks_fresh(trace: Trace) -> None:
    late = {violation.events[-1] for violation in converges(within=1)(trace).violations}

    assert late <= {violation.events[-1] for violation in fresh(within=1)(trace).violations}


@THOROUGH
@given(traces())
def test_linearizable_equals_real_time_order(trace: Trace) -> None:
    assert evaluate_counts(linearizable, trace) == naive.linearizable(trace)


@THOROUGH
@given(traces())
def test_together_equals_its_definition_over_all_pairs_of_reads(trace: Trace) -> None:
    exercised, violating = naive.together(trace, "xy")

    assert evaluate_counts(together("x", "y"), trace) == (exercised, sorted(violating))


# check()

LOST = """
    visit1@LHR get visits
    visit1@LHR put visits=1
    +1
    visit2@NRT get visits~1
    visit2@NRT put visits=1
"""
SENTENCE = (
    'visit ② put "visits" = "1" over version 1, which it had never read. Version 1 is by visit ①.'
)


def test_the_error_message_begins_with_the_violation() -> None:
    with pytest.raises(LostUpdate) as caught:
        check(trace_of(LOST), no_lost_updates)

    assert str(caught.value) == SENTENCE
    assert isinstance(caught.value, AssertionError)


@pytest.mark.parametrize("picture", ["a picture", lambda verdict: "a picture"])
def test_the_picture_follows_the_violation(picture: str | Callable[[GuaranteeResult], str]) -> None:
    with pytest.raises(LostUpdate) as caught:
        check(trace_of(LOST), no_lost_updates, picture=picture)

    assert str(caught.value) == f"{SENTENCE}\na picture"


def test_a_picture_is_rendered_only_if_a_guarantee_is_broken() -> None:
    def draw(verdict: GuaranteeResult) -> str:
        raise AssertionError(verdict)

    report = check(trace_of(LOST), read_your_writes, picture=draw)

    assert len(report) == 1


def test_several_violations_are_counted() -> None:
    trace = trace_of(LOST + "visit3@NRT get visits~1\n visit3@NRT put visits=2")

    with pytest.raises(LostUpdate) as caught:
        check(trace, no_lost_updates)

    assert str(caught.value) == f"{SENTENCE}\n(The same guarantee is broken 2 times.)"


def test_the_error_has_its_result_and_no_context() -> None:
    with pytest.raises(LostUpdate) as caught:
        check(trace_of(LOST), no_lost_updates)

    assert caught.value.verdict == no_lost_updates(trace_of(LOST))
    assert caught.value.__context__ is None


def test_raises_for_the_first_broken_argument() -> None:
    with pytest.raises(StaleRead):
        check(trace_of(LOST), read_your_writes, fresh(within=1), no_lost_updates)


def test_returns_a_report_if_nothing_is_broken() -> None:
    report = check(trace_of(LOST), read_your_writes, fresh, writes_follow_reads)

    assert str(report).splitlines() == [
        "read_your_writes     nothing exercised",
        "fresh                not refuted: exercised 1 time",
        "writes_follow_reads  not refuted: exercised 2 times",
    ]


def test_evaluate_reports_a_result_for_every_guarantee() -> None:
    report = evaluate(trace_of(LOST), no_lost_updates, read_your_writes)

    assert [verdict.state for verdict in report] == ["broken", "nothing exercised"]
    assert report.broken == (no_lost_updates(trace_of(LOST)),)
    assert str(report).splitlines()[0] == f"no_lost_updates   broken: {SENTENCE}"


@pytest.mark.parametrize("error", [LostUpdate, ReadYourWritesViolation, NonMonotonicRead, TornRead])
def test_error_classes_belong_to_the_public_module(
    error: type[GuaranteeViolation],
) -> None:
    assert (error.__module__, error.__qualname__) == ("pykvbinding.sim", error.__name__)


def test_an_error_can_be_pickled() -> None:
    with pytest.raises(LostUpdate) as caught:
        check(trace_of(LOST), no_lost_updates)

    copy = pickle.loads(pickle.dumps(caught.value))

    assert (type(copy), str(copy)) == (LostUpdate, SENTENCE)
    assert copy.verdict == caught.value.verdict


def test_fresh_and_converges_without_parentheses_use_the_documented_bound() -> None:
    trace = trace_of("save1 put a=1\n+1\nsave1 put a=2\n+60\nshow2 get a~1")

    assert evaluate(trace, fresh, converges) == evaluate(trace, fresh(), converges())
    with pytest.raises(StaleRead):
        check(trace, fresh)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Guarantee, "Guarantee"),
        ("no_lost_updates", "'no_lost_updates'"),
        (together, "together"),
        (None, "None"),
    ],
    ids=["class", "text", "function", "nothing"],
)
def test_rejects_an_argument_that_is_not_a_guarantee(value: Any, shown: str) -> None:
    with pytest.raises(TypeError) as caught:
        check(Trace(), value)

    assert str(caught.value) == (
        f"check({shown}): not a guarantee; pass guarantees, as in "
        'check(no_lost_updates, fresh(within=60), together("item", "index"))'
    )


def test_rejects_a_check_without_a_guarantee() -> None:
    with pytest.raises(TypeError) as caught:
        check(Trace())

    assert str(caught.value) == (
        "check() without a guarantee checks nothing; write check(no_lost_updates)"
    )
