"""Sources: the bytes of a body, items of any kind, the branches of a tee."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.streams.js_readable import ReadableStream
from tests.support.streams import controlled, everything, stream_of


async def test_both_branches_of_a_tee_get_every_chunk() -> None:
    stream, controller = controlled()
    controller.enqueue("a")
    controller.close()

    first, second = stream.tee()

    assert await everything(first) == ["a"]
    assert await everything(second) == ["a"]
    assert stream.locked


async def test_branches_that_are_read_at_the_same_time_pull_each_chunk_once() -> None:
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

    assert await asyncio.gather(*map(everything, branches)) == [[1, 2], [1, 2]]
    assert calls == 3


async def test_a_tee_of_what_is_over_is_over() -> None:
    stream, controller = controlled()
    controller.close()

    for branch in stream.tee():
        assert branch.take().exhausted
        await branch.cancel()


async def test_a_tee_of_what_failed_fails() -> None:
    stream, controller = controlled()
    controller.error(ZeroDivisionError())

    first, second = stream.tee()

    with pytest.raises(ZeroDivisionError):
        await everything(first)
    with pytest.raises(ZeroDivisionError):
        await second.cancel()


async def test_a_body_comes_in_uint8arrays_of_4096_bytes() -> None:
    chunks = await everything(ReadableStream.of_bytes(bytes(5000)))

    assert [chunk.constructor.name for chunk in chunks] == ["Uint8Array", "Uint8Array"]
    assert [chunk.byteLength for chunk in chunks] == [4096, 904]
    assert await everything(ReadableStream.of_bytes(b"")) == []


async def test_a_body_supports_a_single_read_at_a_time() -> None:
    async def slow() -> AsyncIterator[bytes]:
        await asyncio.sleep(0)
        yield b"a"

    reader = ReadableStream.from_(slow()).getReader()
    waiting = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    with pytest.raises(JsException, match="a single pending read request at a time"):
        await reader.read()
    assert (await waiting).value == b"a"
