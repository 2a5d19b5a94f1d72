"""The public names of `pykvbinding.sim`."""

import subprocess
import sys
from itertools import pairwise

import pytest

from pykvbinding import sim
from tests.support.paths import ROOT


def test_exports_are_sorted_and_exist() -> None:
    assert all(first < second for first, second in pairwise(sim.__all__))
    assert all(hasattr(sim, name) for name in sim.__all__)
    assert set(sim.__all__) <= set(dir(sim))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'pykvbinding\.sim' has no attribute 'magic'"):
        sim.magic  # noqa: B018


def test_the_module_of_errors_is_the_package() -> None:
    assert sim.LostUpdate.__module__ == "pykvbinding.sim"
    assert issubclass(sim.LostUpdate, AssertionError)


def test_only_schedules_imports_hypothesis() -> None:
    code = "import sys; from pykvbinding.sim import *; print('hypothesis' in sys.modules)"
    named = "every_schedule, some_schedules, no_lost_updates, Timeline, read_history"
    run = subprocess.run(
        [sys.executable, "-c", code.replace("*", named)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == "False\n"
