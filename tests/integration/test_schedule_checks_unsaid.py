"""The pytest plugin checks that schedule texts are used up, and explains unreliable tests."""

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
    """What is told of the one test of a file, which fails."""
    result = run(pytester, CODE + body)
    result.assert_outcomes(failed=1)
    return lines(result)


def test_a_text_that_is_not_said_fails_its_test(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
def test_it():
    EdgeNetwork("LHR", schedule="1 1 9").session("ana").call(visit)
""",
    )

    assert "ScheduleMismatch: token 3, '9', was never reached" in told
    assert 'The test is over; its schedule was "1 1 9".' in told


def test_a_text_that_was_refused_is_refused_once(pytester: pytest.Pytester) -> None:
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

async def moody(env):
    await env.KV.put("k", str(min(len(runs), 3)))

@settings(database=None, max_examples=5)
@given(schedules())
def test_it(schedule):
    runs.append(1)
    net = EdgeNetwork("LHR", schedule=schedule)
    net.start(moody)
    net.run()
    assert len(runs) != 2
"""


def test_a_test_that_hypothesis_finds_flaky_is_told_where_it_parts(
    pytester: pytest.Pytester,
) -> None:
    told = failing(pytester, FLAKY)

    assert "produces unreliable results" in told
    assert told.count("The test is not deterministic") == 1
    assert "event 1 was  put 'k' v1 = '2' of invocation 1" in told
    assert "and then  put 'k' v1 = '3' of invocation 1" in told


def test_a_flaky_test_without_a_schedule_is_left_alone(pytester: pytest.Pytester) -> None:
    flaky = FLAKY.replace("schedule=schedule", "schedule=None").replace("schedules()", "st.text()")
    told = failing(pytester, flaky.replace("import given,", "import strategies as st, given,"))

    assert "produces unreliable results" in told
    assert "The test is not deterministic" not in told


def test_a_flaky_test_in_which_no_schedule_is_found_is_told_what_may_be_the_matter(
    pytester: pytest.Pytester,
) -> None:
    wrapped = FLAKY.replace("schedules()", "st.tuples(schedules())")
    wrapped = wrapped.replace("schedule=schedule", "schedule=schedule[0]")
    told = failing(pytester, wrapped.replace("import given,", "import strategies as st, given,"))

    assert told.count("The test is not deterministic") == 1
    assert "parts here" not in told


def test_a_test_before_any_network_can_be_made_is_not_followed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "pykvbinding.sim.run.harness")
    monkeypatch.setattr(schedule_checks, "checked", None)
    pytester.makepyfile("def test_one(): pass")

    result = pytester.runpytest_inprocess(f"-p{PLUGIN}", "-pno:cacheprovider", "-pno:asyncio")

    result.assert_outcomes(passed=1)


def test_what_has_led_to_an_error_is_looked_through() -> None:
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
