"""Evaluates the expressions in the real Pyodide (an npm package) and records the results.

usage: python -m tests.support.pyodide_results NODE_MODULES
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.paths import CONFORMANCE
from tests.support.pyodide_expressions import GROUPS, expressions

PYODIDE = CONFORMANCE / "pyodide"
RESULTS = PYODIDE / "results.json"


def evaluate_in_pyodide(group: str, modules: Path) -> dict[str, Any]:
    """Return the result of each expression of a group, in Pyodide on Node.js."""
    texts = expressions(group)
    evaluation = Path(__file__).with_name("pyodide_evaluation.py")
    command = ["node", str(PYODIDE / "evaluate.mjs"), str(modules), str(evaluation)]
    process = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return dict(zip(texts, json.loads(process.stdout), strict=True))


def record_results(modules: Path) -> None:
    """Write the results of all expressions to the file, one expression per line."""
    groups = []
    for group in GROUPS:
        results = evaluate_in_pyodide(group, modules).items()
        lines = [f"  {json.dumps(text)}: {json.dumps(result)}" for text, result in results]
        groups.append(f'"{group}": {{\n' + ",\n".join(lines) + "\n}")
    RESULTS.write_text("{\n" + ",\n".join(groups) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    record_results(Path(sys.argv[1]))
