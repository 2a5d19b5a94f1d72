"""`workers.asgi`: FastAPI, Starlette and other ASGI apps as a Worker."""

import logging
from dataclasses import dataclass
from typing import Any

from pykvbinding.js.fetch.response import Response as JsResponse
from pykvbinding.workers.runtime_modules import CloudflareWorkers
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.entrypoints import WorkerEntrypoint
from pykvbinding.workers.standin.exchange import Exchange, http_scope
from pykvbinding.workers.standin.gateway import BaseOptions
from pykvbinding.workers.standin.lifespan import AsgiApp, Lifespan

logger = logging.getLogger("asgi")


@dataclass(frozen=True, kw_only=True)
class Options(BaseOptions):
    """Options of an ASGI app."""


async def fetch(
    app: AsgiApp,
    req: Any,
    env: Any,
    ctx: Any = None,  # noqa: ARG001 -- as in the SDK, for who gives it
    *,
    options: Options | None = None,
) -> JsResponse:
    """The app's response to `req`. The app finds the Worker's env at `request.scope["env"]`.

    The app's lifespan starts and ends with each request, as on the platform. `ctx` is not used.

    Raises: whatever the app raises before it has sent a response.
    """
    logger.debug("ASGI request: %s %s", req.method, req.url)
    lifespan = Lifespan(app)
    await lifespan.start()
    init = (options or Options()).response_init()
    exchange = Exchange(app, http_scope(req, env, lifespan.state), init)
    try:
        response = await exchange.response(req)
    except Exception:
        logger.exception("ASGI request failed")
        await lifespan.stop()
        raise
    assert exchange.task is not None
    if exchange.task.done():
        await lifespan.stop()
    else:
        CloudflareWorkers.waitUntil(_finish(exchange, lifespan))
    return response


async def _finish(exchange: Exchange, lifespan: Lifespan) -> None:
    """Let the app send the rest of its response, and shut down."""
    assert exchange.task is not None
    try:
        await exchange.task
    finally:
        await lifespan.stop()


async def websocket(app: AsgiApp, req: Any, env: Any = None) -> JsResponse:  # noqa: ARG001
    """Not emulated.

    Raises: NotImplementedError, "WebSockets of an ASGI app are not emulated by pykvbinding"
    """
    raise refusals.web_sockets_not_emulated()


def entrypoint(app: AsgiApp, *, options: Options | None = None) -> type[WorkerEntrypoint]:
    """The `Default` of a Worker that is an ASGI app."""

    class Default(WorkerEntrypoint):
        """Hands every request to the app."""

        async def fetch(self, request: Any) -> JsResponse:
            """The app's response."""
            if (request.headers.get("upgrade") or "").lower() == "websocket":
                return await websocket(app, request, self.env)
            return await fetch(app, request, self.env, self.ctx, options=options)

    return Default


def __getattr__(name: str) -> Any:
    if name != "env":
        raise refusals.no_asgi_attribute(name)
    from fastapi import Depends, Request

    async def env(request: Request) -> Any:
        return request.scope["env"]

    return Depends(env)
