"""Analysis of a trace: writers, unseen overwrites, and sentences of the documentation."""

import pytest

from pykvbinding.edge import consistency as contract
from pykvbinding.sim.render.analysis import (
    ACCEPTED,
    DOC_PAGE,
    FAILED,
    OVERTAKES,
    RATE_LIMITED,
    TOMBSTONES,
    UNSEEN,
    DirectWrite,
    TraceAnalysis,
    is_named,
)
from pykvbinding.sim.trace import Event, InvocationSpan
from tests.support import example_traces
from tests.support.trace_builder import TraceBuilder


def describe_steps(analysis: TraceAnalysis) -> list[str]:
    """Return the steps in short form."""
    return [
        f"seed {step.name[1]}" if isinstance(step, DirectWrite) else f"{step.kind}"
        for step in analysis.steps()
    ]


def test_finds_a_write_over_an_unseen_version() -> None:
    analysis = TraceAnalysis(example_traces.lost_update())

    assert analysis.unseen_overwrites == {4: (1, 1)}


def test_a_write_after_its_own_write_is_not_an_unseen_overwrite() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    builder.get(one, "a")
    builder.put(one, "a", "1")
    builder.put(one, "a", "2")

    assert TraceAnalysis(builder.trace).unseen_overwrites == {}


def test_a_blind_write_is_not_an_unseen_overwrite() -> None:
    builder = TraceBuilder("LHR")
    one, two = builder.start("visit", "LHR"), builder.start("visit", "LHR")
    builder.put(one, "a", "1")
    builder.put(two, "a", "2")

    assert TraceAnalysis(builder.trace).unseen_overwrites == {}


def test_writes_of_the_test_are_not_unseen_overwrites() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    builder.get(0, "a")
    builder.put(one, "a", "1")
    builder.put(0, "a", "2")

    assert TraceAnalysis(builder.trace).unseen_overwrites == {}


def test_a_list_is_not_a_read_of_its_keys() -> None:
    builder = TraceBuilder("LHR")
    one, two = builder.start("visit", "LHR"), builder.start("visit", "LHR")
    builder.list(one, "", "a")
    builder.put(two, "a", "1")
    builder.put(one, "a", "2")

    assert TraceAnalysis(builder.trace).unseen_overwrites == {}


def test_finds_the_writer_of_a_version() -> None:
    analysis = TraceAnalysis(example_traces.lost_update())

    assert [analysis.writer(("KV", "visits"), version) for version in (1, 2, 3)] == [1, 2, 0]


def test_direct_writes_are_placed_as_early_as_the_reads_allow() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    builder.get(one, "a")
    builder.seed("a", "1")
    builder.seed("b", "1")
    builder.lapse(1)
    builder.seed("c", "1")

    assert describe_steps(TraceAnalysis(builder.trace)) == [
        "seed b",
        "get",
        "seed a",
        "lapse",
        "seed c",
    ]


def test_a_direct_write_before_a_lapse_stays_before_it() -> None:
    builder = TraceBuilder("LHR")
    builder.seed("c", "1")
    builder.lapse(1)

    assert describe_steps(TraceAnalysis(builder.trace)) == ["seed c", "lapse"]


def test_initial_records_are_the_newest_versions_before_the_run() -> None:
    builder = TraceBuilder("LHR")
    builder.seed("a", "1", before=True)
    builder.seed("a", "2", before=True)
    builder.seed("b", "3")

    assert [(s.name, s.commit.value) for s in TraceAnalysis(builder.trace).initial_records()] == [
        (("KV", "a"), "2")
    ]


@pytest.mark.parametrize(
    ("deviation", "sentence"),
    [
        ("accepted", ACCEPTED),
        ("failed", FAILED),
        ("tombstones", TOMBSTONES),
        ("overtakes", OVERTAKES),
    ],
)
def test_a_deviation_has_a_sentence_of_the_documentation(deviation: str, sentence: str) -> None:
    builder = TraceBuilder("LHR")
    builder.put(builder.start("visit", "LHR"), "a", "1", deviations=(deviation,))

    assert TraceAnalysis(builder.trace).sentences() == [sentence]


def test_a_refused_write_has_a_sentence_of_the_documentation() -> None:
    assert TraceAnalysis(example_traces.refused()).sentences() == [RATE_LIMITED]


def test_an_overwrite_has_a_sentence_unless_a_stale_read_explains_it() -> None:
    assert TraceAnalysis(example_traces.crowd()).sentences() == [UNSEEN]
    assert TraceAnalysis(example_traces.lost_update()).sentences() == [contract.CREATED]


