"""Test input is drawn from a fixed seed, and from a fresh seed in a fuzz run."""

import re

import pytest
from hypothesis import core, settings

from tests.support.fuzz import FUZZ, Fuzz, is_fuzz_run
from tests.support.pytester import ASYNC_PLUGINS, IN_ORDER

pytest_plugins = ["pytester"]

PLUGINS = [f"-p{name}" for name in (IN_ORDER, *(f"no:{name}" for name in ASYNC_PLUGINS))]

DRAWS = """
from hypothesis import given, settings, strategies as st

@given(st.integers())
def test_draws(number):
    assert not settings.default.derandomize and settings.default.deadline is None

def test_plain():
    pass
"""


def test_the_default_profile_is_reproducible(pytestconfig: pytest.Config) -> None:
    assert settings.default is not None
    assert settings.default.derandomize == (not is_fuzz_run(pytestconfig))
    assert settings.default.deadline is None


def test_a_fuzz_run_selects_tests_that_draw_input_and_prints_its_seed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "global_force_seed", core.global_force_seed)
    pytester.makepyfile(DRAWS)
    pytester.makeini("[pytest]\nmarkers = fuzz: draws\n")
    run = ("-q", "-m", FUZZ, f"--hypothesis-profile={FUZZ}", *PLUGINS)
    profile = settings.default
    try:
        result = pytester.runpytest_inprocess(*run, plugins=[Fuzz()])
        repeated = pytester.runpytest_inprocess(*run, "--hypothesis-seed=7", plugins=[Fuzz()])
    finally:
        settings.load_profile("reproducible")
        assert settings.default == profile

    result.assert_outcomes(passed=1, deselected=1)
    assert re.search(r"^fuzz run: --hypothesis-seed=\d+ repeats it$", result.stdout.str(), re.M)
    assert "--hypothesis-seed=7 repeats it" in repeated.stdout.str()
