"""TransformStream: what is written on one side is read, changed or not, on the other."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.streams.transform import TransformStream
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.py_proxy import create_proxy


def transform(*strategies: Any, **functions: Any) -> TransformStream:
    members = {name: create_proxy(function) for name, function in functions.items()}
    return TransformStream(JsObject(members), *strategies)


async def everything(stream: Any) -> list[Any]:
    return [chunk async for chunk in stream]


async def refused(awaitable: Any) -> str:
    with pytest.raises(JsException) as caught:
        await awaitable
    return f"{caught.value.name}: {caught.value.message}"


async def test_chunks_pass_as_they_are_while_the_writer_runs_beside_the_reader() -> None:
    stream = TransformStream()
    writer = stream.writable.getWriter()

    async def write() -> None:
        await writer.write("a")
        await writer.write("b")
        await writer.close()

    writing = asyncio.create_task(write())

    assert await everything(stream.readable) == ["a", "b"]
    await writing


async def test_writes_that_nobody_awaits_are_read() -> None:
    stream = TransformStream()
    writer = stream.writable.getWriter()
    writer.write("a")
    writer.close()

    assert await everything(stream.readable) == ["a"]
    assert await writer.closed is None


async def test_a_write_is_done_when_somebody_has_read() -> None:
    stream = TransformStream()
    writer = stream.writable.getWriter()
    written = writer.write("a")
    before = (written.done, writer.desiredSize)

    await stream.readable.getReader().read()

    assert before == (False, 0)
    assert (written.done, writer.desiredSize) == (True, 1)


async def test_the_end_needs_no_reader() -> None:
    stream = TransformStream()

    await stream.writable.getWriter().close()

    assert await everything(stream.readable) == []


async def test_a_reader_may_come_first() -> None:
    stream = TransformStream()
    reading = asyncio.create_task(everything(stream.readable))
    await asyncio.sleep(0)
    writer = stream.writable.getWriter()

    await writer.write("a")
    await writer.close()

    assert await reading == ["a"]


async def test_a_transformer_makes_none_one_or_many_of_a_chunk() -> None:
    def double_odd(chunk: int, controller: Any) -> None:
        for _ in range(2 * (chunk % 2)):
            controller.enqueue(chunk)

    stream = transform(
        start=lambda controller: controller.enqueue("start"),
        transform=double_odd,
        flush=lambda controller: controller.enqueue("end"),
    )
    writer = stream.writable.getWriter()
    for chunk in (2, 4, 5):
        writer.write(chunk)
    writer.close()

    assert await everything(stream.readable) == ["start", 5, 5, "end"]


async def test_an_asynchronous_transformer_is_awaited_in_order() -> None:
    async def slowly(chunk: int, controller: Any) -> None:
        await asyncio.sleep(0)
        controller.enqueue(chunk)

    async def flush(controller: Any) -> None:
        await asyncio.sleep(0)
        controller.enqueue("end")

    stream = transform(transform=slowly, flush=flush)
    writer = stream.writable.getWriter()
    for chunk in (1, 2):
        writer.write(chunk)
    writer.close()

    assert await everything(stream.readable) == [1, 2, "end"]


async def test_a_reader_waits_for_what_was_begun_ahead() -> None:
    async def flush(controller: Any) -> None:
        await asyncio.sleep(0)
        controller.enqueue("end")

    stream = transform(flush=flush)
    stream.writable.getWriter().close()

    assert await everything(stream.readable) == ["end"]


async def test_a_readable_side_that_wants_chunks_ahead_gets_them_without_a_reader() -> None:
    stream = TransformStream(None, None, JsObject({"highWaterMark": 2}))
    writer = stream.writable.getWriter()

    await writer.write("a")
    await writer.write("b")
    third = writer.write("c")

    assert not third.done
    assert (await stream.readable.getReader().read()).value == "a"


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_a_transformer_that_fails_fails_both_sides(asynchronous: bool) -> None:
    def fail(chunk: Any, controller: Any) -> None:
        raise ZeroDivisionError("no")

    async def fail_later(chunk: Any, controller: Any) -> None:
        fail(chunk, controller)

    stream = transform(transform=fail_later if asynchronous else fail)
    writer = stream.writable.getWriter()
    written = writer.write("a")

    for outcome in (stream.readable.getReader().read(), written, writer.close()):
        with pytest.raises(ZeroDivisionError):
            await outcome


async def test_a_flush_that_fails_fails_both_sides() -> None:
    def flush(controller: Any) -> None:
        raise ZeroDivisionError("no")

    stream = transform(flush=flush)
    closed = stream.writable.getWriter().close()

    with pytest.raises(ZeroDivisionError):
        await closed
    with pytest.raises(ZeroDivisionError):
        await stream.readable.getReader().read()


async def test_the_controller_fails_both_sides_but_the_write_under_way_is_done() -> None:
    stream = transform(transform=lambda chunk, controller: controller.error("why"))
    writer = stream.writable.getWriter()
    written = writer.write("a")

    assert await refused(stream.readable.getReader().read()) == "Error: why"
    assert await written is None
    assert await refused(writer.write("b")) == "Error: why"


async def test_the_controller_ends_the_readable_side_and_fails_the_other() -> None:
    stream = transform(transform=lambda chunk, controller: controller.terminate())
    writer = stream.writable.getWriter()
    written = writer.write("a")

    assert await everything(stream.readable) == []
    assert await written is None
    assert await refused(writer.write("b")) == (
        "TypeError: The transform stream has been terminated"
    )


async def test_a_controller_that_is_told_twice_listens_once() -> None:
    held: list[Any] = []
    stream = transform(start=held.append)

    held[0].terminate()
    held[0].terminate()
    held[0].error("late")

    assert await everything(stream.readable) == []
    assert held[0].desiredSize == 0


async def test_aborting_the_writable_side_fails_the_readable_one() -> None:
    told: list[Any] = []
    stream = transform(cancel=told.append)
    writer = stream.writable.getWriter()

    await writer.abort("why")

    assert await refused(stream.readable.getReader().read()) == "Error: why"
    assert told == ["why"]


async def test_cancelling_the_readable_side_fails_the_writable_one() -> None:
    told: list[Any] = []
    stream = transform(cancel=told.append)
    writer = stream.writable.getWriter()

    await stream.readable.cancel("why")

    assert await refused(writer.write("a")) == "Error: why"
    assert told == ["why"]


async def test_both_sides_end_without_a_function_that_wants_to_know() -> None:
    first, second = TransformStream(), TransformStream()

    await first.readable.cancel("why")
    await second.writable.abort("why")

    assert await refused(second.readable.getReader().read()) == "Error: why"
    assert first.writable.getWriter().desiredSize is jsnull


async def test_an_end_that_is_flushed_after_the_readable_side_ended_is_done() -> None:
    stream = transform(flush=lambda controller: controller.terminate())
    writer = stream.writable.getWriter()

    await writer.close()

    assert await everything(stream.readable) == []


@pytest.mark.parametrize(
    ("transformer", "message"),
    [
        (
            5,
            "Failed to construct 'TransformStream': constructor parameter 1 is not of type "
            "'Transformer'.",
        ),
        (JsObject({"readableType": "x"}), "transformer.readableType must be undefined."),
        (JsObject({"writableType": "x"}), "transformer.writableType must be undefined."),
    ],
)
def test_what_is_no_transformer_is_refused(transformer: Any, message: str) -> None:
    with pytest.raises(JsException) as caught:
        TransformStream(transformer)

    assert caught.value.message == message
