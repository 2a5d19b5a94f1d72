"""Expressions over `js` and `pyodide.ffi` come to what they come to in the real Pyodide.

`tests/pyodide/answers.json` has its answers (0.28.2, in Node.js); `python tests/pyodide_answers.py`
asks again.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pykvbinding.js.globals.module import make_js
from tests.support.npm import node_modules
from tests.support.pyodide_answers import ANSWERS, real_answers
from tests.support.pyodide_evaluating import answered, make_world
from tests.support.pyodide_expressions import GROUPS, expressions

HOME = "pykvbinding.workers"


def load(name: str) -> Any:
    return make_js() if name == "js" else import_module(f"{HOME}.{name}")


def recorded() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(Path(ANSWERS).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("group", GROUPS)
async def test_an_expression_comes_to_what_it_comes_to_in_pyodide(group: str) -> None:
    world = make_world(load)
    known = recorded()[group]

    ours = {text: await answered(text, world) for text in expressions(group)}

    assert {text: answer for text, answer in ours.items() if answer != known[text]} == {}


@pytest.mark.parametrize("group", GROUPS)
def test_every_expression_has_an_answer(group: str) -> None:
    assert list(recorded()[group]) == expressions(group)


@pytest.mark.miniflare
@pytest.mark.parametrize("group", GROUPS)
def test_the_answers_are_those_of_the_real_pyodide(group: str) -> None:
    assert real_answers(group, node_modules("pyodide")) == recorded()[group]
