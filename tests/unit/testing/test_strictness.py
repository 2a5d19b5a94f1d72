"""Strictness: a test fails for what production would not do, and says how to allow it."""

import pytest

from tests.support.pytester import lines, run

pytest_plugins = ["pytester"]

MISSPELT = 'asyncio.run(kv.put("k", "v", expiration_ttl=60))'

PASSES = "\ndef test_next(kv): asyncio.run(kv.get('key'))\n"


def test_a_usage_warning_fails_the_test_and_names_the_line_and_what_allows_it(
    pytester: pytest.Pytester,
) -> None:
    code = f"""
def test_one(kv):
    {MISSPELT}
"""
    result = run(pytester, code + PASSES)

    result.assert_outcomes(failed=1, passed=1)
    assert (
        "Production does not do what this reads like:\n"
        "  test_it.py:5: put('k', expiration_ttl=…): production silently ignores this option. "
        "Write expirationTtl=… instead.\n"
        'A test that means it says so: @pytest.mark.kv(allow=["unknown-option"])'
    ) in lines(result)
    assert "Traceback" not in lines(result)


@pytest.mark.parametrize("allow", ["unknown-option", "warnings"])
def test_a_test_may_allow_a_usage_warning(pytester: pytest.Pytester, allow: str) -> None:
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
def test_it_does_not_matter_what_the_suite_does_with_warnings(
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


def test_a_test_that_expects_the_warning_has_dealt_with_it(pytester: pytest.Pytester) -> None:
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


def test_a_warning_on_a_namespace_made_by_hand_counts_too(pytester: pytest.Pytester) -> None:
    code = f"""
def test_one():
    kv = KVNamespace()
    {MISSPELT}
"""
    run(pytester, code).assert_outcomes(failed=1)


def test_a_warning_in_the_setup_and_in_the_teardown_is_an_error(pytester: pytest.Pytester) -> None:
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


def test_strictness_can_be_switched_off(pytester: pytest.Pytester) -> None:
    code = f"""
@pytest.mark.kv(faults=[Fault(kind="delete")])
def test_one(kv):
    {MISSPELT}
    kv.put("k", "v")
"""
    result = run(pytester, code, ini="kv_strict = false")

    result.assert_outcomes(passed=1, warnings=2)


def test_what_else_is_warned_of_reaches_pytest(pytester: pytest.Pytester) -> None:
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


def test_what_else_is_an_error_stays_one(pytester: pytest.Pytester) -> None:
    code = """
import warnings
def test_one(kv):
    with pytest.raises(DeprecationWarning):
        warnings.warn("something else", DeprecationWarning)
"""
    run(pytester, code, "-W", "error").assert_outcomes(passed=1)


def test_a_failure_outside_the_test_itself_shows_no_line_of_ours(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest("def helper(): assert False, 'of the helper'")
    code = """
import conftest
test_one = conftest.helper
"""
    result = run(pytester, code)

    result.assert_outcomes(failed=1)
    _, _, failure = lines(result).partition(" FAILURES ")
    assert "of the helper" in failure
    assert "pykvbinding" not in failure


def test_several_findings_are_told_together_each_once(pytester: pytest.Pytester) -> None:
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
    shown = lines(result)
    assert shown.count("test_it.py:7: put('k', None): production stores") == 1
    assert shown.count("kv.get('key-") == 10
    assert "  … and 2 more\n" in shown
    assert "A fault that no operation has met:\n  Fault(kind='delete'" in shown
    assert 'allow=["value-is-none", "unawaited", "unused-fault"]' in shown


def test_a_test_that_fails_anyway_shows_what_was_noticed(pytester: pytest.Pytester) -> None:
    code = f"""
def test_one(kv):
    {MISSPELT}
    assert False, "of itself"
"""
    result = run(pytester, code)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["E*of itself*", "*- pykvbinding: noticed before it failed -*", "*test_it.py:5: put(*"]
    )
