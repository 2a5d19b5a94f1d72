"""The rows of the text: what has one, and what is folded away."""

from pykvbinding._text.glyphs import UNICODE
from pykvbinding.sim.render.analysis import Story
from pykvbinding.sim.render.text_model import ERROR, FAINT, STALE, Row
from pykvbinding.sim.render.text_rows import MOST_ROWS, Folded, Rows, folded
from pykvbinding.sim.trace import Trace
from tests.support import trace_builder as pictures
from tests.support.trace_builder import Film


def rows(trace: Trace, *, full: bool = False) -> list[Row]:
    return list(Rows(Story(trace), UNICODE, full).sheet(32, 100).rows)


def titles(trace: Trace) -> list[str]:
    return list(Rows(Story(trace), UNICODE, full=False).sheet(32, 100).titles.values())


def busy(operations: int) -> Film:
    """Nothing but ordinary reads."""
    film = Film("LHR")
    acts = [film.act("visit", "LHR") for _ in range(12)]
    for index in range(operations):
        film.get(acts[index % 12], "a")
    return film


def test_an_operation_has_a_row() -> None:
    first, second, *_ = rows(pictures.lost_update())

    assert (first.instant, first.central, first.lane, first.text) == (
        "0.0",
        "–",
        1,
        "get visits → null",
    )
    assert (second.central, second.text) == ('v1 "1" (①)', 'put visits = "1"')


def test_what_is_chosen_stale_or_refused_looks_so() -> None:
    stale = rows(pictures.lost_update())[2]
    refused = rows(pictures.refused())[2]

    assert (stale.chosen, stale.style) == (True, STALE)
    assert (refused.chosen, refused.style) == (False, ERROR)


def test_what_was_there_before_comes_first() -> None:
    first = rows(pictures.stale_after_a_lapse())[0]

    assert (first.instant, first.central) == ("before", 'v1 \'{"name": "old"}\'')


def test_only_some_of_what_was_there_is_named() -> None:
    film = Film("LHR")
    for number in range(6):
        film.seed(f"key{number}", "1", before=True)
    film.get(film.act("visit", "LHR"), "key0")
    film.end(1)

    assert [row.central for row in rows(film.trace)] == [
        'key0 v1 "1"', 'key1 v1 "1"', 'key2 v1 "1"', "and 3 more keys", "",
    ]  # fmt: skip


def test_a_seed_has_a_row_at_its_instant() -> None:
    film = Film("LHR")
    film.lapse(2)
    film.seed("a", "1")

    assert [(row.instant, row.central) for row in rows(film.trace)] == [
        ("2.0", ""),
        ("2.0", 'v1 "1" (test)'),
    ]


def test_many_versions_of_one_operation_are_counted() -> None:
    film = Film("LHR")
    event = film.put(film.act("visit", "LHR"), "a", "1")
    event.looks *= 3

    assert rows(film.trace)[0].central == "3 versions"


def test_an_invocation_that_did_nothing_has_a_column() -> None:
    film = Film("LHR")
    film.act("idle", "LHR")

    assert titles(film.trace) == ["① idle @LHR"]


def test_the_test_has_a_column_if_it_did_anything() -> None:
    film = Film("LHR")
    film.act("visit", "LHR")
    film.lapse(1)
    assert titles(film.trace) == ["① visit @LHR"]

    film.get(0, "a", location="LHR")
    assert titles(film.trace) == ["test", "① visit @LHR"]


def test_what_invocations_came_to_is_told_unless_it_is_nothing() -> None:
    assert rows(pictures.lost_update())[-1].instant == "1.0"
    assert rows(pictures.refused())[-1].cells == {1: "→ KVError: 429 Too Many Requests"}


def test_who_is_under_way_is_known() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.get(one, "a")
    film.end(one)
    film.lapse(1)
    film.get(film.act("visit", "LHR"), "a")

    assert [row.alive for row in rows(film.trace) if row.lane] == [{1}, {2}]


def test_a_short_run_is_not_folded() -> None:
    steps = list(Story(busy(MOST_ROWS).trace).steps())

    assert folded(Story(busy(MOST_ROWS).trace), steps) == steps


def test_a_long_run_keeps_its_ends() -> None:
    drawn = rows(busy(100).trace)

    assert [row.text for row in drawn if row.style == FAINT] == [
        "… 94 ordinary operations of ① ② ③ ④ ⑤ ⑥ ⑦ ⑧ … …"
    ]
    assert len([row for row in drawn if row.lane]) == 6


def test_all_is_shown_if_all_is_asked_for() -> None:
    assert len([row for row in rows(busy(100).trace, full=True) if row.lane]) == 100


def test_few_operations_between_remarkable_ones_are_not_folded() -> None:
    film = busy(0)
    film.seed("b", "1")
    for index in range(50):
        film.get(1, "a")
        if index % 3 == 0:
            film.get(1, "b", older=[1])

    steps = folded(Story(film.trace), list(Story(film.trace).steps()))

    assert not any(isinstance(step, Folded) for step in steps)


def test_what_explains_is_shown_while_there_is_room() -> None:
    film = busy(60)
    film.put(1, "b", "1")
    for _ in range(10):
        film.get(2, "a")
    film.get(3, "b", older=[1])
    for _ in range(10):
        film.get(2, "a")

    texts = [row.text for row in rows(film.trace)]

    assert 'put b = "1"' in texts
    assert "get b → null" in texts


def test_a_folded_lapse_is_no_operation() -> None:
    film = busy(30)
    film.lapse(1, chosen=False)
    for _ in range(30):
        film.get(1, "a")

    assert any("54 ordinary operations of ①" in row.text for row in rows(film.trace))
