"""The layout of the drawing: lanes, invocations that do not overlap, rows of keys."""

from itertools import combinations

from hypothesis import given, settings

from pykvbinding.sim.render.analysis import Story
from pykvbinding.sim.render.svg_layout import MOST_KEYS, Scene
from pykvbinding.sim.trace import Trace
from tests.support import trace_builder as pictures
from tests.support.trace_builder import Film


def scene(trace: Trace) -> Scene:
    return Scene(Story(trace))


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_lanes_stand_below_each_other(trace: Trace) -> None:
    drawn = scene(trace)

    edges = [drawn.central_bottom]
    for lane in drawn.lanes.values():
        edges += [lane.top, lane.bottom]
    assert edges == sorted(edges)
    assert edges[-1] <= drawn.bottom


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_invocations_do_not_overlap_and_hold_their_operations(trace: Trace) -> None:
    drawn = scene(trace)

    for lane in drawn.lanes.values():
        for one, other in combinations(lane.outlines, 2):
            apart = one.right < other.left or other.right < one.left
            assert apart or abs(one.top - other.top) >= drawn.height
        for outline in lane.outlines:
            assert lane.top < outline.top
            assert outline.top + drawn.height < lane.copies_top
            for event in outline.events:
                assert outline.left < drawn.axis.events[event.number] < outline.right


def test_the_keys_of_stale_reads_have_rows_first_then_the_busiest() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.seed("stale", "1")
    for number in range(MOST_KEYS + 2):
        film.get(one, f"key{number}")
    film.get(one, "key9")
    film.get(one, "stale", older=[1])

    drawn = scene(film.trace)

    names = [key for _, key in drawn.central]
    assert names == ["stale", "key0", "key1", "key2", "key3", "key4", "key5", "key9"]
    assert drawn.hidden == 3
    assert drawn.central_row(("KV", "key8")) > drawn.central_row(("KV", "key9"))


def test_of_keys_that_are_equally_busy_a_location_shows_the_first() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    for number in range(2 * MOST_KEYS):
        film.get(one, f"key{number}")

    drawn = scene(film.trace)

    assert [key for _, key in drawn.lanes["LHR"].names] == [f"key{n}" for n in range(MOST_KEYS)]
