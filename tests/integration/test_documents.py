"""The README and the pages of docs/: code blocks run, and claims about the project hold."""

import contextlib
import io
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import pykvbinding
from pykvbinding.workers import installed, uninstall
from tests.support.paths import ROOT

README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]

MAX_README_LINES = 150


class Block(NamedTuple):
    """One fenced code block."""

    language: str
    body: str


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[Block]:
    return [
        Block(*match) for match in re.findall(r"^```(\w+)\n(.*?)^```$", text_of(page), re.M | re.S)
    ]


def python_blocks() -> Iterator[tuple[Path, int]]:
    for page in PAGES:
        for number, block in enumerate(blocks(page)):
            if block.language == "python":
                yield page, number


def id_of(value: object) -> str:
    return name_of(value) if isinstance(value, Path) else str(value)


@pytest.mark.parametrize(("page", "number"), list(python_blocks()), ids=id_of)
def test_a_python_block_runs_and_prints_the_text_block_after_it(
    page: Path, number: int, tmp_path: Path
) -> None:
    block, *rest = blocks(page)[number:]
    if "import pytest\n" in block.body:
        run_with_pytest(block.body, tmp_path)
        return
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(block.body, f"{name_of(page)} block {number}", "exec"), {"__name__": "page"})
    if installed():
        uninstall()

    if printed.getvalue():
        assert rest[0] == Block("text", printed.getvalue())


def run_with_pytest(body: str, folder: Path) -> None:
    """Run the tests of a block in a pytest of their own."""
    (folder / "test_block.py").write_text(body, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pykvbinding.testing.plugin"]
    command += ["-p", "no:cacheprovider", "-p", "no:randomly", "test_block.py"]
    run = subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "HYPOTHESIS_NO_PLUGINS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(page))

    assert [link for link in links if not (page.parent / link).exists()] == []


def set_up_lines() -> list[str]:
    return re.findall(r"^python3 -m venv .*$", text_of(README), re.M)


def test_the_readme_is_short() -> None:
    assert len(text_of(README).splitlines()) <= MAX_README_LINES


def test_each_of_the_two_set_up_lines_starts_from_nothing() -> None:
    tour, tests = set_up_lines()

    assert tour.endswith("&& .venv/bin/python examples/tour.py")
    assert ".venv/bin/pip install" in tour
    assert tests.endswith("&& .venv/bin/python -m pytest -q -n auto")
    assert ".venv/bin/pip install" in tests


def test_ci_runs_the_test_line_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    pattern = re.search(r"grep -E '(.*)' README.md", script)

    assert pattern is not None
    matching = [line for line in text_of(README).splitlines() if re.search(pattern[1], line)]
    assert matching == [set_up_lines()[1]]


def test_the_fidelity_table_has_every_decision() -> None:
    rows = re.findall(r"^\| ([DF]\d+) \|", text_of(DOCS / "reference" / "fidelity.md"), re.M)

    facts = [row for row in rows if row.startswith("F")]
    assert facts == [f"F{number}" for number in range(1, len(facts) + 1)]
    assert rows == [f"D{number}" for number in range(1, 19)] + facts


def test_every_public_name_is_documented() -> None:
    text = "\n".join(map(text_of, PAGES))

    assert [name for name in pykvbinding.__all__ if name not in text] == []


def test_the_navigation_lists_every_page() -> None:
    config = (DOCS / "_config" / "mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"([\w/-]+\.md)$", config, re.M))

    assert listed == {page.relative_to(DOCS).as_posix() for page in PAGES[1:]}
