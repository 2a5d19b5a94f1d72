"""`Deferred` and `Pending`: promises that run on their own, and promises that are lazy."""

import asyncio
import gc
import logging

import pytest

from pykvbinding.js.core.promise import Deferred, Pending


async def test_it_is_awaited_before_or_after_it_is_kept() -> None:
    promise = Deferred()
    waiting = asyncio.create_task(_awaited(promise))
    await asyncio.sleep(0)

    promise.resolve("kept")

    assert await waiting == "kept"
    assert await promise == "kept"
    assert promise.done


async def test_an_error_is_raised_for_everybody_who_awaits() -> None:
    promise = Deferred()
    waiting = [asyncio.create_task(_awaited(promise)) for _ in range(2)]
    await asyncio.sleep(0)

    promise.reject(ZeroDivisionError("no"))

    for task in waiting:
        with pytest.raises(ZeroDivisionError):
            await task
    with pytest.raises(ZeroDivisionError):
        promise.result()


def test_only_the_first_outcome_counts() -> None:
    kept, broken = Deferred.resolved(1), Deferred.rejected(ZeroDivisionError())

    kept.resolve(2)
    kept.reject(ValueError())
    broken.resolve(3)

    assert kept.result() == 1
    with pytest.raises(ZeroDivisionError):
        broken.result()


def test_one_of_a_plain_value_is_kept_without_an_event_loop() -> None:
    promise = Deferred.of(5)

    assert promise.result() == 5
    assert Deferred.of(promise) is promise


async def test_one_of_an_awaitable_runs_whether_or_not_it_is_awaited() -> None:
    told: list[str] = []

    async def tell() -> None:
        told.append("run")

    promise = Deferred.of(tell())
    await asyncio.sleep(0)

    assert told == ["run"]
    assert await promise is None


async def test_one_of_an_awaitable_that_fails_is_rejected() -> None:
    promise = Deferred.of(_failing())

    with pytest.raises(ZeroDivisionError):
        await promise


async def test_one_of_a_task_that_is_cancelled_is_rejected() -> None:
    task = asyncio.create_task(asyncio.sleep(3600))
    promise = Deferred.of(task)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await promise


async def test_a_waiter_that_was_cancelled_is_not_woken() -> None:
    promise = Deferred()
    waiting = asyncio.create_task(_awaited(promise))
    await asyncio.sleep(0)
    waiting.cancel()

    promise.resolve("late")

    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_a_callback_is_called_once_it_is_settled_or_at_once() -> None:
    promise, told = Deferred(), list[str]()

    promise.when_done(lambda: told.append("before"))
    promise.resolve()
    promise.when_done(lambda: told.append("after"))

    assert told == ["before", "after"]


async def test_then_maps_the_value_and_takes_awaitables_of_it() -> None:
    async def later(value: int) -> int:
        return value + 1

    assert await Deferred.resolved(1).then(lambda value: value + 1) == 2
    assert await Deferred.resolved(1).then(later) == 2
    assert await Deferred.resolved(1).then() == 1


async def test_catch_gets_the_error_and_then_without_it_passes_it_on() -> None:
    broken = Deferred.rejected(ZeroDivisionError("no"))

    assert await broken.catch(str) == "no"
    with pytest.raises(ZeroDivisionError):
        await broken.then(lambda value: value)


async def test_finally_runs_and_changes_nothing() -> None:
    told: list[str] = []

    value = await Deferred.resolved(1).finally_(lambda: told.append("kept"))
    with pytest.raises(ZeroDivisionError):
        await Deferred.rejected(ZeroDivisionError()).finally_(lambda: told.append("broken"))

    assert (value, told) == (1, ["kept", "broken"])


async def test_one_that_nobody_holds_any_more_is_forgotten_silently(
    caplog: pytest.LogCaptureFixture,
) -> None:
    never = Deferred()
    promise = Deferred.of(_awaited(never))
    await asyncio.sleep(0)

    with caplog.at_level(logging.ERROR, logger="asyncio"):
        del promise, never
        gc.collect()

    assert caplog.records == []


def test_it_is_a_promise_for_javascript() -> None:
    assert (Deferred().constructor.name, str(Deferred())) == ("Promise", "[object Promise]")


async def _awaited(promise: Deferred) -> object:
    return await promise


async def _failing() -> None:
    raise ZeroDivisionError("no")


async def five() -> int:
    return 5


async def test_a_pending_promise_runs_when_it_is_awaited() -> None:
    pending = Pending(five())

    assert pending.constructor.name == "Promise"
    assert await pending == 5


async def test_then_starts_a_pending_promise() -> None:
    assert await Pending(five()).then(lambda value: value + 1) == 6


def test_python_warns_about_a_pending_promise_that_is_never_awaited() -> None:
    with pytest.warns(RuntimeWarning, match="coroutine 'five' was never awaited"):
        Pending(five())
