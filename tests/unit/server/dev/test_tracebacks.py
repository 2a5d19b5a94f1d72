"""Filtered tracebacks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pykvbinding import VirtualClock
from pykvbinding.server.dev.tracebacks import error_page, filter_traceback, summary

ENTRY = """
def handler():
    return helper({})


def helper(found):
    return found["name"]


def chained():
    try:
        handler()
    except KeyError as error:
        raise ValueError("no name") from error
"""


@pytest.fixture
def entry(tmp_path: Path) -> dict[str, Callable[..., object]]:
    path = tmp_path / "entry.py"
    path.write_text(ENTRY)
    namespace: dict[str, Callable[..., object]] = {}
    exec(compile(ENTRY, str(path), "exec"), namespace)
    return namespace


def raised(call: Callable[..., object], *args: object) -> Exception:
    try:
        call(*args)
    except Exception as error:
        return error
    raise AssertionError


def shown(error: BaseException, folder: Path) -> list[str]:
    text = filter_traceback(
        error,
        lambda file: file.startswith(str(folder)),
        lambda file: str(Path(file).relative_to(folder)) if folder.name in file else file,
    )
    marks = {"^", "~"}
    return [line for line in text.splitlines() if line.strip() and set(line.strip()) - marks]


def test_shows_only_frames_of_the_user_with_lines(
    entry: dict[str, Callable[..., object]], tmp_path: Path
) -> None:
    assert shown(raised(entry["handler"]), tmp_path) == [
        "Traceback (most recent call last):",
        '  File "entry.py", line 3, in handler',
        "    return helper({})",
        '  File "entry.py", line 7, in helper',
        '    return found["name"]',
        "KeyError: 'name'",
    ]


def test_filters_causes(entry: dict[str, Callable[..., object]], tmp_path: Path) -> None:
    lines = shown(raised(entry["chained"]), tmp_path)

    assert [line for line in lines if line.startswith(("KeyError", "ValueError"))] == [
        "KeyError: 'name'",
        "ValueError: no name",
    ]
    assert "test_cli_failures" not in "\n".join(lines)


def test_filters_exception_groups(entry: dict[str, Callable[..., object]], tmp_path: Path) -> None:
    group = ExceptionGroup("both", [raised(entry["handler"]), raised(entry["handler"])])

    lines = shown(group, tmp_path)

    assert sum('File "entry.py", line 7' in line for line in lines) == 2
    assert "test_cli_failures" not in "\n".join(lines)


def test_accepts_circular_causes(entry: dict[str, Callable[..., object]], tmp_path: Path) -> None:
    error = raised(entry["chained"])
    assert error.__cause__ is not None
    error.__cause__.__cause__ = error

    assert "ValueError: no name" in shown(error, tmp_path)


def test_keeps_the_last_frame_without_user_frames(tmp_path: Path) -> None:
    lines = shown(raised(int, "x"), tmp_path)

    assert lines[0] == "Traceback (most recent call last):"
    assert "test_tracebacks.py" in lines[1]


def test_omits_frames_of_this_library(tmp_path: Path) -> None:
    lines = shown(raised(VirtualClock().advance, -1), tmp_path)

    assert len(lines) == 1
    assert lines[0].startswith("ValueError: VirtualClock.advance by -1 s")


def test_syntax_error_shows_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_entry.py").write_text("def handler(:\n")
    monkeypatch.syspath_prepend(tmp_path)

    lines = shown(raised(__import__, "broken_entry"), tmp_path)

    assert lines[-1] == "SyntaxError: invalid syntax"
    assert any("broken_entry.py" in line and "line 1" in line for line in lines)
    assert "importlib" not in "\n".join(lines)


def test_summary_is_the_last_line() -> None:
    assert summary(raised(int, "x")) == "ValueError: invalid literal for int() with base 10: 'x'"


def test_error_page_escapes_markup() -> None:
    page = error_page("<b>", "a < b & c", "note")

    assert "<title>&lt;b&gt;</title>" in page
    assert "a &lt; b &amp; c" in page
    assert "note" in page
