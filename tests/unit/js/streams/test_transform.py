"""Tests of TransformStream: transformation, backpressure, errors and cancellation."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.streams.transform import TransformStream
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.py_proxy import create_proxy


def transform(*strategies: Any, **callbacks: Any) -> TransformStream:
    members = {name: create_proxy(callback) for name, callback in callbacks.items()}
    return TransformStream(JsObject(members), *strategies)


async def read_all(stream: Any) -> list[Any]:
    return [chunk async for chunk in stream]


async def catch_error(awaitable: Any) -> str:
    with pytest.raises(JsException) as caught:
        await awaitable
    return f"{caught.value.name}: {caught.value.message}"


async def test_chunks_pass_unchanged_without_a_transformer() -> None:
    stream = TransformStream()
    writer = stream.writable.getWriter()

    async def write() -> None:
        await writer.write("a")
        await writer.write("b")
        await writer.close()

    writing = asyncio.create_task(write())

    assert await read_all(stream.readable) == ["a", "b"]
    await writing


async def test_writes_need_not_be_awaited() -> None:
    stream = TransformStream()
    writer = stream.writable.getWriter()
    writer.write("a")
    writer.close()

    assert await read_all(stream.readable) == ["a"]
    assert await writer.closed is None


async def test_a_write_is_fulfilled_when_its_chunk_has_been_read() -> None:
    stream = TransformStream()
    writer = stream.writable.getWriter()
    written = writer.write("a")
    before = (written.done, writer.desiredSize)

    await stream.readable.getReader().read()

    assert before == (False, 0)
    assert (written.done, writer.desiredSize) == (True, 1)


async def test_close_does_not_need_a_reader() -> None:
    stream = TransformStream()

    await stream.writable.getWriter().close()

    assert await read_all(stream.readable) == []


async def test_a_read_may_precede_the_first_write() -> None:
    stream = TransformStream()
    reading = asyncio.create_task(read_all(stream.readable))
    await asyncio.sleep(0)
    writer = stream.writable.getWriter()

    await writer.write("a")
    await writer.close()

    assert await reading == ["a"]


async def test_a_transformer_may_enqueue_any_number_of_chunks() -> None:
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

    assert await read_all(stream.readable) == ["start", 5, 5, "end"]


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

    assert await read_all(stream.readable) == [1, 2, "end"]


async def test_a_read_waits_for_a_transformation_in_progress() -> None:
    async def flush(controller: Any) -> None:
        await asyncio.sleep(0)
        controller.enqueue("end")

    stream = transform(flush=flush)
    stream.writable.getWriter().close()

    assert await read_all(stream.readable) == ["end"]


async def test_chunks_are_transformed_up_to_the_high_water_mark_without_a_reader() -> None:
    stream = TransformStream(None, None, JsObject({"highWaterMark": 2}))
    writer = stream.writable.getWriter()

    await writer.write("a")
    await writer.write("b")
    third = writer.write("c")

    assert not third.done
    assert (await stream.readable.getReader().read()).value == "a"


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_an_error_in_transform_makes_both_sides_fail(asynchronous: bool) -> None:
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


async def test_an_error_in_flush_makes_both_sides_fail() -> None:
    def flush(controller: Any) -> None:
        raise ZeroDivisionError("no")

    stream = transform(flush=flush)
    closed = stream.writable.getWriter().close()

    with pytest.raises(ZeroDivisionError):
        await closed
    with pytest.raises(ZeroDivisionError):
        await stream.readable.getReader().read()


async def test_error_makes_both_sides_fail_and_fulfills_the_current_write() -> None:
    stream = transform(transform=lambda chunk, controller: controller.error("why"))
    writer = stream.writable.getWriter()
    written = writer.write("a")

    assert await catch_error(stream.readable.getReader().read()) == "Error: why"
    assert await written is None
    assert await catch_error(writer.write("b")) == "Error: why"


async def test_terminate_ends_the_readable_side_and_makes_the_writable_side_fail() -> None:
    stream = transform(transform=lambda chunk, controller: controller.terminate())
    writer = stream.writable.getWriter()
    written = writer.write("a")

    assert await read_all(stream.readable) == []
    assert await written is None
    assert await catch_error(writer.write("b")) == (
        "TypeError: The transform stream has been terminated"
    )


async def test_later_calls_of_terminate_and_error_have_no_effect() -> None:
    controllers: list[Any] = []
    stream = transform(start=controllers.append)

    controllers[0].terminate()
    controllers[0].terminate()
    controllers[0].error("late")

    assert await read_all(stream.readable) == []
    assert controllers[0].desiredSize == 0


async def test_abort_makes_the_readable_side_fail() -> None:
    events: list[Any] = []
    stream = transform(cancel=events.append)
    writer = stream.writable.getWriter()

    await writer.abort("why")

    assert await catch_error(stream.readable.getReader().read()) == "Error: why"
    assert events == ["why"]


async def test_cancel_makes_the_writable_side_fail() -> None:
    events: list[Any] = []
    stream = transform(cancel=events.append)
    writer = stream.writable.getWriter()

    await stream.readable.cancel("why")

    assert await catch_error(writer.write("a")) == "Error: why"
    assert events == ["why"]


async def test_cancel_and_abort_work_without_a_cancel_function() -> None:
    first, second = TransformStream(), TransformStream()

    await first.readable.cancel("why")
    await second.writable.abort("why")

    assert await catch_error(second.readable.getReader().read()) == "Error: why"
    assert first.writable.getWriter().desiredSize is jsnull


async def test_close_is_fulfilled_if_flush_terminates_the_stream() -> None:
    stream = transform(flush=lambda controller: controller.terminate())
    writer = stream.writable.getWriter()

    await writer.close()

    assert await read_all(stream.readable) == []


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
def test_rejects_an_invalid_transformer(transformer: Any, message: str) -> None:
    with pytest.raises(JsException) as caught:
        TransformStream(transformer)

    assert caught.value.message == message
