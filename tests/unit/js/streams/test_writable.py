"""Tests of WritableStream: writes, backpressure, errors, abort and locks."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.streams.writable import WritableStream
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.py_proxy import create_proxy


def writable(strategy: Any = None, **callbacks: Any) -> WritableStream:
    members = {name: create_proxy(callback) for name, callback in callbacks.items()}
    return WritableStream(JsObject(members), strategy)


async def catch_error(awaitable: Any) -> str:
    with pytest.raises(JsException) as caught:
        await awaitable
    return f"{caught.value.name}: {caught.value.message}"


async def test_the_sink_gets_the_chunks_in_order_and_then_the_end() -> None:
    events: list[Any] = []
    writer = writable(
        start=lambda controller: events.append("start"),
        write=lambda chunk, controller: events.append(chunk),
        close=lambda: events.append("close"),
    ).getWriter()

    await writer.write(1)
    await writer.write(2)
    await writer.close()

    assert events == ["start", 1, 2, "close"]
    assert await writer.closed is None


async def test_a_write_need_not_be_awaited() -> None:
    events: list[Any] = []
    writer = writable(write=lambda chunk, controller: events.append(chunk)).getWriter()

    writer.write(1)

    assert events == [1]


async def test_an_asynchronous_sink_gets_one_chunk_at_a_time() -> None:
    events: list[str] = []

    async def write(chunk: int, controller: Any) -> None:
        events.append(f"begin {chunk}")
        await asyncio.sleep(0)
        events.append(f"end {chunk}")

    writer = writable(write=write).getWriter()
    writer.write(1)
    writer.write(2)

    await writer.close()

    assert events == ["begin 1", "end 1", "begin 2", "end 2"]


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_an_error_in_write_makes_all_later_calls_fail(asynchronous: bool) -> None:
    def write(chunk: Any, controller: Any) -> None:
        raise ZeroDivisionError("full")

    async def write_later(chunk: Any, controller: Any) -> None:
        write(chunk, controller)

    writer = writable(write=write_later if asynchronous else write).getWriter()
    ready = writer.ready

    for outcome in (writer.write(1), writer.write(2), writer.close(), writer.closed):
        with pytest.raises(ZeroDivisionError):
            await outcome
    for outcome in (writer.write(3), writer.ready):
        with pytest.raises(ZeroDivisionError):
            await outcome
    assert ready.done
    assert writer.desiredSize is jsnull


async def test_the_controller_can_make_the_stream_fail() -> None:
    writer = writable(start=lambda controller: controller.error("why")).getWriter()

    assert await catch_error(writer.write(1)) == "Error: why"
    assert await catch_error(writer.closed) == "Error: why"


async def test_an_error_in_start_makes_the_stream_fail() -> None:
    def start(controller: Any) -> None:
        raise ZeroDivisionError("no")

    writer = writable(start=start).getWriter()

    with pytest.raises(ZeroDivisionError):
        await writer.write(1)


async def test_an_asynchronous_start_is_awaited_before_the_first_write() -> None:
    events: list[Any] = []

    async def start(controller: Any) -> None:
        await asyncio.sleep(0)
        events.append("start")

    writer = writable(start=start, write=lambda chunk, c: events.append(chunk)).getWriter()

    await writer.write(1)

    assert events == ["start", 1]


async def test_a_closed_stream_rejects_chunks() -> None:
    writer = writable().getWriter()

    await writer.close()

    assert await catch_error(writer.write(1)) == "TypeError: This WritableStream has been closed."
    assert await catch_error(writer.close()) == "TypeError: This WritableStream has been closed."
    assert await writer.abort() is None
    assert writer.desiredSize == 0


async def test_rejects_a_second_close() -> None:
    never = Deferred()
    writer = writable(close=lambda: never).getWriter()
    writer.close()

    assert await catch_error(writer.close()) == (
        "TypeError: Cannot close a writer that is already being closed"
    )
    assert await catch_error(writer.write(1)) == "TypeError: This WritableStream has been closed."
    assert await writer.ready is None


async def test_ready_is_fulfilled_when_the_sink_has_processed_the_last_chunk() -> None:
    processed = Deferred()
    writer = writable(write=lambda chunk, controller: processed).getWriter()
    before = (writer.desiredSize, writer.ready.done)
    writer.write(1)
    during = (writer.desiredSize, writer.ready.done, writer.ready is writer.ready)
    ready = writer.ready

    processed.resolve()

    assert (before, during) == ((1, True), (0, False, True))
    assert ready.done
    assert writer.desiredSize == 1


async def test_ready_is_rejected_if_a_write_fails() -> None:
    processed = Deferred()
    writer = writable(write=lambda chunk, controller: processed).getWriter()
    writer.write(1)
    ready = writer.ready

    processed.reject(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        await ready


def test_a_strategy_defines_the_desired_size() -> None:
    never = Deferred()
    strategy = JsObject({"highWaterMark": 10, "size": len})
    writer = writable(strategy, write=lambda chunk, controller: never).getWriter()

    writer.write("abc")
    writer.close()

    assert writer.desiredSize == 7


async def test_abort_drops_the_queue_and_passes_the_reason() -> None:
    events: list[Any] = []
    never = Deferred()
    stream = writable(write=lambda chunk, controller: never, abort=events.append)
    writer = stream.getWriter()
    written = writer.write(1)

    await writer.abort("why")
    never.resolve()

    assert events == ["why"]
    assert await catch_error(written) == "Error: why"
    assert await catch_error(writer.closed) == "Error: why"
    assert await writer.abort("again") is None


async def test_abort_works_without_an_abort_function() -> None:
    stream = writable()

    await stream.abort("why")

    assert await catch_error(stream.close()) == "Error: why"


async def test_an_error_in_abort_rejects_its_promise() -> None:
    def abort(reason: Any) -> None:
        raise ZeroDivisionError("no")

    writer = writable(abort=abort).getWriter()

    with pytest.raises(ZeroDivisionError):
        await writer.abort("why")
    assert await catch_error(writer.closed) == "Error: why"


async def test_a_writer_locks_the_stream_until_it_is_released() -> None:
    stream = writable()
    writer = stream.getWriter()

    for call in (stream.getWriter, stream.abort, stream.close):
        with pytest.raises(JsException, match="currently locked to a writer"):
            call()
    writer.releaseLock()
    writer.releaseLock()

    assert not stream.locked
    released = "TypeError: This WritableStream writer has been released."
    for outcome in (writer.write(1), writer.close(), writer.abort(), writer.closed, writer.ready):
        assert await catch_error(outcome) == released
    with pytest.raises(JsException, match="has been released"):
        writer.desiredSize  # noqa: B018


async def test_a_write_that_completes_after_an_error_has_no_effect() -> None:
    processed = Deferred()
    controllers: list[Any] = []

    def write(chunk: Any, controller: Any) -> Deferred:
        controllers.append(controller)
        return processed

    writer = writable(write=write).getWriter()
    writer.write(1)
    controllers[0].error("why")
    controllers[0].error("again")

    processed.resolve()

    assert await catch_error(writer.closed) == "Error: why"


def test_rejects_an_invalid_sink() -> None:
    with pytest.raises(JsException) as caught:
        WritableStream(5)

    assert caught.value.message == (
        "Failed to construct 'WritableStream': constructor parameter 1 is not of type "
        "'UnderlyingSink'."
    )


async def test_methods_of_a_proxy_stay_callable_unlike_plain_functions() -> None:
    class Sink:
        def __init__(self) -> None:
            self.events: list[Any] = []

        def write(self, chunk: Any, controller: Any) -> None:
            self.events.append(chunk)

    sink = Sink()

    await WritableStream(create_proxy(sink)).getWriter().write(1)

    assert sink.events == [1]
    writer = WritableStream(JsObject({"write": sink.write})).getWriter()
    assert "borrowed proxy was automatically destroyed" in await catch_error(writer.write(2))
