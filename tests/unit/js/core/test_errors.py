"""A call raises every error of `js.core.errors`, with its exact name and message."""

import asyncio
import inspect
from typing import Any

import pytest

from pykvbinding.errors import JsException
from tests.support.error_cases_workers_values import CASES


async def wait_for(awaitable: Any) -> Any:
    return await awaitable


def describe(error: BaseException) -> tuple[Any, ...]:
    if isinstance(error, JsException):
        return error.name, error.message
    return type(error), str(error)


@pytest.mark.parametrize("name", CASES)
def test_a_call_raises_the_exact_message(name: str) -> None:
    call, expected = CASES[name]

    with pytest.raises(type(expected)) as caught:  # noqa: PT012
        result = call(None)  # type: ignore[arg-type]
        if inspect.isawaitable(result):
            asyncio.run(wait_for(result))

    assert describe(caught.value) == describe(expected)
