"""Detects changed files, in directories and in a list of files, by mtime and size."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

IGNORED_DIRECTORIES: Final = frozenset({"__pycache__", "node_modules", "python_modules", "venv"})
"""Directories without the user's own files. Hidden directories are ignored too."""

FileState: TypeAlias = tuple[int, int]
"""Modification time in nanoseconds, and size."""


class FileWatcher:
    """Detects changes of files when polled.

    `roots` are directories, watched recursively; `files` may be missing. Changes of `ignored` are
    not reported.
    """

    def __init__(
        self, roots: Iterable[Path], files: Iterable[Path], ignored: Iterable[Path] = ()
    ) -> None:
        self._roots = [os.fspath(root) for root in roots]
        self._files = [os.fspath(file) for file in files]
        self._ignored = {os.fspath(path.absolute()) for path in ignored}
        self._states = self._scan()

    def changed(self) -> list[Path]:
        """Return the files changed, created or deleted since the last call.

        Runtime complexity: O(files).
        """
        before, self._states = self._states, self._scan()
        if before == self._states:
            return []
        names = sorted(before.keys() | self._states.keys())
        return [Path(name) for name in names if before.get(name) != self._states.get(name)]

    def _scan(self) -> dict[str, FileState]:
        states = {name: state for root in self._roots for name, state in _walk(root)}
        for name in self._files:
            try:
                states[name] = _file_state(os.stat(name))  # noqa: PTH116 -- avoids a Path per file
            except OSError:
                continue
        return {name: state for name, state in states.items() if name not in self._ignored}


def _walk(directory: str) -> Iterator[tuple[str, FileState]]:
    try:
        entries = list(os.scandir(directory))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in IGNORED_DIRECTORIES:
            continue
        try:
            if entry.is_dir():
                # A link to a parent directory would cause an endless recursion.
                if not entry.is_symlink():
                    yield from _walk(entry.path)
            else:
                yield entry.path, _file_state(entry.stat())
        except OSError:
            continue


def _file_state(status: os.stat_result) -> FileState:
    return status.st_mtime_ns, status.st_size
