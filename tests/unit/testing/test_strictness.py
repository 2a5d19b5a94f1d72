"""Strict mode: a usage warning fails a test, and the failure names the marker that allows it."""

import pytest

from tests.support.pytester import lines, run

pytest_plugins = ["pytester"]

MISSPELT = 'asyncio.run(kv.put("k", "v", expiration_ttl=60))'

PASSES = "\ndef test_next(kv): asyncio.run(kv.get('key'))\n"


def test_a_usage_warning_fails_the_test_with_its_line_and_the_marker_that_allows_it(
    pytester: pytest.Pytester,
) -> None:
    code = f"""
def test_one(kv):
    {MISSPELT}
"""
    result = run(pytester, code + PASSES)

    result.assert_outcomes(failed=1, passed=1)
    assert (
        "Production behaves differently from what this code suggests:\n"
        "  test_it.py:5: put('k', expiration_ttl=…): production silently ignores this option. "
        "Write expirationTtl=… instead.\n"
        'If this is intended, mark the test with @pytest.mark.kv(allow=["unknown-option"])'
    ) in lines(result)
    assert "Traceback" not in lines(result)


@pytest.mark.parametrize("allow", ["unknown-option", "warnings"])
def test_a_marker_allows_a_usage_warning(pytester: pytest.Pytester, allow: str) -> None:
    code = f"""
@pytest.mark.kv(allow=["{allow}"])
def test_one(kv):
    {MISSPELT}
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_allowing_one_kind_does_not_allow_another(pytester: pytest.Pytester) -> None:
    code = f"""
@pytest.mark.kv(allow=["value-is-none", "unawaited", "unused-fault"])
def test_one(kv):
    {MISSPELT}
"""
    run(pytester, code).assert_outcomes(failed=1)


FILTERS = ["ignore", "error", "default", "always", "once", "ignore::UserWarning"]


@pytest.mark.parametrize("action", FILTERS)
def test_warning_filters_of_the_suite_change_nothing(
    pytester: pytest.Pytester, action: str
) -> None:
    code = f"""
def test_one(kv):
    {MISSPELT}
def test_again(kv):
    {MISSPELT}
@pytest.mark.kv(allow=["unknown-option"])
def test_allowed(kv):
    {MISSPELT}
def test_unawaited(kv):
    kv.put("k", "v")
"""
    result = run(pytester, code, "-W", action, ini=f"filterwarnings =\n    {action}")

    result.assert_outcomes(failed=3, passed=1)


def test_ignores_a_warning_that_the_test_catches(pytester: pytest.Pytester) -> None:
    code = f"""
def test_one(kv):
    with pytest.warns(KVUsageWarning, match="expirationTtl"):
        {MISSPELT}
def test_two(kv, recwarn):
    {MISSPELT}
    assert len(recwarn) == 1
def test_three(kv):
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        {MISSPELT}
"""
    run(pytester, code).assert_outcomes(passed=3)


def test_a_warning_on_a_namespace_without_a_fixture_fails_the_test(
    pytester: pytest.Pytester,
) -> None:
    code = f"""
def test_one():
    kv = KVNamespace()
    {MISSPELT}
"""
    run(pytester, code).assert_outcomes(failed=1)


def test_a_warning_in_setup_or_teardown_is_an_error(pytester: pytest.Pytester) -> None:
    code = f"""
@pytest.fixture
def before(kv):
    {MISSPELT}
@pytest.fixture
def after(kv):
    yield
    {MISSPELT}
def test_one(before): pass
def test_two(after): pass
"""
    run(pytester, code).assert_outcomes(errors=2, passed=1)


def test_kv_strict_false_disables_the_checks(pytester: pytest.Pytester) -> None:
    code = f"""
@pytest.mark.kv(faults=[Fault(kind="delete")])
def test_one(kv):
    {MISSPELT}
    kv.put("k", "v")
"""
    result = run(pytester, code, ini="kv_strict = false")

    result.assert_outcomes(passed=1, warnings=2)


def test_other_warnings_reach_pytest(pytester: pytest.Pytester) -> None:
    code = """
import warnings
def test_one(kv):
    warnings.warn("something else", DeprecationWarning)
async def foreign(): pass
def test_two(kv):
    foreign()
"""
    result = run(pytester, code, "-W", "default")

    result.assert_outcomes(passed=2, warnings=2)
    result.stdout.fnmatch_lines(
        [
            "*test_it.py:6: DeprecationWarning: something else*",
            "*test_it.py:9: RuntimeWarning: coroutine 'foreign' was never awaited*",
        ]
    )


def test_other_warnings_can_still_be_errors(pytester: pytest.Pytester) -> None:
    code = """
import warnings
def test_one(kv):
    with pytest.raises(DeprecationWarning):
        warnings.warn("something else", DeprecationWarning)
"""
    run(pytester, code, "-W", "error").assert_outcomes(passed=1)


def test_a_traceback_outside_the_test_has_no_frame_of_the_plugin(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest("def helper(): assert False, 'raised by the helper'")
    code = """
import conftest
test_one = conftest.helper
"""
    result = run(pytester, code)

    result.assert_outcomes(failed=1)
    _, _, failure = lines(result).partition(" FAILURES ")
    assert "raised by the helper" in failure
    assert "pykvbinding" not in failure


def test_lists_several_findings_once_each(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.kv(faults=[Fault(kind="delete")])
def test_one(kv):
    for _ in range(3):
        asyncio.run(kv.put("k", None))
    for number in range(12):
        kv.get(f"key-{number}")
"""
    result = run(pytester, code)

    result.assert_outcomes(failed=1)
    output = lines(result)
    assert output.count("test_it.py:7: put('k', None): production stores") == 1
    assert output.count("kv.get('key-") == 10
    assert "  … and 2 more\n" in output
    assert "Fault rule never triggered:\n  Fault(kind='delete'" in output
    assert 'allow=["value-is-none", "unawaited", "unused-fault"]' in output


def test_a_failing_test_also_shows_its_findings(pytester: pytest.Pytester) -> None:
    code = f"""
def test_one(kv):
    {MISSPELT}
    assert False, "for another reason"
"""
    result = run(pytester, code)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*for another reason*",
            "*- pykvbinding: findings before the failure -*",
            "*test_it.py:5: put(*",
        ]
    )
