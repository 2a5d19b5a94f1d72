"""Tests of `ControlledSource`: queue, pending reads, pull, errors and cancellation."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.types.object import JsObject
from tests.support.streams import (
    bytes_of,
    catch_error,
    controlled_stream,
    read,
    read_all,
    stream_of,
)


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_pull_is_called_for_every_pending_read(asynchronous: bool) -> None:
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
    assert await read_all(stream) == [1, 2]
    assert count == 3


async def test_pull_may_enqueue_after_it_has_returned() -> None:
    loop = asyncio.get_running_loop()
    calls = 0

    def pull(controller: Any) -> None:
        nonlocal calls
        calls += 1
        loop.call_soon(controller.enqueue, "late")

    reader = stream_of(pull=pull).getReader()

    assert await read(reader) == "late"
    assert calls == 1


async def test_each_pending_read_pulls_once() -> None:
    calls = 0

    async def pull(controller: Any) -> None:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0)
        controller.enqueue(calls)

    reader = stream_of(pull=pull).getReader()

    assert list(await asyncio.gather(read(reader), read(reader))) == [1, 2]


async def test_pending_reads_are_resolved_in_order() -> None:
    stream, controller = controlled_stream()
    reader = stream.getReader()
    pending = [asyncio.create_task(read(reader)) for _ in range(3)]
    await asyncio.sleep(0)

    controller.enqueue("a")
    controller.enqueue("b")
    controller.close()

    assert await asyncio.gather(*pending) == ["a", "b", None]


async def test_a_cancelled_read_loses_no_chunk() -> None:
    stream, controller = controlled_stream()
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


async def test_cancelling_a_read_after_the_end_has_no_effect() -> None:
    stream, controller = controlled_stream()
    reader = stream.getReader()
    pending = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    controller.close()
    pending.cancel()
    await asyncio.gather(pending, return_exceptions=True)

    assert await read(reader) is None


async def test_an_asynchronous_start_is_awaited_before_the_first_pull() -> None:
    events: list[str] = []

    async def start(controller: Any) -> None:
        await asyncio.sleep(0)
        events.append("start")

    def pull(controller: Any) -> None:
        events.append("pull")
        controller.close()

    await read_all(stream_of(start=start, pull=pull))

    assert events == ["start", "pull"]


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_an_error_in_start_makes_the_stream_fail(asynchronous: bool) -> None:
    def start(controller: Any) -> None:
        raise ZeroDivisionError("no")

    async def start_later(controller: Any) -> None:
        start(controller)

    stream = stream_of(start=start_later if asynchronous else start)

    with pytest.raises(ZeroDivisionError):
        await stream.getReader().read()


async def test_an_error_in_pull_makes_all_reads_fail() -> None:
    def pull(controller: Any) -> None:
        raise ZeroDivisionError("no")

    reader = stream_of(pull=pull).getReader()

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await reader.read()
    with pytest.raises(ZeroDivisionError):
        await reader.closed


async def test_an_error_drops_the_queue() -> None:
    stream, controller = controlled_stream()
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


async def test_an_error_rejects_a_pending_read() -> None:
    stream, controller = controlled_stream()
    pending = asyncio.create_task(stream.getReader().read())
    await asyncio.sleep(0)

    controller.error(ZeroDivisionError("no"))

    with pytest.raises(ZeroDivisionError):
        await pending


def test_a_closed_stream_rejects_chunks() -> None:
    _, controller = controlled_stream()
    controller.enqueue("a")
    controller.close()

    assert catch_error(lambda: controller.enqueue("b")) == "TypeError: Unable to enqueue"
    assert catch_error(controller.close) == "TypeError: This ReadableStream is closed."


async def test_the_desired_size_counts_the_queued_chunks() -> None:
    stream, controller = controlled_stream(highWaterMark=3)
    before = controller.desiredSize
    controller.enqueue("a")
    during = controller.desiredSize
    controller.close()
    reader = stream.getReader()
    await reader.read()

    assert (before, during, controller.desiredSize) == (3, 2, 0)
    assert await reader.closed is None


def test_a_strategy_can_define_the_size_of_chunks() -> None:
    _, controller = controlled_stream(highWaterMark=10, size=len)

    controller.enqueue("abc")

    assert controller.desiredSize == 7


async def test_cancel_drops_the_queue_and_passes_the_reason() -> None:
    events: list[Any] = []
    stream = stream_of(start=lambda controller: controller.enqueue("a"), cancel=events.append)

    await stream.cancel("why")

    assert events == ["why"]
    assert await read_all(stream) == []
    await stream.cancel("again")
    assert events == ["why"]


async def test_an_asynchronous_cancel_is_awaited() -> None:
    events: list[Any] = []

    async def cancel(reason: Any = None) -> None:
        await asyncio.sleep(0)
        events.append(reason)

    await stream_of(cancel=cancel).getReader().cancel("why")

    assert events == ["why"]


async def test_an_error_in_cancel_rejects_its_promise() -> None:
    def cancel(reason: Any) -> None:
        raise ZeroDivisionError("no")

    stream = stream_of(cancel=cancel)

    with pytest.raises(ZeroDivisionError):
        await stream.cancel()
    assert await read_all(stream) == []


async def test_cancel_ends_a_stream_without_a_cancel_function() -> None:
    stream, _ = controlled_stream()

    await stream.cancel()

    assert await read_all(stream) == []


async def test_cancelling_a_failed_stream_raises_its_error() -> None:
    stream, controller = controlled_stream()
    controller.error(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        await stream.cancel()


async def test_leaving_a_loop_drops_the_rest_and_unlocks_the_stream() -> None:
    stream, controller = controlled_stream()
    controller.enqueue("a")
    controller.enqueue("b")

    async for _ in stream:
        break

    assert not stream.locked
    assert await read_all(stream) == []


async def test_releasing_a_reader_rejects_its_pending_reads() -> None:
    stream, controller = controlled_stream()
    reader = stream.getReader()
    pending = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    reader.releaseLock()

    with pytest.raises(JsException, match="This ReadableStream reader has been released"):
        await pending
    controller.enqueue("a")
    assert await read(stream.getReader()) == "a"


async def test_closed_is_fulfilled_at_the_end() -> None:
    stream, controller = controlled_stream()
    closed = stream.getReader().closed
    before = closed.done

    controller.close()

    assert (before, closed.done) == (False, True)


async def test_a_stream_of_type_bytes_accepts_only_buffers() -> None:
    controllers: list[Any] = []
    stream = ReadableStream(JsObject({"type": "bytes", "start": controllers.append}))
    controller = controllers[0]
    owner = "Failed to execute 'enqueue' on 'ReadableByteStreamController'"

    controller.enqueue(bytes_of("a"))

    assert catch_error(lambda: controller.enqueue("a")) == (
        f"TypeError: {owner}: parameter 1 is not of type 'BufferSource'."
    )
    assert catch_error(lambda: controller.enqueue(bytes_of(""))) == (
        "TypeError: Cannot enqueue a zero-length ArrayBuffer."
    )
    assert (controller.byobRequest, controller.desiredSize) == (jsnull, -1)
    assert (await read(stream.getReader())).to_bytes() == b"a"
