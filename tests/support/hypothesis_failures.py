"""Helpers for tests of failing Hypothesis tests."""

from typing import Any

import pytest
from hypothesis import Phase, settings

FEW = settings(
    max_examples=200, database=None, deadline=None, phases=[Phase.generate, Phase.shrink]
)
"""Settings for a test of a test: no database and no explanations."""


def told(error: BaseException) -> str:
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return "\n".join([str(error), *getattr(error, "__notes__", []), *map(told, inner)])


def broken(test: Any) -> str:
    """Return the message and notes of a failing test."""
    with pytest.raises(AssertionError) as failed:
        test()
    return told(failed.value)
