"""The guarantees to readers: their bounds to the nanosecond, and what their sentences say."""

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


def test_a_read_may_lag_behind_for_less_than_the_bound() -> None:
    assert state(fresh(within=60), TWO + "+59.999999999\nshow2 get a~1") == "not refuted"
    assert broken(fresh(within=60), TWO + "+60\nshow2 get a~1") == [
        'show ② read "a" = "1" (version 1) 60 s after version 2 had replaced it; '
        "fresh(within=60) permits less than 60 s."
    ]


def test_the_age_counts_from_when_the_version_was_replaced_first() -> None:
    assert state(fresh(within=60), TWO + "+59\nsave1 put a=3\n+1\nshow2 get a~2") == "broken"
    assert state(fresh(within=60), TWO + "+59\nsave1 put a=3\n+1\nshow2 get a~1") == "not refuted"


def test_the_age_counts_until_the_read_was_asked() -> None:
    assert state(fresh(within=60), TWO + "+61\nshow2 get a~1 <2") == "not refuted"


def test_a_bound_of_zero_wants_what_was_there_when_the_read_was_asked() -> None:
    assert state(fresh(within=0), TWO + "show2 get a~1") == "broken"
    assert state(fresh(within=0), TWO + "+1\nshow2 get a~1 <1.5") == "not refuted"


def test_alone_it_is_the_documented_bound() -> None:
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


def test_no_bound_is_infinite_but_infinity() -> None:
    assert state(fresh(within=float("inf")), TWO + "+1e9\nshow2 get a~1") == "not refuted"


def test_what_was_replaced_before_anybody_looked_is_older_than_any_bound() -> None:
    trace = trace_of("seed a=1\nsave1 put a=2\nshow2 get a~2")
    trace.commits["KV", "a"][1].at = None

    assert fresh(within=60)(trace).violations[0].text == (
        'show ② read "a" = null (version 0) long after version 1 had replaced it; '
        "fresh(within=60) permits less than 60 s."
    )


def test_a_read_of_what_nobody_has_written_in_the_run_shows_nothing() -> None:
    trace = trace_of("seed a=1\nshow2 get a\nshow2 get b")
    trace.commits["KV", "a"][1].at = None

    assert fresh()(trace).state == "nothing exercised"


def test_versions_bound_how_often_it_was_replaced() -> None:
    three = TWO + "+1\nsave1 put a=3\nshow2 get a~2"

    assert state(fresh(versions=2), three) == "not refuted"
    assert broken(fresh(versions=1), three) == [
        'show ② read "a" = "1" (version 1) when there was version 3; '
        "fresh(versions=1) permits none below 2."
    ]


def test_what_was_written_while_a_read_was_in_flight_need_not_be_seen() -> None:
    assert state(fresh(versions=0), TWO + "+1\nshow2 get a~1 <1.5") == "not refuted"
    assert state(fresh(versions=0), TWO + "+1\nshow2 get a~1 <1") == "broken"


def test_nothing_is_as_fresh_as_the_deletion_that_it_could_show() -> None:
    gone = "save1 put a=1\nsave1 delete a\n+60\n"

    assert state(fresh(), gone + "show2 get a~2") == "not refuted"
    assert state(fresh(), gone + "show2 get a~1") == "broken"


@pytest.mark.parametrize(
    ("args", "bounds"),
    [((60,), {}), ((), {"within": 60, "versions": 1})],
    ids=["without a name", "two"],
)
def test_fresh_takes_one_bound(args: tuple[float, ...], bounds: dict[str, int]) -> None:
    take: Any = fresh

    with pytest.raises(TypeError) as caught:
        take(*args, **bounds)

    assert str(caught.value) == (
        "fresh does not take that; write fresh(within=60) or fresh(versions=1)"
    )


@pytest.mark.parametrize("bound", [-1, float("nan"), "60", True])
@pytest.mark.parametrize("guarantee", [fresh, converges])
def test_a_bound_is_a_number_of_seconds(guarantee: Any, bound: Any) -> None:
    with pytest.raises(ValueError, match="give a number") as caught:
        guarantee(within=bound)

    assert str(caught.value) == (
        f"{guarantee.__name__}(within={bound!r}): give a number, 0 or more "
        "(of versions, a whole one)"
    )


