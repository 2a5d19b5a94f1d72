"""The picture as text: what is kept of it, its width, its alphabet, its colours, its replay."""

import io
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding._text.glyphs import UNICODE
from pykvbinding._text.glyphs import width as measured
from pykvbinding.sim.render.timeline import Timeline, replay
from pykvbinding.sim.trace import Trace
from tests.support import trace_builder as pictures


class Terminal(io.StringIO):
    """Somebody looks at what is printed."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", pictures.GOLDEN)
def test_a_text_is_as_it_was_kept(name: str) -> None:
    assert pictures.drawn(name) == pictures.kept(f"{name}.txt")


@given(
    trace=pictures.films(), columns=st.integers(30, 120), ascii=st.booleans(), full=st.booleans()
)
@settings(max_examples=40, deadline=None)
def test_no_line_is_wider_than_asked_for(
    trace: Trace, columns: int, ascii: bool, full: bool
) -> None:
    text = Timeline(trace).text(color=False, ascii=ascii, width=columns, full=full)

    assert max(map(measured, text.splitlines())) <= columns


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_ascii_is_ascii_and_nothing_moves_the_cursor(trace: Trace) -> None:
    text = Timeline(trace).text(color=False, ascii=True)

    assert text.isascii()
    assert text.replace("\n", "").isprintable()


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_colour_changes_no_letter(trace: Trace) -> None:
    painted = Timeline(trace).text(color=True, ascii=False)

    bare = re.sub(r"\x1b\[[0-9;]*m", "", painted)
    assert [line.rstrip() for line in bare.splitlines()] == (
        Timeline(trace).text(color=False, ascii=False).splitlines()
    )


def test_full_shows_every_operation() -> None:
    trace = pictures.long_run()

    text = Timeline(trace).text(color=False, ascii=False, full=True)

    assert text.count("get key:") + text.count("put key:") == 500
    assert "ordinary" not in text


def test_a_long_run_is_folded_to_a_few_lines() -> None:
    text = Timeline(pictures.long_run()).text(color=False, ascii=False)

    assert len(text.partition("Replay")[0].splitlines()) < 30
    assert "stale v1, replaced 1 s ago" in text


def test_every_sentence_is_quoted_once() -> None:
    film = pictures.Film("LHR", "NRT")
    one = film.act("visit", "NRT")
    film.seed("a", "1")
    for _ in range(3):
        film.get(one, "a", older=[1])

    text = str(Timeline(film.trace))

    assert text.count("KV permits this") == 1


def test_a_sentence_of_nobodys_page_stands_alone() -> None:
    film = pictures.Film("LHR")
    film.seed("a", "1")
    film.get(film.act("visit", "LHR"), "a", older=[1]).looks[0].because = "So it is."

    assert 'KV permits this: "So it is."\n' in Timeline(film.trace).text(color=False)


def test_nothing_has_happened_in_a_new_network() -> None:
    text = Timeline(Trace()).text(color=False)

    assert text == 'Nothing has happened.\n  Replay:  @example("")'


def test_a_terminal_gets_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stdout", Terminal())

    assert "\x1b[" in str(Timeline(pictures.lost_update()))


def test_a_terminal_that_wants_no_colour_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stdout", Terminal())

    assert "\x1b[" not in str(Timeline(pictures.lost_update()))


def test_a_file_gets_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    assert "\x1b[" not in str(Timeline(pictures.lost_update()))


@pytest.mark.parametrize(("encoding", "is_ascii"), [("latin-1", True), ("utf-8", False)])
def test_the_alphabet_is_that_of_the_output(
    monkeypatch: pytest.MonkeyPatch, encoding: str, is_ascii: bool
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))

    assert Timeline(pictures.lost_update()).text(color=False).isascii() is is_ascii


@given(st.lists(st.sampled_from(("1", "2~0,1", "+61", "3@NRT")), max_size=80), st.integers(40, 120))
def test_a_replay_over_several_lines_is_python_for_the_same_schedule(
    tokens: list[str], columns: int
) -> None:
    schedule = " ".join(tokens)

    lines = replay(schedule, UNICODE, columns)

    source = "\n".join(lines).removeprefix("Replay:").strip().removeprefix("@example")
    assert eval(source) == schedule
    assert max(map(len, lines)) + 2 <= columns


@pytest.mark.parametrize("columns", [100, 40])
def test_one_network_of_several_is_replayed_by_its_own_argument(columns: int) -> None:
    lines = replay("1 1 2~1 2! 3 3 3", UNICODE, columns, "network 2 of 2")

    told = "\n".join(lines)
    assert told.startswith("Replay:  network 2 of 2: schedule=")
    assert eval(told.partition("schedule=")[2]) == "1 1 2~1 2! 3 3 3"
    assert len(lines) == (1 if columns == 100 else 3)


def test_the_picture_of_one_network_of_several_says_which_it_is() -> None:
    trace = pictures.lost_update()
    trace.place = "network 2 of 2"

    timeline = Timeline(trace)

    assert f'  Replay:  network 2 of 2: schedule="{trace.schedule}"' in timeline.text(color=False)
    assert "<h2>Replay network 2 of 2</h2>" in timeline.page()
    assert f"<code>schedule=&quot;{trace.schedule}&quot;</code>" in timeline.page()


def test_the_page_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    timeline = Timeline(pictures.lost_update())

    timeline.html(str(tmp_path / "run.html"))

    assert (tmp_path / "run.html").read_bytes().decode() == timeline.page()


def test_the_page_of_nothing_says_so() -> None:
    assert "Nothing has happened." in Timeline(Trace()).page()
