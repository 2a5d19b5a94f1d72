"""The exceptions of simulated runs: their base classes."""

import pytest

from pykvbinding.sim import (
    Deadlock,
    NotSimulated,
    ScheduleMismatch,
    SearchLimitReached,
    TooManySteps,
)
from pykvbinding.sim.errors import Refusal


@pytest.mark.parametrize("error", [Deadlock, NotSimulated, ScheduleMismatch, TooManySteps])
def test_errors_of_a_run_are_not_assertion_errors(error: type[Exception]) -> None:
    assert issubclass(error, Exception)
    assert not issubclass(error, AssertionError)


def test_search_limit_reached_is_an_assertion_error() -> None:
    assert issubclass(SearchLimitReached, AssertionError)


def test_a_refusal_is_not_an_exception() -> None:
    refusal = Refusal("time.sleep", "app.py:3", "Write asyncio.sleep.")

    assert not isinstance(refusal, Exception)
    assert str(refusal) == "time.sleep at app.py:3 is not simulated. Write asyncio.sleep."
