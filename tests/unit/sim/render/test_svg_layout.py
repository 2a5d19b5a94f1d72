"""The places of the drawing: lanes, invocations that do not overlap, rows of keys."""

from itertools import combinations

from hypothesis import given, settings

from pykvbinding.sim.render.analysis import Story
from pykvbinding.sim.render.svg_layout import LEFT, MOST_KEYS, Scene
from pykvbinding.sim.trace import Trace
from tests.support import trace_builder as pictures
from tests.support.trace_builder import Film


def scene(trace: Trace) -> Scene:
    return Scene(Story(trace))


def test_every_location_of_the_network_has_a_lane() -> None:
    film = Film("LHR", "NRT", "SFO")
    film.get(film.act("visit", "NRT"), "a", location="CDG")

    assert list(scene(film.trace).lanes) == ["LHR", "NRT", "SFO", "CDG"]


def test_what_happens_nowhere_has_a_lane_too() -> None:
    film = Film("LHR")
    film.external(0, "charge")

    assert list(scene(film.trace).lanes) == ["LHR", ""]


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


def test_keys_and_titles_are_as_short_as_their_places() -> None:
    film = Film("LHR")
    film.get(film.act("a_rather_long_name_for_a_handler_of_requests", "LHR"), "k" * 500)

    drawn = scene(film.trace)

    assert len(drawn.key(("KV", "k" * 500))) <= 14
    assert drawn.title(1) == "① a_rather_long_name_for_a_ha…"
    assert drawn.axis.left == LEFT


def test_where_operations_are_many_there_are_numbers_only() -> None:
    drawn = scene(pictures.long_run())

    assert not drawn.is_labelled
    assert drawn.title(1) == "①"


def test_an_operation_that_needs_more_lines_makes_outlines_higher() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.get(one, "a")
    low = scene(film.trace)
    film.get(one, "a", ttl=3600)
    high = scene(film.trace)

    assert [line for line, _ in high.lines(film.trace.events[1])] == [
        "get a", "cacheTtl=3600", "→ null",
    ]  # fmt: skip
    assert high.height > low.height


def test_an_overwrite_is_told_below_its_write() -> None:
    trace = pictures.lost_update()

    lines = scene(trace).lines(trace.events[-1])

    assert lines[-1] == ("over v1 unseen", "label age")


def test_a_write_that_came_in_before_another_says_so_below_it() -> None:
    film = Film("LHR")
    film.act("visit", "LHR")
    first = film.put(1, "a", "1")
    second = film.put(1, "a", "2", deviates=("overtakes",))
    first.looks[0].version, second.looks[0].version = 2, 1
    scene = Scene(Story(film.trace))

    assert scene.lines(second)[-1] == ("before v2", "label age")
    assert scene.lines(first)[-1][1] != "label age"
