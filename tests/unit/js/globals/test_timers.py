"""Timers of JavaScript on the event loop of the test."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.globals.callables import JsFunction
from pykvbinding.js.globals.timers import Timers, queueMicrotask, wait
from pykvbinding.js.types.py_proxy import create_once_callable, create_proxy


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_timer_calls_once_with_its_arguments() -> None:
    calls: list[Any] = []

    Timers().set_timeout(create_proxy(lambda *given: calls.append(given)), 0, 1, 2)
    await turns()

    assert calls == [(1, 2)]


async def test_an_interval_calls_again_until_it_is_cleared() -> None:
    timers = Timers()
    calls: list[int] = []
    done = asyncio.Event()

    def count() -> None:
        calls.append(1)
        if len(calls) == 3:
            timers.clear(number)
            done.set()

    number = timers.set_interval(create_proxy(count), "0")
    await done.wait()
    await turns()

    assert len(calls) == 3


async def test_a_timer_that_is_cleared_does_not_call() -> None:
    timers = Timers()
    calls: list[int] = []

    timers.clear(timers.set_timeout(JsFunction(lambda: calls.append(1), "f"), float("nan")))
    timers.clear(99)
    await turns()

    assert calls == []


async def test_timers_are_numbered_from_one() -> None:
    timers = Timers()
    numbers = [timers.set_timeout(create_proxy(print), 60_000) for _ in range(2)]

    for number in numbers:
        timers.clear(number)

    assert numbers == [1, 2]


async def test_an_asynchronous_callback_runs() -> None:
    calls: list[int] = []

    async def call() -> None:
        calls.append(1)

    Timers().set_timeout(create_proxy(call))
    await turns()

    assert calls == [1]


async def test_a_plain_function_is_gone_when_its_time_comes() -> None:
    told: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: told.append(context["exception"]))

    queueMicrotask(lambda: None)
    await turns()

    assert isinstance(told[0], JsException)
    assert told[0].message.startswith(
        "This borrowed proxy was automatically destroyed at the end of a function call. Try using "
        "create_proxy or create_once_callable."
    )


async def test_a_microtask_runs_as_soon_as_somebody_waits() -> None:
    calls: list[int] = []

    queueMicrotask(create_once_callable(lambda: calls.append(1)))

    assert calls == []
    await turns()
    assert calls == [1]


async def test_what_cannot_be_called_is_refused() -> None:
    with pytest.raises(
        JsException, match="'setTimeout' on 'ServiceWorkerGlobalScope': parameter 1"
    ):
        Timers().set_timeout(5)


async def test_waiting_is_a_promise() -> None:
    assert await wait(0) is None
