"""Text timeline: golden files, width, character set, colours and replay line."""

import io
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding._text.glyphs import UNICODE
from pykvbinding._text.glyphs import display_width as measured
from pykvbinding.sim.render.timeline import Timeline, format_replay
from pykvbinding.sim.trace import Trace
from tests.support import example_traces
from tests.support.trace_builder import TraceBuilder


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", example_traces.GOLDEN)
def test_the_text_equals_the_golden_file(name: str) -> None:
    assert example_traces.render(name) == example_traces.read_golden(f"{name}.txt")


@given(
    trace=example_traces.traces(),
    columns=st.integers(30, 120),
    ascii=st.booleans(),
    full=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_no_line_exceeds_the_width(trace: Trace, columns: int, ascii: bool, full: bool) -> None:
    text = Timeline(trace).text(color=False, ascii=ascii, width=columns, full=full)

    assert max(map(measured, text.splitlines())) <= columns


@given(example_traces.traces())
@settings(max_examples=40, deadline=None)
def test_ascii_output_is_ascii_without_control_characters(trace: Trace) -> None:
    text = Timeline(trace).text(color=False, ascii=True)

    assert text.isascii()
    assert text.replace("\n", "").isprintable()


@given(example_traces.traces())
@settings(max_examples=40, deadline=None)
def test_colour_does_not_change_the_text(trace: Trace) -> None:
    painted = Timeline(trace).text(color=True, ascii=False)

    bare = re.sub(r"\x1b\[[0-9;]*m", "", painted)
    assert [line.rstrip() for line in bare.splitlines()] == (
        Timeline(trace).text(color=False, ascii=False).splitlines()
    )


def test_full_shows_every_operation() -> None:
    trace = example_traces.long_run()

    text = Timeline(trace).text(color=False, ascii=False, full=True)

    assert text.count("get key:") + text.count("put key:") == 500
    assert "ordinary" not in text


def test_a_long_run_is_collapsed_to_a_few_lines() -> None:
    text = Timeline(example_traces.long_run()).text(color=False, ascii=False)

    assert len(text.partition("Replay")[0].splitlines()) < 30
    assert "stale v1, replaced 1 s ago" in text


def test_quotes_every_sentence_once() -> None:
    builder = TraceBuilder("LHR", "NRT")
    one = builder.start("visit", "NRT")
    builder.seed("a", "1")
    for _ in range(3):
        builder.get(one, "a", older=[1])

    text = str(Timeline(builder.trace))

    assert text.count("KV permits this") == 1


def test_an_unknown_sentence_has_no_page_title() -> None:
    builder = TraceBuilder("LHR")
    builder.seed("a", "1")
    builder.get(builder.start("visit", "LHR"), "a", older=[1]).accesses[
        0
    ].justification = "So it is."

    assert 'KV permits this: "So it is."\n' in Timeline(builder.trace).text(color=False)


def test_a_new_network_has_an_empty_timeline() -> None:
    text = Timeline(Trace()).text(color=False)

    assert text == 'Nothing has happened.\n  Replay:  @example("")'


def test_uses_colour_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stdout", Terminal())

    assert "\x1b[" in str(Timeline(example_traces.lost_update()))


def test_respects_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stdout", Terminal())

    assert "\x1b[" not in str(Timeline(example_traces.lost_update()))


def test_uses_no_colour_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    assert "\x1b[" not in str(Timeline(example_traces.lost_update()))


@pytest.mark.parametrize(("encoding", "is_ascii"), [("latin-1", True), ("utf-8", False)])
def test_uses_ascii_if_the_output_encoding_requires_it(
    monkeypatch: pytest.MonkeyPatch, encoding: str, is_ascii: bool
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))

    assert Timeline(example_traces.lost_update()).text(color=False).isascii() is is_ascii


@given(st.lists(st.sampled_from(("1", "2~0,1", "+61", "3@NRT")), max_size=80), st.integers(40, 120))
def test_a_replay_on_several_lines_is_valid_python(tokens: list[str], columns: int) -> None:
    schedule = " ".join(tokens)

    lines = format_replay(schedule, UNICODE, columns)

    source = "\n".join(lines).removeprefix("Replay:").strip().removeprefix("@example")
    assert eval(source) == schedule
    assert max(map(len, lines)) + 2 <= columns


@pytest.mark.parametrize("columns", [100, 40])
def test_a_network_of_several_is_replayed_by_its_schedule_argument(columns: int) -> None:
    lines = format_replay("1 1 2~1 2! 3 3 3", UNICODE, columns, "network 2 of 2")

    text = "\n".join(lines)
    assert text.startswith("Replay:  network 2 of 2: schedule=")
    assert eval(text.partition("schedule=")[2]) == "1 1 2~1 2! 3 3 3"
    assert len(lines) == (1 if columns == 100 else 3)


def test_the_timeline_names_its_network_if_there_are_several() -> None:
    trace = example_traces.lost_update()
    trace.network_label = "network 2 of 2"

    timeline = Timeline(trace)

    assert f'  Replay:  network 2 of 2: schedule="{trace.schedule}"' in timeline.text(color=False)
    assert "<h2>Replay network 2 of 2</h2>" in timeline.page()
    assert f"<code>schedule=&quot;{trace.schedule}&quot;</code>" in timeline.page()


def test_writes_the_page_to_the_path(tmp_path: Path) -> None:
    timeline = Timeline(example_traces.lost_update())

    timeline.html(str(tmp_path / "run.html"))

    assert (tmp_path / "run.html").read_bytes().decode() == timeline.page()


def test_the_page_of_an_empty_run_has_a_message() -> None:
    assert "Nothing has happened." in Timeline(Trace()).page()
