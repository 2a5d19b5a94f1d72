"""The sources of JavaScript's streams: the bytes of a body, items, the branches of a tee."""

from typing import Any

from pykvbinding import errors
from pykvbinding.js.streams.source import END, Chunks, Source
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.typed_array import Uint8Array, as_bytes


class BodySource(Source):
    """The bytes of a body; a reader gets Uint8Arrays."""

    def wrap(self, chunk: bytes) -> Uint8Array:
        """Return a Uint8Array of `chunk`."""
        return Uint8Array(bytearray(chunk))

    def accept(self, chunk: Any) -> bytes:
        """Return the bytes of a buffer."""
        return to_bytes(chunk)

    def make_read_result(self, *, done: bool, value: Any) -> JsObject:
        """Return the result of a reader's `read()`."""
        return JsObject({"done": done, "value": value})


class ItemSource(BodySource):
    """Items of any type. A consumer of bytes (a body, a put) rejects items other than buffers."""

    def __init__(self, items: Chunks) -> None:
        super().__init__(items)

    async def next(self) -> bytes | None:
        """Return the bytes of the next item, `None` at the end.

        Raises: KVError, "This ReadableStream did not return bytes."
        """
        chunk = await self.read()
        return None if chunk is END else to_bytes(chunk)

    def wrap(self, chunk: Any) -> Any:
        """Return the item itself."""
        return chunk

    def accept(self, chunk: Any) -> Any:
        """Return the item itself: every type is accepted."""
        return chunk


class BranchSource(ItemSource):
    """The items of one branch of a tee; it has ended or failed if the source has."""

    def __init__(self, items: Chunks, source: Source) -> None:
        super().__init__(items)
        self.reusable: bool = source.reusable
        if source.exhausted:
            self._chunks = None
        self._failure = source.failure

    async def cancel(self, reason: object = None) -> None:
        """Drop the rest of this branch. Raises the error of a source that has failed."""
        if self._failure is not None:
            raise self._failure
        await super().cancel(reason)


def to_bytes(chunk: Any) -> bytes:
    """Return the bytes of a buffer.

    Raises: KVError, "This ReadableStream did not return bytes."
    """
    content = as_bytes(chunk)
    if content is None:
        raise errors.stream_not_bytes()
    return content
