"""Helpers for assertions: exact messages, rejected operations, coroutines without a loop."""

import re
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

import pytest

from pykvbinding import KVError

T = TypeVar("T")


def exactly(text: str) -> str:
    """Return a pattern for `pytest.raises(match=...)` that matches only `text`."""
    return rf"\A{re.escape(text)}\Z"


async def refusal(operation: Awaitable[object]) -> str:
    """Return the message of the KVError that `operation` raises."""
    with pytest.raises(KVError) as caught:
        await operation
    return str(caught.value)


def complete(operation: Coroutine[Any, Any, T]) -> T:
    """Run `operation` without an event loop and return its result. Fail if it suspends."""
    try:
        operation.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    operation.close()
    pytest.fail("the operation suspended")
