"""The SDK's `workers.asgi` with our requests, responses and streams."""

import asyncio
import importlib
import logging
from collections.abc import Awaitable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pykvbinding import Env
from pykvbinding.workers.current import InvocationContext, current_invocation
from tests.support import workers_fixture

workers = workers_fixture.workers

URL = "http://localhost:8787/caf%C3%A9/x%20y?b=c&d=%20"
Message = dict[str, Any]


@pytest.fixture
def asgi(workers: ModuleType) -> ModuleType:
    """`from workers import asgi`."""
    return importlib.import_module("workers.asgi")


class Context:
    """An execution context that starts a task for each awaitable."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Future[Any]] = []

    def waitUntil(self, awaitable: Awaitable[Any]) -> None:
        self.tasks.append(asyncio.ensure_future(awaitable))


def answering(*messages: Message, seen: list[Any] | None = None) -> Any:
    """An app without a lifespan that sends these messages."""

    async def app(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        if seen is not None:
            seen.append(scope)
        for message in messages:
            await send(message)

    return app


def start(status: int = 200, *headers: tuple[bytes, bytes]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: bytes = b"", **more: bool) -> Message:
    return {"type": "http.response.body", "body": content, **more}


async def test_app_responds(workers: ModuleType, asgi: ModuleType) -> None:
    app = answering(
        start(201, (b"x-one", b"1"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")),
        body(b"hello"),
    )

    response = await asgi.fetch(app, workers.Request(URL), Env())

    assert response.constructor.name == "Response"
    assert response.status == 201
    assert list(response.headers.getSetCookie()) == ["a=1", "b=2"]
    assert await response.text() == "hello"


async def test_app_receives_the_request_and_the_env(workers: ModuleType, asgi: ModuleType) -> None:
    seen: list[Any] = []
    env = Env(TOKEN="secret")
    request = workers.Request(URL, method="DELETE", headers={"X-One": "1"})

    for given in (request, request.js_object):
        await asgi.fetch(answering(start(), body(), seen=seen), given, env)

    for scope in seen:
        assert scope["env"] is env
        assert scope["method"] == "DELETE"
        assert (scope["scheme"], scope["path"]) == ("http", "/café/x y")
        assert scope["raw_path"] == b"/caf%C3%A9/x%20y"
        assert scope["query_string"] == b"b=c&d=%20"
        assert (b"x-one", b"1") in scope["headers"]
        assert scope["http_version"] == "1.1"
        assert scope["asgi"] == {"spec_version": "2.0", "version": "3.0"}


async def test_app_receives_the_body_and_then_a_disconnect(
    workers: ModuleType, asgi: ModuleType
) -> None:
    received = []

    async def app(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            message = {"more_body": True}
            while message.get("more_body"):
                message = await receive()
                received.append(message)
            await send(start())
            await send(body())
            received.append(await receive())

    request = workers.Request(URL, method="POST", body="hello")

    await asgi.fetch(app, request, Env())

    assert b"".join(message.get("body", b"") for message in received) == b"hello"
    assert received[-2] == {"body": b"", "more_body": False, "type": "http.request"}
    assert received[-1] == {"type": "http.disconnect"}


@pytest.mark.parametrize("status", [204, 304])
async def test_null_body_statuses_have_no_body(
    workers: ModuleType, asgi: ModuleType, status: int
) -> None:
    response = await asgi.fetch(answering(start(status), body(b"")), workers.Request(URL), Env())

    assert response.status == status
    assert not response.body


async def test_streams_a_body_sent_in_parts(workers: ModuleType, asgi: ModuleType) -> None:
    app = answering(start(), body(b"a", more_body=True), body(b"b", more_body=True), body(b"c"))
    context = Context()
    token = current_invocation.set(InvocationContext(Env(), context))
    try:
        response = await asgi.fetch(app, workers.Request(URL), Env())
        text = await response.text()
        await asyncio.gather(*context.tasks)
    finally:
        current_invocation.reset(token)

    assert text == "abc"
    assert len(context.tasks) == 1


async def test_ends_the_stream_if_the_app_fails(
    workers: ModuleType, asgi: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    async def app(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send(start())
            await send(body(b"hel", more_body=True))
            raise ZeroDivisionError

    context = Context()
    token = current_invocation.set(InvocationContext(Env(), context))
    try:
        response = await asgi.fetch(app, workers.Request(URL), Env())
        text = await response.text()
        await asyncio.gather(*context.tasks)
    finally:
        current_invocation.reset(token)

    assert text == "hel"
    assert "Exception in ASGI application after response started" in caplog.messages


async def test_app_fails_if_its_stream_is_cancelled(
    workers: ModuleType, asgi: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "asgi")

    async def app(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send(start())
            await send(body(b"hel", more_body=True))
            await send(body(b"lo"))

    context = Context()
    token = current_invocation.set(InvocationContext(Env(), context))
    try:
        response = await asgi.fetch(app, workers.Request(URL), Env())
        await response.body.cancel()
        await asyncio.gather(*context.tasks)
        await asyncio.sleep(0)
    finally:
        current_invocation.reset(token)

    assert "Exception in ASGI application after response started" in caplog.messages
    assert "Closing the response stream failed" in caplog.messages


async def test_accepts_the_option_encode_body(workers: ModuleType, asgi: ModuleType) -> None:
    options = asgi.Options(encode_body="manual")

    response = await asgi.fetch(
        answering(start(), body(b"x")), workers.Request(URL), Env(), options=options
    )

    assert response.status == 200


async def test_creates_an_entrypoint_from_an_app(workers: ModuleType, asgi: ModuleType) -> None:
    seen: list[Any] = []
    Default = asgi.entrypoint(answering(start(), body(b"x"), seen=seen))  # noqa: N806
    entrypoint = Default(SimpleNamespace(), Env(TOKEN="secret"))

    response = await entrypoint.fetch(workers.Request(URL))

    assert issubclass(Default, workers.WorkerEntrypoint)
    assert await response.text() == "x"
    assert seen[0]["env"].TOKEN == "secret"


async def test_web_sockets_are_not_emulated(workers: ModuleType, asgi: ModuleType) -> None:
    entrypoint = asgi.entrypoint(answering())(SimpleNamespace(), Env())
    request = workers.Request(URL, headers={"Upgrade": "websocket"})

    with pytest.raises(
        NotImplementedError, match=r"^js\.WebSocketPair is not emulated by pykvbinding"
    ):
        await entrypoint.fetch(request)
