"""Controlled: chunks come by a controller, reads are served in their order."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.types.object import JsObject
from tests.support.streams import bytes_of, controlled, everything, read, refused, stream_of


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_pull_is_asked_while_somebody_reads(asynchronous: bool) -> None:
    count = 0

    def pull(controller: Any) -> None:
        nonlocal count
        count += 1
        if count > 2:
            controller.close()
        else:
            controller.enqueue(count)

    async def pull_later(controller: Any) -> None:
        await asyncio.sleep(0)
        pull(controller)

    stream = stream_of(pull=pull_later if asynchronous else pull)

    assert count == 0
    assert await everything(stream) == [1, 2]
    assert count == 3


async def test_pull_may_enqueue_later_by_itself() -> None:
    loop = asyncio.get_running_loop()
    calls = 0

    def pull(controller: Any) -> None:
        nonlocal calls
        calls += 1
        loop.call_soon(controller.enqueue, "late")

    reader = stream_of(pull=pull).getReader()

    assert await read(reader) == "late"
    assert calls == 1


async def test_two_reads_wait_for_one_pull_each() -> None:
    calls = 0

    async def pull(controller: Any) -> None:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0)
        controller.enqueue(calls)

    reader = stream_of(pull=pull).getReader()

    assert list(await asyncio.gather(read(reader), read(reader))) == [1, 2]


async def test_several_reads_are_served_in_their_order() -> None:
    stream, controller = controlled()
    reader = stream.getReader()
    waiting = [asyncio.create_task(read(reader)) for _ in range(3)]
    await asyncio.sleep(0)

    controller.enqueue("a")
    controller.enqueue("b")
    controller.close()

    assert await asyncio.gather(*waiting) == ["a", "b", None]


async def test_a_read_that_is_cancelled_loses_no_chunk() -> None:
    stream, controller = controlled()
    reader = stream.getReader()
    early = asyncio.create_task(reader.read())
    late = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    early.cancel()
    await asyncio.sleep(0)
    controller.enqueue("a")
    late.cancel()
    await asyncio.gather(early, late, return_exceptions=True)

    assert await read(reader) == "a"


async def test_a_read_that_is_cancelled_after_the_end_changes_nothing() -> None:
    stream, controller = controlled()
    reader = stream.getReader()
    waiting = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    controller.close()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert await read(reader) is None


async def test_an_asynchronous_start_is_awaited_before_the_first_pull() -> None:
    told: list[str] = []

    async def start(controller: Any) -> None:
        await asyncio.sleep(0)
        told.append("start")

    def pull(controller: Any) -> None:
        told.append("pull")
        controller.close()

    await everything(stream_of(start=start, pull=pull))

    assert told == ["start", "pull"]


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_a_start_that_fails_fails_the_stream(asynchronous: bool) -> None:
    def start(controller: Any) -> None:
        raise ZeroDivisionError("no")

    async def start_later(controller: Any) -> None:
        start(controller)

    stream = stream_of(start=start_later if asynchronous else start)

    with pytest.raises(ZeroDivisionError):
        await stream.getReader().read()


async def test_a_pull_that_fails_fails_this_read_and_all_others() -> None:
    def pull(controller: Any) -> None:
        raise ZeroDivisionError("no")

    reader = stream_of(pull=pull).getReader()

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await reader.read()
    with pytest.raises(ZeroDivisionError):
        await reader.closed


async def test_an_error_drops_what_was_queued() -> None:
    stream, controller = controlled()
    reader = stream.getReader()
    closed = reader.closed
    controller.enqueue("a")

    controller.error("why")
    controller.error("again")

    with pytest.raises(JsException, match=r"^why$"):
        await reader.read()
    with pytest.raises(JsException, match=r"^why$"):
        await closed
    assert controller.desiredSize is jsnull


async def test_an_error_reaches_who_waits() -> None:
    stream, controller = controlled()
    waiting = asyncio.create_task(stream.getReader().read())
    await asyncio.sleep(0)

    controller.error(ZeroDivisionError("no"))

    with pytest.raises(ZeroDivisionError):
        await waiting


def test_a_closed_stream_takes_nothing_more() -> None:
    _, controller = controlled()
    controller.enqueue("a")
    controller.close()

    assert refused(lambda: controller.enqueue("b")) == "TypeError: Unable to enqueue"
    assert refused(controller.close) == "TypeError: This ReadableStream is closed."


async def test_the_desired_size_counts_what_is_queued() -> None:
    stream, controller = controlled(highWaterMark=3)
    before = controller.desiredSize
    controller.enqueue("a")
    during = controller.desiredSize
    controller.close()
    reader = stream.getReader()
    await reader.read()

    assert (before, during, controller.desiredSize) == (3, 2, 0)
    assert await reader.closed is None


def test_a_strategy_may_measure_chunks() -> None:
    _, controller = controlled(highWaterMark=10, size=len)

    controller.enqueue("abc")

    assert controller.desiredSize == 7


async def test_cancelling_drops_the_queue_and_tells_why() -> None:
    told: list[Any] = []
    stream = stream_of(start=lambda controller: controller.enqueue("a"), cancel=told.append)

    await stream.cancel("why")

    assert told == ["why"]
    assert await everything(stream) == []
    await stream.cancel("again")
    assert told == ["why"]


async def test_an_asynchronous_cancel_is_awaited() -> None:
    told: list[Any] = []

    async def cancel(reason: Any = None) -> None:
        await asyncio.sleep(0)
        told.append(reason)

    await stream_of(cancel=cancel).getReader().cancel("why")

    assert told == ["why"]


async def test_a_cancel_that_fails_tells_who_cancelled() -> None:
    def cancel(reason: Any) -> None:
        raise ZeroDivisionError("no")

    stream = stream_of(cancel=cancel)

    with pytest.raises(ZeroDivisionError):
        await stream.cancel()
    assert await everything(stream) == []


async def test_cancelling_without_a_function_just_ends() -> None:
    stream, _ = controlled()

    await stream.cancel()

    assert await everything(stream) == []


async def test_a_failed_stream_cannot_be_cancelled() -> None:
    stream, controller = controlled()
    controller.error(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        await stream.cancel()


async def test_a_loop_that_is_left_drops_the_rest_and_lets_go() -> None:
    stream, controller = controlled()
    controller.enqueue("a")
    controller.enqueue("b")

    async for _ in stream:
        break

    assert not stream.locked
    assert await everything(stream) == []


async def test_a_reader_that_lets_go_refuses_what_it_waited_for() -> None:
    stream, controller = controlled()
    reader = stream.getReader()
    waiting = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    reader.releaseLock()

    with pytest.raises(JsException, match="This ReadableStream reader has been released"):
        await waiting
    controller.enqueue("a")
    assert await read(stream.getReader()) == "a"


async def test_a_reader_that_asked_early_learns_of_the_end() -> None:
    stream, controller = controlled()
    closed = stream.getReader().closed
    before = closed.done

    controller.close()

    assert (before, closed.done) == (False, True)


async def test_a_stream_of_type_bytes_takes_buffers_only() -> None:
    held: list[Any] = []
    stream = ReadableStream(JsObject({"type": "bytes", "start": held.append}))
    controller = held[0]
    owner = "Failed to execute 'enqueue' on 'ReadableByteStreamController'"

    controller.enqueue(bytes_of("a"))

    assert refused(lambda: controller.enqueue("a")) == (
        f"TypeError: {owner}: parameter 1 is not of type 'BufferSource'."
    )
    assert refused(lambda: controller.enqueue(bytes_of(""))) == (
        "TypeError: Cannot enqueue a zero-length ArrayBuffer."
    )
    assert (controller.byobRequest, controller.desiredSize) == (jsnull, -1)
    assert (await read(stream.getReader())).to_bytes() == b"a"
