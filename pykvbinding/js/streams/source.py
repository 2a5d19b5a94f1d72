"""`Source`: the chunks behind a stream, read by one at a time; and what a chunk is."""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Any, Final, TypeAlias

from pykvbinding import errors
from pykvbinding.js.core.coercion import as_buffer
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import Constructor

Chunks: TypeAlias = Iterable[Any] | AsyncIterable[Any]
"""Buffers, one after another: bytes, memoryview, array …"""

CHUNK_BYTES = 4096
"""How the runtime cuts a value that is read as a stream (workerd with Miniflare, measured)."""

END: Final = object()
"""What a source says after its last chunk, which may be anything else."""


class Chunk(bytes):
    """Bytes of a stream: `bytes` in Python, with the names that a handler sees in production.

    There a chunk is a Uint8Array, of which a handler asks `to_bytes()` or `to_py()`.

    >>> Chunk(b"ab").to_bytes(), Chunk(b"ab").length
    (b'ab', 2)
    """

    constructor = Constructor("Uint8Array")
    typeof = "object"

    def to_bytes(self) -> bytes:
        """The plain bytes."""
        return bytes(self)

    def to_py(self, **kwargs: Any) -> memoryview:  # noqa: ARG002
        """A view of a copy, as of every buffer of JavaScript."""
        return memoryview(bytearray(self))

    @property
    def length(self) -> int:
        """How many bytes."""
        return len(self)

    @property
    def byteLength(self) -> int:
        """How many bytes."""
        return len(self)


class Source:
    """The chunks behind a stream: read by one at a time, never started before the first read."""

    reusable = False
    """Whether `put` takes the rest of a stream that somebody has begun to read."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks: Chunks | None = chunks
        self._iterator: Iterator[Any] | AsyncIterator[Any] | None = None
        self._failure: BaseException | None = None
        self._closed: Deferred | None = None
        self.disturbed = False
        self.reading = False

    @property
    def exhausted(self) -> bool:
        """Whether nothing comes any more."""
        return self._chunks is None

    @property
    def failure(self) -> BaseException | None:
        """What it failed with."""
        return self._failure

    @property
    def finished(self) -> bool:
        """Whether nothing comes any more but a failure."""
        return self._chunks is None or self._failure is not None

    async def next(self) -> bytes | None:
        """The next chunk as bytes, `None` at the end. What failed once goes on failing."""
        chunk: bytes = await self.read_item()
        return None if chunk is END else chunk

    async def read(self) -> Any:
        """The next chunk as a reader sees it, `END` at the end."""
        chunk = await self.read_item()
        return END if chunk is END else self.wrap(chunk)

    def accept(self, chunk: Any) -> Any:
        """What to take an item of the chunks for. Raises: KVError for what is no buffer."""
        view = as_buffer(chunk)
        if view is None:
            raise errors.stream_not_bytes()
        return chunk if type(chunk) is bytes else view.tobytes()

    def wrap(self, chunk: Any) -> Any:
        """What a reader gets for a chunk."""
        return Chunk(chunk)

    def make_read_result(self, *, done: bool, value: Any) -> Any:
        """What a reader's `read()` returns."""
        return JsDict(done=done, value=value)

    async def read_item(self) -> Any:
        """The next item, accepted, or `END`; only one may be under way."""
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
        """A promise of the end."""
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
        """A reader lets go."""
        if self.reading:
            raise errors.stream_release_pending()

    async def cancel(self, reason: object = None) -> None:  # noqa: ARG002
        """Drop the rest, and close the generator that makes it, if one does."""
        iterator = self._iterator
        self.drop()
        if isinstance(iterator, AsyncGenerator) and not self.reading:
            await iterator.aclose()

    def drop(self) -> None:
        """Drop the rest; a generator that makes it is closed when nothing else holds it."""
        self._chunks = self._iterator = None
        self.disturbed = True
        if self._closed is not None:
            self._closed.resolve()


class Tee:
    """One source read by two branches: what one pulls, the other finds in its queue."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._queues: tuple[deque[Any], deque[Any]] = (deque(), deque())
        self._pulling: Deferred | None = None

    async def branch(self, index: int) -> AsyncIterator[Any]:
        """The chunks of one branch."""
        queue = self._queues[index]
        while True:
            if queue:
                yield queue.popleft()
            elif self._pulling is not None:
                await self._pulling
            elif not await self._pull():
                return

    async def _pull(self) -> bool:
        """Pull one chunk for both. Whether there was one."""
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
    """A stored value in the chunks in which the runtime delivers it."""
    for start in range(0, len(value), CHUNK_BYTES):
        yield value[start : start + CHUNK_BYTES]
