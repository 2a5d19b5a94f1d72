"""Checks around a test that runs handlers under schedules, and notes on its failure.

Every token of a schedule text must have been reached when the test ends. A failure under a seed
gets a note that names the decorator that shrinks it. An error of Hypothesis that says that a test
is unreliable gets a note that names the first difference between two of its runs.
"""

import sys
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from pykvbinding.sim.run.harness import Harness
from pykvbinding.sim.run.run_context import RunContext, use_run_context
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
    with use_run_context(RunContext()) as context:
        try:
            result = yield
        except (Exception, pytest.fail.Exception) as failure:
            _add_notes(failure, context)
            raise
        context.check_texts_exhausted()
        return result


def _add_notes(failure: BaseException, context: RunContext) -> None:
    if context.hypothesis_harness is not None and _is_flaky(failure):
        failure.add_note(
            explain_nondeterminism(_first_difference(failure, context.hypothesis_harness))
        )
    if context.seeded_harness is not None:
        context.seeded_harness.add_replay_note(failure)


def _is_flaky(failure: BaseException) -> bool:
    """Return whether Hypothesis reports an unreliable test that no note explains yet."""
    errors = sys.modules.get("hypothesis.errors")
    is_explained = any(NOT_DETERMINISTIC in note for note in getattr(failure, "__notes__", ()))
    return errors is not None and isinstance(failure, errors.Flaky) and not is_explained


def _first_difference(failure: BaseException, last: Harness) -> list[str]:
    """Lines that show where the failing run and the last run differ; empty if that is unknown."""
    shown: Any = last.simulation.scheduler
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
