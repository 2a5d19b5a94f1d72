"""`pykvbinding.workers`: its exports, and that loading a Worker calls `install()`."""

from pathlib import Path

import pytest

import pykvbinding.workers
from pykvbinding.workers import Worker, install, installed, uninstall
from tests.support.workers import project, text


def test_exports_its_names() -> None:
    package = pykvbinding.workers

    assert [name for name in package.__all__ if not hasattr(package, name)] == []
    assert set(package.__all__) <= set(dir(package))
    assert callable(install)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        package.nothing  # noqa: B018


async def test_load_calls_install(tmp_path: Path) -> None:
    assert not installed()

    worker = Worker.load(project(tmp_path))

    assert installed()
    assert await text(worker) == "first"
    uninstall()
    assert not installed()
