"""The pytest plugin runs a test that fails on a seed again, and shows its simplest schedule."""

import pytest

from pykvbinding.sim.explore import exhaustive as explore
from pykvbinding.sim.explore import sampling as sampled
from pykvbinding.sim.run.schedulers import by_seed
from pykvbinding.testing import shrink_failures as again
from tests.support.buggy_programs import running, visits
from tests.support.pytester import lines, run

pytest_plugins = ["pytester"]

USED = (again, explore, sampled)

FIRST, SECOND, THIRD, *_ = (seed for seed in range(100) if running(visits)(by_seed(seed)))
"""Seeds on which visits are lost."""

PASSING = next(seed for seed in range(100) if not running(visits)(by_seed(seed)))

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
    net.counted = sum(each.error is None for each in both)
    return net

def is_sound(net):
    return int(net.latest("visits")) == net.counted
"""
)


def failing(pytester: pytest.Pytester, body: str, *arguments: str, ini: str = "") -> str:
    """What is told of the one test of a file, which fails."""
    result = run(pytester, CODE + body, *arguments, ini=ini)
    result.assert_outcomes(failed=1)
    return lines(result)


def test_a_plain_assert_shows_the_simplest_schedule(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
def test_it():
    net = play(FIRST)
    assert is_sound(net), net.schedule
""",
    )

    assert f"AssertionError: {SHORTEST}" in told
    assert f'Found by schedule={FIRST}. Replay: schedule="{SHORTEST}"' in told
    assert f'Replay:  @example("{SHORTEST}")' in told
    assert told.count("Replay:") == 2
    assert "sim/" not in told


def test_each_argument_is_a_seed_of_its_own(pytester: pytest.Pytester) -> None:
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
    assert lines(result).count(f'Replay: schedule="{SHORTEST}"') == outcomes["failed"] > 2


def test_a_loop_over_seeds_shows_the_seed_that_has_failed(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
def test_it():
    for seed in (PASSING, FIRST, SECOND):
        net = play(seed)
        assert is_sound(net), f"with seed {seed}"
""",
    )

    assert f"AssertionError: with seed {FIRST}" in told
    assert f'Found by schedule={FIRST}. Replay: schedule="{SHORTEST}"' in told


def test_a_loop_whose_first_seed_cannot_fail_is_polished_where_it_fails(
    pytester: pytest.Pytester,
) -> None:
    told = failing(
        pytester,
        """
def test_it():
    for seed in range(100):
        assert is_sound(play(seed)) or seed <= SECOND
""",
    )

    assert f'Found by schedule={THIRD}. Replay: schedule="{SHORTEST}"' in told


def test_networks_that_fail_only_together_are_polished_together(
    pytester: pytest.Pytester,
) -> None:
    told = failing(
        pytester,
        """
def test_it():
    first, second = play(FIRST), play(SECOND)
    assert is_sound(first) or is_sound(second)
""",
    )

    replay = f'schedule="{SHORTEST}"'
    assert f"Found by schedule={FIRST} and schedule={SECOND}. Replay: {replay} and {replay}" in told
    assert f"Replay:  network 1 of 2: {replay}" in told
    assert f"Replay:  network 2 of 2: {replay}" in told


def test_a_test_of_sessions_and_fixtures_is_polished(pytester: pytest.Pytester) -> None:
    told = failing(
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
            assert ana.call(show) == "new"
""",
    )

    assert 'Replay: schedule="1 2 3~1"' in told


def test_what_handlers_raise_is_polished(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
async def careful(env):
    await env.KV.put("k", "1")
    if await env.KV.get("k") is None:
        raise LookupError("gone")

def test_it():
    for seed in range(100):
        net = EdgeNetwork("LHR", schedule=seed)
        net.start(careful)
        net.run()
""",
    )

    assert "LookupError: gone" in told
    assert 'Replay: schedule="1 1~1"' in told


def test_only_the_last_run_prints(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
import logging

def test_it():
    print("printed", end=".")
    logging.warning("logged")
    assert is_sound(play(FIRST))
""",
    )

    assert told.count("printed.printed.") == 1
    assert "printed.printed.printed" not in told
    assert told.count("WARNING") == 2


