"""The annotations of the binding: mypy agrees with every line of typing_cases.py."""

from pathlib import Path

from mypy import api

from tests.support.paths import ROOT

CASES = Path(__file__).parent / "typing_cases.py"


def check_types(source: Path, cache: Path) -> tuple[str, str]:
    """What mypy prints about one file, and about itself."""
    options = ["--strict", "--warn-unused-ignores", "--no-error-summary"]
    config = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(cache)]
    report, complaints, _ = api.run([*options, *config, str(source)])
    return report, complaints


def test_mypy_agrees_with_every_case(tmp_path: Path) -> None:
    assert check_types(CASES, tmp_path) == ("", "")
