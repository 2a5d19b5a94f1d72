"""`ReadableStream`: a sequence of chunks of bytes that can be read once."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any

from pykvbinding import errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy, to_python_value
from pykvbinding.js.streams.pipe import PipeMethods
from pykvbinding.js.streams.source import END, Chunk, Chunks, Source, Tee, split_chunks

__all__ = ["Chunk", "ReadableStream", "ReadableStreamDefaultReader", "Source", "split_chunks"]


class ReadableStream(PipeMethods, JsProxy, name="ReadableStream"):
    """A stream of bytes, which `get(key, "stream")` returns and `put` accepts.

    `chunks` is an iterable or an async iterable of buffers. A stream can be read once, by
    `async for`, by a reader, or by `put`; it is locked while it is read.

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
        """True if the stream has a reader, or a tee or a put has taken its source."""
        return self._handed_over or self._reader is not None

    @property
    def disturbed(self) -> bool:
        """True if the stream has been read from or cancelled. Not visible in JavaScript."""
        return self._source.disturbed

    def getReader(self, options: object = None, **kwargs: Any) -> "ReadableStreamDefaultReader":
        """Return a reader, which locks the stream until `releaseLock()`.

        Raises: KVError, "This ReadableStream is currently locked to a reader."
        """
        mode = None if options is None and not kwargs else self._parse_mode(options, kwargs)
        if self.locked:
            raise errors.stream_locked()
        if mode is not None:
            raise errors.stream_not_byob()
        self._reader = ReadableStreamDefaultReader(self, self._source)
        return self._reader

    def _parse_mode(self, options: object, kwargs: dict[str, Any]) -> object:
        """Return the `mode` that the options of `getReader` set; `None` is the default reader."""
        init = kwargs if options is None else to_python_value(options)
        if not isinstance(init, dict):
            raise errors.stream_wrong_argument("getReader", "GetReaderOptions")
        mode: object = init.get("mode")
        if mode not in (None, "byob"):
            raise errors.stream_wrong_mode()
        return mode

    def cancel(self, reason: object = None) -> Awaitable[None]:
        """Drop the remaining chunks, so that reads find the end; the source gets `reason`.

        Raises: KVError, "This ReadableStream is currently locked to a reader."
        """
        if self.locked:
            raise errors.stream_locked()
        return self._source.cancel(reason)

    def tee(self) -> "tuple[ReadableStream, ReadableStream]":
        """Return two streams of the same chunks; this stream stays locked.

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
        """Iterate over the chunks; leaving the loop early drops the rest and unlocks the stream.

        Raises: KVError, "This ReadableStream is currently locked to a reader."
        """
        return _ChunkIterator(self.getReader(), self._source)

    def values(self) -> AsyncIterator[Any]:
        """Iterate over the chunks, as `async for` does."""
        return aiter(self)

    def take(self) -> "Source":
        """Return the source, for a consumer of the whole stream such as `put`; lock the stream.

        Raises: KVError if the stream is locked, or has been read from.
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
    """The reader that `getReader()` returns."""

    def __init__(self, stream: ReadableStream, source: "Source") -> None:
        self._stream: ReadableStream | None = stream
        self._source = source

    @property
    def closed(self) -> Deferred:
        """A promise that is fulfilled at the end of the stream, and rejected if it fails."""
        if self._stream is None:
            return Deferred.rejected(errors.stream_reader_released())
        return self._source.closed

    async def read(self) -> Any:
        """Return the next chunk, as `{"done": False, "value": bytes}`.

        At the end the result is `{"done": True, "value": None}`.

        Raises: KVError, "This ReadableStream reader has been released."
        """
        self._check_held()
        chunk = await self._source.read()
        if chunk is END:
            return self._source.make_read_result(done=True, value=None)
        return self._source.make_read_result(done=False, value=chunk)

    def cancel(self, reason: object = None) -> Awaitable[None]:
        """Drop the remaining chunks; the stream stays locked to this reader.

        Raises: KVError, "This ReadableStream reader has been released."
        """
        self._check_held()
        return self._source.cancel(reason)

    def releaseLock(self) -> None:
        """Unlock the stream; a second call does nothing.

        Raises: KVError while a `read()` is pending.
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
    """The iterator of one `async for`. Only the loop refers to it."""

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
        # A `break` does not call any method of the iterator: its deletion is the only signal.
        if not self._failed:  # a stream that failed stays locked, as in production
            self._source.drop()
            self._reader.releaseLock()
