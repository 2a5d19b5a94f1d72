"""`install`: make `workers`, `js` and `pyodide` importable until the installation is undone."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType, TracebackType
from typing import Any, Final

ROOTS: Final = frozenset(
    {
        "js",
        "pyodide",
        "_pyodide_entrypoint_helper",
        "_cloudflare_compat_flags",
        "workers",
        "asgi",
    }
)
"""The top-level modules that `install()` provides."""

SDK_ROOTS: Final = frozenset({"workers", "asgi"})
"""The top-level modules that belong to the SDK."""

SDK_DISTRIBUTION: Final = "workers-runtime-sdk"

PYODIDE: Final = "pykvbinding.workers.pyodide"
"""The package with the content of `pyodide`."""


class Installation:
    """One `install()`. The end of its `with` block, or `uninstall()`, undoes it once."""

    def __init__(self, finder: "WorkersFinder") -> None:
        self._finder: WorkersFinder | None = finder

    def uninstall(self) -> None:
        """Undo this installation. A second call does nothing."""
        finder, self._finder = self._finder, None
        if finder is not None:
            finder.release()

    def __enter__(self) -> "Installation":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.uninstall()

    def __repr__(self) -> str:
        state = "undone" if self._finder is None else "active"
        return f"<Installation of js and workers, {state}>"


def install() -> Installation:
    """Make the imports of a Python Worker work in this interpreter until `uninstall()`.

    `workers` is Cloudflare's SDK (extra `workers`); `js`, `pyodide` and the other modules that the
    runtime provides to the SDK are emulated. Installations are counted. After the last one is
    undone, `sys.modules` and `sys.meta_path` are as they were before the first.

    The SDK is imported from the directory of its distribution (`importlib.metadata`), not from the
    first `workers` on `sys.path`, so a package of the project with the same name does not shadow
    it. The distribution puts two more files into `site-packages`:

    - `asgi`, a top-level module, an alias of `workers.asgi`. While installed, `import asgi` imports
      this module, even if `sys.path` has another `asgi`. Only a module of the Worker itself, in the
      directory of its `main`, takes precedence, as on the platform.
    - `_workers_sdk_patch_loader.pth`, which Python executes when an interpreter starts. It looks
      for the module `_cloudflare`, which exists in the runtime only, and does nothing without it.
      It costs the import of `importlib.util`.

    >>> with install():
    ...     from workers import Response
    ...     Response("hello").status
    200

    Raises: ModuleNotFoundError if the SDK is missing, "the Python Workers SDK is not installed: …"
    """
    finder = _active_finder() or WorkersFinder(_sdk_directory())
    finder.count += 1
    return Installation(finder)


def uninstall() -> None:
    """Undo the last `install()`.

    Raises: RuntimeError, "uninstall() without install(): …"
    """
    finder = _active_finder()
    if finder is None:
        raise _not_installed("uninstall()")
    finder.release()


def installed() -> bool:
    """Return whether an installation is active."""
    return _active_finder() is not None


def on_uninstall(callback: Callable[[], None]) -> None:
    """Call `callback` when the last installation is undone.

    Raises: RuntimeError, "on_uninstall() without install(): …"
    """
    finder = _active_finder()
    if finder is None:
        raise _not_installed("on_uninstall()")
    finder.callbacks.append(callback)


def add_worker_directory(directory: str) -> None:
    """Give an `asgi` in the directory of a Worker's `main` precedence over the SDK's.

    It applies only while the directory is on `sys.path`.

    Raises: RuntimeError, "add_worker_directory() without install(): …"
    """
    finder = _active_finder()
    if finder is None:
        raise _not_installed("add_worker_directory()")
    finder.worker_directories.add(directory)


def import_workers() -> ModuleType:
    """Return the SDK's module `workers`.

    Raises: RuntimeError, "import_workers() without install(): …"
    """
    if _active_finder() is None:
        raise _not_installed("import_workers()")
    return import_module("workers")


def _not_installed(call: str) -> RuntimeError:
    return RuntimeError(f"{call} without install(): nothing is installed")


def _active_finder() -> "WorkersFinder | None":
    """Return the finder in `sys.meta_path`, which holds the state of the installation."""
    return next((finder for finder in sys.meta_path if isinstance(finder, WorkersFinder)), None)


def _sdk_directory() -> str:
    """Return the directory into which the SDK's distribution was installed.

    Raises: ModuleNotFoundError if there is none, or if it has no `workers`.
    """
    # Imported here because it takes 20 ms to load.
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        directory = str(distribution(SDK_DISTRIBUTION).locate_file(""))
    except PackageNotFoundError:
        directory = None
    if directory is None or PathFinder.find_spec("workers", [directory]) is None:
        raise ModuleNotFoundError(
            "the Python Workers SDK is not installed: pip install 'pykvbinding[workers]'",
            name="workers",
        )
    return directory


class WorkersFinder:
    """Finds the modules of an installation. It is first in `sys.meta_path`.

    It therefore precedes the finder of `sys.path`, which may contain `pyodide-py` or a package of
    the project called `workers`.
    """

    def __init__(self, sdk_directory: str) -> None:
        self.count: int = 0
        self.callbacks: list[Callable[[], None]] = []
        self.worker_directories: set[str] = set()
        self._sdk_path = [sdk_directory]
        self._replaced = _pop_modules()
        sys.meta_path.insert(0, self)

    def release(self) -> None:
        """Undo one installation; with the last one, restore `sys.modules` and `sys.meta_path`."""
        self.count -= 1
        if self.count == 0:
            sys.meta_path.remove(self)
            _pop_modules()
            sys.modules.update(self._replaced)
            for callback in self.callbacks:
                callback()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 -- part of the protocol
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Return the spec of a module of the installation, `None` for any other module.

        Submodules of the SDK are found by the usual finders, in the `__path__` of their package.

        Raises: ModuleNotFoundError for a submodule that is not emulated.
        """
        root, _, submodule = fullname.partition(".")
        if root not in ROOTS:
            return None
        if root in SDK_ROOTS:
            return None if submodule else self._find_in_sdk(root)
        if submodule and not _is_emulated(root, submodule):
            raise ModuleNotFoundError(f"{fullname} is not emulated by pykvbinding", name=fullname)
        is_package = fullname == "pyodide"
        loader: Any = _Loader()  # not an importlib.abc.Loader, which takes 8 ms to load
        return ModuleSpec(fullname, loader, origin="pykvbinding", is_package=is_package)

    def _find_in_sdk(self, name: str) -> ModuleSpec | None:
        path = self._sdk_path
        if name == "asgi":
            path = [entry for entry in sys.path if entry in self.worker_directories] + path
        return PathFinder.find_spec(name, path)


