"""The axis of the drawing: room for each operation, time to scale, long waits cut short."""

import pytest
from hypothesis import given, settings

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.render.analysis import Story
from pykvbinding.sim.render.svg_axis import Axis
from pykvbinding.sim.trace import Trace
from tests.support import trace_builder as pictures
from tests.support.trace_builder import Film


def axis(film: Film) -> Axis:
    return Axis(Story(film.trace), 100)


def waiting(*seconds: float) -> Film:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.get(one, "a")
    for each in seconds:
        film.lapse(each)
        film.get(one, "a")
    return film


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_operations_stand_in_order_and_inside(trace: Trace) -> None:
    drawn = Axis(Story(trace), 100)

    places = [drawn.events[event.number] for event in trace.events]
    assert places == sorted(places)
    assert all(100 <= place <= drawn.right for place in places)


def test_operations_at_one_instant_stand_side_by_side() -> None:
    film = waiting()
    film.get(1, "a")

    drawn = axis(film)

    assert list(drawn.events.values()) == [175, 325]
    assert [(each.left, each.right, each.at) for each in drawn.instants] == [(100, 400, 0)]
    assert drawn.waits == []


def test_equal_waits_are_equally_long_and_a_double_one_twice_as_long() -> None:
    first, second, double = axis(waiting(1, 1, 2)).waits

    assert first.right - first.left == second.right - second.left
    assert double.right - double.left == 2 * (first.right - first.left)
    assert not double.is_cut


def test_a_long_wait_is_cut_short_and_says_so() -> None:
    drawn = axis(waiting(1, 1, 3600))

    assert [wait.is_cut for wait in drawn.waits] == [False, False, True]
    assert drawn.is_cut
    assert drawn.waits[-1].right - drawn.waits[-1].left == 150


def test_a_short_wait_can_still_be_seen() -> None:
    first, *_ = axis(waiting(0.001, 1, 1)).waits

    assert first.right - first.left == 28


def test_a_wait_knows_the_lapse_that_the_schedule_chose() -> None:
    film = waiting(1)
    film.now += NANOSECONDS
    film.get(1, "a")

    chosen, timer = axis(film).waits

    assert chosen.event is film.trace.events[1]
    assert timer.event is None
    assert timer.nanoseconds == NANOSECONDS


@pytest.mark.parametrize(
    ("operations", "pitch"), [(6, 150), (12, 124), (30, 96), (99, 30), (200, 15)]
)
def test_the_more_there_are_the_closer_they_stand(operations: int, pitch: int) -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    for _ in range(operations):
        film.get(one, "a")

    assert axis(film).pitch == pitch


def test_a_version_stands_where_it_came_to_be() -> None:
    film = Film("LHR")
    film.seed("a", "0", before=True)
    film.seed("a", "1")
    put = film.put(film.act("visit", "LHR"), "a", "2")

    drawn = axis(film)

    places = [drawn.commit("KV", "a", version) for version in (1, 2, 3)]
    assert places == [100, 175, drawn.events[put.number]]
