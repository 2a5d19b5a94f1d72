"""mypy accepts every line of typing_cases.py, and so the annotations of the binding."""

from pathlib import Path

from mypy import api

from tests.support.paths import ROOT

CASES = Path(__file__).parent / "typing_cases.py"


def check_types(source: Path, cache: Path) -> tuple[str, str]:
    """Return the report and the error output of mypy for one file."""
    options = ["--strict", "--warn-unused-ignores", "--no-error-summary"]
    config = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(cache)]
    report, errors, _ = api.run([*options, *config, str(source)])
    return report, errors


def test_mypy_accepts_every_case(tmp_path: Path) -> None:
    assert check_types(CASES, tmp_path) == ("", "")
