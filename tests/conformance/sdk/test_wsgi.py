"""The SDK's `workers.wsgi` with our requests, responses and streams."""

import importlib
import sys
from collections.abc import Iterable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pykvbinding import Env
from pykvbinding.errors import JsException
from tests.support import workers_fixture

workers = workers_fixture.workers

URL = "https://example.com/caf%C3%A9?b=c"


@pytest.fixture
def wsgi(workers: ModuleType) -> ModuleType:
    """`from workers import wsgi`."""
    return importlib.import_module("workers.wsgi")


class Body:
    """The iterable of an app, with the number of `close()` calls."""

    def __init__(self, *chunks: bytes, fails: bool = False) -> None:
        self.chunks = chunks
        self.fails = fails
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        if self.fails:
            raise ZeroDivisionError("no more")

    def close(self) -> None:
        self.closed += 1


def answering(content: Iterable[bytes], status: str = "200 OK", *headers: tuple[str, str]) -> Any:
    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response(status, list(headers))
        return content

    return app


async def test_app_responds(workers: ModuleType, wsgi: ModuleType) -> None:
    content = Body(b"", b"hel", b"", b"lo")
    cookies = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]

    response = await wsgi.fetch(
        answering(content, "418 Teapot", *cookies), workers.Request(URL), Env()
    )

    assert response.constructor.name == "Response"
    assert (response.status, response.statusText) == (418, "Teapot")
    assert list(response.headers.getSetCookie()) == ["a=1", "b=2"]
    assert content.closed == 0
    assert await response.text() == "hello"
    assert content.closed == 1


async def test_app_receives_the_request_and_the_env(workers: ModuleType, wsgi: ModuleType) -> None:
    seen: list[Any] = []

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        seen.append((environ, environ["wsgi.input"].read()))
        start_response("200", [])
        return [b"x"]

    env = Env(TOKEN="secret")
    pairs = [("X-One", "1"), ("Content-Type", "text/css"), ("Content-Length", "5")]
    request = workers.Request(URL, method="PUT", body="hello", headers=pairs)
    copy = request.clone().js_object

    for given in (request, copy):
        await wsgi.fetch(app, given, env)

    for environ, content in seen:
        assert content == b"hello"
        assert environ["workers.env"] is env
        assert environ["REQUEST_METHOD"] == "PUT"
        assert environ["PATH_INFO"] == "/café".encode().decode("latin-1")
        assert environ["QUERY_STRING"] == "b=c"
        assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("example.com", "443")
        assert environ["HTTP_X_ONE"] == "1"
        assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/css", "5")
        assert environ["wsgi.url_scheme"] == "https"
        assert environ["wsgi.errors"] is sys.stderr


async def test_joins_repeated_cookies(workers: ModuleType, wsgi: ModuleType) -> None:
    seen: list[Any] = []

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        seen.append(environ)
        start_response("200 OK", [])
        return []

    pairs = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]

    await wsgi.fetch(app, workers.Request("http://x:81/", headers=pairs), Env())

    assert seen[0]["HTTP_SET_COOKIE"] == "a=1,b=2"
    assert seen[0]["SERVER_PORT"] == "81"
    assert seen[0]["wsgi.input"].read() == b""


async def test_null_body_statuses_have_no_body(workers: ModuleType, wsgi: ModuleType) -> None:
    content = Body()

    response = await wsgi.fetch(answering(content, "204 No Content"), workers.Request(URL), Env())

    assert response.status == 204
    assert not response.body
    assert content.closed == 1


async def test_error_in_the_body_is_a_javascript_error(
    workers: ModuleType, wsgi: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    content = Body(b"x", fails=True)
    response = await wsgi.fetch(answering(content), workers.Request(URL), Env())

    with pytest.raises(JsException, match="no more"):
        await response.text()

    assert content.closed == 1
    assert "Exception while streaming WSGI response body" in caplog.messages


async def test_creates_an_entrypoint_from_an_app(workers: ModuleType, wsgi: ModuleType) -> None:
    Default = wsgi.entrypoint(answering([b"x"]))  # noqa: N806
    entrypoint = Default(SimpleNamespace(), Env())

    response = await entrypoint.fetch(workers.Request(URL))

    assert issubclass(Default, workers.WorkerEntrypoint)
    assert await response.text() == "x"
