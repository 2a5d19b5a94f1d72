"""The fixture `workers`: each test that asks for it runs with our own `workers` and the SDK's."""

import os
from collections.abc import Iterator
from types import ModuleType

import pytest

from pykvbinding.workers.install import import_workers, install
from tests.support.both_workers import KINDS


@pytest.fixture(scope="module", params=KINDS)
def workers(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """`import workers`: the stand-in's own, then the real SDK's."""
    with install(sdk=request.param) as installation:
        module = import_workers()
        if installation.sdk:  # the version that was asked for, where one was
            assert (module.__file__ or "").startswith(os.environ.get("PYKVBINDING_SDK_FOLDER", ""))
        yield module
