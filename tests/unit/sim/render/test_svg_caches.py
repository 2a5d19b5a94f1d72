"""Cached copies of locations: lifetime and age."""

from hypothesis import given, settings

from pykvbinding.sim.render.analysis import TraceAnalysis
from pykvbinding.sim.render.svg_axis import TimeAxis
from pykvbinding.sim.render.svg_caches import CacheBar, bar_segments, cache_bars
from pykvbinding.sim.trace import Trace
from tests.support import example_traces
from tests.support.trace_builder import TraceBuilder


def held(builder: TraceBuilder) -> list[CacheBar]:
    analysis = TraceAnalysis(builder.trace)
    return cache_bars(analysis, TimeAxis(analysis, 0))


def shades(builder: TraceBuilder) -> list[list[str]]:
    analysis = TraceAnalysis(builder.trace)
    axis = TimeAxis(analysis, 0)
    return [
        [segment.shade for segment in bar_segments(analysis, axis, bar)]
        for bar in cache_bars(analysis, axis)
    ]


def two() -> TraceBuilder:
    builder = TraceBuilder("LHR", "NRT")
    builder.start("visit", "LHR")
    builder.start("visit", "NRT")
    return builder


def test_a_copy_lives_from_its_read_to_the_end() -> None:
    builder = two()
    read = builder.get(1, "a")
    axis = TimeAxis(TraceAnalysis(builder.trace), 0)

    (bar,) = held(builder)

    assert (bar.location, bar.key_id, bar.version) == ("LHR", ("KV", "a"), 0)
    assert (bar.left, bar.right) == (axis.events[read.number], axis.right)


def test_a_read_of_the_same_version_uses_the_same_copy() -> None:
    builder = two()
    builder.get(1, "a")
    builder.get(1, "a")

    assert len(held(builder)) == 1


def test_a_read_of_another_version_starts_another_copy() -> None:
    builder = two()
    builder.get(2, "a")
    builder.put(1, "a", "1")
    builder.get(2, "a")

    first, second = held(builder)

    assert (first.version, second.version) == (0, 1)
    assert first.right == second.left


def test_a_write_drops_only_the_copy_of_its_location() -> None:
    builder = two()
    builder.get(1, "a")
    builder.get(2, "a")
    put = builder.put(1, "a", "1")
    builder.get(2, "a", older=[1])
    axis = TimeAxis(TraceAnalysis(builder.trace), 0)

    here, there = held(builder)

    assert here.right == axis.events[put.number]
    assert there.right == axis.right


def test_failed_reads_and_lists_create_no_copy() -> None:
    builder = two()
    builder.get(1, "a", outcome="KV GET failed: 500")
    builder.list(1, "", "a")
    builder.put(1, "a", "1", refused=True)
    builder.get(0, "a")

    assert held(builder) == []


def test_the_newest_copy_changes_colour_with_age() -> None:
    builder = two()
    builder.get(1, "a")
    builder.lapse(2)
    builder.get(1, "a")
    builder.lapse(1)
    builder.get(1, "a")
    builder.lapse(100)
    builder.get(1, "a")

    assert shades(builder) == [["f0", "f1", "f2"]]


def test_a_copy_changes_colour_when_it_is_superseded() -> None:
    builder = two()
    builder.get(2, "a")
    builder.put(1, "a", "1")
    for gap in (2, 100, 4000):
        builder.lapse(gap)
        builder.get(2, "a", older=[1])

    assert shades(builder) == [["f0", "s0", "s1", "s2", "s3"]]


def test_a_copy_that_is_stale_when_fetched_is_never_fresh() -> None:
    builder = two()
    builder.put(1, "a", "1")
    builder.get(2, "a", older=[1])

    assert shades(builder) == [["s0"]]


def test_a_copy_superseded_before_the_run_has_the_known_age() -> None:
    builder = two()
    builder.seed("a", "1", before=True)
    builder.get(2, "a", older=[1])

    assert shades(builder) == [["s0"]]


@given(example_traces.traces())
@settings(max_examples=40, deadline=None)
def test_segments_cover_their_bar_without_gaps(trace: Trace) -> None:
    analysis = TraceAnalysis(trace)
    axis = TimeAxis(analysis, 0)

    for bar in cache_bars(analysis, axis):
        parts = list(bar_segments(analysis, axis, bar))
        edges = [bar.left, *(part.right for part in parts)]
        assert [part.left for part in parts] == edges[:-1]
        assert edges[-1] == bar.right


def test_a_copy_is_stale_from_the_first_newer_write() -> None:
    builder = two()
    builder.get(2, "a")
    builder.put(1, "a", "1")
    builder.lapse(5)
    builder.put(2, "b", "1")
    before = shades(builder)
    builder.put(1, "a", "2", deviations=("overtakes",))
    first, second = builder.trace.commits["KV", "a"]
    builder.trace.commits["KV", "a"] = [second, first]
    for number, commit in enumerate((second, first), 1):
        commit.version = number
        builder.trace.events[commit.event or 0].accesses[0].version = number

    assert before == shades(builder) == [["f0", "s0", "s1"]]
