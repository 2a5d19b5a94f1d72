"""Tests of ReadableStream: chunks, readers, locks, tee, and the error messages of workerd."""

import asyncio
from array import array
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import KVError, KVNamespace, ReadableStream
from pykvbinding.js.streams.readable import Chunk, split_chunks

LOCKED = "This ReadableStream is currently locked to a reader."
RELEASED = "This ReadableStream reader has been released."
DONE = {"done": True, "value": None}


async def _read_all(stream: ReadableStream) -> list[bytes]:
    return [chunk async for chunk in stream]


async def _iterate(chunks: list[Any]) -> AsyncIterator[Any]:
    for chunk in chunks:
        await asyncio.sleep(0)
        yield chunk


async def _wait_for(gate: asyncio.Event) -> AsyncIterator[bytes]:
    await gate.wait()
    yield b"a"


def _failing() -> Iterator[bytes]:
    yield b"a"
    raise ZeroDivisionError("no more")


class EndlessChunks:
    """An infinite source that counts its chunks and records when it is closed."""

    def __init__(self) -> None:
        self.count = 0
        self.closed = False

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            while True:
                self.count += 1
                yield b"a"
        finally:
            self.closed = True


class AsyncChunks:
    """An async iterable that is not a generator."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _iterate([b"1", b"2"])


@contextmanager
def raises(message: str) -> Iterator[None]:
    """Expect a TypeError of the runtime with exactly this message."""
    with pytest.raises(KVError) as caught:
        yield
    assert (caught.value.name, str(caught.value)) == ("TypeError", message)


SOURCES: list[Any] = [[b"1", b"2"], (b"1", b"2"), {b"1": 0, b"2": 0}, AsyncChunks()]


@pytest.mark.parametrize("chunks", SOURCES, ids=lambda chunks: type(chunks).__name__)
async def test_any_iterable_of_chunks_makes_a_stream(chunks: Any) -> None:
    stream = ReadableStream(chunks)

    assert await _read_all(stream) == [b"1", b"2"]


async def test_an_asynchronous_generator_makes_a_stream() -> None:
    stream = ReadableStream(_iterate([b"1", b"2"]))

    assert await _read_all(stream) == [b"1", b"2"]


async def test_an_empty_stream_is_at_its_end() -> None:
    assert await ReadableStream().getReader().read() == DONE


class BytesSubclass(bytes):
    """A subclass of bytes."""


@pytest.mark.parametrize(
    "chunk",
    [
        *(b"\1\0\0\0", BytesSubclass(b"\1\0\0\0"), bytearray(b"\1\0\0\0")),
        *(memoryview(b"\1\0\0\0"), array("i", [1]), memoryview(b"\1-\0-\0-\0-")[::2]),
    ],
)
async def test_every_buffer_arrives_as_bytes(chunk: Any) -> None:
    chunks = await _read_all(ReadableStream([chunk]))

    assert chunks == [b"\1\0\0\0"]
    assert type(chunks[0]) is Chunk


@pytest.mark.parametrize("chunk", ["text", 1, None, [b"a"], {}])
async def test_every_read_fails_after_a_chunk_that_is_not_a_buffer(chunk: Any) -> None:
    reader = ReadableStream([chunk, b"a"]).getReader()

    for _ in range(2):
        with raises("This ReadableStream did not return bytes."):
            await reader.read()


async def test_a_reader_reads_chunk_by_chunk_to_the_end() -> None:
    reader = ReadableStream([b"a", b""]).getReader()

    first, second = await reader.read(), await reader.read()

    assert (first, second) == ({"done": False, "value": b"a"}, {"done": False, "value": b""})
    assert await reader.read() == DONE
    assert (await reader.read()).done is True


async def test_a_reader_locks_the_stream_until_it_is_released() -> None:
    stream = ReadableStream([b"a", b"b"])
    reader = stream.getReader()
    await reader.read()

    before = stream.locked
    reader.releaseLock()

    assert (before, stream.locked) == (True, False)
    assert await stream.getReader().read() == {"done": False, "value": b"b"}


async def test_releasing_a_reader_twice_does_not_affect_the_next_reader() -> None:
    stream = ReadableStream([b"a"])
    reader = stream.getReader()
    reader.releaseLock()
    stream.getReader()

    reader.releaseLock()

    assert stream.locked


async def test_a_released_reader_cannot_read_or_cancel() -> None:
    reader = ReadableStream([b"a"]).getReader()
    reader.releaseLock()

    with raises(RELEASED):
        await reader.read()
    with raises(RELEASED):
        await reader.cancel()


async def test_a_locked_stream_rejects_other_consumers() -> None:
    stream = ReadableStream([b"a"])
    stream.getReader()

    with raises(LOCKED):
        stream.getReader()
    with raises(LOCKED):
        aiter(stream)
    with raises(LOCKED):
        await stream.cancel()
    with raises("This ReadableStream is currently locked to a reader,"):
        stream.tee()


async def test_put_rejects_a_locked_stream(kv: KVNamespace) -> None:
    stream = ReadableStream([b"a"])
    stream.getReader()

    with raises("The ReadableStream has been locked to a reader."):
        await kv.put("key", stream)


async def test_put_locks_the_stream_permanently(kv: KVNamespace) -> None:
    stream = ReadableStream([b"a", b"b"])

    await kv.put("key", stream)

    assert await kv.get("key") == "ab"
    assert stream.locked
    with raises("The ReadableStream has been locked to a reader."):
        await kv.put("key", stream)


async def test_put_rejects_a_stream_that_has_been_read_from(kv: KVNamespace) -> None:
    stream = ReadableStream([b"a", b"b"])
    reader = stream.getReader()
    await reader.read()
    reader.releaseLock()

    with raises("This ReadableStream is disturbed."):
        await kv.put("key", stream)


async def test_a_cancelled_stream_is_disturbed() -> None:
    stream = ReadableStream([b"a"])
    await stream.cancel()

    with raises("This ReadableStream is disturbed."):
        stream.take()


async def test_a_second_iteration_yields_nothing() -> None:
    stream = ReadableStream([b"a"])
    await _read_all(stream)

    assert await _read_all(stream) == []
    assert not stream.locked


async def test_leaving_a_loop_early_unlocks_the_stream_and_drops_the_rest() -> None:
    endless = EndlessChunks()
    stream = ReadableStream(endless.chunks())

    async for _ in stream:
        break

    assert not stream.locked
    assert endless.count == 1
    assert await _read_all(stream) == []


async def test_a_stream_is_locked_while_it_is_iterated() -> None:
    stream = ReadableStream([b"a"])

    seen = [stream.locked async for _ in stream]

    assert seen == [True]
    assert not stream.locked


async def test_an_iterator_of_a_stream_iterates_itself() -> None:
    iterator = aiter(ReadableStream([b"a"]))

    assert aiter(iterator) is iterator


async def test_cancelling_ends_the_stream_and_closes_its_source() -> None:
    endless = EndlessChunks()
    stream = ReadableStream(endless.chunks())
    reader = stream.getReader()
    await reader.read()
    reader.releaseLock()

    await stream.cancel("enough")

    assert endless.closed
    assert await _read_all(stream) == []


async def test_cancelling_before_the_first_read_never_starts_the_source() -> None:
    endless = EndlessChunks()
    stream = ReadableStream(endless.chunks())

    await stream.cancel()

    assert await stream.getReader().read() == DONE
    assert endless.count == 0


async def test_cancelling_through_a_reader_keeps_the_lock() -> None:
    stream = ReadableStream([b"a"])
    reader = stream.getReader()

    await reader.cancel("enough")

    assert stream.locked
    assert await reader.read() == DONE


async def test_rejects_a_second_pending_read() -> None:
    gate = asyncio.Event()
    reader = ReadableStream(_wait_for(gate)).getReader()
    first = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    with raises("This ReadableStream only supports a single pending read request at a time."):
        await reader.read()

    gate.set()
    assert await first == {"done": False, "value": b"a"}


async def test_a_reader_cannot_be_released_while_a_read_is_pending() -> None:
    gate = asyncio.Event()
    stream = ReadableStream(_wait_for(gate))
    reader = stream.getReader()
    first = asyncio.create_task(reader.read())
    await asyncio.sleep(0)

    with raises("Cannot call releaseLock() on a reader with outstanding read promises."):
        reader.releaseLock()

    gate.set()
    await first
    reader.releaseLock()
    assert not stream.locked


async def test_a_failed_source_always_raises_the_same_exception() -> None:
    reader = ReadableStream(_failing()).getReader()
    await reader.read()

    with pytest.raises(ZeroDivisionError) as first:
        await reader.read()
    with pytest.raises(ZeroDivisionError) as second:
        await reader.read()

    assert second.value is first.value


async def test_a_loop_over_a_failing_source_raises_its_exception() -> None:
    with pytest.raises(ZeroDivisionError, match=r"^no more$"):
        await _read_all(ReadableStream(_failing()))


async def test_both_branches_of_a_tee_fail_if_the_source_fails() -> None:
    for branch in ReadableStream(_failing()).tee():
        reader = branch.getReader()

        assert (await reader.read()).value == b"a"
        with pytest.raises(ZeroDivisionError):
            await reader.read()


def test_a_tee_locks_the_stream_but_not_its_branches() -> None:
    stream = ReadableStream([b"a"])

    first, second = stream.tee()

    assert (stream.locked, first.locked, second.locked) == (True, False, False)


async def test_cancelling_one_branch_of_a_tee_does_not_affect_the_other() -> None:
    first, second = ReadableStream([b"a", b"b"]).tee()

    await first.cancel()

    assert await _read_all(second) == [b"a", b"b"]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=3), max_size=6), st.lists(st.integers(0, 1)), st.booleans())
async def test_both_branches_of_a_tee_get_every_chunk_in_any_order_of_reads(
    chunks: list[bytes], order: list[int], asynchronous: bool
) -> None:
    stream = ReadableStream(_iterate(chunks) if asynchronous else chunks)
    readers = [branch.getReader() for branch in stream.tee()]
    seen: list[list[bytes]] = [[], []]

    for branch in [*order, *[0] * (len(chunks) + 1), *[1] * (len(chunks) + 1)]:
        result = await readers[branch].read()
        if not result.done:
            seen[branch].append(result.value)

    assert seen == [chunks, chunks]


def test_str_is_that_of_javascript_and_repr_shows_the_lock() -> None:
    stream = ReadableStream([b"a"])

    free = repr(stream)
    stream.getReader()

    assert (free, repr(stream)) == ("<ReadableStream>", "<ReadableStream locked>")
    assert str(stream) == "[object ReadableStream]"


@pytest.mark.parametrize(
    ("length", "lengths"),
    [(0, []), (1, [1]), (4096, [4096]), (4097, [4096, 1]), (3 * 4096, [4096, 4096, 4096])],
)
def test_a_stored_value_is_split_into_chunks_of_4096_bytes(length: int, lengths: list[int]) -> None:
    value = bytes(i % 251 for i in range(length))

    chunks = list(split_chunks(value))

    assert [len(chunk) for chunk in chunks] == lengths
    assert b"".join(chunks) == value
