"""The same seed gives a byte-identical run on every installed Python version."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sortedcontainers

from tests.support.paths import ROOT, TESTS

VERSIONS = ("3.11", "3.12", "3.13", "3.14")


def interpreter(version: str) -> str | None:
    """Find a Python of a version: the current one, one on the path, or one of pyenv."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    installed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    candidates = [shutil.which(f"python{version}"), *map(str, installed)]
    return next((path for path in candidates if path and is_version(path, version)), None)


def is_version(python: str, version: str) -> bool:
    result = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)
    return result.stdout.startswith(f"Python {version}.")


def run_program(python: str, seed: int, libraries: Path) -> bytes:
    """Run the program with sortedcontainers as the only library, and return its output."""
    paths = os.pathsep.join(map(str, (ROOT, libraries)))
    environment = {"PYTHONPATH": paths, "PYTHONHASHSEED": "random", "PYTHONIOENCODING": "utf-8"}
    command = [python, "-B", str(TESTS / "support" / "determinism_script.py"), str(seed)]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with sortedcontainers, whose files are the same for every version."""
    directory = tmp_path_factory.mktemp("libraries")
    shutil.copytree(Path(sortedcontainers.__file__).parent, directory / "sortedcontainers")
    return directory


@pytest.fixture(scope="module")
def expected(libraries: Path) -> bytes:
    return run_program(sys.executable, 7, libraries)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_seed_gives_a_byte_identical_run(
    version: str, libraries: Path, expected: bytes
) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed")

    assert run_program(python, 7, libraries) == expected


def test_another_seed_gives_another_run(libraries: Path, expected: bytes) -> None:
    assert run_program(sys.executable, 8, libraries) != expected


def test_the_run_contains_every_random_outcome(expected: bytes) -> None:
    text = expected.decode()

    for outcome in ("500 Internal Server Error", "HIT", "MISS", "REVALIDATE", '"outcome": "ok"'):
        assert outcome in text
