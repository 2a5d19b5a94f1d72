"""What a stream of JavaScript takes its chunks from: the bytes of a body, items, branches."""

from typing import Any

from pykvbinding import errors
from pykvbinding.js.streams.source import END, Chunks, Source
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.typed_array import Uint8Array, as_bytes


class BodySource(Source):
    """The bytes of a body, in Uint8Arrays."""

    def wrap(self, chunk: bytes) -> Uint8Array:
        """A Uint8Array."""
        return Uint8Array(bytearray(chunk))

    def accept(self, chunk: Any) -> bytes:
        """The bytes of a buffer."""
        return to_bytes(chunk)

    def make_read_result(self, *, done: bool, value: Any) -> JsObject:
        """What a reader's `read()` returns."""
        return JsObject({"done": done, "value": value})


class ItemSource(BodySource):
    """Items of any kind. Who needs bytes (a body, a put) refuses what is no buffer."""

    def __init__(self, items: Chunks) -> None:
        super().__init__(items)

    async def next(self) -> bytes | None:
        """The next item, which must be a buffer."""
        chunk = await self.read()
        return None if chunk is END else to_bytes(chunk)

    def wrap(self, chunk: Any) -> Any:
        """The item itself."""
        return chunk

    def accept(self, chunk: Any) -> Any:
        """Anything."""
        return chunk


class BranchSource(ItemSource):
    """The items of one branch of a tee; one of a source that is finished is finished too."""

    def __init__(self, items: Chunks, source: Source) -> None:
        super().__init__(items)
        self.reusable = source.reusable
        if source.exhausted:
            self._chunks = None
        self._failure = source.failure

    async def cancel(self, reason: object = None) -> None:
        """Drop the rest of this branch. Raises what the source failed with."""
        if self._failure is not None:
            raise self._failure
        await super().cancel(reason)


def to_bytes(chunk: Any) -> bytes:
    """The bytes of a buffer. Raises: KVError, "This ReadableStream did not return bytes."."""
    content = as_bytes(chunk)
    if content is None:
        raise errors.stream_not_bytes()
    return content
