"""Guarantees for invocations: violations, and their messages."""

from typing import Any

import pytest

from pykvbinding.sim.check.isolation import no_lost_updates, together
from pykvbinding.sim.check.result import Guarantee
from tests.support.trace_parser import trace_of


def broken(guarantee: Guarantee, text: str) -> list[str]:
    return [violation.text for violation in guarantee(trace_of(text)).violations]


def state(guarantee: Guarantee, text: str) -> str:
    return guarantee(trace_of(text)).state


# Lost updates


def test_overwriting_the_version_that_was_read_loses_nothing() -> None:
    assert state(no_lost_updates, "one1 put a=1\ntwo2 get a\ntwo2 put a=2") == "not refuted"


def test_overwriting_an_unseen_version_loses_it() -> None:
    assert broken(no_lost_updates, "one1 get a\ntwo2 put a=2\none1 put a=1") == [
        'one ① put "a" = "1" over version 1, which it had never read. Version 1 is by two ②.'
    ]


def test_a_delete_can_lose_a_write_and_be_lost() -> None:
    assert broken(no_lost_updates, "one1 get a\ntwo2 delete a\none1 delete a") == [
        'one ① deleted "a" over version 1, which it had never read. Version 1 is by two ②.'
    ]


def test_names_the_lost_versions_and_their_writers() -> None:
    lost = "one1 get a\ntwo2 put a=2\nseed a=3\nfour4 put a=4\n"

    assert broken(no_lost_updates, lost + "one1 put a=1") == [
        'one ① put "a" = "1" over versions 1, 2 and 3, which it had never read. '
        "Version 1 is by two ②, version 2 is by the test and version 3 is by four ④."
    ]


def test_names_only_the_last_of_many_lost_versions() -> None:
    lost = "one1 get a\n" + "two2 put a=2\n" * 5

    assert broken(no_lost_updates, lost + "one1 put a=1") == [
        'one ① put "a" = "1" over versions up to 5, which it had never read. '
        "Version 3 is by two ②, version 4 is by two ② and version 5 is by two ②."
    ]


def test_a_blind_write_is_not_a_violation() -> None:
    assert state(no_lost_updates, "two2 put a=2\none1 put a=1") == "nothing exercised"


def test_an_invocation_knows_its_own_writes() -> None:
    assert state(no_lost_updates, "one1 get a\none1 put a=1\none1 put a=2") == "not refuted"


def test_an_invocation_knows_a_write_that_failed_after_taking_effect() -> None:
    assert state(no_lost_updates, "one1 get a\none1 put a=1 ?\none1 put a=1") == "not refuted"


def test_an_invocation_knows_its_own_concurrent_writes() -> None:
    text = "one1 get a\n+1\none1 put a=1 <1\none1 put a=2 <1"

    assert state(no_lost_updates, text) == "not refuted"


def test_reading_again_shows_the_versions_in_between() -> None:
    text = "one1 get a\ntwo2 put a=2\none1 get a\none1 get a~1\none1 put a=1"

    assert state(no_lost_updates, text) == "not refuted"


def test_ignores_a_read_that_was_concurrent_with_the_write() -> None:
    text = "two2 put a=2\n+2\none1 get a~1 <1\none1 put a=1 <1"

    assert state(no_lost_updates, text) == "nothing exercised"


def test_ignores_a_write_that_began_before_the_read_completed() -> None:
    text = "one1 put a=1\n+2\none1 get a <1\none1 put a=2 <1"

    assert state(no_lost_updates, text) == "nothing exercised"


def test_reports_a_loss_once() -> None:
    text = "one1 get a\ntwo2 put a=2\none1 put a=1\none1 put a=3"

    assert len(broken(no_lost_updates, text)) == 1


def test_reports_a_second_loss_after_reading_again() -> None:
    text = "one1 get a\none1 put a=1\ntwo2 put a=2\none1 put a=3"

    assert broken(no_lost_updates, text) == [
        'one ① put "a" = "3" over version 2, which it had never read. Version 2 is by two ②.'
    ]


def test_a_deleted_update_cannot_be_lost() -> None:
    text = "one1 get a\ntwo2 put a=2\ntwo2 delete a\nthree3 get a~2\nthree3 put a=3"

    assert state(no_lost_updates, text) == "not refuted"


def test_a_refused_write_loses_nothing() -> None:
    assert state(no_lost_updates, "one1 get a\ntwo2 put a=2\none1 put a=1 !") == (
        "nothing exercised"
    )


