"""Every error of streams, bodies and requests is raised by a public call, with its exact text."""

import asyncio
import inspect

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core import runtime_errors
from tests.support import error_cases_workers_fetch
from tests.support.stores import make_kv

CASES = error_cases_workers_fetch.CASES
TEXTS = [
    name
    for name, function in inspect.getmembers(runtime_errors, inspect.isfunction)
    if not name.startswith("_")
]


def told(error: BaseException) -> tuple[object, ...]:
    return (error.name, error.message) if isinstance(error, JsException) else (str(error),)


def test_every_text_has_a_case() -> None:
    assert set(TEXTS) <= set(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_text_is_raised_word_for_word(name: str) -> None:
    call, expected = CASES[name]

    async def run() -> None:
        outcome = call(make_kv("engine"))
        if inspect.isawaitable(outcome):
            await outcome

    with pytest.raises(type(expected)) as caught:
        asyncio.run(run())

    assert told(caught.value) == told(expected)