class _Loader:
    """Creates a new module with the content of a module of this package."""

    def create_module(self, spec: ModuleSpec) -> Any:
        if spec.name == "js":
            from pykvbinding.js.globals.module import make_js

            return make_js()
        return None

    def exec_module(self, module: ModuleType) -> None:
        root, dot, submodule = module.__name__.partition(".")
        if root == "pyodide":
            _populate_module(module, import_module(f"{PYODIDE}{dot}{submodule}"))
        elif root != "js":
            from pykvbinding.workers.runtime_modules import CONTENT

            vars(module).update(CONTENT[root]())


def _populate_module(module: ModuleType, source: ModuleType) -> None:
    """Copy the public names of `source`; a submodule is imported when first accessed."""
    content = vars(source)
    for name in ("__all__", "__doc__", *source.__all__):
        if name in content and not isinstance(content[name], ModuleType):
            setattr(module, name, content[name])

    def import_submodule(name: str) -> ModuleType:
        if _is_emulated(module.__name__, name):
            return import_module(f"{module.__name__}.{name}")
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

    vars(module)["__getattr__"] = import_submodule
    vars(module)["__dir__"] = lambda: sorted({*vars(module), *source.__all__})


def _is_emulated(package: str, submodule: str) -> bool:
    return package == "pyodide" and submodule in import_module(PYODIDE).__all__


def _pop_modules() -> dict[str, ModuleType]:
    """Remove the modules of the installation from `sys.modules` and return them."""
    names = [name for name in sys.modules if name.partition(".")[0] in ROOTS]
    return {name: sys.modules.pop(name) for name in names}
