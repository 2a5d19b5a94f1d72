"""`install` and `uninstall`: importable modules, and the restored state afterwards."""

import importlib
import importlib.metadata
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pykvbinding.workers.install import (
    ROOTS,
    Installation,
    WorkersFinder,
    add_worker_directory,
    import_workers,
    install,
    installed,
    on_uninstall,
    uninstall,
)

SDK = Path(str(importlib.metadata.distribution("workers-runtime-sdk").locate_file("")))
MISSING = "the Python Workers SDK is not installed: pip install 'pykvbinding[workers]'"


def modules_of_roots() -> dict[str, ModuleType]:
    return {name: sys.modules[name] for name in sys.modules if name.partition(".")[0] in ROOTS}


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    modules, finders = modules_of_roots(), list(sys.meta_path)
    yield
    assert modules_of_roots() == modules
    assert sys.meta_path == finders
    assert not installed()


def file_of(module: ModuleType) -> Path:
    return Path(module.__file__ or "")


def test_modules_of_workers_are_importable() -> None:
    with install():
        from js import Object, Response
        from pyodide.ffi import JsProxy, to_js
        from pyodide.http import pyfetch
        from workers import WorkerEntrypoint
        from workers.workflows import NonRetryableError

        assert callable(Object.fromEntries)
        assert isinstance(Response.new("x"), JsProxy)
        assert callable(to_js)
        assert callable(pyfetch)
        assert isinstance(WorkerEntrypoint, type)
        assert issubclass(NonRetryableError, Exception)


def test_workers_and_asgi_come_from_the_sdk() -> None:
    with install():
        workers = import_workers()
        asgi = importlib.import_module("asgi")

        assert file_of(workers) == SDK / "workers" / "__init__.py"
        assert file_of(asgi).is_relative_to(SDK)
        assert Path(workers.Response.__init__.__code__.co_filename).is_relative_to(SDK / "workers")


@pytest.mark.parametrize("name", ["workers", "asgi"])
@pytest.mark.parametrize("kind", ["module", "package"])
def test_module_of_the_project_does_not_shadow_the_sdk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    file = tmp_path / (f"{name}.py" if kind == "module" else f"{name}/__init__.py")
    file.parent.mkdir(exist_ok=True)
    file.write_text("MINE = 1")
    (file.parent / "rpc.py").write_text("MINE = 1")
    monkeypatch.syspath_prepend(tmp_path)

    with install():
        workers = import_workers()
        found = importlib.import_module(name)

        assert not hasattr(found, "MINE")
        assert file_of(found).is_relative_to(SDK)
        assert file_of(workers.rpc).is_relative_to(SDK)

    assert importlib.import_module(name).MINE == 1
    del sys.modules[name]


def test_asgi_of_the_worker_takes_precedence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "asgi.py").write_text("application = 'mine'")
    monkeypatch.syspath_prepend(tmp_path)

    with install():
        add_worker_directory(str(tmp_path))
        assert importlib.import_module("asgi").application == "mine"


def test_ignores_a_worker_directory_that_is_not_on_the_path(tmp_path: Path) -> None:
    (tmp_path / "asgi.py").write_text("application = 'mine'")

    with install():
        add_worker_directory(str(tmp_path))
        assert file_of(importlib.import_module("asgi")).is_relative_to(SDK)


def test_reports_a_missing_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent)])

    with pytest.raises(ModuleNotFoundError) as caught:
        install()

    assert str(caught.value) == MISSING
    assert caught.value.name == "workers"


def test_distribution_without_files_is_a_missing_sdk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "workers_runtime_sdk-1.9.5.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: workers-runtime-sdk\nVersion: 1.9.5\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModuleNotFoundError) as caught:
        install()

    assert str(caught.value) == MISSING


