"""The modules that the runtime provides to the SDK: flags and JavaScript modules."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from pykvbinding.workers.install import install


@pytest.fixture
def helper() -> Iterator[Any]:
    with install():
        import _pyodide_entrypoint_helper as helper

        yield helper


@pytest.fixture
def flags() -> Iterator[ModuleType]:
    with install():
        import _cloudflare_compat_flags as flags

        yield flags


def test_flags_are_current(flags: Any) -> None:
    assert flags.python_workflows_implicit_dependencies is True
    assert flags.python_request_headers_preserve_commas is True


def test_unknown_flag_is_false(flags: Any) -> None:
    assert flags.flag_of_tomorrow is False
    assert not hasattr(flags, "__wrapped__")


async def test_imports_modules_of_the_sdk(helper: Any) -> None:
    step = object()

    module = await helper.doAnImport("python_modules/workers/workflows.js")

    assert module.wrapWorkflowStep(step) is step


async def test_rejects_other_modules(helper: Any) -> None:
    with pytest.raises(NotImplementedError) as caught:
        await helper.doAnImport("node:fs")

    assert str(caught.value) == (
        "import_from_javascript('node:fs') is not emulated by pykvbinding, which runs no "
        "JavaScript; in a test, patch what your code imports"
    )


async def test_imports_platform_modules(helper: Any) -> None:
    workers = await helper.doAnImport("cloudflare:workers")
    sockets = await helper.doAnImport("cloudflare:sockets")

    assert type(workers) is type(helper.cloudflareWorkersModule)
    assert type(sockets) is type(helper.cloudflareSocketsModule)


def test_other_names_of_cloudflare_workers_are_not_emulated(helper: Any) -> None:
    with pytest.raises(AttributeError) as caught:
        _ = helper.cloudflareWorkersModule.exports

    assert str(caught.value) == (
        "cloudflare:workers has env and waitUntil in pykvbinding; exports is not emulated"
    )


def test_cloudflare_sockets_is_not_emulated(helper: Any) -> None:
    with pytest.raises(NotImplementedError) as caught:
        helper.cloudflareSocketsModule.connect("example.com:80")

    assert str(caught.value) == (
        "connect of cloudflare:sockets is not emulated by pykvbinding; in a test, patch what your "
        "code connects with"
    )


def test_patch_wait_until_does_nothing(helper: Any) -> None:
    assert helper.patchWaitUntil(object()) is None
