"""One request to an ASGI app: what it receives, and the response of what it sends."""

import asyncio
import logging
from typing import Any

from pykvbinding.js.fetch.headers import Headers as JsHeaders
from pykvbinding.js.fetch.response import Response as JsResponse
from pykvbinding.js.streams.transform import TransformStream
from pykvbinding.js.url.url import URL
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.gateway import NULL_BODY_STATUSES
from pykvbinding.workers.standin.lifespan import ASGI, AsgiApp
from pykvbinding.workers.standin.request import Request

logger = logging.getLogger("asgi")


class Exchange:
    """An app's answer to one request.

    The body of the request is read before the app starts. A response that the app sends at once
    is ready when the app has ended; one that it sends in parts is ready with the first part, and
    the app goes on in `task` while the body is read.
    """

    def __init__(self, app: AsgiApp, scope: dict[str, Any], init: dict[str, Any]) -> None:
        self._app = app
        self._scope = scope
        self._init = init
        self._messages: list[dict[str, Any]] = []
        self._response: asyncio.Future[JsResponse] = asyncio.get_running_loop().create_future()
        self._finished = asyncio.Event()
        self._status = 200
        self._headers: list[tuple[str, str]] = []
        self._writer: Any = None
        self._writer_is_closed = False
        self.task: asyncio.Task[None] | None = None

    async def response(self, request: Any) -> JsResponse:
        """The response, as soon as it has a status and either all of its body or a first part.

        Raises: whatever the app raises before; RuntimeError, "The application did not generate a
        response"
        """
        if request.body:
            async for chunk in request.body:
                self._messages.append(_part(chunk.to_bytes(), more=True))
        self._messages.append(_part(b"", more=False))
        self._messages.reverse()
        self.task = asyncio.ensure_future(self._run())
        try:
            response = await self._response
        except Exception:
            await self.task
            raise
        if self._writer is None:
            await self.task
        return response

    async def _run(self) -> None:
        try:
            await self._app(self._scope, self._receive, self._send)
            if not self._response.done():
                raise refusals.no_asgi_response()
        except Exception as error:
            if self._response.done():
                logger.exception("Exception in ASGI application after response started")
            else:
                self._response.set_exception(error)
            self._finished.set()
            if self._writer is not None and not self._writer_is_closed:
                # Not awaited: it ends when somebody reads the rest, which may be nobody.
                self._closing = asyncio.ensure_future(self._close())

    async def _close(self) -> None:
        try:
            await self._writer.close()
        except Exception:
            logger.debug("Closing the response stream failed", exc_info=True)

    async def _receive(self) -> dict[str, Any]:
        if self._messages:
            return self._messages.pop()
        await self._finished.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [
                (name.decode(), value.decode()) for name, value in message.get("headers", [])
            ]
        elif message["type"] == "http.response.body":
            await self._send_body(bytes(message.get("body", b"")), message.get("more_body", False))

    async def _send_body(self, body: bytes, more: bool) -> None:  # noqa: FBT001
        if self._writer is None and more:
            stream = TransformStream()
            self._writer = stream.writable.getWriter()
            self._respond(stream.readable)
        elif self._writer is None:
            self._respond(None if self._status in NULL_BODY_STATUSES else body)
            self._finished.set()
            return
        await self._writer.write(body)
        if not more:
            await self._writer.close()
            self._writer_is_closed = True
            self._finished.set()

    def _respond(self, body: Any) -> None:
        init = {"headers": JsHeaders(self._headers), "status": self._status, **self._init}
        self._response.set_result(JsResponse(body, init))


def http_scope(request: Any, env: Any, state: dict[str, Any]) -> dict[str, Any]:
    """The ASGI scope of a request, with the Worker's `env` in it."""
    from urllib.parse import unquote

    headers = request.headers.items() if isinstance(request, Request) else request.headers
    url = URL(request.url)
    return {
        "asgi": ASGI,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.protocol.removesuffix(":"),
        "path": unquote(url.pathname),
        "raw_path": url.pathname.encode(),
        "query_string": url.search[1:].encode(),
        "type": "http",
        "env": env,
        "state": dict(state),
    }


def _part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"body": body, "more_body": more, "type": "http.request"}
