"""Request and response bodies, chunk by chunk."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from pykvbinding.js.fetch.response import Response
from pykvbinding.js.streams.readable import ReadableStream
from pykvbinding.server.dev.http_request import IncomingRequest, Message
from pykvbinding.server.dev.http_response import (
    PlainResponse,
    read_body,
    send_plain_response,
    send_response,
)

LEFT: Message = {"type": "http.disconnect"}


def arriving(*messages: Message) -> Any:
    """Return a `receive` with these messages, which then waits forever."""
    left = list(messages)

    async def receive() -> Message:
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    return receive


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def all_of(body: bytes | ReadableStream | None) -> list[bytes]:
    assert isinstance(body, ReadableStream)
    return [bytes(chunk) async for chunk in body]


async def sent(response: Response, receive: Any = None, method: str = "GET") -> list[Message]:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    incoming = IncomingRequest(
        method=method,
        url="http://localhost/",
        target="/",
        path="/",
        headers=[],
        cf={},
        location="LHR",
        wrong_location=None,
        accept_encoding=None,
        host="localhost",
        origin=None,
    )
    await send_response(send, receive, response, incoming)
    return messages


def bodies(messages: Iterable[Message]) -> list[bytes]:
    return [message["body"] for message in messages if message["type"] == "http.response.body"]


async def test_body_in_one_message_is_bytes() -> None:
    assert await read_body(arriving(part(b"whole"))) == b"whole"


async def test_missing_body_is_none() -> None:
    assert await read_body(arriving(part(b""))) is None
    assert await read_body(arriving({"type": "http.request"})) is None


async def test_disconnect_before_the_body_is_none() -> None:
    assert await read_body(arriving(LEFT)) is None


async def test_body_in_several_messages_is_a_stream() -> None:
    receive = arriving(part(b"a", more=True), part(b"", more=True), part(b"b"))

    assert await all_of(await read_body(receive)) == [b"a", b"b"]


async def test_disconnect_ends_the_request_body() -> None:
    receive = arriving(part(b"", more=True), part(b"a", more=True), LEFT)

    assert await all_of(await read_body(receive)) == [b"a"]


async def test_plain_response_is_text() -> None:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    await send_plain_response(send, PlainResponse(404, "grüße"))

    assert messages[0]["status"] == 404
    assert (b"content-length", b"7") in messages[0]["headers"]
    assert bodies(messages) == ["grüße".encode()]


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for each in parts:
        yield each


async def test_empty_chunks_are_not_sent() -> None:
    response = Response(ReadableStream(chunks(b"a", b"", b"b")))

    assert bodies(await sent(response)) == [b"a", b"b", b""]


@pytest.mark.parametrize("leaves_while", ["waiting", "reading"])
async def test_disconnect_ends_the_response_stream(leaves_while: str) -> None:
    closed = []

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"again"
                await (asyncio.sleep(0) if leaves_while == "reading" else asyncio.Event().wait())
        finally:
            closed.append(True)

    async def receive() -> Message:
        for _ in range(10):
            await asyncio.sleep(0)
        return LEFT

    messages = await asyncio.wait_for(sent(Response(ReadableStream(endless())), receive), 5)

    assert b"again" in bodies(messages)
    assert closed == [True]


async def test_other_messages_do_not_end_the_stream() -> None:
    response = Response(ReadableStream(chunks(b"a", b"b")))

    assert bodies(await sent(response, arriving(part(b"")))) == [b"a", b"b", b""]


async def test_head_response_without_body_has_no_length() -> None:
    (start, _) = await sent(Response(None), method="HEAD")

    assert start["headers"] == []


async def test_header_beyond_latin_1_is_sent_as_utf_8() -> None:
    response = Response("")
    response.headers.append("x-name", "東")

    (start, _) = await sent(response)

    assert (b"x-name", "東".encode()) in start["headers"]


async def test_missing_accept_encoding_accepts_gzip() -> None:
    response = Response("a" * 100, {"headers": [("content-encoding", "gzip")]})

    messages = await sent(response)

    assert gzip.decompress(bodies(messages)[0]) == b"a" * 100
