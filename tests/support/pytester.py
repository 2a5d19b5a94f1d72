"""Runs pytest inside pytest, for the tests of the plugin."""

from typing import TypeAlias

import hypothesis
import pytest

from pykvbinding import Account, EdgeNetwork, Env
from pykvbinding.testing import item
from pykvbinding.wrangler import config

# Imported here because pytester removes modules that are imported during an inner run.
from tests.support.paths import ROOT

USED = (hypothesis, Account, EdgeNetwork, Env, config, item)

PLUGIN = "pykvbinding.testing.plugin"
ASYNC_PLUGINS = ("asyncio", "anyio", "trio")

IN_ORDER = "no:randomly"
"""The plugin that inner runs switch off: their assertions depend on the order of the tests."""

CONTINUOUS_INTEGRATION = ("CI", "BUILD_NUMBER")
"""Environment variables that make pytest print every failure twice, in full."""

Result: TypeAlias = pytest.RunResult


def run(
    pytester: pytest.Pytester,
    code: str,
    *arguments: str,
    ini: str = "",
    plugins: str = "",
    subprocess: bool = False,
) -> Result:
    """Run pytest on one test file, with our plugin and the async plugins named in `plugins`.

    `subprocess`: in another process, for tests that leave state behind.
    """
    pytester.makepyfile(test_it="import asyncio, pytest\nfrom pykvbinding import *\n" + code)
    pytester.makeini(f"[pytest]\n{ini}")
    without = [f"no:{name}" for name in ASYNC_PLUGINS if name not in plugins.split()]
    loaded = [f"-p{name}" for name in (PLUGIN, "no:cacheprovider", IN_ORDER, *without)]
    with pytest.MonkeyPatch.context() as patch:
        for name in CONTINUOUS_INTEGRATION:
            patch.delenv(name, raising=False)
        if subprocess:
            patch.setenv("PYTHONPATH", str(ROOT))
            return pytester.runpytest_subprocess(*loaded, *arguments)
        return pytester.runpytest_inprocess(*loaded, *arguments)


def lines(result: Result) -> str:
    """Return the output as one string."""
    return "\n".join(result.outlines)