def test_a_test_that_is_not_the_same_again_is_told_so(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
runs = []

async def moody(env):
    await env.KV.put("k", str(len(runs)))

def test_it():
    runs.append(1)
    net = EdgeNetwork("LHR", schedule=7)
    net.start(moody)
    net.run()
    assert len(runs) > 1
""",
    )

    assert "The test is not deterministic" in told
    assert "event 1 was  put 'k' v1 = '1' of invocation 1" in told
    assert "and then  put 'k' v1 = '2' of invocation 1" in told


def test_a_failure_that_depends_on_how_often_it_is_run_is_told_as_it_came(
    pytester: pytest.Pytester,
) -> None:
    told = failing(
        pytester,
        """
runs = []

def test_it():
    runs.append(1)
    play(FIRST)
    assert len(runs) > 1, "the first time"
""",
    )

    assert "AssertionError: the first time" in told
    assert f"Found by schedule={FIRST}. Replay: schedule=" in told


def test_there_is_an_end_to_it(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "MOST_SECONDS", -1.0)

    told = failing(
        pytester,
        """
def test_it():
    assert is_sound(play(FIRST))
""",
    )

    assert f"Found by schedule={FIRST}. Replay: schedule=" in told
    assert f'schedule="{SHORTEST}"' not in told


def test_many_networks_that_fail_together_are_polished_in_the_last(
    pytester: pytest.Pytester,
) -> None:
    told = failing(
        pytester,
        """
def test_it():
    lost = [seed for seed in range(15) if not is_sound(play(seed))]
    assert not (lost and not is_sound(play(FIRST)))
""",
    )

    assert f'Found by schedule={FIRST}. Replay: schedule="{SHORTEST}"' in told


@pytest.mark.parametrize("ini", ["kv_polish = false"])
def test_it_can_be_switched_off(pytester: pytest.Pytester, ini: str) -> None:
    told = failing(
        pytester,
        """
def test_it():
    assert is_sound(play(FIRST))
""",
        ini=ini,
    )

    assert "Found by" not in told
    assert f'schedule={FIRST} was schedule="' in told
    assert f"@some_schedules(seeds=[{FIRST}])" in told


def test_what_runs_otherwise_is_told_how_to_see_it(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
from hypothesis import given, settings, strategies as st

@settings(database=None, max_examples=1)
@given(st.just(FIRST))
def test_it(seed):
    assert is_sound(play(seed))
""",
    )

    assert told.count(f'schedule={FIRST} was schedule="') == 1


def test_unittest_is_told_how_to_see_it(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
import unittest

class TestIt(unittest.TestCase):
    def test_it(self):
        play(SECOND).check(no_lost_updates)
""",
    )

    assert told.count(f'schedule={SECOND} was schedule="') == 1
    assert f"@some_schedules(seeds=[{SECOND}])" in told


def test_decorated_tests_polish_by_themselves(pytester: pytest.Pytester) -> None:
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
    assert "Found by" not in lines(result)
    assert f"@some_schedules, seed {FIRST} (run {FIRST + 1} of 30). Replay: " in lines(result)
    assert lines(result).count(f'Replay: schedule="{SHORTEST}"') == 2


def test_a_failure_that_is_expected_is_not_run_again(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        CODE
        + """
runs = []

@pytest.mark.xfail(strict=True)
def test_it():
    runs.append(1)
    assert is_sound(play(FIRST))

def test_then():
    assert len(runs) == 1

def test_skipped():
    play(FIRST)
    pytest.skip("here")
""",
    )

    result.assert_outcomes(passed=1, xfailed=1, skipped=1)


def test_a_failure_by_word_is_polished(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
def test_it():
    if not is_sound(play(FIRST)):
        pytest.fail("not sound")
""",
    )

    assert "Failed: not sound" in told
    assert f'Replay: schedule="{SHORTEST}"' in told


def test_a_failure_without_a_seed_is_as_ever(pytester: pytest.Pytester) -> None:
    told = failing(
        pytester,
        """
def test_it():
    assert play("2").latest("visits") == "3"
""",
    )

    assert "Replay" not in told
