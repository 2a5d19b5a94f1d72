"""Strict mode for never-awaited operations: the test that is blamed, and the line of the call."""

import pytest

from tests.support.pytester import lines, run

pytest_plugins = ["pytester"]

PASSES = "\ndef test_next(kv): asyncio.run(kv.get('key'))\n"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('kv.put("k", "v")', "kv.put('k', 'v')"),
        ('kv.put("k", "v", {"metadata": 1})', "kv.put('k', 'v', {'metadata': 1})"),
        ('kv.put("k", "v", expirationTtl=60)', "kv.put('k', 'v', expirationTtl=60)"),
        ('kv.put("k", "v" * 99)', "kv.put('k', '" + "v" * 38 + "…)"),
        ('kv.delete("k")', "kv.delete('k')"),
        ('kv.get(["a", "b"], "json")', "kv.get(['a', 'b'], 'json')"),
        ('kv.getWithMetadata("k")', "kv.getWithMetadata('k')"),
        ('kv.list(prefix="a")', "kv.list(prefix='a')"),
        ('kv.get("k", "text", 5)', "kv.get('k', 'text', 5)"),
    ],
)
def test_a_never_awaited_operation_fails_the_test(
    pytester: pytest.Pytester, call: str, expected: str
) -> None:
    code = f"""
def test_one(kv):
    {call}
"""
    result = run(pytester, code + PASSES)

    result.assert_outcomes(failed=1, passed=1)
    assert (
        f"Never awaited, so not executed:\n  test_it.py:5: {expected}\n"
        'If this is intended, mark the test with @pytest.mark.kv(allow=["unawaited"])'
    ) in lines(result)


def test_a_marker_allows_never_awaited_operations(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.kv(allow=["unawaited"])
def test_one(kv):
    kv.put("k", "v")
"""
    run(pytester, code).assert_outcomes(passed=1, warnings=0)


@pytest.mark.parametrize(
    "body",
    [
        "operation = kv.put('k', 'v')",
        "pair = [kv.put('k', 'v')]; pair.append(pair)",
        "asyncio.run(handler(kv))",
        "error = raised(kv)",
    ],
)
def test_reports_the_line_of_the_call(pytester: pytest.Pytester, body: str) -> None:
    code = f"""
async def handler(kv):
    kv.put("k", "v")
def raised(kv):
    operation = kv.put("k", "v")
    try:
        raise ValueError
    except ValueError as error:
        kept = error  # a cycle: error, traceback, frame, variable
def test_one(kv):
    {body}
"""
    result = run(pytester, code + PASSES)

    result.assert_outcomes(failed=1, passed=1)
    line = {"asyncio": 5, "error =": 7}.get(body[:7], 13)
    assert f"test_it.py:{line}: kv.put('k', 'v')" in lines(result)


def test_finds_an_operation_in_a_cycle_after_many_allocations(pytester: pytest.Pytester) -> None:
    code = """
def test_one(kv):
    pair = [kv.put("k", "v")]
    pair.append(pair)
    heap = [[number] for number in range(100_000)]
"""
    result = run(pytester, code + PASSES)

    result.assert_outcomes(failed=1, passed=1)
    assert "test_it.py:5: kv.put('k', 'v')" in lines(result)


def test_monitors_networks_and_namespaces_without_a_fixture(pytester: pytest.Pytester) -> None:
    code = """
def test_one(kv_network):
    kv_network("LHR").kv("LHR").put("k", "v")
def test_two():
    KVNamespace().put("k", "v")
"""
    run(pytester, code).assert_outcomes(failed=2)


def test_does_not_blame_a_test_for_operations_of_the_previous_failure(
    pytester: pytest.Pytester,
) -> None:
    code = """
def test_one(kv):
    operation = kv.put("k", "v")
    assert False
def test_two():
    operation = KVNamespace().put("k", "v")
    assert False
def test_three():
    pass
"""
    result = run(pytester, code + PASSES, subprocess=True)

    result.assert_outcomes(failed=2, passed=2)


def test_does_not_blame_a_test_for_an_operation_of_an_older_namespace(
    pytester: pytest.Pytester,
) -> None:
    code = """
kept = []
def test_one(kv):
    kept.append(kv.put("k", "v"))
def test_two(kv):
    kept.clear()
"""
    run(pytester, code).assert_outcomes(passed=2)


def test_a_task_that_is_cancelled_before_it_starts_is_not_reported(
    pytester: pytest.Pytester,
) -> None:
    code = """
async def handler(kv):
    task = asyncio.create_task(kv.put("k", "v"))
    await asyncio.gather(kv.put("a", "1"), kv.get("a"))
def test_one(kv):
    asyncio.run(handler(kv))
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_tracks_coroutine_origins_only_during_tests(pytester: pytest.Pytester) -> None:
    code = """
import sys
def test_one(kv):
    assert sys.get_coroutine_origin_tracking_depth() == 1
def test_two(kv):
    sys.set_coroutine_origin_tracking_depth(0)
"""
    pytester.makeconftest(
        "import sys\n"
        "def pytest_unconfigure(): assert sys.get_coroutine_origin_tracking_depth() == DEPTH\n"
        "DEPTH = sys.get_coroutine_origin_tracking_depth()\n"
    )

    run(pytester, code).assert_outcomes(passed=2)
