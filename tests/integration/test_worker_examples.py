"""Every example Worker passes its own tests."""

import re
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

WORKERS = ROOT / "examples" / "workers"

NAMES = sorted(path.parent.name for path in WORKERS.glob("*/wrangler.jsonc"))

OPTIONS = ("-p", "no:cacheprovider", "-p", "pykvbinding.testing.plugin", "-W", "error")


@pytest.mark.long
def test_every_example_passes_its_tests() -> None:
    command = [sys.executable, "-m", "pytest", "-q", *OPTIONS]
    runs = {
        name: subprocess.Popen(
            [*command, str(WORKERS / name)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name in NAMES
    }

    outputs = {name: run.communicate()[0] for name, run in runs.items()}

    failed = [output for name, output in outputs.items() if runs[name].returncode != 0]
    assert failed == []
    assert not [output for output in outputs.values() if "skipped" in output]


def test_readme_lists_every_example() -> None:
    readme = (WORKERS / "README.md").read_text(encoding="utf-8")

    assert sorted(re.findall(r"^\| `(\w+)` \|", readme, re.M)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_workers_do_not_import_pykvbinding(name: str) -> None:
    for source in (WORKERS / name / "src").rglob("*.py"):
        assert "pykvbinding" not in source.read_text(encoding="utf-8")
