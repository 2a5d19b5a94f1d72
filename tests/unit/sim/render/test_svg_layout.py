"""Layout of the SVG: lanes, invocations that do not overlap, rows of keys."""

from itertools import combinations

from hypothesis import given, settings

from pykvbinding.sim.render.analysis import TraceAnalysis
from pykvbinding.sim.render.svg_layout import MAX_KEYS, SvgLayout
from pykvbinding.sim.trace import Trace
from tests.support import example_traces
from tests.support.trace_builder import TraceBuilder


def layout(trace: Trace) -> SvgLayout:
    return SvgLayout(TraceAnalysis(trace))


@given(example_traces.traces())
@settings(max_examples=40, deadline=None)
def test_lanes_do_not_overlap(trace: Trace) -> None:
    render = layout(trace)

    edges = [render.central_bottom]
    for lane in render.lanes.values():
        edges += [lane.top, lane.bottom]
    assert edges == sorted(edges)
    assert edges[-1] <= render.bottom


@given(example_traces.traces())
@settings(max_examples=40, deadline=None)
def test_invocation_boxes_do_not_overlap_and_contain_their_operations(trace: Trace) -> None:
    render = layout(trace)

    for lane in render.lanes.values():
        for one, other in combinations(lane.boxes, 2):
            apart = one.right < other.left or other.right < one.left
            assert apart or abs(one.top - other.top) >= render.height
        for box in lane.boxes:
            assert lane.top < box.top
            assert box.top + render.height < lane.bars_top
            for event in box.events:
                assert box.left < render.axis.events[event.number] < box.right


def test_keys_with_stale_reads_get_rows_first_then_the_most_used() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    builder.seed("stale", "1")
    for number in range(MAX_KEYS + 2):
        builder.get(one, f"key{number}")
    builder.get(one, "key9")
    builder.get(one, "stale", older=[1])

    render = layout(builder.trace)

    key_ids = [key for _, key in render.central]
    assert key_ids == ["stale", "key0", "key1", "key2", "key3", "key4", "key5", "key9"]
    assert render.hidden == 3
    assert render.central_row(("KV", "key8")) > render.central_row(("KV", "key9"))


def test_equally_used_keys_get_rows_in_order() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    for number in range(2 * MAX_KEYS):
        builder.get(one, f"key{number}")

    render = layout(builder.trace)

    assert [key for _, key in render.lanes["LHR"].key_ids] == [f"key{n}" for n in range(MAX_KEYS)]
