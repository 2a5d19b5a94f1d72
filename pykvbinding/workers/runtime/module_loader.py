"""The modules of a Worker: imported as the platform does, and kept apart from everybody else's."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import invalidate_caches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from pykvbinding.workers.install import ROOTS, add_worker_directory, on_uninstall

FOREIGN = {"site-packages", "node_modules", "python_modules", "tests", "test", "__pycache__"}
"""Directories of other people's modules that may lie under that of `main`; and hidden ones."""


class Modules:
    """The modules under the directory of a Worker's `main`, which stands on the module path.

    They are in `sys.modules` like others, so a test that imports one gets the very module that the
    Worker uses. Where two Workers, or a Worker and a test, have modules of one name, this one's are
    there only while it is imported and while it runs.
    """

    def __init__(self, main: Path) -> None:
        self.main = main
        self.name: str = main.stem
        self._folder = main.parent
        self._prefixes = (f"{main.parent}{os.sep}", f"{os.path.realpath(main.parent)}{os.sep}")
        self._aside: dict[str, ModuleType] = {}
        self._hidden: dict[str, ModuleType] = {}
        self._before: set[str] = set()
        self._is_contested = False
        self._runs = 0
        self._is_settled = self._is_on_path = False

    def find(self) -> ModuleType | None:
        """The module of `main` if somebody has imported it already."""
        there = sys.modules.get(self.name)
        file = None if there is None else _file_of(there)
        is_it = file is not None and os.path.realpath(file) == os.path.realpath(self.main)
        return there if is_it else None

    def load(self) -> ModuleType:
        """Import `main`, and with it what lies beside it, unless that is there already.

        Raises: what the import raises; then nothing of it is left behind.
        """
        if not self._is_settled:
            self._settle()
        invalidate_caches()  # a file may be younger than the last look
        self._before = set(self._own())
        aside = self._others()
        for name in aside:
            del sys.modules[name]
        try:
            return self._execute()
        except BaseException:
            self._drop({name for name in self._own() if name not in self._before})
            raise
        finally:
            self._is_contested = any(name in sys.modules for name in aside)
            if self._is_contested:
                self._hidden = self._own()
                self._drop(self._hidden)
            sys.modules.update(aside)

    def reload(self) -> ModuleType:
        """Import `main`, and all that lies beside it, anew.

        Raises: what the import raises; then the old modules stay.
        """
        was_contested = self._is_contested
        old = self._hidden if was_contested else self._own()
        if not was_contested:
            self._drop(old)
        for module in old.values():
            _forget_bytecode(module)
        try:
            return self.load()
        except BaseException:
            self._hidden, self._is_contested = old, was_contested
            if not was_contested:
                sys.modules.update(old)
            raise

    def forget(self) -> None:
        """Take what was imported here out of `sys.modules`, and the directory off `sys.path`."""
        self._is_settled = False
        self._hidden = {}
        self._drop({name for name in self._own() if name not in self._before})
        if self._is_on_path:
            self._is_on_path = False
            with suppress(ValueError):  # somebody else has removed it
                sys.path.remove(str(self._folder))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Where code of this Worker runs; it may import something."""
        if not self._is_contested:
            yield
            return
        self._come_in()
        try:
            yield
        finally:
            self._go_out()

    @property
    def is_contested(self) -> bool:
        """Whether somebody else has modules of the same names."""
        return self._is_contested

    def _settle(self) -> None:
        """Stand on the module path until the last `uninstall()`: more may be imported later."""
        self._is_settled = True
        on_uninstall(self.forget)
        add_worker_directory(str(self._folder))
        if str(self._folder) not in sys.path:
            sys.path.insert(0, str(self._folder))
            self._is_on_path = True

    def _execute(self) -> ModuleType:
        spec = spec_from_file_location(self.name, self.main)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        sys.modules[self.name] = module
        spec.loader.exec_module(module)
        return sys.modules[self.name]

    def _come_in(self) -> None:
        self._runs += 1
        if self._runs == 1:
            sys.path.insert(0, str(self._folder))
            self._aside = {name: sys.modules[name] for name in self._hidden if name in sys.modules}
            sys.modules.update(self._hidden)

    def _go_out(self) -> None:
        self._runs -= 1
        if self._runs == 0:
            sys.path.remove(str(self._folder))
            self._hidden = self._own()
            self._drop(self._hidden)
            sys.modules.update(self._aside)

    def _own(self) -> dict[str, ModuleType]:
        """The Worker's modules that are in `sys.modules`."""
        return {name: each for name, each in list(sys.modules.items()) if self._is_own(name, each)}

    def _is_own(self, name: str, module: ModuleType) -> bool:
        inside = self._inside(module)
        if inside is None or name == "__main__":
            return False
        *folders, last = Path(inside).parts
        if last == "conftest.py" or last.startswith("test_"):
            return False
        return not any(part in FOREIGN or part.startswith(".") for part in folders)

    def _inside(self, module: ModuleType) -> str | None:
        """The file of a module, as seen from our directory; None if it lies elsewhere."""
        file = _file_of(module)
        if file is not None:
            for prefix in self._prefixes:
                if file.startswith(prefix):
                    return file[len(prefix) :]
        return None

    def _others(self) -> dict[str, ModuleType]:
        """Modules of other origin under names that files of ours have."""
        tops = {path.stem for path in self._folder.glob("*.py")}
        tops |= {path.parent.name for path in self._folder.glob("*/*.py")}
        tops -= FOREIGN | (ROOTS - {"asgi"}) | (sys.stdlib_module_names - {self.name})
        return {
            name: module
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] in tops and self._inside(module) is None
        }

    @staticmethod
    def _drop(names: "set[str] | dict[str, ModuleType]") -> None:
        for name in names:
            sys.modules.pop(name, None)


def _file_of(module: ModuleType) -> str | None:
    """The file of a module; of a package without one, a name in its directory."""
    file = getattr(module, "__file__", None)
    if isinstance(file, str):
        return file
    folders = list(getattr(module, "__path__", ()))
    return os.path.join(folders[0], "__init__.py") if folders else None  # noqa: PTH118 -- hot


def _forget_bytecode(module: ModuleType) -> None:
    """Remove what was compiled, which goes by seconds: two changes may fall into one."""
    cached = getattr(module, "__cached__", None)
    if cached is not None:
        with suppress(OSError):
            Path(cached).unlink()
