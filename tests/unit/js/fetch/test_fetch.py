"""fetch: answered by the author of the test, or refused."""

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
def answered_by(answer: OutboundHandler) -> Iterator[None]:
    token = outbound_handler.set(answer)
    try:
        yield
    finally:
        outbound_handler.reset(token)


async def echo(request: Request) -> Response:
    return Response(f"{request.method} {request.url} {await request.text()}")


async def never(request: Request) -> Response:
    await asyncio.sleep(3600)
    raise AssertionError


async def refused(*arguments: Any) -> str:
    with pytest.raises(JsException) as caught:
        await fetch(*arguments)
    return f"{caught.value.name}: {caught.value.message}"


async def test_a_request_that_nobody_answers_is_refused_and_says_how_to_answer() -> None:
    with pytest.raises(NotImplementedError) as caught:
        await fetch("http://a/b", JsObject({"method": "PUT"}))

    assert str(caught.value) == (
        "fetch: PUT http://a/b is not sent anywhere by pykvbinding; "
        "say what answers it with worker.mock_fetch(...)"
    )


async def test_a_request_is_made_of_the_arguments_and_answered() -> None:
    with answered_by(echo):
        named = await fetch("http://a/", method="POST", body="x")
        given = await fetch(Request("http://b/"), JsObject({"method": "PUT"}))

    assert await named.text() == "POST http://a/ x"
    assert await given.text() == "PUT http://b/ "


async def test_what_cannot_be_fetched_is_refused() -> None:
    with answered_by(echo):
        assert await refused() == (
            "TypeError: Failed to execute 'fetch' on 'ServiceWorkerGlobalScope': parameter 1 is "
            "not of type 'Request or string'."
        )
        assert await refused("nope") == "TypeError: Invalid URL: nope"
        assert await refused("ftp://a.com") == "TypeError: Fetch API cannot load: ftp://a.com/"


async def test_a_signal_that_was_given_stops_it_before_it_begins() -> None:
    controller = AbortController()
    controller.abort()

    with answered_by(echo):
        assert await refused("http://a", JsObject({"signal": controller.signal})) == (
            "AbortError: The operation was aborted"
        )


async def test_a_signal_calls_it_off_while_it_waits() -> None:
    controller = AbortController()
    with answered_by(never):
        fetching = asyncio.create_task(fetch("http://a", signal=controller.signal))
        await asyncio.sleep(0)

    controller.abort("enough")

    with pytest.raises(JsException, match=r"^enough$"):
        await fetching


async def test_a_signal_that_is_not_given_stops_nothing() -> None:
    controller = AbortController()

    with answered_by(echo):
        response = await fetch(Request("http://a/", JsObject({"signal": controller.signal})))
    controller.abort()

    assert await response.text() == "GET http://a/ "


async def test_a_task_that_is_cancelled_is_not_taken_for_a_signal() -> None:
    with answered_by(never):
        fetching = asyncio.create_task(fetch("http://a", signal=AbortController().signal))
        await asyncio.sleep(0)

    fetching.cancel()

    with pytest.raises(asyncio.CancelledError):
        await fetching
