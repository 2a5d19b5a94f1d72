"""The pytest plugin lists the results of `@every_schedule` in the summary and in JUnit files."""

import pytest

from pykvbinding.sim.explore import exhaustive as explore
from tests.support.pytester import lines, run

pytest_plugins = ["pytester"]

USED = (explore,)

CODE = """
from pykvbinding.sim import every_schedule

async def visit(env):
    await env.KV.get("visits")
    await env.KV.put("visits", "1")

def visits(schedule, visitors):
    net = EdgeNetwork("LHR", "NRT", schedule=schedule, time_jumps=0, stale_reads=False)
    for _ in range(visitors):
        net.start(visit)
    net.run()

@pytest.mark.parametrize("visitors", [1, 2])
@every_schedule
def test_visits(schedule, visitors):
    visits(schedule, visitors)

class TestAll:
    @every_schedule(limit=1, complete=False)
    def test_some(self, schedule):
        visits(schedule, 2)

@every_schedule
def test_broken(schedule):
    visits(schedule, 2)
    assert "x" in schedule.schedules

def test_plain():
    pass
"""


def test_the_summary_lists_the_results(pytester: pytest.Pytester) -> None:
    result = run(pytester, CODE)

    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*= schedules =*",
            "*::test_visits[[]1[]]  no failure in 1 distinct schedules of 1 (no time jumps)",
            "*::test_visits[[]2[]]  no failure in * distinct schedules of * (no time jumps)",
            "test_it.py::TestAll::test_some  not refuted: 1 distinct schedules, *",
        ]
    )
    assert "test_plain  " not in lines(result)
    assert "@every_schedule, run 1. Replay: schedule=" in lines(result)


def test_a_run_without_searches_has_no_summary(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_plain(): pass")

    result.assert_outcomes(passed=1)
    assert "schedules" not in lines(result)


def test_a_junit_file_contains_the_results(pytester: pytest.Pytester) -> None:
    run(pytester, CODE, "--junitxml=out.xml")

    written = (pytester.path / "out.xml").read_text()
    text = "no failure in 1 distinct schedules of 1 (no time jumps)"
    assert f'name="kv_schedules" value="{text}"' in written
