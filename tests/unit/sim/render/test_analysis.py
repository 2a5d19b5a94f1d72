"""The story of a trace: who wrote what, what was overwritten unseen, and what permits it."""

import pytest

from pykvbinding.edge import consistency as contract
from pykvbinding.sim.render.analysis import (
    ACCEPTED,
    FAILED,
    OVERTAKES,
    PAGES,
    REFUSED,
    TOMBSTONES,
    UNSEEN,
    Seed,
    Story,
    is_named,
)
from pykvbinding.sim.trace import Act, Event
from tests.support import trace_builder as pictures
from tests.support.trace_builder import Film


def told(story: Story) -> list[str]:
    """The steps, in short."""
    return [
        f"seed {step.name[1]}" if isinstance(step, Seed) else f"{step.kind}"
        for step in story.steps()
    ]


def test_a_write_over_what_was_never_seen_is_found() -> None:
    story = Story(pictures.lost_update())

    assert story.unseen == {4: (1, 1)}


def test_a_write_after_one_s_own_is_ordinary() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.get(one, "a")
    film.put(one, "a", "1")
    film.put(one, "a", "2")

    assert Story(film.trace).unseen == {}


def test_a_blind_write_overwrites_nothing_that_it_should_have_seen() -> None:
    film = Film("LHR")
    one, two = film.act("visit", "LHR"), film.act("visit", "LHR")
    film.put(one, "a", "1")
    film.put(two, "a", "2")

    assert Story(film.trace).unseen == {}


def test_the_test_itself_is_no_reader() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.get(0, "a")
    film.put(one, "a", "1")
    film.put(0, "a", "2")

    assert Story(film.trace).unseen == {}


def test_what_a_list_has_looked_at_nobody_has_read() -> None:
    film = Film("LHR")
    one, two = film.act("visit", "LHR"), film.act("visit", "LHR")
    film.list(one, "", "a")
    film.put(two, "a", "1")
    film.put(one, "a", "2")

    assert Story(film.trace).unseen == {}


def test_the_writer_of_a_version_is_known() -> None:
    story = Story(pictures.lost_update())

    assert [story.writer(("KV", "visits"), version) for version in (1, 2, 3)] == [1, 2, 0]


def test_seeds_stand_as_early_as_what_was_seen_allows() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.get(one, "a")
    film.seed("a", "1")
    film.seed("b", "1")
    film.lapse(1)
    film.seed("c", "1")

    assert told(Story(film.trace)) == ["seed b", "get", "seed a", "lapse", "seed c"]


def test_a_seed_before_a_lapse_is_not_after_it() -> None:
    film = Film("LHR")
    film.seed("c", "1")
    film.lapse(1)

    assert told(Story(film.trace)) == ["seed c", "lapse"]


def test_what_was_there_before_is_the_newest_of_it() -> None:
    film = Film("LHR")
    film.seed("a", "1", before=True)
    film.seed("a", "2", before=True)
    film.seed("b", "3")

    assert [(s.name, s.commit.value) for s in Story(film.trace).was_there()] == [(("KV", "a"), "2")]


@pytest.mark.parametrize(
    ("deviation", "sentence"),
    [
        ("accepted", ACCEPTED),
        ("failed", FAILED),
        ("tombstones", TOMBSTONES),
        ("overtakes", OVERTAKES),
    ],
)
def test_a_choice_is_permitted_by_a_sentence(deviation: str, sentence: str) -> None:
    film = Film("LHR")
    film.put(film.act("visit", "LHR"), "a", "1", deviates=(deviation,))

    assert Story(film.trace).sentences() == [sentence]


def test_a_refusal_is_permitted_by_a_sentence() -> None:
    assert Story(pictures.refused()).sentences() == [REFUSED]


def test_an_overwrite_is_permitted_by_its_own_sentence_if_no_stale_read_explains_it() -> None:
    assert Story(pictures.crowd()).sentences() == [UNSEEN]
    assert Story(pictures.lost_update()).sentences() == [contract.CREATED]


