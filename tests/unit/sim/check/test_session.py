"""Session guarantees: which operations they compare, and their messages."""

import pytest

from pykvbinding.sim.check.result import Guarantee
from pykvbinding.sim.check.session import (
    causal,
    monotonic_reads,
    monotonic_writes,
    read_your_writes,
    writes_follow_reads,
)
from tests.support.trace_parser import trace_of


def broken(guarantee: Guarantee, text: str) -> list[str]:
    return [violation.text for violation in guarantee(trace_of(text)).violations]


def state(guarantee: Guarantee, text: str) -> str:
    return guarantee(trace_of(text)).state


def test_reports_an_invocation_that_misses_its_own_write() -> None:
    assert broken(read_your_writes, "save1 put a=1\nsave1 get a~1") == [
        'save ① read "a" = null (version 0), although it had put version 1 before.'
    ]


def test_a_session_spans_invocations_and_locations() -> None:
    text = "save1@LHR/ana put a=1\nsave2@LHR/ana put a=2\nshow3@NRT/ana get a~1"

    assert broken(read_your_writes, text) == [
        'show ③ read "a" = "1" (version 1), although save ② of session "ana" had put version 2 '
        "before."
    ]


def test_another_session_may_miss_the_write() -> None:
    assert state(read_your_writes, "save1/ana put a=1\nshow2/bob get a~1") == "nothing exercised"


def test_an_invocation_without_a_session_is_a_session() -> None:
    assert state(monotonic_reads, "save1 put a=1\nshow2 get a\nshow3 get a~1") == (
        "nothing exercised"
    )


def test_the_test_itself_is_one_session_at_all_locations() -> None:
    assert broken(read_your_writes, "test@LHR put a=1\ntest@NRT get a~1") == [
        'the test read "a" = null (version 0), although it had put version 1 before.'
    ]


def test_an_unacknowledged_write_need_not_be_seen() -> None:
    assert state(read_your_writes, "save1 put a=1 ?\nsave1 get a~1") == "nothing exercised"


def test_a_delete_must_be_seen() -> None:
    assert broken(read_your_writes, "save1 put a=1\nsave1 delete a\nsave1 get a~1") == [
        'save ① read "a" = "1" (version 1), although it had deleted it as version 2 before.'
    ]


def test_a_read_of_nothing_is_consistent_with_a_delete() -> None:
    text = "save1 put a=1\nsave1 delete a\nsave1 get a~2"

    assert state(read_your_writes, text) == "not refuted"


def test_an_old_read_of_nothing_requires_nothing_newer() -> None:
    text = "save1 put a=1\nsave1 delete a\nshow2 get a~2\nshow2 get a~1"

    assert state(monotonic_reads, text) == "not refuted"


def test_concurrent_operations_need_not_observe_each_other() -> None:
    assert state(read_your_writes, "save1 put a=1\n+1\nsave1 get a~1 <2") == "nothing exercised"
    assert state(read_your_writes, "save1 put a=1\n+1\nsave1 get a~1 <1") == "broken"


@pytest.mark.parametrize(("after", "expected"), [(0, "nothing exercised"), (1, "broken")])
def test_the_order_of_events_decides_within_one_instant(after: int, expected: str) -> None:
    trace = trace_of("save1 put a=1\nsave1 get a~1")
    trace.events[1].after = after

    assert read_your_writes(trace).state == expected


def test_reads_must_not_go_backwards() -> None:
    text = "save1 put a=1\nsave1 put a=2\nshow2 get a\nshow2 list a a~1"

    assert broken(monotonic_reads, text) == [
        'show ② listed "a" = "1" (version 1), although it had read version 2 before.'
    ]


def test_compares_with_the_newest_version_that_the_session_read() -> None:
    text = "save1 put a=1\nsave1 put a=2\nshow2 get a\nshow2 get a~2\nshow2 get a~1"

    assert len(broken(monotonic_reads, text)) == 2


def test_writes_must_be_committed_in_order() -> None:
    assert broken(monotonic_writes, "save1/ana put a=1 #2\nsave2/ana put a=2 #1") == [
        'save ② put "a" = "2" (version 1), although save ① of session "ana" had put version 2 '
        "before."
    ]


def test_writes_must_be_committed_above_earlier_reads() -> None:
    text = "save1 put a=1 #2\nsave2 get a\nsave2 put a=2 #1"
    trace = trace_of(text)

    assert [each.text for each in writes_follow_reads(trace).violations] == [
        'save ② put "a" = "2" (version 1), although it had read version 2 before.'
    ]


def test_keys_of_two_bindings_are_two_keys() -> None:
    text = "save1 put CACHE/a=1\nsave1 get SESSIONS/a"

    assert state(read_your_writes, text) == "nothing exercised"


# Across keys

PUBLISHED = "publish1 put item=text\npublish1 put index=item\n"


def test_reading_the_index_requires_seeing_the_item() -> None:
    assert broken(causal, PUBLISHED + "show2 get index\nshow2 get item~1") == [
        'show ② read "item" = null (version 0), although it had read "index" = "item" (version 1) '
        'before, which depends on version 1 of "item".'
    ]


def test_the_item_may_be_missed_without_reading_the_index() -> None:
    assert state(causal, PUBLISHED + "show2 get index~1\nshow2 get item~1") == "nothing exercised"


def test_reads_of_the_writer_are_dependencies() -> None:
    text = "a1 put item=text\nb2 get item\nb2 put index=item\nshow3 get index\nshow3 get item~1"

    assert state(causal, text) == "broken"


def test_later_operations_of_the_writer_are_not_dependencies() -> None:
    text = "a1 put index=item\na1 put item=text\nshow2 get index\nshow2 get item~1"

    assert state(causal, text) == "nothing exercised"


def test_dependencies_are_transitive() -> None:
    text = (
        "a1 put x=1\na1 put y=1\nb2 get y\nb2 put z=1\nshow3/ana get z\nshow4/ana get y\n"
        "show4/ana get x~1"
    )

    assert broken(causal, text) == [
        'show ④ read "x" = null (version 0), although show ③ of session "ana" had read "z" = "1" '
        '(version 1) before, which depends on version 1 of "x".'
    ]


def test_an_unacknowledged_write_is_a_dependency_only_of_its_readers() -> None:
    failed = "publish1 put item=text ?\npublish1 put index=item\n"

    assert state(causal, failed + "show2 get index\nshow2 get item~1") == "nothing exercised"
    assert state(causal, failed + "show2 get item\nshow2 get item~1") == "broken"


@pytest.mark.parametrize(
    "text",
    [
        "save1 put a=1\nsave1 get a~1",
        "save1 put a=1\nshow2 get a\nshow2 get a~1",
        "save1 put a=1 #2\nsave1 put a=2 #1",
        "save1 put a=1 #2\nsave2 get a\nsave2 put a=2 #1",
    ],
)
def test_causal_and_session_guarantees_have_the_same_message_for_one_key(text: str) -> None:
    others = [read_your_writes, monotonic_reads, monotonic_writes, writes_follow_reads]

    assert broken(causal, text) == [said for each in others for said in broken(each, text)]
