"""`lazy_exports`, and the packages that use it."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from pykvbinding._lazy import lazy_exports
from pykvbinding.errors import KVError

PACKAGES = ("pykvbinding", "pykvbinding.sim", "pykvbinding.testing", "pykvbinding.workers")


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("shop")
    monkeypatch.setitem(sys.modules, "shop", module)
    exports = lazy_exports("shop", {"errors": "KVError KVUsageWarning", "limits": "Limits"})
    module.__getattr__, module.__dir__ = exports  # type: ignore[method-assign]
    return module


def test_a_name_is_imported_on_first_access_and_cached(shop: ModuleType) -> None:
    assert "KVError" not in vars(shop)

    assert shop.KVError is KVError
    assert vars(shop)["KVError"] is KVError


def test_dir_lists_every_name_before_it_is_imported(shop: ModuleType) -> None:
    assert {"KVError", "KVUsageWarning", "Limits", "__name__"} <= set(dir(shop))


def test_rejects_an_unknown_name(shop: ModuleType) -> None:
    with pytest.raises(AttributeError) as caught:
        _ = shop.KVErorr

    assert str(caught.value) == "module 'shop' has no attribute 'KVErorr'"


def test_names_no_extra_for_another_missing_module(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("shop")
    monkeypatch.setitem(sys.modules, "shop", module)
    find, _ = lazy_exports("shop", {"absent": "Absent"})

    with pytest.raises(
        ModuleNotFoundError, match=r"No module named 'pykvbinding\.absent'"
    ) as caught:
        find("Absent")

    assert not hasattr(caught.value, "__notes__")


def imports(body: list[ast.stmt]) -> set[tuple[str, str]]:
    """Return the module and name of each import in `body`."""
    return {
        (str(node.module), alias.name)
        for node in body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@pytest.mark.parametrize("name", PACKAGES)
def test_type_checkers_see_the_objects_that_a_package_exports(name: str) -> None:
    package = import_module(name)
    tree = ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8"))
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    exported = {
        (module, member)
        for module, member in imports(block.body) | imports(tree.body)
        if module.removeprefix("pykvbinding.") not in ("typing", "_lazy")
    }

    assert ast.unparse(block.test) == "TYPE_CHECKING"
    assert sorted(member for _, member in exported) == sorted(package.__all__)
    for module, member in exported:
        assert getattr(package, member) is getattr(import_module(module), member)


def test_a_subpackage_does_not_replace_the_function_of_the_same_name() -> None:
    program = "import pykvbinding.sim.check.result; from pykvbinding.sim import check; print(check)"

    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout

    assert printed.startswith("<function check ")
