"""A public call raises every error of streams, bodies and requests, with its exact message."""

import asyncio
import inspect

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core import runtime_errors
from tests.support import error_cases_workers_fetch
from tests.support.stores import make_kv

CASES = error_cases_workers_fetch.CASES
BUILDERS = [
    name
    for name, function in inspect.getmembers(runtime_errors, inspect.isfunction)
    if not name.startswith("_")
]


def describe(error: BaseException) -> tuple[object, ...]:
    return (error.name, error.message) if isinstance(error, JsException) else (str(error),)


def test_every_message_has_a_case() -> None:
    assert set(BUILDERS) <= set(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_call_raises_the_exact_message(name: str) -> None:
    call, expected = CASES[name]

    async def run() -> None:
        result = call(make_kv("engine"))
        if inspect.isawaitable(result):
            await result

    with pytest.raises(type(expected)) as caught:
        asyncio.run(run())

    assert describe(caught.value) == describe(expected)
