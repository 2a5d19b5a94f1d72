"""A skip that is not on the list fails, so that CI cannot skip tests unnoticed."""

import pytest

from tests.support.paths import TESTS
from tests.support.pytester import ASYNC_PLUGINS, IN_ORDER
from tests.support.skips import AllowedSkips, read_patterns

pytest_plugins = ["pytester"]

SKIPS = """
import pytest

@pytest.mark.skipif(True, reason="no IPv6")
def test_mark():
    pass

def test_call():
    pytest.skip("no network")

@pytest.mark.xfail(reason="known")
def test_expected_failure():
    raise ValueError

def test_passes():
    pass
"""


def run(pytester: pytest.Pytester, code: str, patterns: str) -> pytest.RunResult:
    pytester.makepyfile(code)
    plugin = AllowedSkips(read_patterns(patterns))
    off = [f"-p{name}" for name in (IN_ORDER, *(f"no:{name}" for name in ASYNC_PLUGINS))]
    return pytester.runpytest_inprocess(*off, plugins=[plugin])


def test_a_skip_that_is_not_allowed_fails(pytester: pytest.Pytester) -> None:
    result = run(pytester, SKIPS, "# a comment\n\nno IPv[46]\n")

    result.assert_outcomes(passed=1, skipped=1, failed=1, xfailed=1)
    result.stdout.fnmatch_lines(["*PYKVBINDING_ALLOWED_SKIPS does not allow: no network"])


def test_an_expression_matches_the_whole_reason(pytester: pytest.Pytester) -> None:
    result = run(pytester, SKIPS, "no\n")

    result.assert_outcomes(passed=1, errors=1, failed=1, xfailed=1)


def test_a_module_that_skips_itself_fails(pytester: pytest.Pytester) -> None:
    result = run(pytester, "import pytest\npytest.importorskip('no_such_module')\n", "")

    result.assert_outcomes(errors=1)
    assert result.ret != pytest.ExitCode.OK


def test_the_list_of_this_suite_can_be_read() -> None:
    patterns = read_patterns((TESTS / "allowed_skips.txt").read_text(encoding="utf-8"))

    assert any(pattern.fullmatch("Python 3.14 is not installed") for pattern in patterns)
