"""How the tests of the pytest plugin run pytest in pytest."""

from typing import TypeAlias

import hypothesis
import pytest

from pykvbinding import Account, EdgeNetwork, Env
from pykvbinding.testing import item as case
from pykvbinding.wrangler import config

# All of it, now: what a run inside this one imports, it forgets.
from tests.support.paths import ROOT

USED = (hypothesis, Account, EdgeNetwork, Env, config, case)

PLUGIN = "pykvbinding.testing.plugin"
ASYNC_PLUGINS = ("asyncio", "anyio", "trio")

IN_ORDER = "no:randomly"
"""The plugin that inner runs switch off: their assertions depend on the order of the tests."""

CONTINUOUS_INTEGRATION = ("CI", "BUILD_NUMBER")
"""Where these are set, pytest tells every failure twice, at full length."""

Result: TypeAlias = pytest.RunResult


def run(
    pytester: pytest.Pytester,
    code: str,
    *arguments: str,
    ini: str = "",
    plugins: str = "",
    apart: bool = False,
) -> Result:
    """Run pytest over one file of tests, with our plugin and of the async ones those named.

    `apart`: in a process of its own, for tests that leave something behind.
    """
    pytester.makepyfile(test_it="import asyncio, pytest\nfrom pykvbinding import *\n" + code)
    pytester.makeini(f"[pytest]\n{ini}")
    without = [f"no:{name}" for name in ASYNC_PLUGINS if name not in plugins.split()]
    loaded = [f"-p{name}" for name in (PLUGIN, "no:cacheprovider", IN_ORDER, *without)]
    with pytest.MonkeyPatch.context() as patch:
        for name in CONTINUOUS_INTEGRATION:
            patch.delenv(name, raising=False)
        if apart:
            patch.setenv("PYTHONPATH", str(ROOT))
            return pytester.runpytest_subprocess(*loaded, *arguments)
        return pytester.runpytest_inprocess(*loaded, *arguments)


def lines(result: Result) -> str:
    """What was printed."""
    return "\n".join(result.outlines)
