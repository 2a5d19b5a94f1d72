"""Sends the Worker's response over HTTP, with a streaming body as it is produced."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zlib import MAX_WBITS, Z_SYNC_FLUSH, compressobj

from pykvbinding.js.streams.readable import ReadableStream
from pykvbinding.js.streams.source import Source
from pykvbinding.server.dev.http_request import IncomingRequest, Receive, Send

if TYPE_CHECKING:
    from asyncio import Future
    from zlib import _Compress as Compressor

    from pykvbinding.js.fetch.response import Response


@dataclass(slots=True)
class PlainResponse:
    """A response that does not come from the Worker."""

    status: int
    body: str
    content_type: str = "text/plain;charset=UTF-8"
    headers: list[tuple[str, str]] = field(default_factory=list)


async def read_body(receive: Receive) -> bytes | ReadableStream | None:
    """Return the body of a request: bytes if it arrived in one message, else a stream."""
    message = await receive()
    if message["type"] != "http.request":
        return None
    first: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return first or None
    return ReadableStream(_chunks(first, receive))


async def send_plain_response(send: Send, response: PlainResponse) -> None:
    """Send a response that does not come from the Worker."""
    body = response.body.encode()
    headers = [("content-type", response.content_type), *response.headers]
    await send(_start(response.status, [*headers, ("content-length", str(len(body)))]))
    await send({"type": "http.response.body", "body": body})


async def send_response(
    send: Send, receive: Receive | None, response: "Response", request: IncomingRequest
) -> None:
    """Send the response of a Worker, a streaming body chunk by chunk.

    As in the runtime, the body is compressed as its `content-encoding` requires (unless
    `encodeBody` is "manual"), if the client accepts gzip; otherwise it is sent uncompressed,
    without that header. If `receive` reports a disconnect of the client, the stream is cancelled.
    """
    # Imported here: the commands start without this module; at this point it is loaded.
    from pykvbinding.js.fetch.response import NULL_BODY_STATUSES

    headers = [(str(name), str(value)) for name, value in response.headers]
    has_body = response.status not in NULL_BODY_STATUSES
    content = response._transfer() if has_body else None
    compresses = False
    if response.encodeBody != "manual":
        headers, compresses = _negotiate_encoding(headers, request.accept_encoding)
    if isinstance(content, ReadableStream):
        await send(_start(response.status, headers))
        if request.method == "HEAD":
            await content.cancel()
            await send({"type": "http.response.body", "body": b""})
        else:
            await _stream(send, receive, content, _gzip_compressor() if compresses else None)
        return
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content or b""
    if compresses and body:
        compressor = _gzip_compressor()
        body = compressor.compress(body) + compressor.flush()
    if has_body and (content is not None or request.method != "HEAD"):
        headers = [pair for pair in headers if pair[0] != "content-length"]
        headers.append(("content-length", str(len(body))))
    await send(_start(response.status, headers))
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})


async def _stream(
    send: Send, receive: Receive | None, stream: ReadableStream, compressor: "Compressor | None"
) -> None:
    """Send the chunks of a stream until it ends or the client disconnects."""
    import asyncio

    source = stream.take()
    disconnect = None if receive is None else asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        while (chunk := await _next(source, disconnect)) is not None:
            if compressor is not None:
                chunk = compressor.compress(chunk) + compressor.flush(Z_SYNC_FLUSH)
            if chunk:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        rest = b"" if compressor is None else compressor.flush()
        await send({"type": "http.response.body", "body": rest})
    finally:
        if disconnect is not None:
            disconnect.cancel()


async def _next(source: Source, disconnect: "Future[None] | None") -> bytes | None:
    """Return the next chunk; None at the end, and after a disconnect."""
    import asyncio

    if disconnect is None:
        return await source.next()
    if not disconnect.done():
        next_chunk = asyncio.ensure_future(source.next())
        await asyncio.wait((next_chunk, disconnect), return_when=asyncio.FIRST_COMPLETED)
        if next_chunk.done():
            return next_chunk.result()
        next_chunk.cancel()
        await asyncio.wait([next_chunk])
    await source.cancel()
    return None


async def _wait_for_disconnect(receive: Receive) -> None:
    """Wait until the client disconnects."""
    while (await receive())["type"] != "http.disconnect":
        continue


def _negotiate_encoding(
    headers: list[tuple[str, str]], accept_encoding: str | None
) -> tuple[list[tuple[str, str]], bool]:
    """Return the headers for this client, and whether the body is compressed."""
    encodings = {value.strip().lower() for name, value in headers if name == "content-encoding"}
    if not encodings & {"gzip", "br"}:
        return headers, False
    others = [pair for pair in headers if pair[0] not in ("content-encoding", "content-length")]
    if _accepts_gzip(accept_encoding):
        return [*others, ("content-encoding", "gzip")], True
    return others, False


def _accepts_gzip(accept_encoding: str | None) -> bool:
    """Return whether the client accepts gzip. Without a header, it accepts any encoding."""
    if accept_encoding is None:
        return True
    for item in accept_encoding.lower().split(","):
        coding, _, weight = item.replace(" ", "").partition(";q=")
        if coding in ("gzip", "*") and weight not in ("0", "0.0", "0.00", "0.000"):
            return True
    return False


def _gzip_compressor() -> "Compressor":
    return compressobj(wbits=16 + MAX_WBITS)  # 16 selects the gzip format


def _start(status: int, headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    encoded = [(name.encode("latin-1"), _header_bytes(value)) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": encoded}


def _header_bytes(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


async def _chunks(first: bytes, receive: Receive) -> AsyncIterator[bytes]:
    if first:
        yield first
    has_more = True
    while has_more:
        message = await receive()
        if message["type"] != "http.request":
            return
        if message.get("body"):
            yield message["body"]
        has_more = message.get("more_body", False)
