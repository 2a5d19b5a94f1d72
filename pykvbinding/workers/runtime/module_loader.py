"""Imports the modules of a Worker as the platform does, isolated from modules of the same names."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import invalidate_caches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from pykvbinding.workers.install import ROOTS, add_worker_directory, on_uninstall

EXCLUDED_DIRECTORIES = {
    "site-packages",
    "node_modules",
    "python_modules",
    "tests",
    "test",
    "__pycache__",
}
"""Directories under that of `main` that hold other modules; hidden ones are excluded too."""


class ModuleLoader:
    """The modules in the directory of a Worker's `main`, which is added to `sys.path`.

    They are in `sys.modules`, so a test that imports one gets the same module object as the Worker.
    If two Workers, or a Worker and a test, have modules of the same name, this Worker's modules are
    there only while they are imported and while the Worker runs.
    """

    def __init__(self, main: Path) -> None:
        self.main = main
        self.name = main.stem
        self._directory = main.parent
        self._prefixes = (f"{main.parent}{os.sep}", f"{os.path.realpath(main.parent)}{os.sep}")
        self._displaced: dict[str, ModuleType] = {}
        self._hidden: dict[str, ModuleType] = {}
        self._preloaded: set[str] = set()
        self._has_name_conflicts = False
        self._active_count = 0
        self._is_added = self._is_on_path = False

    def find(self) -> ModuleType | None:
        """Return the module of `main` if it has been imported already."""
        module = sys.modules.get(self.name)
        file = None if module is None else _file_of(module)
        is_main = file is not None and os.path.realpath(file) == os.path.realpath(self.main)
        return module if is_main else None

    def load(self) -> ModuleType:
        """Import `main`, and with it modules of its directory that are not yet imported.

        Raises: the exception of the import. `sys.modules` is then restored.
        """
        if not self._is_added:
            self._add_to_path()
        invalidate_caches()  # a file may be newer than the cached directory listing
        self._preloaded = set(self._own_modules())
        displaced = self._foreign_modules()
        for name in displaced:
            del sys.modules[name]
        try:
            return self._execute()
        except BaseException:
            self._drop({name for name in self._own_modules() if name not in self._preloaded})
            raise
        finally:
            self._has_name_conflicts = any(name in sys.modules for name in displaced)
            if self._has_name_conflicts:
                self._hidden = self._own_modules()
                self._drop(self._hidden)
            sys.modules.update(displaced)

    def reload(self) -> ModuleType:
        """Import `main` and all modules of its directory again.

        Raises: the exception of the import. The old modules are then kept.
        """
        had_conflicts = self._has_name_conflicts
        old = self._hidden if had_conflicts else self._own_modules()
        if not had_conflicts:
            self._drop(old)
        for module in old.values():
            _forget_bytecode(module)
        try:
            return self.load()
        except BaseException:
            self._hidden, self._has_name_conflicts = old, had_conflicts
            if not had_conflicts:
                sys.modules.update(old)
            raise

    def unload(self) -> None:
        """Remove the modules from `sys.modules`, and the directory from `sys.path`."""
        self._is_added = False
        self._hidden = {}
        self._drop({name for name in self._own_modules() if name not in self._preloaded})
        if self._is_on_path:
            self._is_on_path = False
            with suppress(ValueError):  # other code has removed it
                sys.path.remove(str(self._directory))

    @contextmanager
    def activated(self) -> Iterator[None]:
        """Put the modules into `sys.modules` for the block, which may import more."""
        if not self._has_name_conflicts:
            yield
            return
        self._activate()
        try:
            yield
        finally:
            self._deactivate()

    @property
    def has_name_conflicts(self) -> bool:
        """True if other modules of the same names have been imported."""
        return self._has_name_conflicts

    def _add_to_path(self) -> None:
        """Add the directory to `sys.path` until the last `uninstall()`, for later imports."""
        self._is_added = True
        on_uninstall(self.unload)
        add_worker_directory(str(self._directory))
        if str(self._directory) not in sys.path:
            sys.path.insert(0, str(self._directory))
            self._is_on_path = True

    def _execute(self) -> ModuleType:
        spec = spec_from_file_location(self.name, self.main)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        sys.modules[self.name] = module
        spec.loader.exec_module(module)
        return sys.modules[self.name]

    def _activate(self) -> None:
        self._active_count += 1
        if self._active_count == 1:
            sys.path.insert(0, str(self._directory))
            self._displaced = {
                name: sys.modules[name] for name in self._hidden if name in sys.modules
            }
            sys.modules.update(self._hidden)

    def _deactivate(self) -> None:
        self._active_count -= 1
        if self._active_count == 0:
            sys.path.remove(str(self._directory))
            self._hidden = self._own_modules()
            self._drop(self._hidden)
            sys.modules.update(self._displaced)

    def _own_modules(self) -> dict[str, ModuleType]:
        """Return the Worker's modules that are in `sys.modules`."""
        return {
            name: module for name, module in list(sys.modules.items()) if self._is_own(name, module)
        }

    def _is_own(self, name: str, module: ModuleType) -> bool:
        relative = self._relative_path(module)
        if relative is None or name == "__main__":
            return False
        *directories, last = Path(relative).parts
        if last == "conftest.py" or last.startswith("test_"):
            return False
        return not any(part in EXCLUDED_DIRECTORIES or part.startswith(".") for part in directories)

    def _relative_path(self, module: ModuleType) -> str | None:
        """Return the file of a module relative to the directory; None if it is outside."""
        file = _file_of(module)
        if file is not None:
            for prefix in self._prefixes:
                if file.startswith(prefix):
                    return file[len(prefix) :]
        return None

    def _foreign_modules(self) -> dict[str, ModuleType]:
        """Return imported modules from elsewhere that have the name of a file of ours."""
        top_level_names = {path.stem for path in self._directory.glob("*.py")}
        top_level_names |= {path.parent.name for path in self._directory.glob("*/*.py")}
        top_level_names -= (
            EXCLUDED_DIRECTORIES | (ROOTS - {"asgi"}) | (sys.stdlib_module_names - {self.name})
        )
        return {
            name: module
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] in top_level_names and self._relative_path(module) is None
        }

    @staticmethod
    def _drop(names: "set[str] | dict[str, ModuleType]") -> None:
        for name in names:
            sys.modules.pop(name, None)


def _file_of(module: ModuleType) -> str | None:
    """Return the file of a module; for a namespace package, a file name in its directory."""
    file = getattr(module, "__file__", None)
    if isinstance(file, str):
        return file
    directories = list(getattr(module, "__path__", ()))
    return os.path.join(directories[0], "__init__.py") if directories else None  # noqa: PTH118 -- hot


def _forget_bytecode(module: ModuleType) -> None:
    """Delete the bytecode: its timestamp has seconds only, so it could be stale."""
    cached = getattr(module, "__cached__", None)
    if cached is not None:
        with suppress(OSError):
            Path(cached).unlink()
