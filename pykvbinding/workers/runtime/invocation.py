"""One invocation of a Worker: its handler is called as the platform does, and answered for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.workers import workerd_errors as denials
from pykvbinding.workers.context import ExecutionContext, Tasks
from pykvbinding.workers.current import Running
from pykvbinding.workers.response_transfer import read_through, received

if TYPE_CHECKING:
    from pykvbinding.env import Env
    from pykvbinding.workers.runtime.worker import Worker

EXCEPTION_PAGE = "error code: 1101"
"""What the platform answers in the place of a handler that has raised."""


class Visit:
    """One invocation: `response` is there, and what `waitUntil` was given may still run.

    `exceptions` are what its handler raised, and then what those tasks did; `failed` says whether
    the response is the platform's, in the place of a handler that has raised.
    """

    __slots__ = ("_running", "_tasks", "_worker", "exceptions", "failed", "response")

    def __init__(self, worker: "Worker", env: "Env") -> None:
        self._worker = worker
        self._tasks = Tasks()
        self._running = Running(env, ExecutionContext(self._tasks), worker)
        self.exceptions: list[BaseException] = []
        self.failed = False
        self.response: Any = None

    async def finished(self) -> None:
        """Return when all that `waitUntil` was given has ended. Raises nothing of theirs."""
        if self._tasks:
            await self._tasks.settle(self.report)

    def report(self, error: BaseException) -> None:
        """Log an exception, and keep it."""
        self.exceptions.append(error)
        self._worker.report(error)

    # What the worker calls.

    async def fetch(self, request: Request) -> Response:
        """The response to a request, as the client gets it.

        Raises: what the handler raises; JsException where it returns no Response.
        """
        response = await self._worker.run_as(self._running, self._fetch, request)
        return received(response, self._running)

    async def answer(self, request: Request) -> Response:
        """As `fetch`, but with the platform's page where the handler raises."""
        try:
            return await self.fetch(request)
        except Exception as error:
            self.failed = True
            self.report(error)
            return Response(EXCEPTION_PAGE, {"status": 500})

    async def complete(self, response: Response, request: Request) -> None:
        """Let the invocation end: read a body that streams, for what feeds it waits for a reader.

        Then wait for what `waitUntil` was given. The answer to a HEAD has lost its body.
        """
        failure = await read_through(response)
        if failure is not None:
            self.report(failure)
        await self.finished()
        if request.method == "HEAD":
            response._carry(None)

    async def _fetch(self, request: Request) -> Response:
        entrypoints = self._worker.entrypoints
        if entrypoints.default is not None:
            return await entrypoints.respond(self._method("fetch"), request)
        result = await self._legacy("fetch", request)
        result = getattr(result, "js_response", result)
        if type(result) is not Response:
            raise denials.not_a_response()
        return result

    async def event(self, name: str, controller: JsProxy) -> None:
        """Hand `scheduled` or `queue` its controller.

        Raises: what the handler raises; JsException where there is none.
        """
        await self._worker.run_as(self._running, self._event, name, controller)

    async def _event(self, name: str, controller: JsProxy) -> None:
        entrypoints = self._worker.entrypoints
        if entrypoints.default is None:
            await self._legacy(name, controller)
            return
        method = self._method(name)
        takes = entrypoints.takes(method)
        if takes in (0, 1, 2):  # the platform hands over three, needed or not
            self._worker.warn_of_arity(name, takes)
        result = entrypoints.relaxed(method, controller, None, None)
        if hasattr(result, "__await__"):
            await result

    async def _legacy(self, name: str, argument: JsProxy) -> Any:
        """Call `on_…` of the module with the event, the env and the context, as they are."""
        handler = self._worker.entrypoints.handlers.get(name)
        if handler is None:
            raise denials.no_handler(name)
        running = self._running
        result = self._worker.entrypoints.relaxed(handler, argument, running.env, running.context)
        return await result if hasattr(result, "__await__") else result

    def _method(self, name: str) -> Callable[..., Any]:
        """A method of a new `Default`, which before 2025-08-14 was called `on_…`."""
        entrypoints = self._worker.entrypoints
        assert entrypoints.default is not None
        instance = entrypoints.default(self._running.context, self._running.env)
        method = getattr(instance, name, None) or getattr(instance, f"on_{name}", None)
        if method is None:
            raise denials.no_handler(name)
        found: Callable[..., Any] = method
        return found
