"""Faults of a test, its failure report, and its state when it is run again."""

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


def test_a_failure_shows_the_last_networks_of_its_test(pytester: pytest.Pytester) -> None:
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

    report = lines(result).partition("last operations")[2]
    assert "kv, seed 0:" in report
    assert "EdgeNetwork LHR, seed 0:" in report
    assert "EdgeNetwork NRT, seed 0:" in report
    assert "EdgeNetwork AMS" not in report
    assert "earlier" not in report


def test_a_failure_without_operations_has_no_operations_section(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_one(kv): assert False\ndef test_two(): assert False")

    result.assert_outcomes(failed=2)
    assert "last operations" not in lines(result)


def test_a_fault_that_is_never_triggered_fails_the_test(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.kv(faults=[Fault(kind="put", nth=2)])
def test_one(kv):
    asyncio.run(kv.put("k", "v"))
def test_two(kv_network):
    kv_network("LHR", faults=[Fault(kind="delete")])
"""
    result = run(pytester, code)

    result.assert_outcomes(failed=2)
    assert (
        'If this is intended, mark the test with @pytest.mark.kv(allow=["unused-fault"])'
        in lines(result)
    )


def test_a_marker_allows_unused_faults(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.kv(faults=[Fault(kind="put")], allow=["unused-fault"])
def test_one(kv): pass
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_one_hypothesis_example_that_triggers_a_fault_is_enough(pytester: pytest.Pytester) -> None:
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


def test_a_second_run_of_a_test_starts_with_fresh_state(pytester: pytest.Pytester) -> None:
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