def test_every_sentence_has_a_page() -> None:
    ours = {ACCEPTED, FAILED, OVERTAKES, TOMBSTONES, REFUSED, UNSEEN}
    theirs = {contract.UPDATED, contract.CREATED, contract.DELETED, contract.OR_MORE}

    assert ours | theirs | {contract.EXPIRED} == set(PAGES)


def test_a_stale_read_knows_the_versions_that_were_there_the_first_one_first() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    for value in "123":
        film.put(one, "a", value)
    read = film.get(one, "a", older=[2])

    assert Story(film.trace).newer(read, read.looks[0]) == [2, 3]


def overtaken() -> tuple[Film, Story]:
    """Of two writes the later one has come in before the other, which had been read."""
    film = Film("LHR", "NRT")
    one, two = film.act("save", "LHR"), film.act("save", "NRT")
    film.put(one, "a", "1")
    film.lapse(5)
    film.get(two, "a", older=[1])
    film.put(two, "a", "2", deviates=("overtakes",))
    film.put(two, "b", "2", deviates=("overtakes",))
    commits = film.trace.commits["KV", "a"]
    commits.reverse()
    for version, commit in enumerate(commits, 1):
        commit.version = version
        film.trace.events[commit.event or 0].looks[0].version = version
    film.trace.events[2].looks[0].latest = 2
    return film, Story(film.trace)


def test_a_write_that_overtakes_knows_which_one() -> None:
    film, story = overtaken()
    first, _, read, second, alone = film.trace.events

    assert story.overtaken(second) is first
    assert [story.overtaken(event) for event in (first, read, alone)] == [None] * 3
    assert [story.is_involved(event) for event in (first, second)] == [True, False]
    assert story.sentences() == [contract.CREATED, OVERTAKES]


def test_what_overtook_the_newest_afterwards_was_not_there_yet() -> None:
    film, story = overtaken()
    read = film.trace.events[2]

    assert story.newer(read, read.looks[0]) == [2]


def test_a_lapse_is_asked_about_all_that_follows_it() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.put(one, "a", "1")
    lapse = film.lapse(1)
    nothing = film.lapse(61)
    film.put(one, "a", "2")

    (group,) = Story(film.trace).endings(lapse)
    assert [(end.kind, end.key) for end in group] == [("limit", "a")]
    assert Story(film.trace).endings(nothing) == []


def test_an_answer_of_nothing_for_what_is_there_has_expired() -> None:
    film = Film("LHR")
    film.seed("a", "1")
    event = film.get(film.act("visit", "LHR"), "a")
    event.looks[0].value = None

    assert Story(film.trace).has_expired(event, event.looks[0])


def test_an_answer_of_nothing_for_what_was_deleted_has_not_expired() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.put(one, "a", None)
    event = film.get(one, "a")

    assert not Story(film.trace).has_expired(event, event.looks[0])


@pytest.mark.parametrize(
    ("session", "named"), [("", False), ("7", False), ("#7", False), ("a", True)]
)
def test_a_number_is_no_name_of_a_session(session: str, named: bool) -> None:
    act = Act(number=1, name="visit", location="LHR", session=session, started=0)

    assert is_named(act) is named


def test_one_session_need_not_be_told_from_others() -> None:
    film = Film("LHR")
    film.act("visit", "LHR", "ana")
    film.act("visit", "LHR", "ana")
    assert not Story(film.trace).shows_sessions

    film.act("visit", "LHR", "bob")
    assert Story(film.trace).shows_sessions


def test_the_write_that_makes_a_read_stale_is_involved() -> None:
    trace = pictures.lost_update()
    story = Story(trace)

    involved = [event.number for event in trace.events if story.is_involved(event)]

    assert involved == [1, 2, 4]


def test_an_operation_is_where_it_says_or_where_its_invocation_is() -> None:
    film = Film("LHR", "NRT")
    one = film.act("visit", "LHR")
    at_home, away = film.get(one, "a"), film.get(one, "a", location="NRT")
    nowhere = film.external(0, "charge")
    home = Event(number=9, kind="external", at=0, asked=0, invocation=one)
    story = Story(film.trace)

    assert [story.location(e) for e in (at_home, away, nowhere, home)] == ["LHR", "NRT", "", "LHR"]
    assert [story.is_away(e) for e in (at_home, away, nowhere, home)] == [False, True, False, False]
