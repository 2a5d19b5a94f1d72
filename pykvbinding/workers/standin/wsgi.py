"""`workers.wsgi`: Flask, Django and other WSGI apps as a Worker."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from pykvbinding.js.fetch.headers import Headers as JsHeaders
from pykvbinding.js.fetch.response import Response as JsResponse
from pykvbinding.js.streams.readable import ReadableStream
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.entrypoints import WorkerEntrypoint
from pykvbinding.workers.standin.gateway import NULL_BODY_STATUSES, BaseOptions
from pykvbinding.workers.standin.request import Request

WsgiApp: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

logger = logging.getLogger("wsgi")


@dataclass(frozen=True, kw_only=True)
class Options(BaseOptions):
    """Options of a WSGI app."""


class _Start:
    """`start_response`: what the app says of its response before its body."""

    def __init__(self) -> None:
        self.status: str | None = None
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        if self.status is not None:
            if exc_info is None:
                raise refusals.wsgi_started_twice()
            raise exc_info[1].with_traceback(exc_info[2])
        self.status = status
        self.headers = headers
        return self._write

    def _write(self, chunk: bytes) -> None:
        if chunk:
            self.written.append(chunk)


async def fetch(
    app: WsgiApp,
    req: Any,
    env: Any,
    ctx: Any = None,  # noqa: ARG001 -- as for ASGI
    *,
    options: Options | None = None,
) -> JsResponse:
    """The app's response to `req`. The app finds the Worker's env at `environ["workers.env"]`.

    Raises: whatever the app raises before the first part of its body; RuntimeError, "The WSGI
    application did not call start_response()"
    """
    logger.debug("WSGI request: %s %s", req.method, req.url)
    body = b"".join([chunk.to_bytes() async for chunk in req.body]) if req.body else b""
    try:
        return _answer(app, build_environ(req, env, body), (options or Options()).response_init())
    except Exception:
        logger.exception("WSGI request failed")
        raise


def entrypoint(app: WsgiApp, *, options: Options | None = None) -> type[WorkerEntrypoint]:
    """The `Default` of a Worker that is a WSGI app."""

    class Default(WorkerEntrypoint):
        """Hands every request to the app."""

        async def fetch(self, request: Any) -> JsResponse:
            """The app's response."""
            return await fetch(app, request, self.env, options=options)

    return Default


def build_environ(req: Any, env: Any, body: bytes) -> dict[str, Any]:
    """The WSGI environ of a request (PEP 3333), with the Worker's `env` in it.

    Raises: ValueError, "Request URL is not absolute: '/x'"
    """
    url = urlsplit(req.url)
    if not url.scheme:
        raise refusals.url_not_absolute(req.url)
    port = url.port or (443 if url.scheme == "https" else 80)
    environ = {
        "REQUEST_METHOD": str(getattr(req.method, "value", req.method)),
        "SCRIPT_NAME": "",
        # A "native string" of WSGI holds a byte of UTF-8 in each character.
        "PATH_INFO": unquote(url.path or "/").encode().decode("latin-1"),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "workers.env": env,
    }
    headers = req.headers.items() if isinstance(req, Request) else req.headers
    for key, value in headers:
        name = key.upper().replace("-", "_")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
            value = f"{environ[name]},{value}" if name in environ else value
        environ[name] = value
    return environ


def _answer(app: WsgiApp, environ: dict[str, Any], init: dict[str, Any]) -> JsResponse:
    """Run the app up to the first part of its body; the rest runs as the body is read."""
    start = _Start()
    result = app(environ, start)

    def close() -> None:
        getattr(result, "close", lambda: None)()

    parts = iter(result)
    try:
        first = next((part for part in parts if part), b"")
        if start.status is None:
            raise refusals.no_wsgi_start()
    except Exception:
        close()
        raise
    code, _, reason = start.status.partition(" ")
    options = {"status": int(code), "headers": JsHeaders(start.headers), **init}
    if reason:
        options["statusText"] = reason
    if int(code) in NULL_BODY_STATUSES:
        close()
        return JsResponse(None, options)
    return JsResponse(ReadableStream(_body([*start.written, first], parts, close)), options)


def _body(ready: list[bytes], rest: Iterator[bytes], close: Callable[[], None]) -> Iterator[bytes]:
    """The parts of a body; `close` is called at their end, whatever that is."""
    try:
        yield from filter(None, ready)
        yield from filter(None, rest)
    except Exception as error:
        logger.exception("Exception while streaming WSGI response body")
        raise refusals.broken_off(error) from error
    finally:
        close()
