"""Asks the real Pyodide (an npm package) about the expressions, and keeps its answers.

usage: python tests/pyodide_answers.py NODE_MODULES
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.paths import CONFORMANCE
from tests.support.pyodide_expressions import GROUPS, expressions

PYODIDE = CONFORMANCE / "pyodide"
ANSWERS = PYODIDE / "answers.json"


def real_answers(group: str, modules: Path) -> dict[str, Any]:
    """What the expressions of a group come to in Pyodide, in Node.js."""
    given = expressions(group)
    script = PYODIDE / "answer.mjs"
    command = [
        "node",
        str(script),
        str(modules),
        str(Path(__file__).with_name("pyodide_evaluating.py")),
    ]
    asked = json.dumps(given)
    run = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    return dict(zip(given, json.loads(run.stdout), strict=True))


def keep_answers(modules: Path) -> None:
    """Write down what all of them come to, one expression a line."""
    groups = []
    for group in GROUPS:
        answers = real_answers(group, modules).items()
        lines = [f"  {json.dumps(text)}: {json.dumps(answer)}" for text, answer in answers]
        groups.append(f'"{group}": {{\n' + ",\n".join(lines) + "\n}")
    ANSWERS.write_text("{\n" + ",\n".join(groups) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    keep_answers(Path(sys.argv[1]))
