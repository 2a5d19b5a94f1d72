"""Guarantees for readers: bounds to the nanosecond, and messages."""

from typing import Any

import pytest

from pykvbinding.sim.check.result import Guarantee
from pykvbinding.sim.check.staleness import converges, fresh, linearizable
from tests.support.trace_parser import trace_of

TWO = "save1 put a=1\n+1\nsave1 put a=2\n"


def broken(guarantee: Guarantee, text: str, **fields: Any) -> list[str]:
    return [each.text for each in guarantee(trace_of(text, **fields)).violations]


def state(guarantee: Guarantee, text: str, **fields: Any) -> str:
    return guarantee(trace_of(text, **fields)).state


# Fresh


def test_a_read_may_lag_less_than_the_bound() -> None:
    assert state(fresh(within=60), TWO + "+59.999999999\nshow2 get a~1") == "not refuted"
    assert broken(fresh(within=60), TWO + "+60\nshow2 get a~1") == [
        'show ② read "a" = "1" (version 1) 60 s after version 2 had replaced it; '
        "fresh(within=60) permits less than 60 s."
    ]


def test_the_age_starts_when_the_version_was_first_superseded() -> None:
    assert state(fresh(within=60), TWO + "+59\nsave1 put a=3\n+1\nshow2 get a~2") == "broken"
    assert state(fresh(within=60), TWO + "+59\nsave1 put a=3\n+1\nshow2 get a~1") == "not refuted"


def test_the_age_ends_when_the_read_was_invoked() -> None:
    assert state(fresh(within=60), TWO + "+61\nshow2 get a~1 <2") == "not refuted"


def test_a_bound_of_zero_requires_the_newest_version_at_the_invocation() -> None:
    assert state(fresh(within=0), TWO + "show2 get a~1") == "broken"
    assert state(fresh(within=0), TWO + "+1\nshow2 get a~1 <1.5") == "not refuted"


def test_the_default_is_the_documented_bound() -> None:
    assert state(fresh(), TWO + "+59\nshow2 get a~1") == "not refuted"
    assert broken(fresh(), TWO + "+60\nshow2 list a a~1") == [
        'show ② listed "a" = "1" (version 1) 60 s after version 2 had replaced it; '
        "the documentation permits less than 60 s."
    ]


def test_the_documented_bound_is_the_cache_ttl_of_the_read_and_the_grace_of_the_network() -> None:
    stale = TWO + "+75\nshow2 get a~1 ttl=60"

    assert state(fresh(), stale) == "broken"
    assert state(fresh(), stale, grace=15.1) == "not refuted"
    assert state(fresh(), TWO + "+75\nshow2 get a~1 ttl=3600") == "not refuted"


def test_infinity_is_accepted_as_a_bound() -> None:
    assert state(fresh(within=float("inf")), TWO + "+1e9\nshow2 get a~1") == "not refuted"


def test_a_version_superseded_before_the_run_exceeds_any_bound() -> None:
    trace = trace_of("seed a=1\nsave1 put a=2\nshow2 get a~2")
    trace.commits["KV", "a"][1].at = None

    assert fresh(within=60)(trace).violations[0].text == (
        'show ② read "a" = null (version 0) long after version 1 had replaced it; '
        "fresh(within=60) permits less than 60 s."
    )


def test_a_read_of_an_unwritten_key_exercises_nothing() -> None:
    trace = trace_of("seed a=1\nshow2 get a\nshow2 get b")
    trace.commits["KV", "a"][1].at = None

    assert fresh()(trace).state == "nothing exercised"


def test_versions_limits_how_many_newer_versions_exist() -> None:
    three = TWO + "+1\nsave1 put a=3\nshow2 get a~2"

    assert state(fresh(versions=2), three) == "not refuted"
    assert broken(fresh(versions=1), three) == [
        'show ② read "a" = "1" (version 1) when version 3 existed; '
        "fresh(versions=1) permits none below 2."
    ]


def test_a_concurrent_write_need_not_be_seen() -> None:
    assert state(fresh(versions=0), TWO + "+1\nshow2 get a~1 <1.5") == "not refuted"
    assert state(fresh(versions=0), TWO + "+1\nshow2 get a~1 <1") == "broken"


def test_a_read_of_nothing_is_as_fresh_as_the_newest_delete() -> None:
    gone = "save1 put a=1\nsave1 delete a\n+60\n"

    assert state(fresh(), gone + "show2 get a~2") == "not refuted"
    assert state(fresh(), gone + "show2 get a~1") == "broken"


@pytest.mark.parametrize(
    ("args", "bounds"),
    [((60,), {}), ((), {"within": 60, "versions": 1})],
    ids=["without a name", "two"],
)
def test_fresh_accepts_only_one_bound(args: tuple[float, ...], bounds: dict[str, int]) -> None:
    take: Any = fresh

    with pytest.raises(TypeError) as caught:
        take(*args, **bounds)

    assert str(caught.value) == (
        "fresh does not accept these arguments; write fresh(within=60) or fresh(versions=1)"
    )


