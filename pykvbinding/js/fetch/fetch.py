"""`fetch`: an outbound request, which a handler of the test answers."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, TypeAlias

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.fetch.abort import AbortSignal
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.types.object import JsObject

OutboundHandler: TypeAlias = Callable[[Request], Awaitable[Response]]

outbound_handler: ContextVar[OutboundHandler | None] = ContextVar("outbound_handler", default=None)
"""Answers the requests of the current invocation; `None` makes `fetch` raise an error."""


async def fetch(resource: Any = None, init: Any = None, **kwargs: Any) -> Response:
    """Send a request that is made of the arguments, and return its response.

    Redirects are not followed: the response of the handler is final.

    Raises: JsException as `Request` does; the reason of a signal that aborts the request;
    NotImplementedError if `outbound_handler` is not set.
    """
    if resource is None:
        raise errors.not_of_type("fetch", "ServiceWorkerGlobalScope", 1, "Request or string")
    request = Request(resource, JsObject(kwargs) if kwargs else init)
    if not request.url.startswith(("http:", "https:")):
        raise runtime_errors.fetch_scheme(request.url)
    signal = request.init_signal
    if signal is not None:
        signal.throwIfAborted()
    handler = outbound_handler.get()
    if handler is None:
        raise NotImplementedError(
            f"fetch: pykvbinding does not send {request.method} {request.url}; "
            "define the response with worker.mock_fetch(...)"
        )
    if signal is None:
        return await handler(request)
    return await _await_unless_aborted(handler(request), signal)


async def _await_unless_aborted(response: Awaitable[Response], signal: AbortSignal) -> Response:
    import asyncio  # only requests with a signal need it

    task = asyncio.ensure_future(response)
    callback = task.cancel
    signal.add_abort_algorithm(callback)
    try:
        return await task
    except asyncio.CancelledError:
        signal.throwIfAborted()
        raise
    finally:
        signal.remove_abort_algorithm(callback)
