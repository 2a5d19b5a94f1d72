"""Checks around a test that runs handlers under schedules, and notes on its failure.

Every token of a schedule text must have been reached when the test ends. A failure under a seed
gets a note that names the decorator that shrinks it. An error of Hypothesis that says that a test
is unreliable gets a note that names the first difference between two of its runs.
"""

import sys
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from pykvbinding.sim.run.harness import Stage
from pykvbinding.sim.run.run_context import Director, directed
from pykvbinding.sim.shrink.determinism import (
    NOT_DETERMINISTIC,
    explain_nondeterminism,
    first_divergence,
)


def check_schedules() -> Generator[None, Any, Any]:
    """Wrap the call of a test: check its schedule texts, or add notes to its failure.

    Raises: ScheduleMismatch for a schedule text with a token that was never reached.
    """
    __tracebackhide__ = True  # the failure and its traceback belong to the test
    with directed(Director()) as director:
        try:
            result = yield
        except (Exception, pytest.fail.Exception) as failure:
            _add_notes(failure, director)
            raise
        director.check_texts()
        return result


def _add_notes(failure: BaseException, director: Director) -> None:
    if director.drawn is not None and _is_flaky(failure):
        failure.add_note(explain_nondeterminism(_first_difference(failure, director.drawn)))
    if director.stage is not None:
        director.stage.explain(failure)


def _is_flaky(failure: BaseException) -> bool:
    """Return whether Hypothesis reports an unreliable test that no note explains yet."""
    errors = sys.modules.get("hypothesis.errors")
    is_explained = any(NOT_DETERMINISTIC in note for note in getattr(failure, "__notes__", ()))
    return errors is not None and isinstance(failure, errors.Flaky) and not is_explained


def _first_difference(failure: BaseException, last: Stage) -> list[str]:
    """Lines that show where the failing run and the last run differ; empty if that is unknown."""
    shown: Any = last.simulation.driver
    for value in _local_values(failure):
        if type(value) is type(shown) and value is not shown:
            return first_divergence(value.traces, shown.traces)
    return []


def _local_values(failure: BaseException) -> Iterator[Any]:
    """Yield the local variables of every frame that raised the error, its causes or its parts."""
    for error in getattr(failure, "exceptions", ()):
        yield from _local_values(error)
    for error in (failure.__cause__, failure.__context__):
        if error is not None:
            yield from _local_values(error)
    traceback = failure.__traceback__
    while traceback is not None:
        yield from traceback.tb_frame.f_locals.values()
        traceback = traceback.tb_next
