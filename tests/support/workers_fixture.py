"""The fixture `workers`: the SDK's module of that name, while `install()` is active."""

import os
from collections.abc import Iterator
from types import ModuleType

import pytest

from pykvbinding.workers.install import import_workers, install


@pytest.fixture(scope="module")
def workers() -> Iterator[ModuleType]:
    """`import workers`, from the directory in PYKVBINDING_SDK_DIRECTORY if that is set."""
    with install():
        module = import_workers()
        directory = os.environ.get("PYKVBINDING_SDK_DIRECTORY", "")
        assert (module.__file__ or "").startswith(directory)
        yield module
