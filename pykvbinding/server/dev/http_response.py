"""The Worker's response as HTTP: its headers, and its body as it comes."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zlib import MAX_WBITS, Z_SYNC_FLUSH, compressobj

from pykvbinding.js.streams.readable import ReadableStream
from pykvbinding.js.streams.source import Source
from pykvbinding.server.dev.http_request import Incoming, Receive, Send

if TYPE_CHECKING:
    from asyncio import Future
    from zlib import _Compress as Packer

    from pykvbinding.js.fetch.response import Response


@dataclass(slots=True)
class Answer:
    """A response of our own, not of the Worker."""

    status: int
    body: str
    content_type: str = "text/plain;charset=UTF-8"
    headers: list[tuple[str, str]] = field(default_factory=list)


async def read_body(receive: Receive) -> bytes | ReadableStream | None:
    """The body of a request: what has arrived in one piece as it is, anything else as a stream."""
    message = await receive()
    if message["type"] != "http.request":
        return None
    first: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return first or None
    return ReadableStream(_chunks(first, receive))


async def send_answer(send: Send, answer: Answer) -> None:
    """Send a response of our own."""
    body = answer.body.encode()
    headers = [("content-type", answer.content_type), *answer.headers]
    await send(_start(answer.status, [*headers, ("content-length", str(len(body)))]))
    await send({"type": "http.response.body", "body": body})


async def send_response(
    send: Send, receive: Receive | None, response: "Response", incoming: Incoming
) -> None:
    """Send what a Worker has answered, a stream chunk by chunk as they come.

    It is compressed as its `content-encoding` says, which is for the runtime to do (unless
    `encodeBody` is "manual"), where the client takes gzip; else it is sent as it is, without that
    header. If the client goes away meanwhile, which `receive` tells, the stream is cancelled.
    """
    # Not at the top: the commands start without the module, and here it is there already.
    from pykvbinding.js.fetch.response import NULL_BODY_STATUSES

    headers = [(str(name), str(value)) for name, value in response.headers]
    has_body = response.status not in NULL_BODY_STATUSES
    content = response._transfer() if has_body else None
    zips = False
    if response.encodeBody != "manual":
        headers, zips = _negotiated(headers, incoming.accepts)
    if isinstance(content, ReadableStream):
        await send(_start(response.status, headers))
        if incoming.method == "HEAD":
            await content.cancel()
            await send({"type": "http.response.body", "body": b""})
        else:
            await _stream(send, receive, content, _zipper() if zips else None)
        return
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content or b""
    if zips and body:
        packer = _zipper()
        body = packer.compress(body) + packer.flush()
    if has_body and (content is not None or incoming.method != "HEAD"):
        headers = [pair for pair in headers if pair[0] != "content-length"]
        headers.append(("content-length", str(len(body))))
    await send(_start(response.status, headers))
    await send({"type": "http.response.body", "body": b"" if incoming.method == "HEAD" else body})


async def _stream(
    send: Send, receive: Receive | None, stream: ReadableStream, packer: "Packer | None"
) -> None:
    """Send the chunks of a stream as they come, until its end or until the client has gone."""
    import asyncio

    source = stream.take()
    gone = None if receive is None else asyncio.ensure_future(_gone(receive))
    try:
        while (chunk := await _next(source, gone)) is not None:
            if packer is not None:
                chunk = packer.compress(chunk) + packer.flush(Z_SYNC_FLUSH)
            if chunk:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        rest = b"" if packer is None else packer.flush()
        await send({"type": "http.response.body", "body": rest})
    finally:
        if gone is not None:
            gone.cancel()


async def _next(source: Source, gone: "Future[None] | None") -> bytes | None:
    """The next chunk; None at the end, and when the client has gone."""
    import asyncio

    if gone is None:
        return await source.next()
    if not gone.done():
        coming = asyncio.ensure_future(source.next())
        await asyncio.wait((coming, gone), return_when=asyncio.FIRST_COMPLETED)
        if coming.done():
            return coming.result()
        coming.cancel()
        await asyncio.wait([coming])
    await source.cancel()
    return None


async def _gone(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        continue


def _negotiated(
    headers: list[tuple[str, str]], accepts: str | None
) -> tuple[list[tuple[str, str]], bool]:
    """The headers of what the client accepts, and whether the body is to be compressed."""
    encodings = {value.strip().lower() for name, value in headers if name == "content-encoding"}
    if not encodings & {"gzip", "br"}:
        return headers, False
    others = [pair for pair in headers if pair[0] not in ("content-encoding", "content-length")]
    if _takes_gzip(accepts):
        return [*others, ("content-encoding", "gzip")], True
    return others, False


def _takes_gzip(accepts: str | None) -> bool:
    """Whether gzip is among what a client accepts; without a header everything is."""
    if accepts is None:
        return True
    for item in accepts.lower().split(","):
        coding, _, weight = item.replace(" ", "").partition(";q=")
        if coding in ("gzip", "*") and weight not in ("0", "0.0", "0.00", "0.000"):
            return True
    return False


def _zipper() -> "Packer":
    return compressobj(wbits=16 + MAX_WBITS)  # 16: in the format of gzip


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
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return
        if message.get("body"):
            yield message["body"]
        more = message.get("more_body", False)
