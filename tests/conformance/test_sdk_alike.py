"""Expressions over `js` and `pyodide.ffi` have the same results as in the real Pyodide.

`tests/conformance/pyodide/results.json` has the results of Pyodide 0.28.2 in Node.js;
`python -m tests.support.pyodide_results NODE_MODULES` records them again.
"""

import json
from importlib import import_module
from typing import Any

import pytest

from pykvbinding.js.globals.module import make_js
from tests.support.npm import node_modules
from tests.support.pyodide_evaluation import evaluate, make_namespace
from tests.support.pyodide_expressions import GROUPS, expressions
from tests.support.pyodide_results import RESULTS, evaluate_in_pyodide

PACKAGE = "pykvbinding.workers"


def load(name: str) -> Any:
    return make_js() if name == "js" else import_module(f"{PACKAGE}.{name}")


def read_results() -> dict[str, dict[str, Any]]:
    results: dict[str, dict[str, Any]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return results


@pytest.mark.parametrize("group", GROUPS)
async def test_expressions_have_the_results_of_pyodide(group: str) -> None:
    namespace = make_namespace(load)
    expected = read_results()[group]

    results = {text: await evaluate(text, namespace) for text in expressions(group)}

    assert {text: result for text, result in results.items() if result != expected[text]} == {}


@pytest.mark.parametrize("group", GROUPS)
def test_every_expression_has_a_recorded_result(group: str) -> None:
    assert list(read_results()[group]) == expressions(group)


@pytest.mark.miniflare
@pytest.mark.parametrize("group", GROUPS)
def test_the_recorded_results_are_those_of_the_real_pyodide(group: str) -> None:
    assert evaluate_in_pyodide(group, node_modules("pyodide")) == read_results()[group]
