"""Observations: which operations count, reads of nothing, and descriptions."""

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim.check.observations import Observations, VersionFrontier, quote
from pykvbinding.sim.trace import KeyAccess
from tests.support.handlers import look, store
from tests.support.trace_parser import trace_of


def entries(text: str) -> list[tuple[str, int, int]]:
    return [
        (each.key[1], each.version, each.newest_consistent_version)
        for each in Observations(trace_of(text)).entries
    ]


def said(text: str) -> str:
    """Describe the last operation."""
    observations = Observations(trace_of(text))
    return observations.describe(observations.entries[-1])


# Which operations count


def test_each_key_of_a_list_or_a_read_of_several_keys_counts() -> None:
    assert entries("show1 get a b\nshow1 list c c:1 c:2") == [
        ("a", 0, 0),
        ("b", 0, 0),
        ("c:1", 0, 0),
        ("c:2", 0, 0),
    ]


def test_refused_writes_do_not_count_but_writes_that_took_effect_do() -> None:
    assert entries("save1 put a=1 !\nsave1 put a=2 ?") == [("a", 1, 1)]


def test_failed_reads_do_not_count() -> None:
    trace = trace_of("show1 get a")
    trace.events[0].outcome = "KV GET failed: 500 Internal Server Error"

    assert Observations(trace).entries == []


def test_lapses_and_external_effects_do_not_count() -> None:
    assert entries("pay1 external charge\n+61") == []


def test_a_read_of_nothing_is_consistent_with_any_absent_version() -> None:
    gone = "save1 put a=1\nsave1 delete a\nsave1 put a=2\n"

    assert entries(gone + "show2 get a~3")[-1] == ("a", 0, 2)
    assert entries(gone + "show2 get a~2")[-1] == ("a", 1, 1)


def test_a_read_of_nothing_is_not_of_a_later_version() -> None:
    trace = trace_of("save1 put a=1\nshow2 get a~1\nsave1 delete a")

    assert Observations(trace).entries[1].newest_consistent_version == 0


def test_an_expired_version_counts() -> None:
    trace = trace_of("save1 put a=1\nshow2 get a")
    trace.events[1].accesses = (KeyAccess(key="a", version=1, latest=1, value=None),)

    assert Observations(trace).entries[1].newest_consistent_version == 1


def test_a_key_without_versions_has_no_commits() -> None:
    trace = trace_of("show1 get a")
    trace.commits.clear()
    observations = Observations(trace)

    assert observations.entries[0].newest_consistent_version == 0
    assert observations.commit(("KV", "a"), 0) is None
    assert observations.writer(("KV", "a"), 0) is None


# Version frontier


def test_newest_is_the_newest_version_at_the_invocation() -> None:
    observations = Observations(trace_of("save1 put a=1\n+3\nsave1 put a=2\n+1\nshow2 get a <2"))

    assert observations.newest(observations.entries[-1]) == 1


def test_a_frontier_ignores_later_versions() -> None:
    known: VersionFrontier[str] = VersionFrontier()
    known.record((10, 1), 3, "three")
    known.record((10, 2), 2, "two")
    known.record((20, 3), 5, "five")

    assert known.before((10, 1)) is None
    assert known.before((10, 2)) == known.before((20, 3)) == (3, "three")
    assert known.before((20, 4)) == (5, "five")


# Descriptions


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("show1 get a", 'read "a" = null (version 0)'),
        ("show1 list a a", 'listed "a" = null (version 0)'),
        ("save1 put a=x", 'put "a" = "x" (version 1)'),
        ("save1 delete a", 'deleted "a" (version 1)'),
    ],
)
def test_describes_an_operation_with_its_key_and_version(line: str, expected: str) -> None:
    assert said(line) == expected


def test_describes_bytes_as_python_literals() -> None:
    trace = trace_of("save1 put a=x")
    trace.events[0].accesses[0].value = b"\x00\xff"
    observations = Observations(trace)

    assert observations.describe_write(observations.entries[0]) == "put \"a\" = b'\\x00\\xff'"


def test_distinguishes_keys_of_two_bindings() -> None:
    assert said("show1 get CACHE/a\nshow1 get SESSIONS/a") == (
        'read SESSIONS/"a" = null (version 0)'
    )


def test_shortens_a_long_value_to_one_line() -> None:
    assert quote("a\n" * 100) == '"a\\na\\na\\na\\na\\na\\na\\na\\na\\na\\na\\na\\n...'


def test_names_the_handler_with_its_number_or_the_test() -> None:
    trace = trace_of("visit2 get a\ntest get a")
    observations = Observations(trace)

    assert [observations.describe_invocation(event) for event in trace.events] == [
        "visit ②",
        "the test",
    ]


def test_an_unknown_invocation_is_named_by_its_number() -> None:
    trace = trace_of("visit2 get a")
    trace.invocations.clear()

    assert Observations(trace).describe_invocation(trace.events[0]) == "invocation ②"


def test_names_how_an_earlier_operation_relates_to_the_later_one() -> None:
    trace = trace_of("visit1/ana get a\nvisit1/ana get a\nvisit2/ana get a")
    first, second, third = trace.events
    observations = Observations(trace)

    assert observations.describe_earlier_invocation(first, second) == "it"
    assert observations.describe_earlier_invocation(first, third) == 'visit ① of session "ana"'


def test_an_unnamed_session_is_not_called_by_its_number() -> None:
    trace = trace_of("visit1/7 get a\nvisit2/7 get a")

    assert (
        Observations(trace).describe_earlier_invocation(*trace.events)
        == "visit ① of the same session"
    )


# Reordered versions


def reordered() -> Observations:
    """Null is read although "1" exists; then a delete and a null are committed below that."""

    async def remove(env: Env) -> None:
        await env.KV.delete("k")

    net = EdgeNetwork("LHR", "NRT", schedule="1 2~1 3< 4~1", reorder_writes=True)
    net.session("ana", "LHR").call(store)
    net.clock.advance(5)
    net.session("bob", "NRT").call(look)
    net.session("bob").call(remove)
    net.session("bob").call(look)
    return Observations(net.trace)


def test_a_read_of_nothing_is_not_of_a_later_reordered_delete() -> None:
    entries = reordered().entries

    assert [
        (observation.version, observation.newest_consistent_version) for observation in entries
    ] == [(2, 2), (0, 0), (1, 1), (1, 1)]


def test_the_superseding_commit_is_the_first_written_above_the_version() -> None:
    observations = reordered()
    early, late = observations.entries[1], observations.entries[3]

    for observation in (early, late):
        superseding_commit = observations.superseding_commit(observation)
        assert superseding_commit is not None
        assert superseding_commit.version == 2
    assert [commit.version for commit in observations.missed_commits(early)] == [2]
    assert observations.superseding_commit(observations.entries[0]) is None
