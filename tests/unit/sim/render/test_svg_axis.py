"""The axis of the drawing: the operations in order, and a link from each wait to its lapse."""

from hypothesis import given, settings

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.render.analysis import Story
from pykvbinding.sim.render.svg_axis import Axis
from pykvbinding.sim.trace import Trace
from tests.support import trace_builder as pictures
from tests.support.trace_builder import Film


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_operations_stand_in_order_and_inside(trace: Trace) -> None:
    drawn = Axis(Story(trace), 100)

    places = [drawn.events[event.number] for event in trace.events]
    assert places == sorted(places)
    assert all(100 <= place <= drawn.right for place in places)


def test_a_wait_knows_the_lapse_that_the_schedule_chose() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    film.get(one, "a")
    film.lapse(1)
    film.get(one, "a")
    film.now += NANOSECONDS
    film.get(one, "a")

    chosen, timer = Axis(Story(film.trace), 100).waits

    assert chosen.event is film.trace.events[1]
    assert timer.event is None
    assert timer.nanoseconds == NANOSECONDS
