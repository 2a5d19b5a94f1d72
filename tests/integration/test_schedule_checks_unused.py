"""The pytest plugin checks that schedule texts are used to the end, and explains flaky tests."""

import sys

import pytest

from pykvbinding.testing import schedule_checks
from tests.support.pytester import PLUGIN, lines, run

pytest_plugins = ["pytester"]

USED = (schedule_checks,)

CODE = """
from pykvbinding.sim import *

async def visit(env):
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))
"""


def failing(pytester: pytest.Pytester, body: str) -> str:
    """Return the output for a file whose only test fails."""
    result = run(pytester, CODE + body)
    result.assert_outcomes(failed=1)
    return lines(result)


def test_an_unused_token_of_a_schedule_text_fails_the_test(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
def test_it():
    EdgeNetwork("LHR", schedule="1 1 9").session("ana").call(visit)
""",
    )

    assert "ScheduleMismatch: token 3, '9', was never reached" in output
    assert 'The test is over; its schedule was "1 1 9".' in output


def test_a_rejected_schedule_text_is_reported_once(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        CODE
        + """
def test_it():
    net = EdgeNetwork("LHR", schedule="1 1 1")
    net.start(visit)
    with pytest.raises(ScheduleMismatch):
        net.run()
""",
    )

    result.assert_outcomes(passed=1)


FLAKY = """
from hypothesis import given, settings

runs = []

async def nondeterministic(env):
    await env.KV.put("k", str(min(len(runs), 3)))

@settings(database=None, max_examples=5)
@given(schedules())
def test_it(schedule):
    runs.append(1)
    net = EdgeNetwork("LHR", schedule=schedule)
    net.start(nondeterministic)
    net.run()
    assert len(runs) != 2
"""


def test_a_flaky_test_gets_a_note_with_the_first_difference(
    pytester: pytest.Pytester,
) -> None:
    output = failing(pytester, FLAKY)

    assert "produces unreliable results" in output
    assert output.count("The test is not deterministic") == 1
    assert "event 1 was  put 'k' v1 = '2' of invocation 1" in output
    assert "and then  put 'k' v1 = '3' of invocation 1" in output


def test_a_flaky_test_without_a_schedule_gets_no_note(pytester: pytest.Pytester) -> None:
    flaky = FLAKY.replace("schedule=schedule", "schedule=None").replace("schedules()", "st.text()")
    output = failing(pytester, flaky.replace("import given,", "import strategies as st, given,"))

    assert "produces unreliable results" in output
    assert "The test is not deterministic" not in output


def test_a_flaky_test_with_a_nested_schedule_gets_a_note_without_a_difference(
    pytester: pytest.Pytester,
) -> None:
    wrapped = FLAKY.replace("schedules()", "st.tuples(schedules())")
    wrapped = wrapped.replace("schedule=schedule", "schedule=schedule[0]")
    output = failing(pytester, wrapped.replace("import given,", "import strategies as st, given,"))

    assert output.count("The test is not deterministic") == 1
    assert "parts here" not in output


def test_schedule_checks_are_not_imported_before_the_first_network(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "pykvbinding.sim.run.harness")
    monkeypatch.setattr(schedule_checks, "check_schedules", None)
    pytester.makepyfile("def test_one(): pass")

    result = pytester.runpytest_inprocess(f"-p{PLUGIN}", "-pno:cacheprovider", "-pno:asyncio")

    result.assert_outcomes(passed=1)


def test_local_values_include_those_of_causes() -> None:
    def fail(number: int) -> None:
        raise ValueError(number)

    errors = []
    for number in range(3):
        try:
            fail(number)
        except ValueError as error:
            errors.append(error)
    errors[0].__cause__, errors[0].__context__ = errors[1:]

    assert {
        value for value in schedule_checks._local_values(errors[0]) if isinstance(value, int)
    } >= {0, 1, 2}
