"""The evidence: which operations count, what an answer of nothing can be, and prose."""

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim.check.observations import Evidence, Known, quoted
from pykvbinding.sim.trace import Look
from tests.support.handlers import look, store
from tests.support.trace_parser import trace_of


def facts(text: str) -> list[tuple[str, int, int]]:
    return [(each.key[1], each.version, each.shown) for each in Evidence(trace_of(text)).facts]


def said(text: str) -> str:
    """What prose says of the last operation."""
    evidence = Evidence(trace_of(text))
    return evidence.did(evidence.facts[-1])


# What counts


def test_each_key_of_a_list_or_of_a_read_of_several_counts() -> None:
    assert facts("show1 get a b\nshow1 list c c:1 c:2") == [
        ("a", 0, 0),
        ("b", 0, 0),
        ("c:1", 0, 0),
        ("c:2", 0, 0),
    ]


def test_a_refused_write_is_none_and_one_that_fails_after_taking_effect_is_one() -> None:
    assert facts("save1 put a=1 !\nsave1 put a=2 ?") == [("a", 1, 1)]


def test_a_read_that_failed_has_told_nothing() -> None:
    trace = trace_of("show1 get a")
    trace.events[0].outcome = "KV GET failed: 500 Internal Server Error"

    assert Evidence(trace).facts == []


def test_what_is_no_operation_has_no_facts() -> None:
    assert facts("pay1 external charge\n+61") == []


def test_an_answer_of_nothing_may_be_of_any_version_that_is_nothing() -> None:
    gone = "save1 put a=1\nsave1 delete a\nsave1 put a=2\n"

    assert facts(gone + "show2 get a~3")[-1] == ("a", 0, 2)
    assert facts(gone + "show2 get a~2")[-1] == ("a", 1, 1)


def test_an_answer_of_nothing_is_of_no_version_that_came_later() -> None:
    trace = trace_of("save1 put a=1\nshow2 get a~1\nsave1 delete a")

    assert Evidence(trace).facts[1].shown == 0


def test_an_expired_version_is_a_version() -> None:
    trace = trace_of("save1 put a=1\nshow2 get a")
    trace.events[1].looks = (Look(key="a", version=1, latest=1, value=None),)

    assert Evidence(trace).facts[1].shown == 1


def test_a_key_that_nobody_keeps_versions_of_has_no_commits() -> None:
    trace = trace_of("show1 get a")
    trace.commits.clear()
    evidence = Evidence(trace)

    assert evidence.facts[0].shown == 0
    assert evidence.commit(("KV", "a"), 0) is None
    assert evidence.writer(("KV", "a"), 0) is None


# Knowledge


def test_the_newest_version_for_an_operation_is_that_of_the_instant_when_it_was_asked() -> None:
    evidence = Evidence(trace_of("save1 put a=1\n+3\nsave1 put a=2\n+1\nshow2 get a <2"))

    assert evidence.newest(evidence.facts[-1]) == 1


def test_only_what_was_known_before_a_moment_is_known_there() -> None:
    known: Known[str] = Known()
    known.note((10, 1), 3, "three")
    known.note((10, 2), 2, "two")
    known.note((20, 3), 5, "five")

    assert known.before((10, 1)) is None
    assert known.before((10, 2)) == known.before((20, 3)) == (3, "three")
    assert known.before((20, 4)) == (5, "five")


# Prose


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("show1 get a", 'read "a" = null (version 0)'),
        ("show1 list a a", 'listed "a" = null (version 0)'),
        ("save1 put a=x", 'put "a" = "x" (version 1)'),
        ("save1 delete a", 'deleted "a" (version 1)'),
    ],
)
def test_an_operation_is_told_with_its_key_and_its_version(line: str, expected: str) -> None:
    assert said(line) == expected


def test_bytes_are_told_as_python_writes_them() -> None:
    trace = trace_of("save1 put a=x")
    trace.events[0].looks[0].value = b"\x00\xff"
    evidence = Evidence(trace)

    assert evidence.wrote(evidence.facts[0]) == "put \"a\" = b'\\x00\\xff'"


def test_keys_of_two_bindings_are_told_apart() -> None:
    assert said("show1 get CACHE/a\nshow1 get SESSIONS/a") == (
        'read SESSIONS/"a" = null (version 0)'
    )


def test_a_long_value_is_cut_off_on_one_line() -> None:
    assert quoted("a\n" * 100) == '"a\\na\\na\\na\\na\\na\\na\\na\\na\\na\\na\\na\\n...'


def test_who_did_it_is_the_handler_and_its_number_or_the_test() -> None:
    trace = trace_of("visit2 get a\ntest get a")
    evidence = Evidence(trace)

    assert [evidence.who(event) for event in trace.events] == ["visit ②", "the test"]


def test_an_invocation_of_which_nothing_is_told_has_a_number_at_least() -> None:
    trace = trace_of("visit2 get a")
    trace.acts.clear()

    assert Evidence(trace).who(trace.events[0]) == "invocation ②"


def test_an_earlier_operation_is_called_by_what_connects_it_with_the_later() -> None:
    trace = trace_of("visit1/ana get a\nvisit1/ana get a\nvisit2/ana get a")
    first, second, third = trace.events
    evidence = Evidence(trace)

    assert evidence.earlier(first, second) == "it"
    assert evidence.earlier(first, third) == 'visit ① of session "ana"'


def test_a_session_that_nobody_has_named_is_called_by_no_number() -> None:
    trace = trace_of("visit1/7 get a\nvisit2/7 get a")

    assert Evidence(trace).earlier(*trace.events) == "visit ① of the same session"


# Versions that are not in the order in which they were written


def overtaken() -> Evidence:
    """A null, read when there was "1" already; then a deletion, and a null, come in below that."""

    async def remove(env: Env) -> None:
        await env.KV.delete("k")

    net = EdgeNetwork("LHR", "NRT", schedule="1 2~1 3< 4~1", reorder_writes=True)
    net.session("ana", "LHR").call(store)
    net.clock.advance(5)
    net.session("bob", "NRT").call(look)
    net.session("bob").call(remove)
    net.session("bob").call(look)
    return Evidence(net.trace)


def test_an_answer_of_nothing_is_of_no_deletion_that_came_in_below_afterwards() -> None:
    facts = overtaken().facts

    assert [(fact.version, fact.shown) for fact in facts] == [(2, 2), (0, 0), (1, 1), (1, 1)]


def test_what_has_replaced_a_version_is_what_was_written_first_of_all_above_it() -> None:
    evidence = overtaken()
    early, late = evidence.facts[1], evidence.facts[3]

    for fact in (early, late):
        replaced = evidence.replaced(fact)
        assert replaced is not None
        assert replaced.version == 2
    assert [commit.version for commit in evidence.missed(early)] == [2]
    assert evidence.replaced(evidence.facts[0]) is None
