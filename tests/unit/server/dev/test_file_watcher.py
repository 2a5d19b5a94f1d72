"""Changes that a FileWatcher reports, and files that it ignores."""

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


def test_reports_nothing_at_first(project: Path) -> None:
    assert watched(project).changed() == []


def test_reports_a_change_once(project: Path) -> None:
    files = watched(project)

    (project / "src/entry.py").write_text("22")

    assert names(project, files.changed()) == ["src/entry.py"]
    assert files.changed() == []


def test_detects_a_change_of_the_same_length(project: Path) -> None:
    files = watched(project)

    status = (project / "src/entry.py").stat()
    os.utime(project / "src/entry.py", ns=(status.st_atime_ns, status.st_mtime_ns + 1))

    assert names(project, files.changed()) == ["src/entry.py"]


def test_detects_created_and_deleted_files(project: Path) -> None:
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
def test_ignores_generated_directories(name: str, project: Path) -> None:
    files = watched(project, project / "src/data.kv")

    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("")

    assert files.changed() == []


def test_ignores_circular_links(project: Path) -> None:
    (project / "src/loop").symlink_to(project / "src")
    (project / "src/broken").symlink_to(project / "nowhere")

    assert watched(project).changed() == []


def test_reports_files_of_a_deleted_directory(project: Path) -> None:
    files = watched(project)

    (project / "src/entry.py").unlink()
    (project / "src/pages/index.html").unlink()
    (project / "src/pages").rmdir()
    (project / "src").rmdir()

    assert names(project, files.changed()) == ["src/entry.py", "src/pages/index.html"]
