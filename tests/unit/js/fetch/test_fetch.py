"""Tests of `fetch`: the outbound handler, invalid requests and signals."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.fetch.abort import AbortController
from pykvbinding.js.fetch.fetch import OutboundHandler, fetch, outbound_handler
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.types.object import JsObject


@contextmanager
def handled_by(handler: OutboundHandler) -> Iterator[None]:
    token = outbound_handler.set(handler)
    try:
        yield
    finally:
        outbound_handler.reset(token)


async def echo(request: Request) -> Response:
    return Response(f"{request.method} {request.url} {await request.text()}")


async def never(request: Request) -> Response:
    await asyncio.sleep(3600)
    raise AssertionError


async def catch_error(*args: Any) -> str:
    with pytest.raises(JsException) as caught:
        await fetch(*args)
    return f"{caught.value.name}: {caught.value.message}"


async def test_rejects_a_request_without_an_outbound_handler() -> None:
    with pytest.raises(NotImplementedError) as caught:
        await fetch("http://a/b", JsObject({"method": "PUT"}))

    assert str(caught.value) == (
        "fetch: pykvbinding does not send PUT http://a/b; "
        "define the response with worker.mock_fetch(...)"
    )


async def test_fetch_passes_a_request_to_the_outbound_handler() -> None:
    with handled_by(echo):
        with_keywords = await fetch("http://a/", method="POST", body="x")
        with_init = await fetch(Request("http://b/"), JsObject({"method": "PUT"}))

    assert await with_keywords.text() == "POST http://a/ x"
    assert await with_init.text() == "PUT http://b/ "


async def test_rejects_invalid_arguments_and_schemes() -> None:
    with handled_by(echo):
        assert await catch_error() == (
            "TypeError: Failed to execute 'fetch' on 'ServiceWorkerGlobalScope': parameter 1 is "
            "not of type 'Request or string'."
        )
        assert await catch_error("nope") == "TypeError: Invalid URL: nope"
        assert await catch_error("ftp://a.com") == "TypeError: Fetch API cannot load: ftp://a.com/"


async def test_an_aborted_signal_prevents_the_request() -> None:
    controller = AbortController()
    controller.abort()

    with handled_by(echo):
        assert await catch_error("http://a", JsObject({"signal": controller.signal})) == (
            "AbortError: The operation was aborted"
        )


async def test_a_signal_aborts_a_pending_request() -> None:
    controller = AbortController()
    with handled_by(never):
        task = asyncio.create_task(fetch("http://a", signal=controller.signal))
        await asyncio.sleep(0)

    controller.abort("enough")

    with pytest.raises(JsException, match=r"^enough$"):
        await task


async def test_a_signal_that_is_not_aborted_has_no_effect() -> None:
    controller = AbortController()

    with handled_by(echo):
        response = await fetch(Request("http://a/", JsObject({"signal": controller.signal})))
    controller.abort()

    assert await response.text() == "GET http://a/ "


async def test_cancelling_the_task_raises_cancellederror() -> None:
    with handled_by(never):
        task = asyncio.create_task(fetch("http://a", signal=AbortController().signal))
        await asyncio.sleep(0)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
