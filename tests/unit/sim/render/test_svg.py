"""SVG of a run: well-formed, complete, and equal to the golden file."""

from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings

from pykvbinding import EdgeNetwork
from pykvbinding.sim.render.analysis import TraceAnalysis
from pykvbinding.sim.render.svg import render_svg, shape
from pykvbinding.sim.trace import Trace
from tests.support import example_traces
from tests.support.handlers import store
from tests.support.trace_builder import TraceBuilder

SVG = "{http://www.w3.org/2000/svg}"


def render(trace: Trace) -> Any:
    return ElementTree.fromstring(render_svg(TraceAnalysis(trace)))


def classes(root: Any) -> list[str]:
    return [element.get("class", "") for element in root.iter()]


def texts(root: Any, kind: str) -> list[str | None]:
    return [each.text for each in root.iter(f"{SVG}text") if kind in each.get("class", "").split()]


def titles(root: Any) -> list[str | None]:
    return [element.text for element in root.iter(f"{SVG}title")]


def test_the_svg_equals_the_golden_file() -> None:
    assert render_svg(
        TraceAnalysis(example_traces.long_waits())
    ) + "\n" == example_traces.read_golden("long_waits.svg")


@given(example_traces.traces())
@settings(max_examples=40, deadline=None)
def test_the_svg_is_well_formed_and_has_every_operation(trace: Trace) -> None:
    root = render(trace)

    operations = [kind for kind in classes(root) if kind.split()[:1] == ["op"]]
    assert len(operations) == sum(event.kind != "lapse" for event in trace.events)


@given(example_traces.traces())
@settings(max_examples=40, deadline=None)
def test_all_elements_are_inside_the_view_box(trace: Trace) -> None:
    root = render(trace)

    for box in root.iter(f"{SVG}rect"):
        assert int(box.get("width")) >= 0
        assert 0 <= int(box.get("x")) <= int(root.get("width")) - int(box.get("width"))
        assert 0 <= int(box.get("y")) <= int(root.get("height")) - int(box.get("height"))


def test_a_stale_read_is_highlighted_with_its_age() -> None:
    root = render(example_traces.lost_update())

    assert "op i2 stale" in classes(root)
    assert "replaced 0 s ago" in texts(root, "age")


def test_an_age_is_short_in_a_dense_svg() -> None:
    assert texts(render(example_traces.long_run()), "age") == ["1 s ago"]


def test_the_line_of_a_refused_write_is_interrupted() -> None:
    root = render(example_traces.refused())

    assert classes(root).count("no") == 1
    assert "op i1 bad" in classes(root)


def test_a_deviation_has_a_ring() -> None:
    root = render(example_traces.lost_update())

    assert classes(root).count("ring") == 1
    assert classes(root).count("wait chosen") == 1


def test_a_version_has_a_bar_until_the_next_version() -> None:
    root = render(example_traces.lost_update())

    first, second = (box for box in root.iter(f"{SVG}rect") if box.get("class") == "version")
    assert int(first.get("x")) + int(first.get("width")) == int(second.get("x"))
    assert 'v1 "1" (①)' in titles(root)
    assert 'v2 "1" (②)' in titles(root)


def test_distinguishes_deleted_expired_and_absent_values() -> None:
    builder = TraceBuilder("LHR", "NRT")
    one, two = builder.start("visit", "LHR"), builder.start("visit", "NRT")
    builder.get(two, "a")
    builder.put(one, "a", None)
    builder.get(two, "a")
    builder.put(one, "a", "1")
    builder.get(two, "a").accesses[0].value = None

    tooltips = [text or "" for text in titles(render(builder.trace))]

    assert {"a v0 absent, cached at NRT", "a v1 deleted, cached at NRT"} <= {
        f"a {text.removeprefix('a ')}" for text in tooltips
    }
    assert any("v2 expired" in text for text in tooltips)
    assert "version gone" in classes(render(builder.trace))


def test_an_unfinished_invocation_has_an_open_box() -> None:
    assert "act i3 open" in classes(render(example_traces.stale_after_a_lapse()))


def test_tooltips_show_the_full_text() -> None:
    tooltips = titles(render(example_traces.lost_update()))

    assert "get visits → null (stale v0 (absent), replaced 0 s ago by ①)" in tooltips
    assert "① visit @LHR → None" in tooltips
    assert "1 s passes: visits may be written again" in tooltips


def test_a_shortened_gap_is_marked() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    for gap in (1, 1, 3600):
        builder.get(one, "a")
        builder.lapse(gap)

    root = render(builder.trace)

    assert "3600 s pass, not to scale" in titles(root)
    assert classes(root).count("cut") == 1


def test_omits_tick_labels_that_do_not_fit() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    for _ in range(150):
        builder.get(one, "a")
        builder.now += 1

    ticks = [
        text for text in texts(render(builder.trace), "tick") if not (text or "").startswith("+")
    ]

    assert 1 < len(ticks) < 150


def test_counts_keys_without_a_row() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    for number in range(9):
        builder.get(one, f"key{number}")
    builder.put(one, "key8", "1")
    builder.get(one, "another")

    root = render(builder.trace)

    assert "2 more keys" in texts(root, "key")


def test_counts_a_single_key_without_a_row() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    for number in range(9):
        builder.get(one, f"key{number}")

    assert "1 more key" in texts(render(builder.trace), "key")


def test_every_operation_kind_has_its_own_shape() -> None:
    shapes = [shape(kind, 9, 9) for kind in ("get", "put", "list", "external")]

    assert len(set(shapes)) == 4
    assert shape("delete", 9, 9) == shape("put", 9, 9)


def test_a_reordered_write_is_drawn_on_top() -> None:
    net = EdgeNetwork("LHR", "NRT", schedule="1 2<", reorder_writes=True)
    net.session("ana", "LHR").call(store, "1")
    net.clock.advance(1)
    net.session("ana", "NRT").call(store, "2")
    bars = [
        (titles(group)[0], rect.get("class"), int(rect.get("width") or 0))
        for group in render(net.trace).iter(f"{SVG}g")
        for rect in group.findall(f"{SVG}rect")
        if (rect.get("class") or "").startswith("version")
    ]

    assert [(tooltip, kind) for tooltip, kind, _ in bars] == [
        ('v2 "1" (①)', "version"),
        ('v1 "2" (②)', "version gone"),
    ]
    assert bars[0][2] > 100 > bars[1][2] > 0
