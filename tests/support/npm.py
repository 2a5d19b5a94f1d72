"""npm packages that tests compare with: `npm ci --prefix tests` installs them."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.paths import TESTS

FOLDER = TESTS / "node_modules"


def node_modules(package: str) -> Path:
    """Return the folder that npm installed `package` into; skip the test where it is missing."""
    folder = Path(os.environ.get("PYKVBINDING_NODE_MODULES", FOLDER)).absolute()
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed")
    if not (folder / package).is_dir():
        pytest.skip(f"the npm package {package} is not installed (npm ci --prefix tests)")
    return folder