def test_another_invocation_of_the_session_must_read_again() -> None:
    text = "one1/ana get a\ntwo2 put a=2\none3/ana put a=1"

    assert state(no_lost_updates, text) == "nothing exercised"


def test_the_test_itself_is_not_a_violation() -> None:
    assert state(no_lost_updates, "test get a\ntwo2 put a=2\ntest put a=1") == "nothing exercised"


def test_keys_of_two_bindings_are_two_keys() -> None:
    text = "one1 get CACHE/a\ntwo2 put KV/a=1\none1 put CACHE/a=1"

    assert state(no_lost_updates, text) == "not refuted"


# Together

PAIR = together("a", "b")
WRITTEN = "save1 put a=1\nsave1 put b=1\n"


def test_accepts_both_halves_or_neither() -> None:
    assert state(PAIR, WRITTEN + "show2 get a b") == "not refuted"
    assert state(PAIR, WRITTEN + "show2 get a~1 b~1") == "nothing exercised"


@pytest.mark.parametrize("read", ["show2 get a b~1", "show2 get b~1\nshow2 get a"])
def test_one_half_without_the_other_is_torn_in_any_order(read: str) -> None:
    assert broken(PAIR, WRITTEN + read) == [
        'show ② read "a" = "1" (version 1) of save ①, but read "b" = null (version 0) from before '
        'that: together("a", "b") permits both or neither.'
    ]


def test_accepts_a_newer_half() -> None:
    assert state(PAIR, WRITTEN + "save3 put b=2\nshow2 get a b") == "not refuted"


def test_a_delete_can_be_half_of_an_update() -> None:
    text = "save1 put b=1\nsave1 delete b\nsave1 put a=1\n"

    assert state(PAIR, text + "show2 get a b~2") == "not refuted"
    assert state(PAIR, text + "show2 get a b~1") == "broken"


def test_reading_one_half_alone_is_not_torn() -> None:
    assert state(PAIR, WRITTEN + "show2 get a\nshow3 get b~1") == "nothing exercised"


def test_reading_again_is_not_torn() -> None:
    assert state(PAIR, WRITTEN + "show2 get a b~1\nshow2 get b") == "not refuted"


def test_writing_a_key_again_begins_another_update() -> None:
    twice = WRITTEN + "save1 put a=2\nsave1 put b=2\n"

    assert state(PAIR, twice + "show2 get a~1 b~1") == "not refuted"
    assert state(PAIR, twice + "show2 get a b~1") == "broken"
    assert state(PAIR, twice + "show2 get a~1 b") == "broken"


def test_reading_its_own_incomplete_update_is_not_torn() -> None:
    assert state(PAIR, "save1 get a b\nsave1 put a=1\nsave1 get a\nsave1 put b=1") == (
        "nothing exercised"
    )


def test_updates_of_the_test_count_but_its_reads_do_not() -> None:
    text = "test put a=1\ntest put b=1\n"

    assert state(PAIR, text + "show2 get a b~1") == "broken"
    assert state(PAIR, text + "test get a b~1") == "nothing exercised"


def test_ignores_other_keys() -> None:
    assert state(together("a", "c"), WRITTEN + "show2 get a b~1") == "nothing exercised"


def test_a_pattern_matches_many_keys() -> None:
    text = "save1 put user:1=1\nsave1 put user:2=1\nshow2 get user:1 user:2~1"

    assert state(together("user:*"), text) == "broken"
    assert state(together("user:"), text) == "nothing exercised"


def test_a_key_matches_in_every_binding() -> None:
    text = "save1 put ITEMS/a=1\nsave1 put INDEX/b=1\nshow2 get ITEMS/a\nshow2 get INDEX/b~1"

    assert broken(PAIR, text) == [
        'show ② read ITEMS/"a" = "1" (version 1) of save ①, but read INDEX/"b" = null (version 0) '
        'from before that: together("a", "b") permits both or neither.'
    ]


def test_accepts_a_list_of_keys() -> None:
    assert together(["a", "b"]) == PAIR


@pytest.mark.parametrize("keys", [(), ([],), ([1],)])
def test_rejects_together_without_valid_keys(keys: Any) -> None:
    with pytest.raises(TypeError) as caught:
        together(*keys)

    assert (
        str(caught.value)
        == 'together does not accept these arguments; write together("item", "index")'
    )
