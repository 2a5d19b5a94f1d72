"""The fixtures under every plugin that runs coroutine tests, tested by running pytest."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.support.pytester import ASYNC_PLUGINS, Result, lines, run

pytest_plugins = ["pytester"]

TESTS = """
{mark}
@pytest.mark.kv(data={{"a": "1"}})
async def test_all_fixtures(kv, kv_clock, kv_env, kv_history, kv_network):
    assert await kv_env.KV.get("a") == "1"
    await kv.put("b", "2", expirationTtl=60)
    kv_clock.advance(60)
    assert await kv.get("b") is None
    assert kv_history.count("put") == 1
    net = kv_network("LHR", "NRT")
    assert await net.kv("NRT").get("flag") is None
    await net.kv("LHR").put("flag", "on")
    assert await net.kv("NRT").get("flag") is None
    net.clock.advance(60)
    assert await net.kv("NRT").get("flag") == "on"
{mark}
async def test_gets_a_new_namespace(kv):
    assert len(kv.namespace) == 0
{mark}
async def test_forgets_to_await(kv):
    kv.put("k", "v")
{mark}
async def test_misspells(kv):
    await kv.put("k", "v", expiration_ttl=60)
{mark}
@pytest.mark.kv(allow=["unknown-option", "unawaited"])
async def test_allowed(kv):
    await kv.put("k", "v", expiration_ttl=60)
    kv.put("k", "v")
{mark}
async def test_expects_it(kv):
    with pytest.warns(KVUsageWarning):
        await kv.put("k", "v", expiration_ttl=60)
{mark}
async def test_fails(kv):
    await kv.put("k", "v")
    assert False
"""

ASYNC_FIXTURE = """
@{fixture}
async def seeded(kv):
    await kv.put("from-a-fixture", "v")
    yield kv
    await kv.delete("from-a-fixture")
{mark}
async def test_fixture(seeded):
    assert await seeded.get("from-a-fixture") == "v"
@{fixture}
async def misspelling(kv):
    await kv.put("k", "v", expiration_ttl=60)
{mark}
async def test_misspelling(misspelling): pass
"""

HYPOTHESIS = """
from hypothesis import given, settings, strategies as st
from pykvbinding.testing.strategies import namespaces
{mark}
@settings(database=None, max_examples=10)
@given(kv=namespaces(max_size=3), key=st.sampled_from("ab"))
async def test_given(kv, kv_network, key):
    await kv.put(key, "v")
    await kv_network("LHR").kv("LHR").put(key, "v")
"""


@pytest.fixture(autouse=True)
def reset_event_loop() -> Iterator[None]:
    """Reset the event loop of this thread after an inner run, which may change it."""
    yield
    asyncio.set_event_loop(None)


def check(
    pytester: pytest.Pytester,
    result: Result,
    *,
    times: int = 1,
    extra_passed: int = 0,
    errors: int = 0,
) -> None:
    result.assert_outcomes(passed=4 * times + extra_passed, failed=3 * times, errors=errors)
    printed = lines(result)
    assert printed.count(": kv.put('k', 'v')\n") == times
    assert printed.count("put('k', expiration_ttl=…): production silently") == times + errors
    assert printed.count("- pykvbinding: last operations -") == 2 * times + errors
    source = (pytester.path / "test_it.py").read_text().splitlines()
    for call in ('    kv.put("k", "v")', '    await kv.put("k", "v", expiration_ttl=60)'):
        assert f"  test_it.py:{source.index(call) + 1}: " in printed


@pytest.mark.parametrize("filters", ["default", "error"])
@pytest.mark.parametrize(("mode", "mark"), [("strict", "@pytest.mark.asyncio"), ("auto", "")])
def test_under_pytest_asyncio(
    pytester: pytest.Pytester, mode: str, mark: str, filters: str
) -> None:
    pytest.importorskip("pytest_asyncio", reason="pytest-asyncio is not installed")
    fixture = "__import__('pytest_asyncio').fixture" if mode == "strict" else "pytest.fixture"
    code = (TESTS + ASYNC_FIXTURE + HYPOTHESIS).format(mark=mark, fixture=fixture)
    ini = "asyncio_default_fixture_loop_scope = function"

    result = run(
        pytester, code, f"--asyncio-mode={mode}", "-W", filters, ini=ini, plugins="asyncio"
    )

    check(pytester, result, extra_passed=2, errors=1)


def test_under_anyio_with_both_backends(pytester: pytest.Pytester) -> None:
    pytest.importorskip("anyio", reason="anyio is not installed")
    pytest.importorskip("trio", reason="trio is not installed")
    code = (TESTS + ASYNC_FIXTURE).format(mark="@pytest.mark.anyio", fixture="pytest.fixture")

    result = run(pytester, code, plugins="anyio")

    check(pytester, result, times=2, extra_passed=2, errors=2)


def test_hypothesis_under_anyio(pytester: pytest.Pytester) -> None:
    pytest.importorskip("anyio", reason="anyio is not installed")
    code = HYPOTHESIS.format(mark="@pytest.mark.anyio")

    run(pytester, code, plugins="anyio").assert_outcomes(passed=2)


def test_under_pytest_trio(pytester: pytest.Pytester) -> None:
    pytest.importorskip("pytest_trio", reason="pytest-trio is not installed")
    code = TESTS.format(mark="@pytest.mark.trio")

    check(pytester, run(pytester, code, plugins="trio"))


def test_without_an_async_plugin(pytester: pytest.Pytester) -> None:
    decorator = """
import asyncio, functools
def run_coroutine(test):
    @functools.wraps(test)
    def run(**kwargs):
        asyncio.run(test(**kwargs))
    return run
"""
    pytester.makeconftest(decorator)
    code = "from conftest import run_coroutine\n" + TESTS.format(mark="@run_coroutine")

    check(pytester, run(pytester, code))


def test_with_all_plugins_at_once(pytester: pytest.Pytester) -> None:
    for name in ("pytest_asyncio", "anyio", "pytest_trio"):
        pytest.importorskip(name, reason=f"{name} is not installed")
    code = TESTS.format(mark="@pytest.mark.asyncio")

    ini = "asyncio_default_fixture_loop_scope = function"

    result = run(pytester, code, "-W", "default", ini=ini, plugins=" ".join(ASYNC_PLUGINS))

    check(pytester, result)
