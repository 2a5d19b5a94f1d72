"""The style of the code: sizes of modules and functions, and module docstrings."""

import ast
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGE = ROOT / "pykvbinding"

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 70


def package_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def all_files() -> list[Path]:
    folders = ("pykvbinding", "tests", "benchmarks", "examples")
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


INNER = [path for path in package_files() if path.name != "__init__.py"]


@pytest.mark.parametrize("path", all_files(), ids=names(all_files()))
def test_a_module_is_short_and_has_a_docstring(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    document = ast.get_docstring(parse(path))

    assert len(lines) <= MAX_MODULE_LINES
    assert document
    assert document.splitlines()[0].rstrip("`").endswith((".", ":"))


@pytest.mark.parametrize("path", all_files(), ids=names(all_files()))
def test_a_function_is_short(path: Path) -> None:
    functions = [
        node
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= MAX_FUNCTION_LINES]

    assert long == []


@pytest.mark.parametrize("path", all_files(), ids=names(all_files()))
def test_has_no_marker_for_unfinished_work(path: Path) -> None:
    marker = "TO" + "DO"

    assert marker not in path.read_text(encoding="utf-8")
