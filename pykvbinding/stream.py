"""`ReadableStream`: bytes that arrive in chunks and are read once."""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from pykvbinding import errors
from pykvbinding.javascript import as_buffer
from pykvbinding.jsdict import JsDict
from pykvbinding.proxy import JsProxy

if TYPE_CHECKING:
    from asyncio import Future

Chunks: TypeAlias = Iterable[Any] | AsyncIterable[Any]
"""Buffers, one after another: bytes, memoryview, array …"""

CHUNK_BYTES = 4096
"""How the runtime cuts a value that is read as a stream (workerd with Miniflare, measured)."""


class ReadableStream(JsProxy):
    """A stream of bytes, as `get(key, "stream")` returns one and `put` accepts one.

    `chunks` is an iterable of buffers, or an asynchronous one. A stream is read once, by
    `async for`, by a reader, or by `put`; while somebody reads, it is locked.

    >>> stream = ReadableStream([b"hel", b"lo"])
    >>> stream.locked
    False
    """

    def __init__(self, chunks: Chunks = ()) -> None:
        self._source = Source(chunks)
        self._reader: ReadableStreamDefaultReader | None = None
        self._handed_over = False

    @property
    def locked(self) -> bool:
        """Whether a reader, a tee or a put holds the stream."""
        return self._handed_over or self._reader is not None

    def getReader(self) -> "ReadableStreamDefaultReader":
        """A reader that holds the stream until `releaseLock()`.

        Raises: KVError, "This ReadableStream is currently locked to a reader."
        """
        if self.locked:
            raise errors.stream_locked()
        self._reader = ReadableStreamDefaultReader(self, self._source)
        return self._reader

    async def cancel(self, reason: object = None) -> None:  # noqa: ARG002
        """Give up on the rest; later reads find the end. `reason` goes nowhere, as for a KV value.

        Raises: KVError, "This ReadableStream is currently locked to a reader."
        """
        if self.locked:
            raise errors.stream_locked()
        await self._source.cancel()

    def tee(self) -> tuple["ReadableStream", "ReadableStream"]:
        """Two streams of the same chunks; this one stays locked.

        Raises: KVError, "This ReadableStream is currently locked to a reader,"
        """
        if self.locked:
            raise errors.stream_tee_locked()
        self._handed_over = True
        tee = _Tee(self._source)
        return ReadableStream(tee.branch(0)), ReadableStream(tee.branch(1))

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the chunks; leaving the loop early drops the rest and lets the stream go.

        Raises: KVError, "This ReadableStream is currently locked to a reader."
        """
        return _ChunkIterator(self.getReader(), self._source)

    def take(self) -> "Source":
        """Hand the chunks over to `put`.

        Raises: KVError if the stream is locked, or somebody has read from it.
        """
        if self.locked:
            raise errors.stream_put_locked()
        if self._source.disturbed:
            raise errors.stream_disturbed()
        self._handed_over = True
        return self._source

    def __repr__(self) -> str:
        return f"<ReadableStream{' locked' if self.locked else ''}>"


class ReadableStreamDefaultReader(JsProxy):
    """What `getReader()` returns."""

    def __init__(self, stream: ReadableStream, source: "Source") -> None:
        self._stream: ReadableStream | None = stream
        self._source = source

    async def read(self) -> JsDict:
        """The next chunk: `{"done": False, "value": bytes}`, at the end `{"done": True, …None}`.

        Raises: KVError, "This ReadableStream reader has been released."
        """
        self._check_held()
        chunk = await self._source.next()
        return JsDict(done=chunk is None, value=chunk)

    async def cancel(self, reason: object = None) -> None:  # noqa: ARG002
        """Give up on the rest; the stream stays locked to this reader.

        Raises: KVError, "This ReadableStream reader has been released."
        """
        self._check_held()
        await self._source.cancel()

    def releaseLock(self) -> None:
        """Let the stream go; a second call does nothing.

        Raises: KVError while a `read()` is under way.
        """
        if self._stream is None:
            return
        if self._source.reading:
            raise errors.stream_release_pending()
        self._stream._reader = None
        self._stream = None

    def _check_held(self) -> None:
        if self._stream is None:
            raise errors.stream_reader_released()


class _ChunkIterator:
    """The iterator of one `async for`. It ends with the loop: nothing else holds it."""

    def __init__(self, reader: ReadableStreamDefaultReader, source: "Source") -> None:
        self._reader = reader
        self._source = source

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk = await self._source.next()
        except Exception:
            self._reader.releaseLock()
            raise
        if chunk is None:
            self._reader.releaseLock()
            raise StopAsyncIteration
        return chunk

    def __del__(self) -> None:
        # A `break` tells an iterator nothing; that the loop has dropped it is the only sign.
        self._source.drop()
        self._reader.releaseLock()


class Source:
    """The chunks behind a stream: read by one at a time, never started before the first read."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks: Chunks | None = chunks
        self._iterator: Iterator[Any] | AsyncIterator[Any] | None = None
        self._failure: BaseException | None = None
        self.disturbed = False
        self.reading = False

    async def next(self) -> bytes | None:
        """The next chunk, `None` at the end. A source that failed once goes on failing."""
        if self.reading:
            raise errors.stream_read_pending()
        if self._failure is not None:
            raise self._failure
        self.disturbed = self.reading = True
        try:
            return await self._pull()
        except Exception as failure:
            self._failure = failure
            raise
        finally:
            self.reading = False

    async def _pull(self) -> bytes | None:
        if self._chunks is None:
            return None
        if self._iterator is None:
            chunks = self._chunks
            self._iterator = aiter(chunks) if isinstance(chunks, AsyncIterable) else iter(chunks)
        try:
            if isinstance(self._iterator, AsyncIterator):
                chunk = await anext(self._iterator)
            else:
                chunk = next(self._iterator)
        except (StopIteration, StopAsyncIteration):
            self.drop()
            return None
        view = as_buffer(chunk)
        if view is None:
            raise errors.stream_not_bytes()
        return chunk if type(chunk) is bytes else view.tobytes()

    async def cancel(self) -> None:
        """Drop the rest, and close the generator that makes it, if one does."""
        iterator = self._iterator
        self.drop()
        if isinstance(iterator, AsyncGenerator) and not self.reading:
            await iterator.aclose()

    def drop(self) -> None:
        """Drop the rest; a generator that makes it is closed when nothing else holds it."""
        self._chunks = self._iterator = None
        self.disturbed = True


class _Tee:
    """One source read by two branches: what one pulls, the other finds in its queue."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._queues: tuple[deque[bytes], deque[bytes]] = (deque(), deque())
        self._waiting: list[Future[None]] = []

    async def branch(self, mine: int) -> AsyncIterator[bytes]:
        """The chunks of one branch."""
        queue = self._queues[mine]
        while True:
            if queue:
                yield queue.popleft()
            elif self._source.reading:
                await self._pulled()
            elif not await self._pull():
                return

    async def _pull(self) -> bool:
        """Pull one chunk for both. Whether there was one."""
        try:
            chunk = await self._source.next()
        finally:
            while self._waiting:
                waiter = self._waiting.pop()
                if not waiter.done():  # done: its task was cancelled
                    waiter.set_result(None)
        if chunk is None:
            return False
        for queue in self._queues:
            queue.append(chunk)
        return True

    async def _pulled(self) -> None:
        """Return once the pull of the other branch has ended."""
        import asyncio  # only a source that makes its readers wait comes here

        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        await waiter


def cut(value: bytes) -> Iterator[bytes]:
    """A stored value in the chunks in which the runtime delivers it."""
    for start in range(0, len(value), CHUNK_BYTES):
        yield value[start : start + CHUNK_BYTES]
