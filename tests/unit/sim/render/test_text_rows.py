"""Rows of the text timeline, and collapsed runs."""

from pykvbinding._text.glyphs import UNICODE
from pykvbinding.sim.render.analysis import TraceAnalysis
from pykvbinding.sim.render.text_model import ERROR, FAINT, STALE, TextRow
from pykvbinding.sim.render.text_rows import MAX_ROWS, CollapsedRun, TableBuilder, collapse
from pykvbinding.sim.trace import Trace
from tests.support import example_traces
from tests.support.trace_builder import TraceBuilder


def rows(trace: Trace, *, full: bool = False) -> list[TextRow]:
    return list(TableBuilder(TraceAnalysis(trace), UNICODE, full).table(32, 100).rows)


def titles(trace: Trace) -> list[str]:
    return list(
        TableBuilder(TraceAnalysis(trace), UNICODE, full=False).table(32, 100).titles.values()
    )


def busy(operations: int) -> TraceBuilder:
    """Return a run of default reads."""
    builder = TraceBuilder("LHR")
    invocations = [builder.start("visit", "LHR") for _ in range(12)]
    for index in range(operations):
        builder.get(invocations[index % 12], "a")
    return builder


def test_an_operation_has_a_row() -> None:
    first, second, *_ = rows(example_traces.lost_update())

    assert (first.instant, first.central, first.lane, first.text) == (
        "0.0",
        "–",
        1,
        "get visits → null",
    )
    assert (second.central, second.text) == ('v1 "1" (①)', 'put visits = "1"')


def test_marks_deviations_stale_reads_and_errors() -> None:
    stale = rows(example_traces.lost_update())[2]
    refused = rows(example_traces.refused())[2]

    assert (stale.chosen, stale.style) == (True, STALE)
    assert (refused.chosen, refused.style) == (False, ERROR)


def test_initial_records_come_first() -> None:
    first = rows(example_traces.stale_after_a_lapse())[0]

    assert (first.instant, first.central) == ("before", 'v1 \'{"name": "old"}\'')


def test_lists_only_some_initial_records() -> None:
    builder = TraceBuilder("LHR")
    for number in range(6):
        builder.seed(f"key{number}", "1", before=True)
    builder.get(builder.start("visit", "LHR"), "key0")
    builder.end(1)

    assert [row.central for row in rows(builder.trace)] == [
        'key0 v1 "1"', 'key1 v1 "1"', 'key2 v1 "1"', "and 3 more keys", "",
    ]  # fmt: skip


def test_a_direct_write_has_a_row_at_its_instant() -> None:
    builder = TraceBuilder("LHR")
    builder.lapse(2)
    builder.seed("a", "1")

    assert [(row.instant, row.central) for row in rows(builder.trace)] == [
        ("2.0", ""),
        ("2.0", 'v1 "1" (test)'),
    ]


def test_counts_many_versions_of_one_operation() -> None:
    builder = TraceBuilder("LHR")
    event = builder.put(builder.start("visit", "LHR"), "a", "1")
    event.accesses *= 3

    assert rows(builder.trace)[0].central == "3 versions"


def test_an_idle_invocation_has_a_column() -> None:
    builder = TraceBuilder("LHR")
    builder.start("idle", "LHR")

    assert titles(builder.trace) == ["① idle @LHR"]


def test_the_test_has_a_column_if_it_made_an_operation() -> None:
    builder = TraceBuilder("LHR")
    builder.start("visit", "LHR")
    builder.lapse(1)
    assert titles(builder.trace) == ["① visit @LHR"]

    builder.get(0, "a", location="LHR")
    assert titles(builder.trace) == ["test", "① visit @LHR"]


def test_shows_outcomes_unless_all_are_none() -> None:
    assert rows(example_traces.lost_update())[-1].instant == "1.0"
    assert rows(example_traces.refused())[-1].cells == {1: "→ KVError: 429 Too Many Requests"}


def test_rows_have_the_active_invocations() -> None:
    builder = TraceBuilder("LHR")
    one = builder.start("visit", "LHR")
    builder.get(one, "a")
    builder.end(one)
    builder.lapse(1)
    builder.get(builder.start("visit", "LHR"), "a")

    assert [row.active for row in rows(builder.trace) if row.lane] == [{1}, {2}]


def test_a_short_run_is_not_collapsed() -> None:
    steps = list(TraceAnalysis(busy(MAX_ROWS).trace).steps())

    assert collapse(TraceAnalysis(busy(MAX_ROWS).trace), steps) == steps


def test_a_collapsed_run_keeps_its_first_and_last_operations() -> None:
    render = rows(busy(100).trace)

    assert [row.text for row in render if row.style == FAINT] == [
        "… 94 ordinary operations of ① ② ③ ④ ⑤ ⑥ ⑦ ⑧ … …"
    ]
    assert len([row for row in render if row.lane]) == 6


def test_full_shows_all_operations() -> None:
    assert len([row for row in rows(busy(100).trace, full=True) if row.lane]) == 100


def test_few_operations_between_notable_ones_are_not_collapsed() -> None:
    builder = busy(0)
    builder.seed("b", "1")
    for index in range(50):
        builder.get(1, "a")
        if index % 3 == 0:
            builder.get(1, "b", older=[1])

    steps = collapse(TraceAnalysis(builder.trace), list(TraceAnalysis(builder.trace).steps()))

    assert not any(isinstance(step, CollapsedRun) for step in steps)


def test_explaining_operations_are_shown_while_they_fit() -> None:
    builder = busy(60)
    builder.put(1, "b", "1")
    for _ in range(10):
        builder.get(2, "a")
    builder.get(3, "b", older=[1])
    for _ in range(10):
        builder.get(2, "a")

    texts = [row.text for row in rows(builder.trace)]

    assert 'put b = "1"' in texts
    assert "get b → null" in texts


def test_a_collapsed_lapse_does_not_count_as_an_operation() -> None:
    builder = busy(30)
    builder.lapse(1, chosen=False)
    for _ in range(30):
        builder.get(1, "a")

    assert any("54 ordinary operations of ①" in row.text for row in rows(builder.trace))