@pytest.mark.parametrize("bound", [-1, 1.5, True])
def test_a_bound_of_versions_is_a_whole_number(bound: Any) -> None:
    with pytest.raises(ValueError, match="give a number") as caught:
        fresh(versions=bound)

    assert str(caught.value) == (
        f"fresh(versions={bound!r}): give a number, 0 or more (of versions, a whole one)"
    )


# Converges


def test_after_the_last_write_every_location_shows_it_in_time() -> None:
    assert broken(converges(within=30), TWO + "+30\nshow2@NRT get a~1") == [
        'show ② at NRT read "a" = "1" (version 1) 30 s after the last write, version 2; '
        "converges(within=30) permits that for less than 30 s."
    ]
    assert broken(converges(within=30), TWO + "+30\nshow2 get a~1") == [
        'show ② read "a" = "1" (version 1) 30 s after the last write, version 2; '
        "converges(within=30) permits that for less than 30 s."
    ]


def test_a_later_read_that_shows_it_does_not_make_up_for_that() -> None:
    late = TWO + "+30\nshow2@NRT get a~1\nshow2@NRT get a"

    assert state(converges(within=30), late) == "broken"


def test_before_the_time_is_over_nothing_is_expected() -> None:
    assert state(converges(within=30), TWO + "+29\nshow2@NRT get a~1") == "nothing exercised"


def test_versions_before_the_last_do_not_matter() -> None:
    read = "+40\nshow2@NRT get a~1\nsave1 put a=3\n"

    assert state(converges(within=30), TWO + read) == "nothing exercised"


def test_a_key_that_was_not_written_in_the_run_has_nowhere_to_converge_to() -> None:
    trace = trace_of("seed a=1\n+61\nshow2@NRT get a\nshow2@NRT get b")
    trace.commits["KV", "a"][1].at = None

    assert converges()(trace).state == "nothing exercised"


def test_a_location_that_nobody_has_looked_at_is_named() -> None:
    trace = trace_of(TWO + "save1 put b=1\n+61\nshow2@NRT get a", locations=("LHR", "NRT"))

    assert str(converges()(trace)) == (
        'not refuted: exercised 1 time; not read after that: "a" at LHR, "b" at LHR, "b" at NRT'
    )


def test_many_of_them_are_counted() -> None:
    places = ("LHR", "NRT", "SYD", "GRU", "IAD")

    trace = trace_of(TWO + "+61\nshow2@NRT get a", locations=places)

    assert converges()(trace).notes == (
        'not read after that: "a" at LHR, "a" at SYD, "a" at GRU and 1 more',
    )


def test_a_test_that_looked_everywhere_has_no_notes() -> None:
    trace = trace_of(TWO + "+61\ntest@NRT get a\ntest@LHR get a", locations=("LHR", "NRT"))

    assert (converges()(trace).exercised, converges()(trace).notes) == (2, ())


def test_converges_takes_its_bound_by_name() -> None:
    take: Any = converges

    with pytest.raises(TypeError) as caught:
        take(60)

    assert str(caught.value) == "converges does not take that; write converges(within=60)"


# Linearizable


def test_a_read_may_show_what_was_replaced_while_it_was_in_flight() -> None:
    assert state(linearizable, TWO + "+1\nshow2 get a~1 <1.5") == "not refuted"


def test_it_may_not_show_what_was_replaced_before_it_asked() -> None:
    assert broken(linearizable, TWO + "+1\nshow2 get a~1 <1") == [
        'show ② read "a" = "1" (version 1), although version 2 was there before it asked.'
    ]


def test_a_write_may_not_be_committed_below_one_that_was_over() -> None:
    trace = trace_of("save1 put a=1 #2\nsave2 put a=2 #1")

    assert [each.text for each in linearizable(trace).violations] == [
        'save ② put "a" = "2" (version 1), although version 2 was there before it asked.'
    ]


def test_nobody_reads_what_nobody_has_asked_to_write_yet() -> None:
    trace = trace_of("save1 put a=1\nshow2 get a")
    trace.events[0].asked = trace.events[0].at = trace.events[1].at + 1

    assert [each.text for each in linearizable(trace).violations] == [
        'show ② read "a" = "1" (version 1) before save ① asked to write that.'
    ]


def test_a_key_that_was_never_written_shows_nothing() -> None:
    assert state(linearizable, "show1 get a") == "nothing exercised"
