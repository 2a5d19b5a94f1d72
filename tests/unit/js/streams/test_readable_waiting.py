"""Streams whose source makes its readers wait, or fails."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from pykvbinding import KVNamespace, ReadableStream


async def slowly(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(0)
        yield chunk


async def everything(stream: ReadableStream) -> list[bytes]:
    return [chunk async for chunk in stream]


async def test_both_branches_of_a_tee_may_be_read_at_the_same_time() -> None:
    first, second = ReadableStream(slowly(b"1", b"2")).tee()

    read = await asyncio.gather(everything(first), everything(second))

    assert list(read) == [[b"1", b"2"], [b"1", b"2"]]


async def test_both_branches_of_a_tee_may_be_put_at_the_same_time(kv: KVNamespace) -> None:
    first, second = ReadableStream(slowly(b"he", b"llo")).tee()

    await asyncio.gather(kv.put("first", first), kv.put("second", second))

    assert await kv.get(["first", "second"]) == {"first": "hello", "second": "hello"}


async def test_a_branch_whose_reader_was_cancelled_does_not_hold_up_the_other() -> None:
    first, second = ReadableStream(slowly(b"1", b"2")).tee()
    reading = asyncio.create_task(everything(first))
    waiting = asyncio.create_task(everything(second))
    await asyncio.sleep(0)

    waiting.cancel()

    assert await reading == [b"1", b"2"]
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_loop_over_a_failing_source_keeps_the_stream_as_in_production() -> None:
    def failing() -> Iterator[bytes]:
        yield b"a"
        raise ZeroDivisionError

    stream = ReadableStream(failing())

    with pytest.raises(ZeroDivisionError):
        await everything(stream)

    assert stream.locked


async def test_cancel_while_a_read_waits_drops_what_comes_after() -> None:
    gate = asyncio.Event()

    async def source() -> AsyncIterator[bytes]:
        await gate.wait()
        yield b"a"
        yield b"never asked for"

    reader = ReadableStream(source()).getReader()
    reading = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    await reader.cancel()
    gate.set()

    assert await reading == {"done": False, "value": b"a"}
    assert await reader.read() == {"done": True, "value": None}
