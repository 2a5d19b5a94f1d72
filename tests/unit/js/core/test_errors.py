"""Every text about JavaScript values, raised by a call, with its name and its words."""

import asyncio
import inspect
from typing import Any

import pytest

from pykvbinding.errors import JsException
from tests.support.error_cases_workers_values import CASES


async def finished(answer: Any) -> Any:
    return await answer


def told(error: BaseException) -> tuple[Any, ...]:
    if isinstance(error, JsException):
        return error.name, error.message
    return type(error), str(error)


@pytest.mark.parametrize("name", CASES)
def test_a_call_raises_it(name: str) -> None:
    call, expected = CASES[name]

    with pytest.raises(type(expected)) as caught:  # noqa: PT012
        answer = call(None)  # type: ignore[arg-type]
        if inspect.isawaitable(answer):
            asyncio.run(finished(answer))

    assert told(caught.value) == told(expected)
