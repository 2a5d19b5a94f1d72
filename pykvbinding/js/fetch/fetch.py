"""`fetch`: a request to the outside, which in a test only its author can answer."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, TypeAlias

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.fetch.abort import AbortSignal
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.types.object import JsObject

Outbound: TypeAlias = Callable[[Request], Awaitable[Response]]

OUTBOUND: ContextVar[Outbound | None] = ContextVar("OUTBOUND", default=None)
"""Who answers the requests that the running handler makes; `None`: nobody, they are refused."""


async def fetch(resource: Any = None, init: Any = None, **named: Any) -> Response:
    """Make a request of the arguments, and have it answered.

    Redirects are not followed: what the answer says is final.

    Raises: JsException as `Request` does; the reason of a signal that calls it off;
    NotImplementedError where nobody answers.
    """
    if resource is None:
        raise errors.not_of_type("fetch", "ServiceWorkerGlobalScope", 1, "Request or string")
    request = Request(resource, JsObject(named) if named else init)
    if not request.url.startswith(("http:", "https:")):
        raise runtime_errors.fetch_scheme(request.url)
    signal = request.given_signal
    if signal is not None:
        signal.throwIfAborted()
    answer = OUTBOUND.get()
    if answer is None:
        raise NotImplementedError(
            f"fetch: {request.method} {request.url} is not sent anywhere by pykvbinding; "
            "say what answers it with worker.mock_fetch(...)"
        )
    if signal is None:
        return await answer(request)
    return await _unless_aborted(answer(request), signal)


async def _unless_aborted(answer: Awaitable[Response], signal: AbortSignal) -> Response:
    import asyncio  # only who may be called off comes here

    task = asyncio.ensure_future(answer)
    callback = task.cancel
    signal.when_aborted(callback)
    try:
        return await task
    except asyncio.CancelledError:
        signal.throwIfAborted()
        raise
    finally:
        signal.forget(callback)
