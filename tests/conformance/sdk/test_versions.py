"""The tests of Workers pass with an old and with a new version of the SDK."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

FOLDERS = ["tests/conformance/sdk", "tests/unit/workers"]

# Tests of features that the old version lacks, or implements differently.
DESELECTED = {
    "1.5.4": ["test_asgi.py", "test_wsgi.py", "test_request.py::test_accepts_a_form_as_body"],
    "1.9.5": [],
}


@pytest.fixture(scope="module", params=sorted(DESELECTED))
def version(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def directory(version: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of an installed version; skip the test if pip fails."""
    directory = tmp_path_factory.mktemp(f"sdk-{version}")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(directory)]
    command += ["--quiet", "--retries", "1", f"workers-runtime-sdk=={version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"pip cannot install workers-runtime-sdk=={version}: {done.stderr[-300:]}")
    return directory


@pytest.mark.long
@pytest.mark.sdk
def test_tests_of_workers_pass_with_version(version: str, directory: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FOLDERS]
    command += [f"--deselect=tests/conformance/sdk/{name}" for name in DESELECTED[version]]
    path = os.pathsep.join([str(directory), os.environ.get("PYTHONPATH", "")])

    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYKVBINDING_SDK_DIRECTORY": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "skipped" not in done.stdout
