"""Tests of `Source` and `Chunk`: the values that readers get, and the promise `closed`."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from pykvbinding import KVError, ReadableStream
from pykvbinding.js.streams.source import Chunk, Source


def _failing() -> Iterator[bytes]:
    yield b"a"
    raise ZeroDivisionError("no more")


def test_a_chunk_is_bytes_with_the_attributes_of_a_uint8array() -> None:
    chunk = Chunk(b"ab")

    assert chunk == b"ab"
    assert (type(chunk.to_bytes()), chunk.to_bytes()) == (bytes, b"ab")
    assert (chunk.length, chunk.byteLength, chunk.typeof) == (2, 2, "object")
    assert chunk.constructor.name == "Uint8Array"


def test_to_py_of_a_chunk_returns_a_view_of_a_copy() -> None:
    view = Chunk(b"ab").to_py()

    view[0] = 0

    assert bytes(view) == b"\0b"


async def test_a_reader_gets_chunks_and_put_gets_plain_bytes() -> None:
    first, second = Source([b"a"]), Source([b"a"])

    assert type(await first.read()) is Chunk
    assert type(await second.next()) is bytes


async def test_closed_is_the_same_promise_before_and_after_the_end() -> None:
    source = Source([b"a"])
    before = source.closed
    await source.next()

    await source.next()

    assert before.done
    assert source.closed is before
    assert (source.exhausted, source.finished) == (True, True)


async def test_closed_is_fulfilled_at_once_after_the_end() -> None:
    source = Source([])
    await source.next()

    assert source.closed.done


@pytest.mark.parametrize("read_closed_first", [True, False])
async def test_closed_is_rejected_if_the_source_fails(read_closed_first: bool) -> None:
    source = Source(_failing())
    if read_closed_first:
        assert not source.closed.done
    await source.next()
    with pytest.raises(ZeroDivisionError):
        await source.next()

    with pytest.raises(ZeroDivisionError):
        await source.closed
    assert (source.exhausted, source.finished) == (False, True)
    assert isinstance(source.failure, ZeroDivisionError)


async def test_closed_of_a_reader_is_rejected_after_its_release() -> None:
    reader = ReadableStream([]).getReader()
    await reader.read()

    was_done = reader.closed.done
    reader.releaseLock()

    assert was_done
    with pytest.raises(KVError, match=r"^This ReadableStream reader has been released\.$"):
        await reader.closed


def test_a_tee_disturbs_the_stream() -> None:
    stream = ReadableStream([b"a"])

    stream.tee()

    assert stream.disturbed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "byob"}, "This ReadableStream does not support BYOB reads."),
        ({"mode": "x"}, "mode must be undefined or 'byob' in call to getReader()."),
        (
            5,
            "Failed to execute 'getReader' on 'ReadableStream': parameter 1 is not of type "
            "'GetReaderOptions'.",
        ),
    ],
)
def test_only_the_default_reader_is_supported(options: Any, message: str) -> None:
    with pytest.raises(KVError) as caught:
        ReadableStream().getReader(options)

    assert caught.value.message == message


def test_getreader_accepts_empty_options() -> None:
    assert ReadableStream().getReader({}).constructor.name == "ReadableStreamDefaultReader"


async def test_the_values_of_a_stream_are_its_chunks() -> None:
    assert [chunk async for chunk in ReadableStream([b"a", b"b"]).values()] == [b"a", b"b"]


async def test_a_loop_over_a_failing_stream_leaves_it_locked() -> None:
    stream = ReadableStream(_failing())

    with pytest.raises(ZeroDivisionError):
        [chunk async for chunk in stream]

    assert stream.locked


async def test_concurrent_readers_of_both_branches_get_every_chunk() -> None:
    async def slow() -> AsyncIterator[bytes]:
        for chunk in (b"a", b"b"):
            await asyncio.sleep(0)
            yield chunk

    async def read_all(stream: ReadableStream) -> list[bytes]:
        return [chunk async for chunk in stream]

    branches = ReadableStream(slow()).tee()

    assert await asyncio.gather(*map(read_all, branches)) == [[b"a", b"b"]] * 2
