"""The lifespan of an ASGI app: started before a request, shut down after it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

from pykvbinding.workers.standin import refusals

AsgiApp: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]

ASGI: Final = {"spec_version": "2.0", "version": "3.0"}

logger = logging.getLogger("asgi")


class Lifespan:
    """One start and one end of an app. An app that knows no lifespan does without."""

    def __init__(self, app: AsgiApp) -> None:
        loop = asyncio.get_running_loop()
        self.state: dict[str, Any] = {}
        self._app = app
        self._told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._started: asyncio.Future[bool] = loop.create_future()
        self._stopped: asyncio.Future[None] = loop.create_future()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once the app has started, or has turned out to know no lifespan.

        Raises: RuntimeError with the app's message if it failed to start.
        """
        self._told.put_nowait({"type": "lifespan.startup"})
        self._task = asyncio.ensure_future(self._run())
        await self._started

    async def stop(self) -> None:
        """Return once the app has shut down.

        Raises: RuntimeError with the app's message if it failed to.
        """
        if self._started.result():
            self._told.put_nowait({"type": "lifespan.shutdown"})
            await self._stopped

    async def _run(self) -> None:
        scope = {"asgi": ASGI, "state": self.state, "type": "lifespan"}
        try:
            await self._app(scope, self._told.get, self._send)
        except Exception as error:
            if self._started.done():
                logger.exception("Exception in ASGI lifespan application")
            else:
                logger.debug("The ASGI app knows no lifespan, or failed in it", exc_info=error)
        if not self._started.done():
            self._started.set_result(False)
        elif not self._stopped.done():
            self._stopped.set_result(None)

    async def _send(self, message: dict[str, Any]) -> None:
        said = message.get("message", "")
        match message["type"]:
            case "lifespan.startup.complete":
                _settle(self._started, result=True)
            case "lifespan.startup.failed":
                _settle(self._started, error=refusals.lifespan_failed(said))
            case "lifespan.shutdown.complete":
                _settle(self._stopped)
            case "lifespan.shutdown.failed":
                _settle(self._stopped, error=refusals.lifespan_shutdown_failed(said))
            case kind:
                raise refusals.lifespan_event(kind)


def _settle(
    future: asyncio.Future[Any], *, result: Any = None, error: Exception | None = None
) -> None:
    """Settle a future that may have been settled."""
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
