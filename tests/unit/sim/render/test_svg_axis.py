"""Time axis of the SVG: order of operations, and gaps with their lapses."""

from hypothesis import given, settings

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.render.analysis import TraceAnalysis
from pykvbinding.sim.render.svg_axis import TimeAxis
from pykvbinding.sim.trace import Trace
from tests.support import example_traces
from tests.support.trace_builder import TraceBuilder


@given(example_traces.traces())
@settings(max_examples=40, deadline=None)
def test_operations_are_in_order_and_inside_the_axis(trace: Trace) -> None:
    render = TimeAxis(TraceAnalysis(trace), 100)

    places = [render.events[event.number] for event in trace.events]
    assert places == sorted(places)
    assert all(100 <= place <= render.right for place in places)


def test_a_gap_refers_to_its_lapse() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    builder.get(one, "a")
    builder.lapse(1)
    builder.get(one, "a")
    builder.now += NANOSECONDS
    builder.get(one, "a")

    chosen, timer = TimeAxis(TraceAnalysis(builder.trace), 100).gaps

    assert chosen.event is builder.trace.events[1]
    assert timer.event is None
    assert timer.nanoseconds == NANOSECONDS