def test_package_is_importable_without_the_sdk() -> None:
    code = """
import sys
from pathlib import Path
sys.path = [entry for entry in sys.path if not [*Path(entry).glob("workers_runtime_sdk-*")]]
import pykvbinding.workers
try:
    pykvbinding.workers.install()
except ModuleNotFoundError as error:
    print(error)
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert printed.stdout.decode().strip() == MISSING


def test_restores_modules_of_the_same_names(monkeypatch: pytest.MonkeyPatch) -> None:
    host = ModuleType("pyodide")
    fake = ModuleType("workers")
    monkeypatch.setitem(sys.modules, "pyodide", host)
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ModuleType("pyodide.ffi"))
    monkeypatch.setitem(sys.modules, "workers", fake)
    before = modules_of_roots()

    with install():
        import pyodide
        import workers

        assert pyodide is not host
        assert workers is not fake

    assert modules_of_roots() == before


def test_shadows_a_pyodide_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyodide").mkdir()
    (tmp_path / "pyodide" / "__init__.py").write_text("__version__ = 'host'")
    (tmp_path / "pyodide" / "console.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)

    with install():
        import pyodide

        assert pyodide.__version__ == "0.28.2"
        with pytest.raises(
            ModuleNotFoundError, match=r"^pyodide\.console is not emulated by pykvbinding$"
        ) as caught:
            importlib.import_module("pyodide.console")
        assert caught.value.name == "pyodide.console"

    assert importlib.import_module("pyodide").__version__ == "host"
    del sys.modules["pyodide"]


def test_pyodide_submodule_is_imported_at_first_access() -> None:
    with install():
        import pyodide

        assert "pyodide.code" not in sys.modules
        assert pyodide.code is importlib.import_module("pyodide.code")
        assert {"code", "ffi", "http", "webloop"} <= set(dir(pyodide))
        with pytest.raises(AttributeError, match=r"^module 'pyodide' has no attribute 'console'$"):
            _ = pyodide.console


def test_provides_only_public_names_of_pyodide() -> None:
    with install():
        import pyodide.ffi

        assert not hasattr(pyodide.ffi, "errors")
        assert not hasattr(pyodide, "errors")
        with pytest.raises(ImportError):
            importlib.import_module("pyodide.errors")


def test_every_installation_has_new_modules() -> None:
    with install():
        import js
        import pyodide.ffi
        import workers

        first = [js, pyodide, pyodide.ffi, workers]
        js.left_behind = True

    with install():
        import js
        import pyodide.ffi
        import workers

        second = [js, pyodide, pyodide.ffi, workers]

        assert all(new is not old for new, old in zip(second, first, strict=True))
        assert not hasattr(js, "left_behind")


def test_inner_installation_does_not_end_the_outer_one() -> None:
    with install():
        workers = import_workers()
        with install():
            assert import_workers() is workers

        assert installed()
        assert import_workers() is workers


def test_installation_is_undone_once() -> None:
    install()
    inner = install()

    inner.uninstall()
    inner.uninstall()

    assert installed()
    uninstall()


def test_finder_is_first_while_installed() -> None:
    with install():
        assert isinstance(sys.meta_path[0], WorkersFinder)


def test_callbacks_run_when_the_last_installation_ends() -> None:
    called = []
    with install():
        with install():
            on_uninstall(lambda: called.append(installed()))
        assert called == []

    assert called == [False]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (uninstall, "uninstall()"),
        (import_workers, "import_workers()"),
        (lambda: on_uninstall(print), "on_uninstall()"),
        (lambda: add_worker_directory("src"), "add_worker_directory()"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_rejects_calls_without_an_installation(call: Callable[[], object], named: str) -> None:
    with pytest.raises(RuntimeError) as caught:
        call()

    assert str(caught.value) == f"{named} without install(): nothing is installed"


def test_error_in_the_block_undoes_the_installation() -> None:
    with pytest.raises(ZeroDivisionError), install():
        _ = 1 / 0


def test_install_imports_neither_the_sdk_nor_the_emulation() -> None:
    code = """
import sys
from pykvbinding.workers.install import ROOTS, install
installation = install()
found = {name for name in sys.modules if name in ROOTS or name.startswith("pykvbinding.js")}
print(sorted(found))
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert printed.stdout.decode().split() == ["[]"]


def test_repr_shows_the_state() -> None:
    with install() as installation:
        assert isinstance(installation, Installation)
        assert repr(installation) == "<Installation of js and workers, active>"

    assert repr(installation) == "<Installation of js and workers, undone>"
