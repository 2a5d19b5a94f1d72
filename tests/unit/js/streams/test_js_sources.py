"""Tests of the sources of JavaScript's streams: bodies, items and branches of a tee."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.streams.js_readable import ReadableStream
from tests.support.streams import controlled_stream, read_all, stream_of


async def test_both_branches_of_a_tee_get_every_chunk() -> None:
    stream, controller = controlled_stream()
    controller.enqueue("a")
    controller.close()

    first, second = stream.tee()

    assert await read_all(first) == ["a"]
    assert await read_all(second) == ["a"]
    assert stream.locked


async def test_branches_read_concurrently_pull_each_chunk_once() -> None:
    calls = 0

    async def pull(controller: Any) -> None:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0)
        if calls == 3:
            controller.close()
        else:
            controller.enqueue(calls)

    branches = stream_of(pull=pull).tee()

    assert await asyncio.gather(*map(read_all, branches)) == [[1, 2], [1, 2]]
    assert calls == 3


async def test_the_branches_of_a_closed_stream_are_closed() -> None:
    stream, controller = controlled_stream()
    controller.close()

    for branch in stream.tee():
        assert branch.take().exhausted
        await branch.cancel()


async def test_the_branches_of_a_failed_stream_fail() -> None:
    stream, controller = controlled_stream()
    controller.error(ZeroDivisionError())

    first, second = stream.tee()

    with pytest.raises(ZeroDivisionError):
        await read_all(first)
    with pytest.raises(ZeroDivisionError):
        await second.cancel()


async def test_a_body_is_read_in_uint8arrays_of_4096_bytes() -> None:
    chunks = await read_all(ReadableStream.from_bytes(bytes(5000)))

    assert [chunk.constructor.name for chunk in chunks] == ["Uint8Array", "Uint8Array"]
    assert [chunk.byteLength for chunk in chunks] == [4096, 904]
    assert await read_all(ReadableStream.from_bytes(b"")) == []


async def test_a_body_supports_a_single_read_at_a_time() -> None:
    async def slow() -> AsyncIterator[bytes]:
        await asyncio.sleep(0)
        yield b"a"

    reader = ReadableStream.from_(slow()).getReader()
    pending = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    with pytest.raises(JsException, match="a single pending read request at a time"):
        await reader.read()
    assert (await pending).value == b"a"
