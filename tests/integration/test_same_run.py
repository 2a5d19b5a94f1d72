"""The same seed gives the same run, to the byte, on every Python that is installed."""

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
    """One of that version: this one, one on the path, or one of pyenv's."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    installed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    candidates = [shutil.which(f"python{version}"), *map(str, installed)]
    return next((found for found in candidates if found and is_version(found, version)), None)


def is_version(python: str, version: str) -> bool:
    shown = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)
    return shown.stdout.startswith(f"Python {version}.")


def printed(python: str, seed: int, libraries: Path) -> bytes:
    """What the program prints there, with nothing installed but our one dependency."""
    paths = os.pathsep.join(map(str, (ROOT, libraries)))
    environment = {"PYTHONPATH": paths, "PYTHONHASHSEED": "random", "PYTHONIOENCODING": "utf-8"}
    command = [python, "-B", str(TESTS / "support" / "determinism_script.py"), str(seed)]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sortedcontainers, which is the same file on every version."""
    folder = tmp_path_factory.mktemp("libraries")
    shutil.copytree(Path(sortedcontainers.__file__).parent, folder / "sortedcontainers")
    return folder


@pytest.fixture(scope="module")
def here(libraries: Path) -> bytes:
    return printed(sys.executable, 7, libraries)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_seed_gives_the_same_run_to_the_byte(
    version: str, libraries: Path, here: bytes
) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed")

    assert printed(python, 7, libraries) == here


def test_another_seed_gives_another_run(libraries: Path, here: bytes) -> None:
    assert printed(sys.executable, 8, libraries) != here


def test_the_run_shows_all_that_chance_decides(here: bytes) -> None:
    told = here.decode()

    for outcome in ("500 Internal Server Error", "HIT", "MISS", "REVALIDATE", '"outcome": "ok"'):
        assert outcome in told