def test_every_sentence_has_a_documentation_page() -> None:
    ours = {ACCEPTED, FAILED, OVERTAKES, TOMBSTONES, RATE_LIMITED, UNSEEN}
    theirs = {contract.UPDATED, contract.CREATED, contract.DELETED, contract.OR_MORE}

    assert ours | theirs | {contract.EXPIRED} == set(DOC_PAGE)


def test_newer_versions_are_in_the_order_of_writing() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    for value in "123":
        builder.put(one, "a", value)
    read = builder.get(one, "a", older=[2])

    assert TraceAnalysis(builder.trace).newer_versions(read, read.accesses[0]) == [2, 3]


def reordered_write() -> tuple[TraceBuilder, TraceAnalysis]:
    """The later of two writes is committed before the other, which was already read."""
    builder = TraceBuilder("LHR", "NRT")
    one, two = builder.start("save", "LHR"), builder.start("save", "NRT")
    builder.put(one, "a", "1")
    builder.lapse(5)
    builder.get(two, "a", older=[1])
    builder.put(two, "a", "2", deviations=("overtakes",))
    builder.put(two, "b", "2", deviations=("overtakes",))
    commits = builder.trace.commits["KV", "a"]
    commits.reverse()
    for version, commit in enumerate(commits, 1):
        commit.version = version
        builder.trace.events[commit.event or 0].accesses[0].version = version
    builder.trace.events[2].accesses[0].latest = 2
    return builder, TraceAnalysis(builder.trace)


def test_finds_the_write_that_was_reordered() -> None:
    builder, analysis = reordered_write()
    first, _, read, second, alone = builder.trace.events

    assert analysis.reordered_write(second) is first
    assert [analysis.reordered_write(event) for event in (first, read, alone)] == [None] * 3
    assert [analysis.explains_notable(event) for event in (first, second)] == [True, False]
    assert analysis.sentences() == [contract.CREATED, OVERTAKES]


def test_newer_versions_exclude_later_reordered_writes() -> None:
    builder, analysis = reordered_write()
    read = builder.trace.events[2]

    assert analysis.newer_versions(read, read.accesses[0]) == [2]


def test_selects_lapse_effects_for_all_later_operations() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    builder.put(one, "a", "1")
    lapse = builder.lapse(1)
    nothing = builder.lapse(61)
    builder.put(one, "a", "2")

    (group,) = TraceAnalysis(builder.trace).select_lapse_effects(lapse)
    assert [(end.kind, end.key) for end in group] == [("limit", "a")]
    assert TraceAnalysis(builder.trace).select_lapse_effects(nothing) == []


def test_a_read_of_nothing_for_an_existing_value_has_expired() -> None:
    builder = TraceBuilder("LHR")
    builder.seed("a", "1")
    event = builder.get(builder.start("visit", "LHR"), "a")
    event.accesses[0].value = None

    assert TraceAnalysis(builder.trace).has_expired(event, event.accesses[0])


def test_a_read_of_nothing_for_a_deleted_value_has_not_expired() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    builder.put(one, "a", None)
    event = builder.get(one, "a")

    assert not TraceAnalysis(builder.trace).has_expired(event, event.accesses[0])


@pytest.mark.parametrize(
    ("session", "named"), [("", False), ("7", False), ("#7", False), ("a", True)]
)
def test_a_number_is_not_a_session_name(session: str, named: bool) -> None:
    span = InvocationSpan(number=1, name="visit", location="LHR", session=session, started=0)

    assert is_named(span) is named


def test_a_single_session_is_not_shown() -> None:
    builder = TraceBuilder("LHR")
    builder.start("visit", "LHR", "ana")
    builder.start("visit", "LHR", "ana")
    assert not TraceAnalysis(builder.trace).shows_sessions

    builder.start("visit", "LHR", "bob")
    assert TraceAnalysis(builder.trace).shows_sessions


def test_the_write_that_makes_a_read_stale_explains_it() -> None:
    trace = example_traces.lost_update()
    analysis = TraceAnalysis(trace)

    involved = [event.number for event in trace.events if analysis.explains_notable(event)]

    assert involved == [1, 2, 4]


def test_an_operation_defaults_to_the_location_of_its_invocation() -> None:
    builder = TraceBuilder("LHR", "NRT")
    one = builder.start("visit", "LHR")
    at_home, away = builder.get(one, "a"), builder.get(one, "a", location="NRT")
    nowhere = builder.external(0, "charge")
    home = Event(number=9, kind="external", at=0, invoked=0, invocation=one)
    analysis = TraceAnalysis(builder.trace)

    assert [analysis.location(e) for e in (at_home, away, nowhere, home)] == [
        "LHR",
        "NRT",
        "",
        "LHR",
    ]
    assert [analysis.needs_location(e) for e in (at_home, away, nowhere, home)] == [
        False,
        True,
        False,
        False,
    ]
