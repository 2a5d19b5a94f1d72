"""A response on its way to the client: it leaves its handler, and its body is read within."""

from collections.abc import Callable, Iterator
from typing import Any

from pykvbinding import errors as kv_errors
from pykvbinding.js.fetch.body import RemainingSource
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.streams.js_sources import BodySource
from pykvbinding.js.streams.source import Source
from pykvbinding.workers import errors
from pykvbinding.workers.current import CURRENT, Running


def received(response: Response, running: Running) -> Response:
    """The response as the client gets it; that of the handler is used up.

    Raises: JsException if it was used before, "Body has already been used. …"
    """
    held = response._stream
    if held is None:
        if response._used:
            raise errors.response_used()
        response._used = response._content is not None
    elif held.disturbed:
        raise errors.response_used()
    elif held.locked:
        raise kv_errors.stream_locked()
    made = Response.__new__(Response)
    for name in PARTS:
        setattr(made, name, getattr(response, name))
    made._content = None if held is not None else response._content
    made._stream = None if held is None else ReadableStream.of_source(Within(held.take(), running))
    made._used = False
    return made


PARTS = (
    *("status", "url", "type", "encodeBody", "_cf", "_content_type", "_headers"),
    *("_status_text", "_web_socket"),
)


class Within(RemainingSource):
    """What is left of a body, read as part of the invocation that makes it."""

    def __init__(self, source: Source, running: Running) -> None:
        super().__init__(source)
        self._running = running

    async def next(self) -> Any:
        """The next chunk."""
        return await self._read(super().next)

    async def read(self) -> Any:
        """The next chunk, as readers see it."""
        return await self._read(super().read)

    async def _read(self, read: Callable[[], Any]) -> Any:
        token = CURRENT.set(self._running)
        try:
            return await read()
        finally:
            CURRENT.reset(token)


async def read_through(response: Response) -> BaseException | None:
    """Have the body in memory if it streams, in the same chunks; what broke it off, if anything."""
    held = response._stream
    if held is None:
        return None
    source = held.take()
    chunks: list[bytes] = []
    failure: Exception | None = None
    try:
        while (chunk := await source.next()) is not None:
            chunks.append(chunk)
    except Exception as error:
        failure = error
    response._stream = ReadableStream.of_source(BodySource(_again(chunks, failure)))
    return failure


def _again(chunks: list[bytes], failure: Exception | None) -> Iterator[bytes]:
    yield from chunks
    if failure is not None:
        raise failure
