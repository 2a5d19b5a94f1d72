"""Source and Chunk: what a reader gets, and what is known of the end."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from pykvbinding import KVError, ReadableStream
from pykvbinding.js.streams.source import Chunk, Source


def _failing() -> Iterator[bytes]:
    yield b"a"
    raise ZeroDivisionError("no more")


def test_a_chunk_is_bytes_and_answers_as_a_uint8array() -> None:
    chunk = Chunk(b"ab")

    assert chunk == b"ab"
    assert (type(chunk.to_bytes()), chunk.to_bytes()) == (bytes, b"ab")
    assert (chunk.length, chunk.byteLength, chunk.typeof) == (2, 2, "object")
    assert chunk.constructor.name == "Uint8Array"


def test_what_a_chunk_is_in_python_is_a_view_of_a_copy() -> None:
    view = Chunk(b"ab").to_py()

    view[0] = 0

    assert bytes(view) == b"\0b"


async def test_a_reader_gets_chunks_and_put_gets_plain_bytes() -> None:
    first, second = Source([b"a"]), Source([b"a"])

    assert type(await first.read()) is Chunk
    assert type(await second.next()) is bytes


async def test_the_end_is_told_to_who_asks_before_and_after() -> None:
    source = Source([b"a"])
    before = source.closed
    await source.next()

    await source.next()

    assert before.done
    assert source.closed is before
    assert (source.exhausted, source.finished) == (True, True)


async def test_who_asks_after_the_end_is_told_at_once() -> None:
    source = Source([])
    await source.next()

    assert source.closed.done


@pytest.mark.parametrize("asks_before", [True, False])
async def test_a_failure_is_told_instead_of_the_end(asks_before: bool) -> None:
    source = Source(_failing())
    if asks_before:
        assert not source.closed.done
    await source.next()
    with pytest.raises(ZeroDivisionError):
        await source.next()

    with pytest.raises(ZeroDivisionError):
        await source.closed
    assert (source.exhausted, source.finished) == (False, True)
    assert isinstance(source.failure, ZeroDivisionError)


async def test_a_reader_tells_of_the_end_until_it_lets_go() -> None:
    reader = ReadableStream([]).getReader()
    await reader.read()

    ended = reader.closed.done
    reader.releaseLock()

    assert ended
    with pytest.raises(KVError, match=r"^This ReadableStream reader has been released\.$"):
        await reader.closed


def test_a_tee_counts_as_reading() -> None:
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
def test_only_the_usual_reader_is_to_be_had(options: Any, message: str) -> None:
    with pytest.raises(KVError) as caught:
        ReadableStream().getReader(options)

    assert caught.value.message == message


def test_a_reader_may_be_asked_for_by_empty_options() -> None:
    assert ReadableStream().getReader({}).constructor.name == "ReadableStreamDefaultReader"


async def test_the_values_of_a_stream_are_its_chunks() -> None:
    assert [chunk async for chunk in ReadableStream([b"a", b"b"]).values()] == [b"a", b"b"]


async def test_a_loop_over_a_failing_stream_leaves_it_locked_as_in_production() -> None:
    stream = ReadableStream(_failing())

    with pytest.raises(ZeroDivisionError):
        [chunk async for chunk in stream]

    assert stream.locked


async def test_branches_of_a_slow_source_that_are_read_at_the_same_time_get_every_chunk() -> None:
    async def slow() -> AsyncIterator[bytes]:
        for chunk in (b"a", b"b"):
            await asyncio.sleep(0)
            yield chunk

    async def everything(stream: ReadableStream) -> list[bytes]:
        return [chunk async for chunk in stream]

    branches = ReadableStream(slow()).tee()

    assert await asyncio.gather(*map(everything, branches)) == [[b"a", b"b"]] * 2
