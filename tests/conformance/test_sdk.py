"""The real SDK, an old version and a new one: the programs of the stand-in run on them too."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pykvbinding.workers.install import import_workers, install
from tests.support.both_workers import needs_sdk
from tests.support.paths import ROOT, TESTS

PROGRAMS = sorted(path.name for path in (TESTS / "unit/workers/standin").glob("test_*.py"))

# What an older SDK had not yet, or did otherwise.
NOT_YET = {
    "1.5.4": [
        "test_asgi.py",  # only `import asgi`, and no state nor failing lifespans
        "test_wsgi.py",
        "test_bindings.py::test_a_binding_is_true_and_says_what_it_cannot[sdk]",
        "test_bindings.py::test_a_function_from_another_worker_can_be_called[sdk]",
        "test_headers.py::test_it_is_a_mapping[sdk]",
        "test_request.py::test_a_body_may_be_a_form[sdk]",
    ],
    "1.9.5": [],
}


@needs_sdk
def test_the_sdk_runs_its_own_files() -> None:
    with install(sdk=True):
        workers = import_workers()
        found = find_spec("workers")

        assert found is not None
        assert workers.__file__ == found.origin
        assert not (workers.__file__ or "").startswith(str(ROOT / "pykvbinding"))
        assert Path(workers.Response.__init__.__code__.co_filename).name == "response.py"


@pytest.fixture(scope="module", params=sorted(NOT_YET))
def sdk_folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A version of the SDK and the folder that it is installed in; skips where pip cannot."""
    version: str = request.param
    folder = tmp_path_factory.mktemp(f"sdk-{version}")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(folder)]
    command += ["--quiet", "--retries", "1", f"workers-runtime-sdk=={version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"pip cannot install workers-runtime-sdk=={version}: {done.stderr[-300:]}")
    return version, folder


@pytest.mark.long
@pytest.mark.sdk
def test_the_programs_of_the_standin_run_on_a_version(sdk_folder: tuple[str, Path]) -> None:
    version, folder = sdk_folder
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "sdk"]
    command += [f"--deselect=tests/unit/workers/standin/{name}" for name in NOT_YET[version]]
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])

    done = subprocess.run(
        [*command, *(f"tests/unit/workers/standin/{name}" for name in PROGRAMS)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYKVBINDING_SDK_FOLDER": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "skipped" not in done.stdout
