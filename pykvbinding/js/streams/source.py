"""`Source`: the chunks behind a stream, for one consumer at a time; and the class `Chunk`."""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Any, ClassVar, Final, TypeAlias

from pykvbinding import errors
from pykvbinding.js.core.coercion import as_buffer
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import Constructor

Chunks: TypeAlias = Iterable[Any] | AsyncIterable[Any]
"""An iterable of buffers: bytes, memoryview, array …"""

CHUNK_BYTES = 4096
"""The chunk size of a value that is read as a stream (workerd with Miniflare, measured)."""

END: Final = object()
"""Sentinel that a source returns after the last chunk; a chunk can be any other value."""


class Chunk(bytes):
    """Bytes of a stream: `bytes` with the attributes that a chunk has in production.

    There a chunk is a Uint8Array, which a handler converts with `to_bytes()` or `to_py()`.

    >>> Chunk(b"ab").to_bytes(), Chunk(b"ab").length
    (b'ab', 2)
    """

    constructor: ClassVar[Constructor] = Constructor("Uint8Array")
    typeof = "object"

    def to_bytes(self) -> bytes:
        """Return the bytes as plain `bytes`."""
        return bytes(self)

    def to_py(self, **kwargs: Any) -> memoryview:  # noqa: ARG002
        """Return a view of a copy, as for every buffer of JavaScript."""
        return memoryview(bytearray(self))

    @property
    def length(self) -> int:
        """The number of bytes."""
        return len(self)

    @property
    def byteLength(self) -> int:
        """The number of bytes."""
        return len(self)


class Source:
    """The chunks behind a stream. One read at a time; iteration starts with the first read."""

    reusable = False
    """Whether `put` accepts a stream that has been read from, and stores the remaining chunks."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks: Chunks | None = chunks
        self._iterator: Iterator[Any] | AsyncIterator[Any] | None = None
        self._failure: BaseException | None = None
        self._closed: Deferred | None = None
        self.disturbed: bool = False
        self.reading: bool = False

    @property
    def exhausted(self) -> bool:
        """True at the end of the chunks, and after `drop`."""
        return self._chunks is None

    @property
    def failure(self) -> BaseException | None:
        """The error that the source failed with, or `None`."""
        return self._failure

    @property
    def finished(self) -> bool:
        """True if no chunk follows: the source is exhausted or has failed."""
        return self._chunks is None or self._failure is not None

    async def next(self) -> bytes | None:
        """Return the next chunk as bytes, `None` at the end. After a failure it always raises."""
        chunk: bytes = await self.read_item()
        return None if chunk is END else chunk

    async def read(self) -> Any:
        """Return the next chunk as a reader gets it, `END` at the end."""
        chunk = await self.read_item()
        return END if chunk is END else self.wrap(chunk)

    def accept(self, chunk: Any) -> Any:
        """Convert an item of the iterable to a chunk. Raises: KVError if it is not a buffer."""
        view = as_buffer(chunk)
        if view is None:
            raise errors.stream_not_bytes()
        return chunk if type(chunk) is bytes else view.tobytes()

    def wrap(self, chunk: Any) -> Any:
        """Convert a chunk to the value that a reader gets."""
        return Chunk(chunk)

    def make_read_result(self, *, done: bool, value: Any) -> Any:
        """Return the result of a reader's `read()`."""
        return JsDict(done=done, value=value)

    async def read_item(self) -> Any:
        """Return the next chunk or `END`. Raises: KVError if another read is pending."""
        if self.reading:
            raise errors.stream_read_pending()
        self.disturbed = True
        if self._failure is not None:
            raise self._failure
        self.reading = True
        try:
            return await self._pull()
        except Exception as error:
            self._fail(error)
            raise
        finally:
            self.reading = False

    async def _pull(self) -> Any:
        if self._chunks is None:
            return END
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
            return END
        return self.accept(chunk)

    @property
    def closed(self) -> Deferred:
        """A promise that is fulfilled at the end, and rejected if the source fails."""
        if self._closed is None:
            self._closed = Deferred()
            if self._failure is not None:
                self._closed.reject(self._failure)
            elif self._chunks is None:
                self._closed.resolve()
        return self._closed

    def _fail(self, error: BaseException) -> None:
        self._failure = error
        if self._closed is not None:
            self._closed.reject(error)

    def release(self) -> None:
        """Check that a reader can release the stream. Raises: KVError if a read is pending."""
        if self.reading:
            raise errors.stream_release_pending()

    async def cancel(self, reason: object = None) -> None:  # noqa: ARG002
        """Drop the remaining chunks, and close the async generator that yields them, if any."""
        iterator = self._iterator
        self.drop()
        if isinstance(iterator, AsyncGenerator) and not self.reading:
            await iterator.aclose()

    def drop(self) -> None:
        """Drop the remaining chunks and the reference to the iterator."""
        self._chunks = self._iterator = None
        self.disturbed = True
        if self._closed is not None:
            self._closed.resolve()


class Tee:
    """One source with two branches: a chunk that one branch pulls is queued for the other."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._queues: tuple[deque[Any], deque[Any]] = (deque(), deque())
        self._pulling: Deferred | None = None

    async def branch(self, index: int) -> AsyncIterator[Any]:
        """Yield the chunks of one branch."""
        queue = self._queues[index]
        while True:
            if queue:
                yield queue.popleft()
            elif self._pulling is not None:
                await self._pulling
            elif not await self._pull():
                return

    async def _pull(self) -> bool:
        """Pull a chunk into both queues, and return whether there was one."""
        pulling = self._pulling = Deferred()
        try:
            chunk = await self._source.read()
        finally:
            self._pulling = None
            pulling.resolve()
        if chunk is END:
            return False
        for queue in self._queues:
            queue.append(chunk)
        return True


def split_chunks(value: bytes) -> Iterator[bytes]:
    """Yield a stored value in chunks of the size that the runtime uses."""
    for start in range(0, len(value), CHUNK_BYTES):
        yield value[start : start + CHUNK_BYTES]
