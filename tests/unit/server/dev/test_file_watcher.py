"""What is noticed of files, and what is left out."""

import os
from pathlib import Path

import pytest

from pykvbinding.server.dev.file_watcher import FileWatcher


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("src/entry.py", "src/pages/index.html", "wrangler.jsonc"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    return tmp_path


def watched(project: Path, *ignored: Path) -> FileWatcher:
    return FileWatcher(
        [project / "src"], [project / "wrangler.jsonc", project / ".dev.vars"], ignored
    )


def names(project: Path, changed: list[Path]) -> list[str]:
    return [path.relative_to(project).as_posix() for path in changed]


def test_nothing_has_changed_at_first(project: Path) -> None:
    assert watched(project).changed() == []


def test_a_file_that_changes_is_told_once(project: Path) -> None:
    files = watched(project)

    (project / "src/entry.py").write_text("22")

    assert names(project, files.changed()) == ["src/entry.py"]
    assert files.changed() == []


def test_a_change_of_the_same_length_is_noticed(project: Path) -> None:
    files = watched(project)

    status = (project / "src/entry.py").stat()
    os.utime(project / "src/entry.py", ns=(status.st_atime_ns, status.st_mtime_ns + 1))

    assert names(project, files.changed()) == ["src/entry.py"]


def test_files_may_come_and_go(project: Path) -> None:
    files = watched(project)

    (project / "src/pages/index.html").unlink()
    (project / "src/new.py").write_text("")
    (project / ".dev.vars").write_text("A=1")

    assert names(project, files.changed()) == [".dev.vars", "src/new.py", "src/pages/index.html"]


@pytest.mark.parametrize(
    "name",
    [
        "src/__pycache__/entry.pyc",
        "src/.git/index",
        "src/.hidden",
        "src/node_modules/a.js",
        "src/python_modules/a.py",
        "src/data.kv",
        "other/a.py",
    ],
)
def test_what_nobody_writes_by_hand_is_left_out(name: str, project: Path) -> None:
    files = watched(project, project / "src/data.kv")

    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("")

    assert files.changed() == []


def test_a_link_in_a_circle_comes_to_an_end(project: Path) -> None:
    (project / "src/loop").symlink_to(project / "src")
    (project / "src/broken").symlink_to(project / "nowhere")

    assert watched(project).changed() == []


def test_a_directory_that_goes_away_takes_its_files_with_it(project: Path) -> None:
    files = watched(project)

    (project / "src/entry.py").unlink()
    (project / "src/pages/index.html").unlink()
    (project / "src/pages").rmdir()
    (project / "src").rmdir()

    assert names(project, files.changed()) == ["src/entry.py", "src/pages/index.html"]
