"""`ReadableStream`: bytes that arrive in chunks and are read once."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any

from pykvbinding import errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy, to_python_value
from pykvbinding.js.streams.pipe import Pipes
from pykvbinding.js.streams.source import END, Chunk, Chunks, Source, Tee, cut

__all__ = ["Chunk", "ReadableStream", "ReadableStreamDefaultReader", "Source", "cut"]


class ReadableStream(Pipes, JsProxy, name="ReadableStream"):
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
        """Whether a reader, a tee, a pipe or a put holds the stream."""
        return self._handed_over or self._reader is not None

    @property
    def disturbed(self) -> bool:
        """Whether somebody has read from it or given up on it. JavaScript keeps that to itself."""
        return self._source.disturbed

    def getReader(self, options: object = None, **named: Any) -> "ReadableStreamDefaultReader":
        """A reader that holds the stream until `releaseLock()`.

        Raises: KVError, "This ReadableStream is currently locked to a reader."
        """
        mode = None if options is None and not named else self._mode(options, named)
        if self.locked:
            raise errors.stream_locked()
        if mode is not None:
            raise errors.stream_not_byob()
        self._reader = ReadableStreamDefaultReader(self, self._source)
        return self._reader

    def _mode(self, options: object, named: dict[str, Any]) -> object:
        """What `getReader` is asked for; `None` for the usual reader."""
        found = to_python_value(options) if options is not None else named
        if not isinstance(found, dict):
            raise errors.stream_wrong_argument("getReader", "GetReaderOptions")
        mode: object = found.get("mode")
        if mode not in (None, "byob"):
            raise errors.stream_wrong_mode()
        return mode

    def cancel(self, reason: object = None) -> Awaitable[None]:
        """Give up on the rest; later reads find the end. What makes the chunks learns `reason`.

        Raises: KVError, "This ReadableStream is currently locked to a reader."
        """
        if self.locked:
            raise errors.stream_locked()
        return self._source.cancel(reason)

    def tee(self) -> "tuple[ReadableStream, ReadableStream]":
        """Two streams of the same chunks; this one stays locked.

        Raises: KVError, "This ReadableStream is currently locked to a reader,"
        """
        tee = self._tee()
        return ReadableStream(tee.branch(0)), ReadableStream(tee.branch(1))

    def _tee(self) -> "Tee":
        if self.locked:
            raise errors.stream_tee_locked()
        self._handed_over = True
        self._source.disturbed = True
        return Tee(self._source)

    def __aiter__(self) -> AsyncIterator[Any]:
        """Iterate over the chunks; leaving the loop early drops the rest and lets the stream go.

        Raises: KVError, "This ReadableStream is currently locked to a reader."
        """
        return _ChunkIterator(self.getReader(), self._source)

    def values(self) -> AsyncIterator[Any]:
        """Iterate over the chunks, as `async for` does."""
        return aiter(self)

    def take(self) -> "Source":
        """Hand the chunks over to `put`.

        Raises: KVError if the stream is locked, or somebody has read from it.
        """
        if self.locked:
            raise errors.stream_put_locked()
        if self._source.disturbed and not self._source.reusable:
            raise errors.stream_disturbed()
        self._handed_over = not (self._source.reusable and self._source.finished)
        return self._source

    def __repr__(self) -> str:
        return f"<ReadableStream{' locked' if self.locked else ''}>"


class ReadableStreamDefaultReader(JsProxy, name="ReadableStreamDefaultReader"):
    """What `getReader()` returns."""

    def __init__(self, stream: ReadableStream, source: "Source") -> None:
        self._stream: ReadableStream | None = stream
        self._source = source

    @property
    def closed(self) -> Deferred:
        """A promise that is fulfilled at the end of the chunks, and rejected if they fail."""
        if self._stream is None:
            return Deferred.rejected(errors.stream_reader_released())
        return self._source.closed

    async def read(self) -> Any:
        """The next chunk: `{"done": False, "value": bytes}`, at the end `{"done": True, …None}`.

        Raises: KVError, "This ReadableStream reader has been released."
        """
        self._check_held()
        chunk = await self._source.read()
        if chunk is END:
            return self._source.answer(done=True, value=None)
        return self._source.answer(done=False, value=chunk)

    def cancel(self, reason: object = None) -> Awaitable[None]:
        """Give up on the rest; the stream stays locked to this reader.

        Raises: KVError, "This ReadableStream reader has been released."
        """
        self._check_held()
        return self._source.cancel(reason)

    def releaseLock(self) -> None:
        """Let the stream go; a second call does nothing.

        Raises: KVError while a `read()` is under way.
        """
        if self._stream is None:
            return
        self._source.release()
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
        self._failed = False

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        try:
            chunk = await self._source.read()
        except Exception:
            self._failed = True
            raise
        if chunk is END:
            self._reader.releaseLock()
            raise StopAsyncIteration
        return chunk

    def __del__(self) -> None:
        # A `break` tells an iterator nothing; that the loop has dropped it is the only sign.
        if not self._failed:  # a stream that failed stays locked, in production too
            self._source.drop()
            self._reader.releaseLock()
