"""One test as the plugin sees it: its faults, its report when it fails, and its second run."""

import pytest

from tests.support.pytester import lines, run

pytest_plugins = ["pytester"]


def test_a_failure_shows_the_last_operations_and_the_seed(pytester: pytest.Pytester) -> None:
    code = """
async def act(kv):
    for number in range(60):
        await kv.put(f"key-{number:02}", "value")
def test_one(kv):
    asyncio.run(act(kv))
    assert False
"""
    result = run(pytester, code, "--kv-seed=7")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- pykvbinding: last operations -*", "kv, seed 7:"])
    assert "put key-59" in lines(result)
    assert "put key-10" in lines(result)
    assert "put key-09" not in lines(result)


def test_a_failure_shows_the_networks_of_that_test(pytester: pytest.Pytester) -> None:
    code = """
def test_before(kv_network):
    asyncio.run(kv_network("CDG").kv("CDG").get("earlier"))
def test_one(kv, kv_network):
    asyncio.run(kv.get("plain"))
    for location in ("AMS", "LHR", "NRT"):
        asyncio.run(kv_network(location).kv(location).get("abroad"))
    assert False
"""
    result = run(pytester, code)

    shown = lines(result).partition("last operations")[2]
    assert "kv, seed 0:" in shown
    assert "EdgeNetwork LHR, seed 0:" in shown
    assert "EdgeNetwork NRT, seed 0:" in shown
    assert "EdgeNetwork AMS" not in shown
    assert "earlier" not in shown


def test_a_failure_without_operations_shows_none(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_one(kv): assert False\ndef test_two(): assert False")

    result.assert_outcomes(failed=2)
    assert "last operations" not in lines(result)


def test_a_fault_that_nothing_meets_fails_the_test(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.kv(faults=[Fault(kind="put", nth=2)])
def test_one(kv):
    asyncio.run(kv.put("k", "v"))
def test_two(kv_network):
    kv_network("LHR", faults=[Fault(kind="delete")])
"""
    result = run(pytester, code)

    result.assert_outcomes(failed=2)
    assert 'A test that means it says so: @pytest.mark.kv(allow=["unused-fault"])' in lines(result)


def test_a_test_may_allow_a_fault_that_nothing_meets(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.kv(faults=[Fault(kind="put")], allow=["unused-fault"])
def test_one(kv): pass
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_under_given_a_fault_is_met_if_one_example_meets_it(pytester: pytest.Pytester) -> None:
    code = """
from hypothesis import given, settings, strategies as st
@settings(database=None, derandomize=True)
@given(number=st.integers(0, 3))
def test_one(kv_network, number):
    kv = kv_network("LHR", faults=[Fault(kind="put", nth=3)]).kv("LHR")
    for n in range(number):
        try:
            asyncio.run(kv.put(f"key-{n}", "v"))
        except KVError:
            pass
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_a_test_that_is_run_again_begins_anew(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "from _pytest.runner import runtestprotocol\n"
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    runtestprotocol(item, log=False, nextitem=nextitem)\n"
        "    runtestprotocol(item, log=True, nextitem=nextitem)\n"
        "    return True\n"
    )
    code = """
runs = []
@pytest.mark.kv(data={"a": "1"})
def test_one(kv, kv_history):
    runs.append(kv)
    assert len(kv_history) == 0
    asyncio.run(kv.put("k", "v"))
    if len(runs) == 1:
        kv.put("lost", "v")
"""
    run(pytester, code).assert_outcomes(passed=1)
