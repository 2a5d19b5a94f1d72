"""Terminal output: width and colors."""

import io
import os
import pty

import pytest

from pykvbinding._text.glyphs import ASCII, UNICODE
from pykvbinding._text.spans import StyledText
from pykvbinding.server.terminal import DEFAULT_COLUMNS, MIN_COLUMNS, Terminal


class Screen(io.StringIO):
    """Return an in-memory terminal with this number of columns."""

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


def test_file_has_no_colors() -> None:
    stream = io.StringIO()

    Terminal(stream, {}).line(StyledText("GET", "bold"), " /notes")

    assert written(stream) == ["GET /notes"]


def test_terminal_has_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = screen(monkeypatch, 80)

    Terminal(stream, {"TERM": "xterm"}).line(StyledText("GET", "bold"), " /notes")

    assert written(stream) == ["\x1b[1mGET\x1b[0m /notes"]


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "0"}])
def test_no_color_disables_colors(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = screen(monkeypatch, 80)

    Terminal(stream, environ).line(StyledText("GET", "bold"))

    assert written(stream) == ["GET"]


def test_force_color_enables_colors_in_a_file() -> None:
    stream = io.StringIO()

    Terminal(stream, {"FORCE_COLOR": "1"}).line(StyledText("no", "red"))

    assert written(stream) == ["\x1b[31mno\x1b[0m"]


def test_empty_no_color_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Terminal(screen(monkeypatch, 80), {"NO_COLOR": ""}).has_colors


@pytest.mark.parametrize("columns", [40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50])
def test_cuts_lines_to_the_width_of_the_terminal(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = screen(monkeypatch, columns)
    terminal = Terminal(stream, {"NO_COLOR": "1"})

    terminal.line(
        StyledText("GET", "bold"),
        " ",
        StyledText("/" + "n" * 36),
        StyledText("ab", "green"),
        StyledText("cdef", "dim"),
    )

    whole = "GET /" + "n" * 36 + "abcdef"
    (line,) = written(stream)
    assert len(line) <= columns
    assert line == whole if columns >= len(whole) else line == whole[: columns - 1] + "…"


def test_cut_text_keeps_its_color(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = screen(monkeypatch, 40)

    Terminal(stream, {}).line(StyledText("a" * 60, "red"))

    assert written(stream) == [f"\x1b[31m{'a' * 39}…\x1b[0m"]


def test_does_not_cut_lines_in_a_file() -> None:
    stream = io.StringIO()

    Terminal(stream, {}).line("x" * 300)

    assert written(stream) == ["x" * 300]


def test_width_follows_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(screen(monkeypatch, 80), {})
    assert terminal.columns() == 80

    screen(monkeypatch, 133)

    assert terminal.columns() == 133


@pytest.mark.parametrize(("columns", "taken"), [(0, DEFAULT_COLUMNS), (3, MIN_COLUMNS)])
def test_ignores_an_invalid_width(
    columns: int, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Terminal(screen(monkeypatch, columns), {}).columns() == taken


def test_unknown_width_is_the_default() -> None:
    assert Terminal(Screen(), {}).columns() == DEFAULT_COLUMNS  # descriptor 77 does not exist


def test_detects_a_real_terminal() -> None:
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as stream:  # noqa: PTH123 -- a descriptor
        assert Terminal(stream, {}).is_terminal
    os.close(ours)


def test_text_is_not_cut() -> None:
    stream = io.StringIO()

    Terminal(stream, {"FORCE_COLOR": "1"}).text("one\n  two", "dim")

    assert written(stream) == ["\x1b[2mone\x1b[0m", "\x1b[2m  two\x1b[0m"]


def narrow(encoding: str | None) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


def test_ascii_stream_gets_ascii_glyphs() -> None:
    stream = narrow("ascii")
    terminal = Terminal(stream, {})

    terminal.line("naïve → ", StyledText("ü"))
    terminal.text("ö")

    assert terminal.glyphs is ASCII
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    assert buffer.getvalue() == rb"na\xefve \u2192 \xfc" + b"\n" + rb"\xf6" + b"\n"


def test_unicode_stream_gets_unicode_glyphs() -> None:
    assert Terminal(narrow("utf-8"), {}).glyphs is UNICODE
    assert Terminal(io.StringIO(), {}).glyphs is UNICODE


def test_writes_to_standard_output_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(environ={}).line("hello ")

    assert capsys.readouterr().out == "hello\n"
