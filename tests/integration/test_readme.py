"""The README: its blocks run, its set-up lines are complete, its tables and map are true."""

import contextlib
import io
import re
import warnings
from dataclasses import dataclass

import pytest

import pykvbinding
from pykvbinding.workers import installed, uninstall
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Block:
    language: str
    body: str


def blocks() -> list[Block]:
    return [Block(*found) for found in re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)]


def set_up_lines() -> list[str]:
    return re.findall(r"^python3 -m venv .*$", README, re.M)


@pytest.mark.parametrize("number", [i for i, b in enumerate(blocks()) if b.language == "python"])
def test_a_python_block_prints_the_text_block_that_follows(number: int) -> None:
    block = blocks()[number]
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(block.body, f"README block {number}", "exec"), {"__name__": "readme"})
    if installed():
        uninstall()

    follows = blocks()[number + 1]
    if printed.getvalue():
        assert follows == Block("text", printed.getvalue())


def test_there_are_two_set_up_lines_each_complete_from_nothing() -> None:
    tour, tests = set_up_lines()

    assert tour.endswith("&& .venv/bin/python examples/tour.py")
    assert ".venv/bin/pip install" in tour
    assert tests.endswith("&& .venv/bin/python -m pytest -q -n auto")
    assert ".venv/bin/pip install" in tests


def test_ci_runs_the_test_line_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    pattern = re.search(r"grep -E '(.*)' README.md", script)

    assert pattern is not None
    matching = [line for line in README.splitlines() if re.search(pattern[1], line)]
    assert matching == [set_up_lines()[1]]


def test_the_fidelity_table_has_every_decision() -> None:
    rows = re.findall(r"^\| ([DF]\d+) \|", README, re.M)

    facts = [row for row in rows if row.startswith("F")]
    assert facts == [f"F{number}" for number in range(1, len(facts) + 1)]
    assert rows == [f"D{number}" for number in range(1, 19)] + facts


def test_every_public_name_is_spoken_of() -> None:
    missing = [name for name in pykvbinding.__all__ if f"{name}" not in README]

    assert missing == []
