"""The guarantees against slow and plain definitions, and the check."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from pykvbinding.sim.check.guarantees import (
    causal,
    check,
    converges,
    fresh,
    judge,
    linearizable,
    monotonic_reads,
    monotonic_writes,
    no_lost_updates,
    read_your_writes,
    together,
    writes_follow_reads,
)
from pykvbinding.sim.check.result import (
    BrokenGuarantee,
    FracturedRead,
    Guarantee,
    LostUpdate,
    NonMonotonicRead,
    OwnWriteUnseen,
    StaleRead,
    Verdict,
)
from pykvbinding.sim.trace import Trace
from tests.support import reference_guarantees as naive
from tests.support.trace_parser import trace_of, traces

SESSIONS = [read_your_writes, monotonic_reads, monotonic_writes, writes_follow_reads]

THOROUGH = settings(max_examples=150, deadline=None)


def found(guarantee: Guarantee, trace: Trace) -> naive.Found:
    verdict = guarantee(trace)
    return verdict.exercised, sorted(violation.events[-1] for violation in verdict.violations)


def documented(op: naive.Op) -> float:
    ttl = op.event.cache_ttl
    return (60 if ttl is None else ttl) + op.trace.grace


# Against plain definitions


@THOROUGH
@given(traces(reordered=True))
def test_the_guarantees_to_sessions_are_those_of_all_pairs(trace: Trace) -> None:
    for guarantee, writes, after_writes in (
        (read_your_writes, False, True),
        (monotonic_reads, False, False),
        (monotonic_writes, True, True),
        (writes_follow_reads, True, False),
    ):
        expected = naive.session_pairs(trace, writes=writes, after_writes=after_writes)

        assert found(guarantee, trace) == expected


@THOROUGH
@given(traces(reordered=True))
def test_causal_is_the_transitive_closure_of_sessions_and_reads(trace: Trace) -> None:
    assert found(causal, trace) == naive.causal(trace)


@THOROUGH
@given(traces(reordered=True))
def test_causal_implies_the_other_guarantees_to_sessions(trace: Trace) -> None:
    blamed = {violation.events[-1] for violation in causal(trace).violations}

    for guarantee in SESSIONS:
        assert {each.events[-1] for each in guarantee(trace).violations} <= blamed


@THOROUGH
@given(traces())
def test_lost_updates_are_those_of_all_pairs(trace: Trace) -> None:
    assert found(no_lost_updates, trace) == naive.no_lost_updates(trace)


@THOROUGH
@given(traces())
def test_fresh_is_what_no_later_version_contradicts(trace: Trace) -> None:
    assert found(fresh(), trace) == naive.fresh_within(trace, documented)
    for bound in (0, 1, 2.5):
        expected = naive.fresh_within(trace, lambda _, bound=bound: bound)  # type: ignore[misc]
        assert found(fresh(within=bound), trace) == expected
    for versions in (0, 1):
        assert found(fresh(versions=versions), trace) == naive.fresh_versions(trace, versions)


@THOROUGH
@given(traces())
def test_converges_is_about_every_read_after_the_last_write(trace: Trace) -> None:
    assert found(converges(), trace) == naive.converges(trace, documented)
    for bound in (0, 1):
        expected = naive.converges(trace, lambda _, bound=bound: bound)  # type: ignore[misc]
        assert found(converges(within=bound), trace) == expected


@THOROUGH
@given(traces())
def test_what_does_not_converge_is_not_fresh(trace: Trace) -> None:
    late = {violation.events[-1] for violation in converges(within=1)(trace).violations}

    assert late <= {violation.events[-1] for violation in fresh(within=1)(trace).violations}


@THOROUGH
@given(traces())
def test_linearizable_is_the_order_of_real_time(trace: Trace) -> None:
    assert found(linearizable, trace) == naive.linearizable(trace)


@THOROUGH
@given(traces())
def test_together_is_what_all_pairs_of_reads_say(trace: Trace) -> None:
    exercised, blamed = naive.together(trace, "xy")

    assert found(together("x", "y"), trace) == (exercised, sorted(blamed))


# The check

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


def test_the_text_of_the_error_begins_with_the_sentence() -> None:
    with pytest.raises(LostUpdate) as caught:
        check(trace_of(LOST), no_lost_updates)

    assert str(caught.value) == SENTENCE
    assert isinstance(caught.value, AssertionError)


@pytest.mark.parametrize("picture", ["a picture", lambda verdict: "a picture"])
def test_the_picture_stands_below(picture: str | Callable[[Verdict], str]) -> None:
    with pytest.raises(LostUpdate) as caught:
        check(trace_of(LOST), no_lost_updates, picture=picture)

    assert str(caught.value) == f"{SENTENCE}\na picture"


def test_a_picture_is_drawn_only_if_something_is_broken() -> None:
    def draw(verdict: Verdict) -> str:
        raise AssertionError(verdict)

    report = check(trace_of(LOST), read_your_writes, picture=draw)

    assert len(report) == 1


def test_several_violations_are_counted() -> None:
    trace = trace_of(LOST + "visit3@NRT get visits~1\n visit3@NRT put visits=2")

    with pytest.raises(LostUpdate) as caught:
        check(trace, no_lost_updates)

    assert str(caught.value) == f"{SENTENCE}\n(The same guarantee is broken 2 times.)"


def test_the_error_has_its_verdict_and_no_context() -> None:
    with pytest.raises(LostUpdate) as caught:
        check(trace_of(LOST), no_lost_updates)

    assert caught.value.verdict == no_lost_updates(trace_of(LOST))
    assert caught.value.__context__ is None


def test_the_guarantee_that_is_named_first_wins() -> None:
    with pytest.raises(StaleRead):
        check(trace_of(LOST), read_your_writes, fresh(within=1), no_lost_updates)


def test_nothing_broken_is_a_report() -> None:
    report = check(trace_of(LOST), read_your_writes, fresh, writes_follow_reads)

    assert str(report).splitlines() == [
        "read_your_writes     nothing exercised",
        "fresh                not refuted: exercised 1 time",
        "writes_follow_reads  not refuted: exercised 2 times",
    ]


def test_a_report_has_a_verdict_for_each_guarantee_broken_or_not() -> None:
    report = judge(trace_of(LOST), no_lost_updates, read_your_writes)

    assert [verdict.state for verdict in report] == ["broken", "nothing exercised"]
    assert report.broken == (no_lost_updates(trace_of(LOST)),)
    assert str(report).splitlines()[0] == f"no_lost_updates   broken: {SENTENCE}"


@pytest.mark.parametrize("error", [LostUpdate, OwnWriteUnseen, NonMonotonicRead, FracturedRead])
def test_the_errors_are_at_home_where_they_are_imported_from(error: type[BrokenGuarantee]) -> None:
    assert (error.__module__, error.__qualname__) == ("pykvbinding.sim", error.__name__)


def test_an_error_survives_pickling() -> None:
    with pytest.raises(LostUpdate) as caught:
        check(trace_of(LOST), no_lost_updates)

    copy = pickle.loads(pickle.dumps(caught.value))

    assert (type(copy), str(copy)) == (LostUpdate, SENTENCE)
    assert copy.verdict == caught.value.verdict


def test_fresh_and_converges_without_parentheses_have_the_documented_bound() -> None:
    trace = trace_of("save1 put a=1\n+1\nsave1 put a=2\n+60\nshow2 get a~1")

    assert judge(trace, fresh, converges) == judge(trace, fresh(), converges())
    with pytest.raises(StaleRead):
        check(trace, fresh)


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        (Guarantee, "Guarantee"),
        ("no_lost_updates", "'no_lost_updates'"),
        (together, "together"),
        (None, "None"),
    ],
    ids=["class", "text", "function", "nothing"],
)
def test_what_is_no_guarantee_is_refused(other: Any, shown: str) -> None:
    with pytest.raises(TypeError) as caught:
        check(Trace(), other)

    assert str(caught.value) == (
        f"check({shown}): this is no guarantee; name some, as in "
        'check(no_lost_updates, fresh(within=60), together("item", "index"))'
    )


def test_a_check_without_a_guarantee_is_refused() -> None:
    with pytest.raises(TypeError) as caught:
        check(Trace())

    assert str(caught.value) == (
        "check() without a guarantee checks nothing; write check(no_lost_updates)"
    )
