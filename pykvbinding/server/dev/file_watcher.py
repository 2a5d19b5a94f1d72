"""Whether files have changed: those of a directory and below, and some that are named."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

SKIPPED: Final = frozenset({"__pycache__", "node_modules", "python_modules", "venv"})
"""Directories that hold nobody's own files; those with a dot before their name are left out too."""

Stamp: TypeAlias = tuple[int, int]
"""When a file was last changed, in nanoseconds, and how long it is."""


class Watched:
    """Files whose changes are noticed when somebody asks.

    `roots` are directories, with what is below; `files` may come and go. What is `ignored` never
    counts as changed.
    """

    def __init__(
        self, roots: Iterable[Path], files: Iterable[Path], ignored: Iterable[Path] = ()
    ) -> None:
        self._roots = [os.fspath(root) for root in roots]
        self._files = [os.fspath(file) for file in files]
        self._ignored = {os.fspath(path.absolute()) for path in ignored}
        self._stamps = self._look()

    def changed(self) -> list[Path]:
        """The files that have changed, come or gone since this was last asked.

        Runtime complexity: O(files).
        """
        before, self._stamps = self._stamps, self._look()
        if before == self._stamps:
            return []
        names = sorted(before.keys() | self._stamps.keys())
        return [Path(name) for name in names if before.get(name) != self._stamps.get(name)]

    def _look(self) -> dict[str, Stamp]:
        stamps = {name: stamp for root in self._roots for name, stamp in _below(root)}
        for name in self._files:
            try:
                stamps[name] = _stamp(os.stat(name))  # noqa: PTH116 -- no Path for every look
            except OSError:
                continue
        return {name: stamp for name, stamp in stamps.items() if name not in self._ignored}


def _below(folder: str) -> Iterator[tuple[str, Stamp]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in SKIPPED:
            continue
        try:
            if entry.is_dir():
                # A link to a directory above would never come to an end.
                if not entry.is_symlink():
                    yield from _below(entry.path)
            else:
                yield entry.path, _stamp(entry.stat())
        except OSError:
            continue


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_size
