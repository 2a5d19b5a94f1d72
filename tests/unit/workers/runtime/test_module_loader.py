"""Modules of a Worker: importable, shared with tests, and isolated from other Workers."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pykvbinding.workers.install import import_workers, install
from pykvbinding.workers.runtime.module_loader import ModuleLoader

NAMES = ("loaded_main", "loaded_helper", "loaded_pack", "loaded_pack.inner", "loaded_late")


@pytest.fixture(autouse=True)
def _installed() -> Iterator[None]:
    modules, path = dict(sys.modules), list(sys.path)
    with install():
        yield
    assert not [name for name in sys.modules if name in NAMES]
    assert sys.path == path
    assert {name for name in modules if name not in sys.modules} == set()


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder / "loaded_main.py"


def test_main_is_named_after_its_file_and_imports_its_siblings(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        loaded_main="import loaded_helper\nfrom loaded_pack.inner import value",
        loaded_helper="value = 1",
        loaded_pack__inner="value = 2",
    )

    module = ModuleLoader(main).load()

    assert module.__name__ == "loaded_main"
    assert (module.loaded_helper.value, module.value) == (1, 2)


def test_test_and_worker_share_modules(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import loaded_helper", loaded_helper="")

    module = ModuleLoader(main).load()

    assert sys.modules["loaded_main"] is module
    assert sys.modules["loaded_helper"] is module.loaded_helper


def test_finds_a_module_that_a_test_has_imported(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="")

    nothing = ModuleLoader(main).find()
    module = ModuleLoader(main).load()

    assert nothing is None
    assert ModuleLoader(main).find() is module
    assert ModuleLoader(tmp_path / "other" / "loaded_main.py").find() is None


def test_package_called_workers_does_not_replace_the_sdk(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import workers", workers__mine="")
    before = import_workers()

    module = ModuleLoader(main).load()

    assert module.workers is before
    assert import_workers() is before


def test_asgi_in_the_directory_of_main_replaces_that_of_the_sdk(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import asgi", asgi="application = 'mine'")
    before = importlib.import_module("asgi")

    module = ModuleLoader(main).load()

    assert module.asgi.application == "mine"
    assert importlib.import_module("asgi") is before


def test_failing_import_removes_its_modules(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import loaded_helper\n1 / 0", loaded_helper="")

    with pytest.raises(ZeroDivisionError):
        ModuleLoader(main).load()

    assert not [name for name in sys.modules if name in NAMES]


def test_failing_import_restores_displaced_modules(tmp_path: Path) -> None:
    first = ModuleLoader(write(tmp_path / "a", loaded_main="")).load()
    second = ModuleLoader(write(tmp_path / "b", loaded_main="1 / 0"))

    with pytest.raises(ZeroDivisionError):
        second.load()

    assert sys.modules["loaded_main"] is first
    assert not second.has_name_conflicts


def test_two_workers_may_have_modules_of_one_name(tmp_path: Path) -> None:
    first = ModuleLoader(
        write(tmp_path / "a", loaded_main="import loaded_helper", loaded_helper="n=1")
    )
    second = ModuleLoader(
        write(tmp_path / "b", loaded_main="import loaded_helper", loaded_helper="n=2")
    )

    one, two = first.load(), second.load()

    assert (one.loaded_helper.n, two.loaded_helper.n) == (1, 2)
    assert sys.modules["loaded_main"] is one
    assert (first.has_name_conflicts, second.has_name_conflicts) == (False, True)


def test_modules_of_the_second_worker_are_available_while_it_runs(tmp_path: Path) -> None:
    first = ModuleLoader(write(tmp_path / "a", loaded_main="", loaded_helper="n = 1"))
    source = "def late():\n    import loaded_late\n    return loaded_late.n"
    second = ModuleLoader(write(tmp_path / "b", loaded_main=source, loaded_late="n = 2"))
    one, two = first.load(), second.load()

    with first.activated(), second.activated(), second.activated():
        assert sys.modules["loaded_main"] is two
        number = two.late()

    assert number == 2
    assert sys.modules["loaded_main"] is one
    assert "loaded_late" not in sys.modules
    with second.activated():
        assert "loaded_late" in sys.modules


def test_module_of_a_test_with_the_same_name_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = type(sys)("loaded_helper")
    monkeypatch.setitem(sys.modules, "loaded_helper", other)
    main = write(tmp_path, loaded_main="import loaded_helper", loaded_helper="n = 1")

    module = ModuleLoader(main).load()

    assert module.loaded_helper.n == 1
    assert sys.modules["loaded_helper"] is other
    monkeypatch.undo()


def test_standard_modules_are_never_displaced(tmp_path: Path) -> None:
    import json

    main = write(tmp_path, loaded_main="import json", json="")

    module = ModuleLoader(main).load()

    assert module.json is json


def test_reload_imports_all_modules_again(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import loaded_helper", loaded_helper="n = 1")
    modules = ModuleLoader(main)
    before = modules.load()
    write(tmp_path, loaded_helper="n = 2")  # of the same length, in the same second

    after = modules.reload()

    assert (before.loaded_helper.n, after.loaded_helper.n) == (1, 2)
    assert sys.modules["loaded_main"] is after


def test_reloading_one_worker_keeps_the_other(tmp_path: Path) -> None:
    first = ModuleLoader(write(tmp_path / "a", loaded_main="n = 1"))
    second = ModuleLoader(write(tmp_path / "b", loaded_main="n = 2"))
    one = first.load()
    second.load()
    write(tmp_path / "b", loaded_main="n = 3")

    after = second.reload()

    assert after.n == 3
    assert sys.modules["loaded_main"] is one


@pytest.mark.parametrize("contested", [False, True])
def test_failing_reload_keeps_the_old_modules(tmp_path: Path, *, contested: bool) -> None:
    other = None
    if contested:
        other = ModuleLoader(write(tmp_path / "other", loaded_main="")).load()
    modules = ModuleLoader(
        write(tmp_path / "this", loaded_main="import loaded_helper", loaded_helper="")
    )
    before = modules.load()
    write(tmp_path / "this", loaded_helper="1 / 0")

    with pytest.raises(ZeroDivisionError):
        modules.reload()

    assert sys.modules["loaded_main"] is (other or before)
    with modules.activated():
        assert sys.modules["loaded_main"] is before
        assert sys.modules["loaded_helper"] is before.loaded_helper
    write(tmp_path / "this", loaded_helper="n = 3")
    assert modules.reload().loaded_helper.n == 3


def test_excludes_tests_and_installed_packages(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        loaded_main="import sys\nsys.path.insert(0, sys.argv[-1])\nimport loaded_foreign",
    )
    foreign = tmp_path / ".venv" / "lib" / "site-packages"
    foreign.mkdir(parents=True)
    (foreign / "loaded_foreign.py").write_text("", encoding="utf-8")
    sys.argv.append(str(foreign))
    try:
        modules = ModuleLoader(main)
        before = modules.load().loaded_foreign
        after = modules.reload().loaded_foreign
    finally:
        sys.argv.pop()
        sys.path[:] = [each for each in sys.path if each != str(foreign)]
        del sys.modules["loaded_foreign"]

    assert after is before


def test_excludes_test_modules(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="", test_loaded="", conftest="")
    modules = ModuleLoader(main)
    modules.load()
    there = type(sys)("test_loaded")
    there.__file__ = str(tmp_path / "test_loaded.py")
    sys.modules["test_loaded"] = there

    modules.reload()

    assert sys.modules.pop("test_loaded") is there


def test_unload_keeps_a_directory_that_was_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    modules = ModuleLoader(write(tmp_path, loaded_main=""))
    modules.load()

    modules.unload()

    assert str(tmp_path) in sys.path
    assert "loaded_main" not in sys.modules
    monkeypatch.undo()


def test_unload_accepts_a_directory_that_was_removed_from_the_path(tmp_path: Path) -> None:
    modules = ModuleLoader(write(tmp_path, loaded_main=""))
    modules.load()
    sys.path.remove(str(tmp_path))

    modules.unload()

    assert str(tmp_path) not in sys.path


def test_resolves_links_to_the_file(tmp_path: Path) -> None:
    main = write(tmp_path / "real", loaded_main="")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    module = ModuleLoader(main).load()

    assert ModuleLoader(tmp_path / "link" / "loaded_main.py").find() is module
