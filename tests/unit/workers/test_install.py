"""`install` and `uninstall`: what can be imported in between, and that nothing stays behind."""

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pykvbinding.workers import errors as refusals
from pykvbinding.workers.install import (
    ROOTS,
    Installation,
    StandinFinder,
    import_workers,
    install,
    installed,
    on_uninstall,
    uninstall,
)
from tests.support.both_workers import KINDS, needs_sdk

NAMES = [
    "Blob",
    "BlobEnding",
    "BlobValue",
    "Body",
    "Context",
    "DurableObject",
    "FetchKwargs",
    "FetchResponse",
    "File",
    "FormData",
    "FormDataValue",
    "Headers",
    "JSBody",
    "Request",
    "RequestInitCfProperties",
    "Response",
    "WorkerEntrypoint",
    "WorkflowEntrypoint",
    "env",
    "fetch",
    "handler",
    "import_from_javascript",
    "patch_env",
    "python_from_rpc",
    "python_to_rpc",
    "waitUntil",
    "wait_until",
]

kinds = pytest.mark.parametrize("sdk", KINDS)


def of_our_roots() -> dict[str, ModuleType]:
    return {name: sys.modules[name] for name in sys.modules if name.partition(".")[0] in ROOTS}


@pytest.fixture(autouse=True)
def nothing_stays_behind() -> Iterator[None]:
    modules, finders = of_our_roots(), list(sys.meta_path)
    yield
    assert of_our_roots() == modules
    assert sys.meta_path == finders
    assert not installed()


@kinds
def test_workers_has_the_names_of_the_sdk(sdk: bool) -> None:
    with install(sdk=sdk):
        workers = import_workers()

        assert sorted(workers.__all__) == NAMES
        assert all(hasattr(workers, name) for name in NAMES)


@kinds
def test_what_a_worker_imports_is_there(sdk: bool) -> None:
    with install(sdk=sdk):
        import asgi as old_asgi
        from js import Object, Response
        from pyodide.ffi import JsProxy, to_js
        from pyodide.http import pyfetch
        from workers import WorkerEntrypoint, asgi, wsgi
        from workers.workflows import NonRetryableError

        assert callable(Object.fromEntries)
        assert isinstance(Response.new("x"), JsProxy)
        assert callable(to_js)
        assert callable(pyfetch)
        assert issubclass(NonRetryableError, Exception)
        assert asgi.entrypoint is old_asgi.entrypoint
        assert issubclass(wsgi.entrypoint(None), WorkerEntrypoint)


@needs_sdk
def test_the_kind_of_workers_can_be_told() -> None:
    with install(sdk=False) as ours:
        assert import_workers().__spec__.origin == "pykvbinding"  # type: ignore[union-attr]
        assert not ours.sdk
        assert repr(ours) == "<Installation of js and workers, in force>"

    with install(sdk=True) as theirs:
        assert Path(import_workers().__file__ or "").name == "__init__.py"
        assert theirs.sdk
    assert repr(theirs) == "<Installation of js for the SDK, taken back>"


@needs_sdk
def test_by_itself_the_sdk_is_taken_where_there_is_one() -> None:
    with install() as installation:
        assert installation.sdk


def test_without_an_sdk_ours_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent)])

    with install() as installation:
        assert not installation.sdk


def test_an_sdk_that_is_asked_for_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent)])

    with pytest.raises(ModuleNotFoundError) as caught:
        install(sdk=True)

    assert str(caught.value) == str(refusals.sdk_missing())
    assert not installed()


def test_a_package_that_happens_to_be_called_workers_is_not_the_sdk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workers").mkdir()
    (tmp_path / "workers" / "__init__.py").write_text("MINE = 1")
    monkeypatch.syspath_prepend(tmp_path)

    with install() as installation:
        assert not installation.sdk
        assert not hasattr(import_workers(), "MINE")


def test_modules_of_the_same_names_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    host = ModuleType("pyodide")
    fake = ModuleType("workers")
    monkeypatch.setitem(sys.modules, "pyodide", host)
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ModuleType("pyodide.ffi"))
    monkeypatch.setitem(sys.modules, "workers", fake)
    before = of_our_roots()

    with install(sdk=False):
        import pyodide
        import workers

        assert pyodide is not host
        assert workers is not fake

    assert of_our_roots() == before


