"""Lines on a terminal: as wide as it is, in colour where that is wanted."""

import io
import os
import pty

import pytest

from pykvbinding._text.glyphs import ASCII, UNICODE
from pykvbinding._text.spans import Span
from pykvbinding.server.terminal import LEAST_COLUMNS, USUAL_COLUMNS, Terminal


class Screen(io.StringIO):
    """A terminal of so many columns, in memory."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 77


def screen(monkeypatch: pytest.MonkeyPatch, columns: int) -> Screen:
    size = os.terminal_size((columns, 24))
    monkeypatch.setattr(os, "get_terminal_size", lambda _: size)
    return Screen()


def written(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


def test_a_file_gets_no_colours() -> None:
    stream = io.StringIO()

    Terminal(stream, {}).line(Span("GET", "bold"), " /notes")

    assert written(stream) == ["GET /notes"]


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = screen(monkeypatch, 80)

    Terminal(stream, {"TERM": "xterm"}).line(Span("GET", "bold"), " /notes")

    assert written(stream) == ["\x1b[1mGET\x1b[0m /notes"]


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "0"}])
def test_colours_can_be_switched_off(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = screen(monkeypatch, 80)

    Terminal(stream, environ).line(Span("GET", "bold"))

    assert written(stream) == ["GET"]


def test_colours_can_be_forced_into_a_file() -> None:
    stream = io.StringIO()

    Terminal(stream, {"FORCE_COLOR": "1"}).line(Span("no", "red"))

    assert written(stream) == ["\x1b[31mno\x1b[0m"]


def test_an_empty_no_color_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Terminal(screen(monkeypatch, 80), {"NO_COLOR": ""}).has_colours


@pytest.mark.parametrize("columns", [40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50])
def test_a_line_is_no_wider_than_the_terminal(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = screen(monkeypatch, columns)
    terminal = Terminal(stream, {"NO_COLOR": "1"})

    terminal.line(
        Span("GET", "bold"), " ", Span("/" + "n" * 36), Span("ab", "green"), Span("cdef", "dim")
    )

    whole = "GET /" + "n" * 36 + "abcdef"
    (line,) = written(stream)
    assert len(line) <= columns
    assert line == whole if columns >= len(whole) else line == whole[: columns - 1] + "…"


def test_what_is_cut_keeps_its_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = screen(monkeypatch, 40)

    Terminal(stream, {}).line(Span("a" * 60, "red"))

    assert written(stream) == [f"\x1b[31m{'a' * 39}…\x1b[0m"]


def test_a_file_gets_whole_lines() -> None:
    stream = io.StringIO()

    Terminal(stream, {}).line("x" * 300)

    assert written(stream) == ["x" * 300]


def test_the_width_is_that_of_the_terminal_now(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(screen(monkeypatch, 80), {})
    assert terminal.columns() == 80

    screen(monkeypatch, 133)

    assert terminal.columns() == 133


@pytest.mark.parametrize(("columns", "taken"), [(0, USUAL_COLUMNS), (3, LEAST_COLUMNS)])
def test_a_width_that_is_none_is_not_believed(
    columns: int, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Terminal(screen(monkeypatch, columns), {}).columns() == taken


def test_a_terminal_that_does_not_tell_its_width_has_the_usual_one() -> None:
    assert Terminal(Screen(), {}).columns() == USUAL_COLUMNS  # there is no descriptor 77


def test_a_real_terminal_is_one() -> None:
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as stream:  # noqa: PTH123 -- a descriptor
        assert Terminal(stream, {}).is_terminal
    os.close(ours)


def test_text_stays_as_it_is() -> None:
    stream = io.StringIO()

    Terminal(stream, {"FORCE_COLOR": "1"}).text("one\n  two", "dim")

    assert written(stream) == ["\x1b[2mone\x1b[0m", "\x1b[2m  two\x1b[0m"]


def narrow(encoding: str | None) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


def test_a_stream_without_the_signs_gets_others() -> None:
    stream = narrow("ascii")
    terminal = Terminal(stream, {})

    terminal.line("naïve → ", Span("ü"))
    terminal.text("ö")

    assert terminal.glyphs is ASCII
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    assert buffer.getvalue() == rb"na\xefve \u2192 \xfc" + b"\n" + rb"\xf6" + b"\n"


def test_a_stream_of_unicode_gets_the_signs() -> None:
    assert Terminal(narrow("utf-8"), {}).glyphs is UNICODE
    assert Terminal(io.StringIO(), {}).glyphs is UNICODE


def test_standard_output_is_where_lines_go(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(environ={}).line("hello ")

    assert capsys.readouterr().out == "hello\n"
