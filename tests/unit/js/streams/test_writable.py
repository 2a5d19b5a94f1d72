"""WritableStream: what is written reaches a sink, one chunk at a time."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.streams.writable import WritableStream
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.py_proxy import create_proxy


def writable(strategy: Any = None, **functions: Any) -> WritableStream:
    members = {name: create_proxy(function) for name, function in functions.items()}
    return WritableStream(JsObject(members), strategy)


async def refused(awaitable: Any) -> str:
    with pytest.raises(JsException) as caught:
        await awaitable
    return f"{caught.value.name}: {caught.value.message}"


async def test_chunks_reach_the_sink_in_their_order_and_then_the_end() -> None:
    told: list[Any] = []
    writer = writable(
        start=lambda controller: told.append("start"),
        write=lambda chunk, controller: told.append(chunk),
        close=lambda: told.append("close"),
    ).getWriter()

    await writer.write(1)
    await writer.write(2)
    await writer.close()

    assert told == ["start", 1, 2, "close"]
    assert await writer.closed is None


async def test_a_write_that_nobody_awaits_is_written() -> None:
    told: list[Any] = []
    writer = writable(write=lambda chunk, controller: told.append(chunk)).getWriter()

    writer.write(1)

    assert told == [1]


async def test_an_asynchronous_sink_gets_one_chunk_at_a_time() -> None:
    told: list[str] = []

    async def write(chunk: int, controller: Any) -> None:
        told.append(f"begin {chunk}")
        await asyncio.sleep(0)
        told.append(f"end {chunk}")

    writer = writable(write=write).getWriter()
    writer.write(1)
    writer.write(2)

    await writer.close()

    assert told == ["begin 1", "end 1", "begin 2", "end 2"]


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_a_write_that_fails_fails_all_that_follow(asynchronous: bool) -> None:
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


async def test_the_controller_fails_the_stream() -> None:
    writer = writable(start=lambda controller: controller.error("why")).getWriter()

    assert await refused(writer.write(1)) == "Error: why"
    assert await refused(writer.closed) == "Error: why"


async def test_a_start_that_fails_fails_the_stream() -> None:
    def start(controller: Any) -> None:
        raise ZeroDivisionError("no")

    writer = writable(start=start).getWriter()

    with pytest.raises(ZeroDivisionError):
        await writer.write(1)


async def test_an_asynchronous_start_comes_before_the_first_write() -> None:
    told: list[Any] = []

    async def start(controller: Any) -> None:
        await asyncio.sleep(0)
        told.append("start")

    writer = writable(start=start, write=lambda chunk, c: told.append(chunk)).getWriter()

    await writer.write(1)

    assert told == ["start", 1]


async def test_a_closed_stream_takes_nothing_more() -> None:
    writer = writable().getWriter()

    await writer.close()

    assert await refused(writer.write(1)) == "TypeError: This WritableStream has been closed."
    assert await refused(writer.close()) == "TypeError: This WritableStream has been closed."
    assert await writer.abort() is None
    assert writer.desiredSize == 0


async def test_a_stream_closes_once() -> None:
    never = Deferred()
    writer = writable(close=lambda: never).getWriter()
    writer.close()

    assert await refused(writer.close()) == (
        "TypeError: Cannot close a writer that is already being closed"
    )
    assert await refused(writer.write(1)) == "TypeError: This WritableStream has been closed."
    assert await writer.ready is None


async def test_a_writer_is_ready_when_the_sink_has_taken_the_last_chunk() -> None:
    taken = Deferred()
    writer = writable(write=lambda chunk, controller: taken).getWriter()
    before = (writer.desiredSize, writer.ready.done)
    writer.write(1)
    during = (writer.desiredSize, writer.ready.done, writer.ready is writer.ready)
    ready = writer.ready

    taken.resolve()

    assert (before, during) == ((1, True), (0, False, True))
    assert ready.done
    assert writer.desiredSize == 1


async def test_who_waits_to_write_learns_of_a_failure() -> None:
    taken = Deferred()
    writer = writable(write=lambda chunk, controller: taken).getWriter()
    writer.write(1)
    ready = writer.ready

    taken.reject(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        await ready


def test_a_strategy_says_how_much_is_wanted() -> None:
    never = Deferred()
    strategy = JsObject({"highWaterMark": 10, "size": len})
    writer = writable(strategy, write=lambda chunk, controller: never).getWriter()

    writer.write("abc")
    writer.close()

    assert writer.desiredSize == 7


async def test_aborting_drops_what_waits_and_tells_why() -> None:
    told: list[Any] = []
    never = Deferred()
    stream = writable(write=lambda chunk, controller: never, abort=told.append)
    writer = stream.getWriter()
    written = writer.write(1)

    await writer.abort("why")
    never.resolve()

    assert told == ["why"]
    assert await refused(written) == "Error: why"
    assert await refused(writer.closed) == "Error: why"
    assert await writer.abort("again") is None


async def test_aborting_without_a_function_just_refuses_what_follows() -> None:
    stream = writable()

    await stream.abort("why")

    assert await refused(stream.close()) == "Error: why"


async def test_an_abort_that_fails_tells_who_aborted() -> None:
    def abort(reason: Any) -> None:
        raise ZeroDivisionError("no")

    writer = writable(abort=abort).getWriter()

    with pytest.raises(ZeroDivisionError):
        await writer.abort("why")
    assert await refused(writer.closed) == "Error: why"


async def test_a_writer_holds_the_stream_until_it_lets_go() -> None:
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
        assert await refused(outcome) == released
    with pytest.raises(JsException, match="has been released"):
        writer.desiredSize  # noqa: B018


async def test_a_write_that_ends_after_the_failure_changes_nothing() -> None:
    taken = Deferred()
    held: list[Any] = []

    def write(chunk: Any, controller: Any) -> Deferred:
        held.append(controller)
        return taken

    writer = writable(write=write).getWriter()
    writer.write(1)
    held[0].error("why")
    held[0].error("again")

    taken.resolve()

    assert await refused(writer.closed) == "Error: why"


def test_what_is_no_sink_is_refused() -> None:
    with pytest.raises(JsException) as caught:
        WritableStream(5)

    assert caught.value.message == (
        "Failed to construct 'WritableStream': constructor parameter 1 is not of type "
        "'UnderlyingSink'."
    )


async def test_the_methods_of_a_proxy_stay_a_function_without_one_is_gone() -> None:
    class Sink:
        def __init__(self) -> None:
            self.told: list[Any] = []

        def write(self, chunk: Any, controller: Any) -> None:
            self.told.append(chunk)

    sink = Sink()

    await WritableStream(create_proxy(sink)).getWriter().write(1)

    assert sink.told == [1]
    writer = WritableStream(JsObject({"write": sink.write})).getWriter()
    assert "borrowed proxy was automatically destroyed" in await refused(writer.write(2))
