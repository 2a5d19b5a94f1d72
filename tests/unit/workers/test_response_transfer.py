"""Responses detached from their handler, and streaming bodies."""

import asyncio
from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import pytest

from pykvbinding import ReadableStream
from pykvbinding.errors import JsException
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import module_of, text, worker_of
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")


async def chunks(*texts: str, failure: Exception | None = None) -> AsyncIterator[bytes]:
    for each in texts:
        await asyncio.sleep(0)
        yield each.encode()
    if failure is not None:
        raise failure


async def test_fetch_reads_a_streaming_body(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        return workers.Response(ReadableStream(chunks("one ", "two")))

    response = await worker_of(workers, fetch).fetch("/")

    assert [chunk.to_bytes() async for chunk in response.body] == [b"one ", b"two"]


async def test_kv_stream_can_be_a_body(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        await self.env.KV.put("key", "é" * 5000)
        return workers.Response(await self.env.KV.get("key", "stream"))

    assert await text(worker_of(workers, fetch)) == "é" * 5000


async def test_failing_body_fails_for_the_client(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        return workers.Response(ReadableStream(chunks("one", failure=ValueError("cut"))))

    worker = worker_of(workers, fetch)
    response = await worker.fetch("/")

    assert response.status == 200
    assert list(map(repr, worker.exceptions)) == ["ValueError('cut')"]
    with pytest.raises(ValueError, match="cut"):
        await response.text()


async def test_body_is_read_within_its_invocation(workers: ModuleType) -> None:  # noqa: F811
    source = """
from workers import env
async def body():
    for number in range(3):
        await env.KV.put("at", str(number))
        yield str(number).encode()
async def on_fetch(request):
    return Response(__import__("pykvbinding").ReadableStream(body()))
"""
    worker = Worker.load(module_of(source))

    assert await text(worker) == "012"
    invocation = await worker.fetch_streaming("/")
    read = [chunk.to_bytes() async for chunk in invocation.response.body]
    reader = (await worker.fetch_streaming("/")).response.body.getReader()
    first = await reader.read()

    assert read == [b"0", b"1", b"2"]
    assert first.value.to_bytes() == b"0"
    assert await worker.env.KV.get("at") == "0"


async def test_rejects_a_locked_body(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        response = workers.Response(ReadableStream(chunks("one")))
        response.body.getReader()
        return response

    worker = worker_of(workers, fetch)
    await worker.fetch("/")

    assert str(worker.exceptions[0]) == "This ReadableStream is currently locked to a reader."


async def test_rejects_a_stream_that_was_read(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        response = workers.Response(ReadableStream(chunks("one")))
        await response.text()
        return response

    worker = worker_of(workers, fetch)
    await worker.fetch("/")

    (error,) = worker.exceptions
    assert isinstance(error, JsException)
    assert error.message.startswith("Body has already been used.")
