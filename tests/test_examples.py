"""Every example runs, and prints what it promises."""

import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"


def run(name: str, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


def test_every_example_is_run_by_this_file() -> None:
    names = {path.name for path in EXAMPLES.glob("*.py")}

    assert names == {"tour.py"}


def test_the_tour_shows_an_error_a_warning_and_an_expiry(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("tour.py", monkeypatch=monkeypatch)

    printed = capsys.readouterr().out
    assert "KVError: KV PUT failed: 400 Invalid expiration_ttl of 30." in printed
    assert "KVUsageWarning: put('session', expiration_ttl=…)" in printed
    assert '>>> clock.advance(0.1)\n>>> await kv.get("session")\nNone\n' in printed
    assert "'translation:ja': 'こんにちは、世界！'" in printed


def test_the_tour_loads_the_directory_that_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "note.txt").write_text("four")
    (tmp_path / ".hidden").write_text("no")

    run("tour.py", str(tmp_path), monkeypatch=monkeypatch)

    printed = capsys.readouterr().out
    assert printed.startswith(f"1 files of {tmp_path.name}/ and 8 translations are loaded.\n")
    assert "('file:a/note.txt', {'type': 'text/plain', 'bytes': 4})" in printed


def test_the_tour_says_which_file_the_platform_would_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = tmp_path.joinpath(*["x" * 200] * 3)
    deep.mkdir(parents=True)
    (deep / "note.txt").write_text("too deep")
    (tmp_path / "ok.txt").write_text("fine")

    run("tour.py", str(tmp_path), monkeypatch=monkeypatch)

    refusal = "note.txt is left out: KV PUT failed: 414 UTF-8 encoded length of 616 exceeds"
    assert refusal in capsys.readouterr().out


def test_the_tour_refuses_a_directory_without_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run("tour.py", str(tmp_path), monkeypatch=monkeypatch)

    assert "is no directory with files in it" in capsys.readouterr().err