@pytest.mark.parametrize("bound", [-1, float("nan"), "60", True])
@pytest.mark.parametrize("guarantee", [fresh, converges])
def test_a_bound_is_a_number_of_seconds(guarantee: Any, bound: Any) -> None:
    with pytest.raises(ValueError, match="give a number") as caught:
        guarantee(within=bound)

    assert str(caught.value) == (
        f"{guarantee.__name__}(within={bound!r}): give a number, 0 or more "
        "(an integer for versions)"
    )


@pytest.mark.parametrize("bound", [-1, 1.5, True])
def test_a_bound_of_versions_is_an_integer(bound: Any) -> None:
    with pytest.raises(ValueError, match="give a number") as caught:
        fresh(versions=bound)

    assert str(caught.value) == (
        f"fresh(versions={bound!r}): give a number, 0 or more (an integer for versions)"
    )


# Converges


def test_every_location_must_show_the_last_write_in_time() -> None:
    assert broken(converges(within=30), TWO + "+30\nshow2@NRT get a~1") == [
        'show ② at NRT read "a" = "1" (version 1) 30 s after the last write, version 2; '
        "converges(within=30) permits that for less than 30 s."
    ]
    assert broken(converges(within=30), TWO + "+30\nshow2 get a~1") == [
        'show ② read "a" = "1" (version 1) 30 s after the last write, version 2; '
        "converges(within=30) permits that for less than 30 s."
    ]


def test_a_later_correct_read_does_not_undo_a_violation() -> None:
    late = TWO + "+30\nshow2@NRT get a~1\nshow2@NRT get a"

    assert state(converges(within=30), late) == "broken"


def test_ignores_reads_before_the_bound() -> None:
    assert state(converges(within=30), TWO + "+29\nshow2@NRT get a~1") == "nothing exercised"


def test_ignores_versions_before_the_last() -> None:
    read = "+40\nshow2@NRT get a~1\nsave1 put a=3\n"

    assert state(converges(within=30), TWO + read) == "nothing exercised"


def test_ignores_a_key_without_writes() -> None:
    trace = trace_of("seed a=1\n+61\nshow2@NRT get a\nshow2@NRT get b")
    trace.commits["KV", "a"][1].at = None

    assert converges()(trace).state == "nothing exercised"


def test_names_a_location_without_reads() -> None:
    trace = trace_of(TWO + "save1 put b=1\n+61\nshow2@NRT get a", locations=("LHR", "NRT"))

    assert str(converges()(trace)) == (
        'not refuted: exercised 1 time; not read after that: "a" at LHR, "b" at LHR, "b" at NRT'
    )


def test_counts_many_locations_without_reads() -> None:
    places = ("LHR", "NRT", "SYD", "GRU", "IAD")

    trace = trace_of(TWO + "+61\nshow2@NRT get a", locations=places)

    assert converges()(trace).notes == (
        'not read after that: "a" at LHR, "a" at SYD, "a" at GRU and 1 more',
    )


def test_has_no_notes_if_every_location_was_read() -> None:
    trace = trace_of(TWO + "+61\ntest@NRT get a\ntest@LHR get a", locations=("LHR", "NRT"))

    assert (converges()(trace).exercised, converges()(trace).notes) == (2, ())


def test_converges_accepts_its_bound_by_name_only() -> None:
    take: Any = converges

    with pytest.raises(TypeError) as caught:
        take(60)

    assert (
        str(caught.value) == "converges does not accept these arguments; write converges(within=60)"
    )


# Linearizable


def test_a_read_may_return_a_version_superseded_during_it() -> None:
    assert state(linearizable, TWO + "+1\nshow2 get a~1 <1.5") == "not refuted"


def test_a_read_may_not_return_a_version_superseded_before_it() -> None:
    assert broken(linearizable, TWO + "+1\nshow2 get a~1 <1") == [
        'show ② read "a" = "1" (version 1), although version 2 existed before the call.'
    ]


def test_a_write_may_not_be_committed_below_a_completed_write() -> None:
    trace = trace_of("save1 put a=1 #2\nsave2 put a=2 #1")

    assert [each.text for each in linearizable(trace).violations] == [
        'save ② put "a" = "2" (version 1), although version 2 existed before the call.'
    ]


def test_a_read_may_not_return_a_write_that_was_not_invoked_yet() -> None:
    trace = trace_of("save1 put a=1\nshow2 get a")
    trace.events[0].invoked = trace.events[0].at = trace.events[1].at + 1

    assert [each.text for each in linearizable(trace).violations] == [
        'show ② read "a" = "1" (version 1) before save ① called that write.'
    ]


def test_a_key_without_writes_exercises_nothing() -> None:
    assert state(linearizable, "show1 get a") == "nothing exercised"
