"""Detaches a response from its handler; the body is still read within the invocation."""

from collections.abc import Callable, Iterator
from typing import Any

from pykvbinding import errors as kv_errors
from pykvbinding.js.fetch.body import RemainingSource
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.streams.js_sources import BodySource
from pykvbinding.js.streams.source import Source
from pykvbinding.workers import errors
from pykvbinding.workers.current import InvocationContext, current_invocation


def detach_response(response: Response, context: InvocationContext) -> Response:
    """Return the response as the client receives it. The handler's response is marked as used.

    Raises: JsException if its body was used before, "Body has already been used. …"
    """
    stream = response._stream
    if stream is None:
        if response._used:
            raise errors.response_used()
        response._used = response._content is not None
    elif stream.disturbed:
        raise errors.response_used()
    elif stream.locked:
        raise kv_errors.stream_locked()
    detached = Response.__new__(Response)
    for name in COPIED_ATTRIBUTES:
        setattr(detached, name, getattr(response, name))
    detached._content = None if stream is not None else response._content
    detached._stream = (
        None
        if stream is None
        else ReadableStream.of_source(InvocationBoundSource(stream.take(), context))
    )
    detached._used = False
    return detached


COPIED_ATTRIBUTES = (
    *("status", "url", "type", "encodeBody", "_cf", "_content_type", "_headers"),
    *("_status_text", "_web_socket"),
)


class InvocationBoundSource(RemainingSource):
    """The remaining chunks of a body, each read in the context of its invocation."""

    def __init__(self, source: Source, context: InvocationContext) -> None:
        super().__init__(source)
        self._context = context

    async def next(self) -> Any:
        """Return the next chunk."""
        return await self._read(super().next)

    async def read(self) -> Any:
        """Return the next chunk in the form that readers receive."""
        return await self._read(super().read)

    async def _read(self, read: Callable[[], Any]) -> Any:
        token = current_invocation.set(self._context)
        try:
            return await read()
        finally:
            current_invocation.reset(token)


async def buffer_body(response: Response) -> BaseException | None:
    """Read a streaming body into memory, keeping its chunks.

    Return the exception that ended the stream, or None.
    """
    stream = response._stream
    if stream is None:
        return None
    source = stream.take()
    chunks: list[bytes] = []
    failure: Exception | None = None
    try:
        while (chunk := await source.next()) is not None:
            chunks.append(chunk)
    except Exception as error:
        failure = error
    response._stream = ReadableStream.of_source(BodySource(_replay(chunks, failure)))
    return failure


def _replay(chunks: list[bytes], failure: Exception | None) -> Iterator[bytes]:
    yield from chunks
    if failure is not None:
        raise failure
