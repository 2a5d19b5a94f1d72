"""A Worker's modules: on the path, shared with tests, and apart from those of other Workers."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pykvbinding.workers.install import import_workers, install
from pykvbinding.workers.runtime.module_loader import Modules

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


def test_a_module_is_named_after_its_file_and_finds_those_beside_it(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        loaded_main="import loaded_helper\nfrom loaded_pack.inner import value",
        loaded_helper="value = 1",
        loaded_pack__inner="value = 2",
    )

    module = Modules(main).load()

    assert module.__name__ == "loaded_main"
    assert (module.loaded_helper.value, module.value) == (1, 2)


def test_a_test_imports_the_very_modules_that_the_worker_uses(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import loaded_helper", loaded_helper="")

    module = Modules(main).load()

    assert sys.modules["loaded_main"] is module
    assert sys.modules["loaded_helper"] is module.loaded_helper


def test_what_a_test_has_imported_before_is_found(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="")

    nothing = Modules(main).find()
    module = Modules(main).load()

    assert nothing is None
    assert Modules(main).find() is module
    assert Modules(tmp_path / "other" / "loaded_main.py").find() is None


def test_a_package_called_workers_beside_main_does_not_replace_the_sdk(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import workers", workers__mine="")
    before = import_workers()

    module = Modules(main).load()

    assert module.workers is before
    assert import_workers() is before


def test_an_asgi_beside_main_is_imported_instead_of_the_one_of_the_sdk(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import asgi", asgi="application = 'mine'")
    before = importlib.import_module("asgi")

    module = Modules(main).load()

    assert module.asgi.application == "mine"
    assert importlib.import_module("asgi") is before


def test_a_failing_import_leaves_nothing_behind(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import loaded_helper\n1 / 0", loaded_helper="")

    with pytest.raises(ZeroDivisionError):
        Modules(main).load()

    assert not [name for name in sys.modules if name in NAMES]


def test_a_failing_import_restores_what_was_there(tmp_path: Path) -> None:
    first = Modules(write(tmp_path / "a", loaded_main="")).load()
    second = Modules(write(tmp_path / "b", loaded_main="1 / 0"))

    with pytest.raises(ZeroDivisionError):
        second.load()

    assert sys.modules["loaded_main"] is first
    assert not second.is_contested


def test_two_workers_have_modules_of_one_name(tmp_path: Path) -> None:
    first = Modules(write(tmp_path / "a", loaded_main="import loaded_helper", loaded_helper="n=1"))
    second = Modules(write(tmp_path / "b", loaded_main="import loaded_helper", loaded_helper="n=2"))

    one, two = first.load(), second.load()

    assert (one.loaded_helper.n, two.loaded_helper.n) == (1, 2)
    assert sys.modules["loaded_main"] is one
    assert (first.is_contested, second.is_contested) == (False, True)


def test_the_second_ones_modules_are_there_while_it_runs(tmp_path: Path) -> None:
    first = Modules(write(tmp_path / "a", loaded_main="", loaded_helper="n = 1"))
    source = "def late():\n    import loaded_late\n    return loaded_late.n"
    second = Modules(write(tmp_path / "b", loaded_main=source, loaded_late="n = 2"))
    one, two = first.load(), second.load()

    with first.running(), second.running(), second.running():
        assert sys.modules["loaded_main"] is two
        number = two.late()

    assert number == 2
    assert sys.modules["loaded_main"] is one
    assert "loaded_late" not in sys.modules
    with second.running():
        assert "loaded_late" in sys.modules


def test_a_module_of_a_test_with_the_same_name_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = type(sys)("loaded_helper")
    monkeypatch.setitem(sys.modules, "loaded_helper", other)
    main = write(tmp_path, loaded_main="import loaded_helper", loaded_helper="n = 1")

    module = Modules(main).load()

    assert module.loaded_helper.n == 1
    assert sys.modules["loaded_helper"] is other
    monkeypatch.undo()


def test_a_standard_module_is_never_put_aside(tmp_path: Path) -> None:
    import json

    main = write(tmp_path, loaded_main="import json", json="")

    module = Modules(main).load()

    assert module.json is json


def test_reloading_imports_everything_anew(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="import loaded_helper", loaded_helper="n = 1")
    modules = Modules(main)
    before = modules.load()
    write(tmp_path, loaded_helper="n = 2")  # of the same length, in the same second

    after = modules.reload()

    assert (before.loaded_helper.n, after.loaded_helper.n) == (1, 2)
    assert sys.modules["loaded_main"] is after


def test_reloading_one_of_two_leaves_the_other(tmp_path: Path) -> None:
    first = Modules(write(tmp_path / "a", loaded_main="n = 1"))
    second = Modules(write(tmp_path / "b", loaded_main="n = 2"))
    one = first.load()
    second.load()
    write(tmp_path / "b", loaded_main="n = 3")

    after = second.reload()

    assert after.n == 3
    assert sys.modules["loaded_main"] is one


@pytest.mark.parametrize("contested", [False, True])
def test_a_reload_that_fails_leaves_the_old_modules(tmp_path: Path, *, contested: bool) -> None:
    other = None
    if contested:
        other = Modules(write(tmp_path / "other", loaded_main="")).load()
    modules = Modules(
        write(tmp_path / "this", loaded_main="import loaded_helper", loaded_helper="")
    )
    before = modules.load()
    write(tmp_path / "this", loaded_helper="1 / 0")

    with pytest.raises(ZeroDivisionError):
        modules.reload()

    assert sys.modules["loaded_main"] is (other or before)
    with modules.running():
        assert sys.modules["loaded_main"] is before
        assert sys.modules["loaded_helper"] is before.loaded_helper
    write(tmp_path / "this", loaded_helper="n = 3")
    assert modules.reload().loaded_helper.n == 3


def test_tests_and_other_peoples_packages_beneath_are_not_the_workers(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        loaded_main="import sys\nsys.path.insert(0, sys.argv[-1])\nimport loaded_foreign",
    )
    foreign = tmp_path / ".venv" / "lib" / "site-packages"
    foreign.mkdir(parents=True)
    (foreign / "loaded_foreign.py").write_text("", encoding="utf-8")
    sys.argv.append(str(foreign))
    try:
        modules = Modules(main)
        before = modules.load().loaded_foreign
        after = modules.reload().loaded_foreign
    finally:
        sys.argv.pop()
        sys.path[:] = [each for each in sys.path if each != str(foreign)]
        del sys.modules["loaded_foreign"]

    assert after is before


def test_a_module_of_tests_is_none_of_the_workers(tmp_path: Path) -> None:
    main = write(tmp_path, loaded_main="", test_loaded="", conftest="")
    modules = Modules(main)
    modules.load()
    there = type(sys)("test_loaded")
    there.__file__ = str(tmp_path / "test_loaded.py")
    sys.modules["test_loaded"] = there

    modules.reload()

    assert sys.modules.pop("test_loaded") is there


def test_a_directory_that_was_on_the_path_stays_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    modules = Modules(write(tmp_path, loaded_main=""))
    modules.load()

    modules.forget()

    assert str(tmp_path) in sys.path
    assert "loaded_main" not in sys.modules
    monkeypatch.undo()


def test_a_directory_that_somebody_took_off_the_path_is_no_trouble(tmp_path: Path) -> None:
    modules = Modules(write(tmp_path, loaded_main=""))
    modules.load()
    sys.path.remove(str(tmp_path))

    modules.forget()

    assert str(tmp_path) not in sys.path


def test_a_link_to_the_file_is_the_file(tmp_path: Path) -> None:
    main = write(tmp_path / "real", loaded_main="")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    module = Modules(main).load()

    assert Modules(tmp_path / "link" / "loaded_main.py").find() is module
