"""Tests of timers on the event loop of the test."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.globals.callables import JsFunction
from pykvbinding.js.globals.timers import Timers, queueMicrotask, wait
from pykvbinding.js.types.py_proxy import create_once_callable, create_proxy


async def yield_to_loop(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_timeout_calls_once_with_its_arguments() -> None:
    calls: list[Any] = []

    Timers().set_timeout(create_proxy(lambda *args: calls.append(args)), 0, 1, 2)
    await yield_to_loop()

    assert calls == [(1, 2)]


async def test_an_interval_calls_repeatedly_until_it_is_cleared() -> None:
    timers = Timers()
    calls: list[int] = []
    done = asyncio.Event()

    def count() -> None:
        calls.append(1)
        if len(calls) == 3:
            timers.clear(timer_id)
            done.set()

    timer_id = timers.set_interval(create_proxy(count), "0")
    await done.wait()
    await yield_to_loop()

    assert len(calls) == 3


async def test_a_cleared_timer_does_not_call() -> None:
    timers = Timers()
    calls: list[int] = []

    timers.clear(timers.set_timeout(JsFunction(lambda: calls.append(1), "f"), float("nan")))
    timers.clear(99)
    await yield_to_loop()

    assert calls == []


async def test_timers_are_numbered_from_one() -> None:
    timers = Timers()
    timer_ids = [timers.set_timeout(create_proxy(print), 60_000) for _ in range(2)]

    for timer_id in timer_ids:
        timers.clear(timer_id)

    assert timer_ids == [1, 2]


async def test_an_asynchronous_callback_runs() -> None:
    calls: list[int] = []

    async def call() -> None:
        calls.append(1)

    Timers().set_timeout(create_proxy(call))
    await yield_to_loop()

    assert calls == [1]


async def test_a_plain_function_raises_when_it_is_called() -> None:
    errors: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: errors.append(context["exception"]))

    queueMicrotask(lambda: None)
    await yield_to_loop()

    assert isinstance(errors[0], JsException)
    assert errors[0].message.startswith(
        "This borrowed proxy was automatically destroyed at the end of a function call. Try using "
        "create_proxy or create_once_callable."
    )


async def test_a_microtask_runs_at_the_next_await() -> None:
    calls: list[int] = []

    queueMicrotask(create_once_callable(lambda: calls.append(1)))

    assert calls == []
    await yield_to_loop()
    assert calls == [1]


async def test_rejects_a_callback_that_is_not_callable() -> None:
    with pytest.raises(
        JsException, match="'setTimeout' on 'ServiceWorkerGlobalScope': parameter 1"
    ):
        Timers().set_timeout(5)


async def test_wait_returns_a_promise() -> None:
    assert await wait(0) is None
