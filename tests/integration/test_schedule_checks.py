"""The pytest plugin checks schedule texts, and adds notes to failures under a schedule."""

import pytest

from pykvbinding.sim.explore import exhaustive as explore
from pykvbinding.sim.explore import sampling as sampled
from pykvbinding.sim.run.schedulers import seeded_scheduler
from pykvbinding.testing import schedule_checks
from tests.support.buggy_programs import running, visits
from tests.support.pytester import lines, run

pytest_plugins = ["pytester"]

USED = (schedule_checks, explore, sampled)

FIRST, SECOND, *_ = (seed for seed in range(100) if running(visits)(seeded_scheduler(seed)))
"""Seeds under which visits are lost."""

PASSING = next(seed for seed in range(100) if not running(visits)(seeded_scheduler(seed)))

SHORTEST = "1 1 2~1 2!"

CODE = (
    f"""
FIRST, SECOND, PASSING = {FIRST}, {SECOND}, {PASSING}
"""
    + """
from pykvbinding.sim import *

async def visit(env):
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))

def play(schedule):
    net = EdgeNetwork("LHR", "NRT", schedule=schedule, time_jumps=1)
    both = [net.start(visit, at=location) for location in net.locations]
    net.run()
    net.counted = sum(invocation.error is None for invocation in both)
    return net

def is_sound(net):
    return int(net.latest("visits")) == net.counted
"""
)


def failing(pytester: pytest.Pytester, body: str) -> str:
    """The output for a file whose only test fails."""
    result = run(pytester, CODE + body)
    result.assert_outcomes(failed=1)
    return lines(result)


def note_for(seed: int, text: str | None = None) -> str:
    """The note on a failure under a seed; without `text`, its start."""
    start = f'schedule={seed} was schedule="'
    if text is None:
        return start
    decorator = f"@some_schedules(seeds=[{seed}])"
    return (
        f'{start}{text}". Decorate the test with {decorator} to see the simplest schedule with '
        "this failure."
    )


def test_a_failing_seed_names_the_decorator_that_shrinks_it(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
def test_it():
    net = play(FIRST)
    print("schedule:", net.schedule, end=";")
    assert is_sound(net)
""",
    )

    text = output.partition("schedule: ")[2].partition(";")[0]
    assert note_for(FIRST, text) in output
    assert "Replay:" not in output
    assert "sim/" not in output


def test_the_named_decorator_shrinks_the_failure(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
@some_schedules(seeds=[FIRST])
def test_it(schedule):
    net = play(schedule)
    assert is_sound(net), net.schedule
""",
    )

    assert f"AssertionError: {SHORTEST}" in output
    assert f'@some_schedules, seed {FIRST} (run 1 of 1). Replay: schedule="{SHORTEST}"' in output
    assert f'Replay:  @example("{SHORTEST}")' in output


def test_each_failing_parameter_names_its_seed(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        CODE
        + """
@pytest.mark.parametrize("schedule", range(20))
def test_it(schedule):
    play(schedule).check(no_lost_updates)
""",
    )

    outcomes = result.parseoutcomes()
    assert outcomes["passed"] + outcomes["failed"] == 20
    assert lines(result).count(" to see the simplest schedule") == outcomes["failed"] > 2
    assert note_for(FIRST) in lines(result)
    assert note_for(PASSING) not in lines(result)


def test_a_loop_over_seeds_names_the_failing_seed(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
def test_it():
    for seed in (PASSING, FIRST, SECOND):
        net = play(seed)
        assert is_sound(net), f"with seed {seed}"
""",
    )

    assert f"AssertionError: with seed {FIRST}" in output
    assert output.count(" to see the simplest schedule") == 1
    assert note_for(FIRST) in output


def test_names_the_seed_of_the_last_of_several_networks(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
def test_it():
    first, second = play(FIRST), play(SECOND)
    assert is_sound(first) or is_sound(second)
""",
    )

    assert output.count(" to see the simplest schedule") == 1
    assert note_for(SECOND) in output


def test_a_network_of_a_fixture_is_tracked(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
async def save(env, value):
    await env.KV.put("k", value)

async def show(env):
    return await env.KV.get("k")

@pytest.mark.parametrize("values", [["old", "new"]])
class TestSessions:
    def test_it(self, values, kv_network, monkeypatch):
        for seed in range(100):
            net = kv_network("LHR", "NRT", schedule=seed)
            ana = net.session("ana", at="LHR")
            ana.call(save, values[0])
            net.clock.advance(minutes=10)
            ana.call(save, values[1])
            ana.move_to("NRT")
            assert ana.call(show) == "new", f"seed {seed};"
""",
    )

    seed = int(output.partition("AssertionError: seed ")[2].partition(";")[0])
    assert note_for(seed) in output


def test_a_handler_error_gets_the_note_once(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
async def careful(env):
    await env.KV.put("k", "1")
    if await env.KV.get("k") is None:
        raise LookupError("gone")

def test_it():
    net = EdgeNetwork("LHR", schedule=0)
    net.start(careful)
    net.run()
""",
    )

    assert "LookupError: gone" in output
    assert output.count(" to see the simplest schedule") == 1
    assert note_for(0) in output


def test_a_seed_under_hypothesis_gets_the_note_once(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
from hypothesis import given, settings, strategies as st

@settings(database=None, max_examples=1)
@given(st.just(FIRST))
def test_it(seed):
    assert is_sound(play(seed))
""",
    )

    assert output.count(note_for(FIRST)) == 1


def test_a_failing_guarantee_in_unittest_gets_the_note(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
import unittest

class TestIt(unittest.TestCase):
    def test_it(self):
        play(SECOND).check(no_lost_updates)
""",
    )

    assert output.count(note_for(SECOND)) == 1
    assert f"@some_schedules(seeds=[{SECOND}])" in output


def test_decorated_tests_get_no_note(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        CODE
        + """
@some_schedules(seeds=30)
def test_some(schedule):
    play(7)
    assert is_sound(play(schedule))

@every_schedule
def test_every(schedule):
    assert is_sound(play(schedule))
""",
    )

    result.assert_outcomes(failed=2)
    assert "to see the simplest schedule" not in lines(result)
    assert f"@some_schedules, seed {FIRST} (run {FIRST + 1} of 30). Replay: " in lines(result)
    assert lines(result).count(f'Replay: schedule="{SHORTEST}"') == 2


def test_a_skip_stays_a_skip(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        CODE
        + """
def test_it():
    play(FIRST)
    pytest.skip("here")
""",
    )

    result.assert_outcomes(skipped=1)


def test_a_failure_by_pytest_fail_gets_the_note(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
def test_it():
    if not is_sound(play(FIRST)):
        pytest.fail("not sound")
""",
    )

    assert "Failed: not sound" in output
    assert note_for(FIRST) in output


def test_a_failure_without_a_seed_gets_no_note(pytester: pytest.Pytester) -> None:
    output = failing(
        pytester,
        """
def test_it():
    assert play("2").latest("visits") == "3"
""",
    )

    assert "Replay" not in output
    assert "@some_schedules" not in output
