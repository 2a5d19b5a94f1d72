"""The copies that locations held: since when, until when, and how old."""

from hypothesis import given, settings

from pykvbinding.sim.render.analysis import Story
from pykvbinding.sim.render.svg_axis import Axis
from pykvbinding.sim.render.svg_caches import Copy, copies, pieces
from pykvbinding.sim.trace import Trace
from tests.support import trace_builder as pictures
from tests.support.trace_builder import Film


def held(film: Film) -> list[Copy]:
    story = Story(film.trace)
    return copies(story, Axis(story, 0))


def shades(film: Film) -> list[list[str]]:
    story = Story(film.trace)
    axis = Axis(story, 0)
    return [[piece.shade for piece in pieces(story, axis, copy)] for copy in copies(story, axis)]


def two() -> Film:
    film = Film("LHR", "NRT")
    film.act("visit", "LHR")
    film.act("visit", "NRT")
    return film


def test_a_copy_lives_from_its_read_to_the_end() -> None:
    film = two()
    read = film.get(1, "a")
    axis = Axis(Story(film.trace), 0)

    (copy,) = held(film)

    assert (copy.location, copy.name, copy.version) == ("LHR", ("KV", "a"), 0)
    assert (copy.left, copy.right) == (axis.events[read.number], axis.right)


def test_a_read_of_the_same_version_has_the_same_copy() -> None:
    film = two()
    film.get(1, "a")
    film.get(1, "a")

    assert len(held(film)) == 1


def test_a_read_of_another_version_has_another_copy() -> None:
    film = two()
    film.get(2, "a")
    film.put(1, "a", "1")
    film.get(2, "a")

    first, second = held(film)

    assert (first.version, second.version) == (0, 1)
    assert first.right == second.left


def test_a_write_drops_the_copy_of_its_own_location_only() -> None:
    film = two()
    film.get(1, "a")
    film.get(2, "a")
    put = film.put(1, "a", "1")
    film.get(2, "a", older=[1])
    axis = Axis(Story(film.trace), 0)

    here, there = held(film)

    assert here.right == axis.events[put.number]
    assert there.right == axis.right


def test_what_failed_and_what_was_listed_leaves_no_copy() -> None:
    film = two()
    film.get(1, "a", outcome="KV GET failed: 500")
    film.list(1, "", "a")
    film.put(1, "a", "1", refused=True)
    film.get(0, "a")

    assert held(film) == []


def test_a_copy_grows_older_while_it_is_the_newest() -> None:
    film = two()
    film.get(1, "a")
    film.lapse(2)
    film.get(1, "a")
    film.lapse(1)
    film.get(1, "a")
    film.lapse(100)
    film.get(1, "a")

    assert shades(film) == [["f0", "f1", "f2"]]


def test_a_copy_is_in_another_colour_from_the_write_that_replaced_it() -> None:
    film = two()
    film.get(2, "a")
    film.put(1, "a", "1")
    for wait in (2, 100, 4000):
        film.lapse(wait)
        film.get(2, "a", older=[1])

    assert shades(film) == [["f0", "s0", "s1", "s2", "s3"]]


def test_a_copy_that_was_old_when_it_was_fetched_never_was_fresh() -> None:
    film = two()
    film.put(1, "a", "1")
    film.get(2, "a", older=[1])

    assert shades(film) == [["s0"]]


def test_a_copy_replaced_since_before_anybody_looked_is_as_old_as_that_is_known() -> None:
    film = two()
    film.seed("a", "1", before=True)
    film.get(2, "a", older=[1])

    assert shades(film) == [["s0"]]


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_pieces_cover_their_copy_without_a_gap(trace: Trace) -> None:
    story = Story(trace)
    axis = Axis(story, 0)

    for copy in copies(story, axis):
        parts = list(pieces(story, axis, copy))
        edges = [copy.left, *(part.right for part in parts)]
        assert [part.left for part in parts] == edges[:-1]
        assert edges[-1] == copy.right


def test_a_copy_is_stale_from_the_first_write_on_whatever_came_in_below_that_afterwards() -> None:
    film = two()
    film.get(2, "a")
    film.put(1, "a", "1")
    film.lapse(5)
    film.put(2, "b", "1")
    before = shades(film)
    film.put(1, "a", "2", deviates=("overtakes",))
    first, second = film.trace.commits["KV", "a"]
    film.trace.commits["KV", "a"] = [second, first]
    for number, commit in enumerate((second, first), 1):
        commit.version = number
        film.trace.events[commit.event or 0].looks[0].version = number

    assert before == shades(film) == [["f0", "s0", "s1"]]
