"""Tests of streams with an asynchronous or a failing source."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from pykvbinding import KVNamespace, ReadableStream


async def slowly(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(0)
        yield chunk


async def read_all(stream: ReadableStream) -> list[bytes]:
    return [chunk async for chunk in stream]


async def test_both_branches_of_a_tee_can_be_read_concurrently() -> None:
    first, second = ReadableStream(slowly(b"1", b"2")).tee()

    read = await asyncio.gather(read_all(first), read_all(second))

    assert list(read) == [[b"1", b"2"], [b"1", b"2"]]


async def test_both_branches_of_a_tee_can_be_put_concurrently(kv: KVNamespace) -> None:
    first, second = ReadableStream(slowly(b"he", b"llo")).tee()

    await asyncio.gather(kv.put("first", first), kv.put("second", second))

    assert await kv.get(["first", "second"]) == {"first": "hello", "second": "hello"}


async def test_cancelling_a_read_of_one_branch_does_not_block_the_other() -> None:
    first, second = ReadableStream(slowly(b"1", b"2")).tee()
    reading = asyncio.create_task(read_all(first))
    pending = asyncio.create_task(read_all(second))
    await asyncio.sleep(0)

    pending.cancel()

    assert await reading == [b"1", b"2"]
    with pytest.raises(asyncio.CancelledError):
        await pending


async def test_a_failed_stream_stays_locked_after_a_loop() -> None:
    def failing() -> Iterator[bytes]:
        yield b"a"
        raise ZeroDivisionError

    stream = ReadableStream(failing())

    with pytest.raises(ZeroDivisionError):
        await read_all(stream)

    assert stream.locked


async def test_cancel_during_a_pending_read_drops_the_later_chunks() -> None:
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
