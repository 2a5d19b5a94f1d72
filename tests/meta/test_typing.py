"""The annotations of the public names: mypy and pyright accept typing_cases.py."""

import os
import subprocess
import sys
from pathlib import Path

from mypy import api

from tests.support.paths import ROOT

CASES = Path(__file__).parent / "typing_cases.py"


def run_mypy(source: Path, cache: Path) -> tuple[str, str]:
    """Return the report and the error output of mypy for one file."""
    options = ["--strict", "--warn-unused-ignores", "--no-error-summary"]
    config = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(cache)]
    report, errors, _ = api.run([*options, *config, str(source)])
    return report, errors


def run_pyright(source: Path) -> str:
    """Return the report of pyright about one file."""
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, str(source)]
    # Without this, pyright looks for a newer version and prints a warning if there is one.
    env = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return run.stdout.strip()


def test_mypy_accepts_every_case(tmp_path: Path) -> None:
    assert run_mypy(CASES, tmp_path) == ("", "")


def test_pyright_accepts_every_case() -> None:
    assert run_pyright(CASES) == "0 errors, 0 warnings, 0 informations"