def test_a_host_pyodide_on_the_path_is_covered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyodide").mkdir()
    (tmp_path / "pyodide" / "__init__.py").write_text("__version__ = 'host'")
    (tmp_path / "pyodide" / "console.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)

    with install(sdk=False):
        import pyodide

        assert pyodide.__version__ == "0.28.2"
        with pytest.raises(
            ModuleNotFoundError, match=r"^pyodide.console is not emulated by pykvbinding$"
        ):
            importlib.import_module("pyodide.console")

    assert importlib.import_module("pyodide").__version__ == "host"
    del sys.modules["pyodide"]


def test_an_asgi_module_of_the_project_is_not_covered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "asgi.py").write_text("application = 'mine'")
    monkeypatch.syspath_prepend(tmp_path)

    with install(sdk=False):
        assert importlib.import_module("asgi").application == "mine"


def test_every_installation_has_new_modules() -> None:
    with install(sdk=False):
        import js
        import pyodide.ffi
        import workers

        first = [js, pyodide, pyodide.ffi, workers]
        js.left_behind = True

    with install(sdk=False):
        import js
        import pyodide.ffi
        import workers

        second = [js, pyodide, pyodide.ffi, workers]

        assert all(new is not old for new, old in zip(second, first, strict=True))
        assert not hasattr(js, "left_behind")


def test_an_inner_installation_ends_without_the_outer_one() -> None:
    with install(sdk=False) as outer:
        workers = import_workers()
        with install() as inner:
            assert inner.sdk is outer.sdk
            assert import_workers() is workers

        assert installed()
        assert import_workers() is workers


@needs_sdk
def test_an_inner_installation_of_the_other_kind_is_refused() -> None:
    with install(sdk=False), pytest.raises(ValueError, match="our own `workers` is installed"):
        install(sdk=True)
    with install(sdk=True), pytest.raises(ValueError, match="the real SDK is installed already"):
        install(sdk=False)


def test_an_installation_is_taken_back_once() -> None:
    install(sdk=False)
    inner = install(sdk=False)

    inner.uninstall()
    inner.uninstall()

    assert installed()
    uninstall()


def test_while_installed_the_finder_comes_first() -> None:
    with install(sdk=False):
        assert isinstance(sys.meta_path[0], StandinFinder)


def test_callbacks_run_when_the_last_installation_ends() -> None:
    called = []
    with install(sdk=False):
        with install(sdk=False):
            on_uninstall(lambda: called.append(installed()))
        assert called == []

    assert called == [False]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (uninstall, "uninstall()"),
        (import_workers, "import_workers()"),
        (lambda: on_uninstall(print), "on_uninstall()"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_without_an_installation_there_is_nothing_to_ask(
    call: Callable[[], object], named: str
) -> None:
    with pytest.raises(RuntimeError) as caught:
        call()

    assert str(caught.value) == f"{named} without install(): nothing is installed"


def test_an_error_within_takes_it_back() -> None:
    with pytest.raises(ZeroDivisionError), install(sdk=False):
        _ = 1 / 0


@kinds
def test_a_name_that_nobody_knows_is_absent(sdk: bool) -> None:
    with install(sdk=sdk):
        workers = import_workers()

        with pytest.raises(AttributeError, match=r"^module 'workers' has no attribute 'Respond'$"):
            _ = workers.Respond
        with pytest.raises(ImportError, match="cannot import name 'Respond' from 'workers'"):
            exec("from workers import Respond")


def test_a_submodule_that_nobody_knows_is_not_found() -> None:
    with install(sdk=False), pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module("workers.respond")

    assert str(caught.value) == "workers.respond is not emulated by pykvbinding"
    assert caught.value.name == "workers.respond"


def test_what_is_not_public_here_is_not_published() -> None:
    with install(sdk=False):
        workers = import_workers()

        assert not hasattr(workers, "refusals")
        assert not hasattr(workers, "import_module")
        assert set(NAMES) <= set(dir(workers))
        assert workers.rpc.python_to_rpc is workers.python_to_rpc


def test_nothing_is_imported_by_installing() -> None:
    code = """
import sys
from pykvbinding.workers.install import install
before = set(sys.modules)
installation = install(sdk=False)
print(sorted(set(sys.modules) - before))
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert printed.stdout.decode().split() == ["[]"]


def test_importing_workers_is_cheap() -> None:
    code = """
import sys
from pykvbinding.workers.install import install
install(sdk=False)
from workers import Response, WorkerEntrypoint
print({"asyncio", "email", "http.client", "logging", "urllib.request"} & {*sys.modules})
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert printed.stdout.decode().strip() == "set()"


def test_an_installation_is_told_as_what_it_is() -> None:
    with install(sdk=False) as installation:
        assert isinstance(installation, Installation)
