"""Shared fixtures, and a runner for coroutine tests."""

import asyncio
import inspect
from functools import wraps
from typing import Any

import pytest

from pykvbinding import KVNamespace, VirtualClock
from pykvbinding.storage.engine import Engine
from tests.support.fuzz import Fuzz, seed_of
from tests.support.skips import skips_from_environment
from tests.support.stores import START, make_kv


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the plugins of the test suite; they apply to tests in other directories too."""
    pluginmanager.register(Fuzz())
    if skips := skips_from_environment():
        pluginmanager.register(skips)


@pytest.fixture
def seed(pytestconfig: pytest.Config) -> int:
    """The seed of a test that draws its input with `random`: 0, or fresh in a fuzz run."""
    seed = seed_of(pytestconfig)
    print(f"seed {seed}")
    return seed


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture(params=["engine", "chain", "network"])
def kv(request: pytest.FixtureRequest, clock: VirtualClock) -> KVNamespace:
    return make_kv(request.param, clock)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test on a new event loop; with Hypothesis, each example."""
    test: Any = pyfuncitem.obj
    if hasattr(test, "hypothesis"):
        inner = test.hypothesis.inner_test
        if inspect.iscoroutinefunction(inner):

            @wraps(inner)
            def run_one(*args: Any, **kwargs: Any) -> None:
                asyncio.run(inner(*args, **kwargs))

            test.hypothesis.inner_test = run_one
        return None
    if not inspect.iscoroutinefunction(test):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(test(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True
