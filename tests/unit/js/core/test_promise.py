"""`Deferred`, which runs whether or not it is awaited, and `LazyPromise`."""

import asyncio
import gc
import logging

import pytest

from pykvbinding.js.core.promise import Deferred, LazyPromise


async def test_can_be_wait_for_before_or_after_it_is_fulfilled() -> None:
    promise = Deferred()
    waiting = asyncio.create_task(_wait_for(promise))
    await asyncio.sleep(0)

    promise.resolve("value")

    assert await waiting == "value"
    assert await promise == "value"
    assert promise.done


async def test_raises_the_error_for_every_waiter() -> None:
    promise = Deferred()
    waiting = [asyncio.create_task(_wait_for(promise)) for _ in range(2)]
    await asyncio.sleep(0)

    promise.reject(ZeroDivisionError("no"))

    for task in waiting:
        with pytest.raises(ZeroDivisionError):
            await task
    with pytest.raises(ZeroDivisionError):
        promise.result()


def test_only_the_first_outcome_counts() -> None:
    fulfilled, rejected = Deferred.resolved(1), Deferred.rejected(ZeroDivisionError())

    fulfilled.resolve(2)
    fulfilled.reject(ValueError())
    rejected.resolve(3)

    assert fulfilled.result() == 1
    with pytest.raises(ZeroDivisionError):
        rejected.result()


def test_of_a_plain_value_is_fulfilled_without_an_event_loop() -> None:
    promise = Deferred.of(5)

    assert promise.result() == 5
    assert Deferred.of(promise) is promise


async def test_of_an_awaitable_runs_whether_or_not_it_is_wait_for() -> None:
    events: list[str] = []

    async def run() -> None:
        events.append("run")

    promise = Deferred.of(run())
    await asyncio.sleep(0)

    assert events == ["run"]
    assert await promise is None


async def test_of_an_awaitable_that_fails_is_rejected() -> None:
    promise = Deferred.of(_fail())

    with pytest.raises(ZeroDivisionError):
        await promise


async def test_of_a_cancelled_task_is_rejected() -> None:
    task = asyncio.create_task(asyncio.sleep(3600))
    promise = Deferred.of(task)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await promise


async def test_does_not_wake_a_cancelled_waiter() -> None:
    promise = Deferred()
    waiting = asyncio.create_task(_wait_for(promise))
    await asyncio.sleep(0)
    waiting.cancel()

    promise.resolve("late")

    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_calls_a_callback_when_settled_or_at_once() -> None:
    promise, events = Deferred(), list[str]()

    promise.add_done_callback(lambda: events.append("before"))
    promise.resolve()
    promise.add_done_callback(lambda: events.append("after"))

    assert events == ["before", "after"]


async def test_then_maps_the_value_and_awaits_the_result() -> None:
    async def later(value: int) -> int:
        return value + 1

    assert await Deferred.resolved(1).then(lambda value: value + 1) == 2
    assert await Deferred.resolved(1).then(later) == 2
    assert await Deferred.resolved(1).then() == 1


async def test_catch_receives_the_error_and_then_propagates_it() -> None:
    rejected = Deferred.rejected(ZeroDivisionError("no"))

    assert await rejected.catch(str) == "no"
    with pytest.raises(ZeroDivisionError):
        await rejected.then(lambda value: value)


async def test_finally_runs_and_keeps_the_outcome() -> None:
    events: list[str] = []

    value = await Deferred.resolved(1).finally_(lambda: events.append("fulfilled"))
    with pytest.raises(ZeroDivisionError):
        await Deferred.rejected(ZeroDivisionError()).finally_(lambda: events.append("rejected"))

    assert (value, events) == (1, ["fulfilled", "rejected"])


async def test_an_unreferenced_pending_promise_is_collected_silently(
    caplog: pytest.LogCaptureFixture,
) -> None:
    never = Deferred()
    promise = Deferred.of(_wait_for(never))
    await asyncio.sleep(0)

    with caplog.at_level(logging.ERROR, logger="asyncio"):
        del promise, never
        gc.collect()

    assert caplog.records == []


def test_is_a_promise_in_javascript() -> None:
    assert (Deferred().constructor.name, str(Deferred())) == ("Promise", "[object Promise]")


async def _wait_for(promise: Deferred) -> object:
    return await promise


async def _fail() -> None:
    raise ZeroDivisionError("no")


async def five() -> int:
    return 5


async def test_a_lazy_promise_runs_when_it_is_wait_for() -> None:
    promise = LazyPromise(five())

    assert promise.constructor.name == "Promise"
    assert await promise == 5


async def test_then_starts_a_lazy_promise() -> None:
    assert await LazyPromise(five()).then(lambda value: value + 1) == 6


def test_python_warns_about_a_lazy_promise_that_is_never_wait_for() -> None:
    with pytest.warns(RuntimeWarning, match="coroutine 'five' was never awaited"):
        LazyPromise(five())
