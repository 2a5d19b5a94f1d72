"""The exceptions of simulated runs: their base classes."""

import pytest

from pykvbinding.sim import Deadlock, NotSimulated, ScheduleMismatch, TooManySteps, Unfinished
from pykvbinding.sim.errors import Refusal


@pytest.mark.parametrize("error", [Deadlock, NotSimulated, ScheduleMismatch, TooManySteps])
def test_what_ends_a_run_is_no_assertion(error: type[Exception]) -> None:
    assert issubclass(error, Exception)
    assert not issubclass(error, AssertionError)


def test_a_search_without_an_end_is_a_failed_test() -> None:
    assert issubclass(Unfinished, AssertionError)


def test_a_handler_cannot_swallow_a_refusal_by_accident() -> None:
    refusal = Refusal("time.sleep", "app.py:3", "Write asyncio.sleep.")

    assert not isinstance(refusal, Exception)
    assert str(refusal) == "time.sleep at app.py:3 is not simulated. Write asyncio.sleep."
