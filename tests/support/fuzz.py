"""Seeds of tests that draw random input: the same in every run, or fresh ones in a fuzz run.

`pytest -m fuzz --hypothesis-profile=fuzz` is a fuzz run. It prints its seed;
`--hypothesis-seed=SEED` repeats it.
"""

import random

import pytest
from hypothesis import settings

FUZZ = "fuzz"
SEED_BITS = 32

settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.register_profile(FUZZ, derandomize=False, deadline=None, max_examples=500)
settings.load_profile("reproducible")


def is_fuzz_run(config: pytest.Config) -> bool:
    """Return whether the command line asks for the profile of the fuzz run."""
    return bool(config.getoption("--hypothesis-profile") == FUZZ)


class Fuzz:
    """The hooks of pytest that choose the seed of a run and mark the tests that draw."""

    @pytest.hookimpl(tryfirst=True)  # before Hypothesis and pytest-xdist read the option
    def pytest_configure(self, config: pytest.Config) -> None:
        """Choose the seed of a fuzz run, unless the command line has one."""
        if is_fuzz_run(config) and config.getoption("--hypothesis-seed") is None:
            config.option.hypothesis_seed = random.SystemRandom().getrandbits(SEED_BITS)

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        """Print the seed of a fuzz run."""
        config = terminalreporter.config
        if is_fuzz_run(config):
            seed = config.getoption("--hypothesis-seed")
            terminalreporter.write_line(f"fuzz run: --hypothesis-seed={seed} repeats it")

    @pytest.hookimpl(tryfirst=True)  # before `-m` selects
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark the tests whose input is drawn, by Hypothesis or from the fixture `seed`."""
        for item in items:
            uses_hypothesis = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
            if uses_hypothesis or "seed" in getattr(item, "fixturenames", ()):
                item.add_marker(FUZZ)


def seed_of(config: pytest.Config) -> int:
    """Return the seed of a fuzz run, or 0."""
    return int(config.getoption("--hypothesis-seed")) if is_fuzz_run(config) else 0
