"""One invocation of a Worker: its handler is called as the platform does, and answered for."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.workers import errors
from pykvbinding.workers.context import ExecutionContext, Tasks
from pykvbinding.workers.current import Running
from pykvbinding.workers.response_transfer import read_through, received
from pykvbinding.workers.runtime.entrypoints import Entrypoints

if TYPE_CHECKING:
    from pykvbinding.env import Env

EXCEPTION_PAGE = "error code: 1101"
"""What the platform answers in the place of a handler that has raised."""


class InvocationHost(Protocol):
    """What an invocation needs of the Worker whose handler it calls."""

    @property
    def entrypoints(self) -> Entrypoints:
        """The classes and functions by which the Worker is called."""
        ...

    async def run_as(
        self, running: Running, function: Callable[..., Awaitable[Any]], *args: Any
    ) -> Any:
        """Return `await function(*args)`, as an invocation of this Worker."""
        ...

    def report(self, error: BaseException) -> None:
        """Log an exception that the client does not receive, and keep it."""
        ...

    def warn_of_arity(self, name: str, takes: int) -> None:
        """Warn that the platform calls this handler with more arguments than it takes."""
        ...


class Visit:
    """One invocation: `response` is there, and what `waitUntil` was given may still run.

    `exceptions` are what its handler raised, and then what those tasks did; `failed` says whether
    the response is the platform's, in the place of a handler that has raised.
    """

    __slots__ = ("_host", "_running", "_tasks", "exceptions", "failed", "response")

    def __init__(self, host: InvocationHost, env: "Env") -> None:
        self._host = host
        self._tasks = Tasks()
        self._running = Running(env, ExecutionContext(self._tasks), host)
        self.exceptions: list[BaseException] = []
        self.failed: bool = False
        self.response: Any = None

    async def finished(self) -> None:
        """Return when all that `waitUntil` was given has ended. Raises nothing of theirs."""
        if self._tasks:
            await self._tasks.settle(self.report)

    def report(self, error: BaseException) -> None:
        """Log an exception, and keep it."""
        self.exceptions.append(error)
        self._host.report(error)

    # What the worker calls.

    async def fetch(self, request: Request) -> Response:
        """The response to a request, as the client gets it.

        Raises: what the handler raises; JsException where it returns no Response.
        """
        response = await self._host.run_as(self._running, self._fetch, request)
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
            response._set_body(None)

    async def _fetch(self, request: Request) -> Response:
        entrypoints = self._host.entrypoints
        if entrypoints.default is not None:
            return await entrypoints.respond(self._method("fetch"), request)
        result = await self._legacy("fetch", request)
        result = getattr(result, "js_response", result)
        if type(result) is not Response:
            raise errors.not_a_response()
        return result

    async def event(self, name: str, controller: JsProxy) -> None:
        """Hand `scheduled` or `queue` its controller.

        Raises: what the handler raises; JsException where there is none.
        """
        await self._host.run_as(self._running, self._event, name, controller)

    async def _event(self, name: str, controller: JsProxy) -> None:
        entrypoints = self._host.entrypoints
        if entrypoints.default is None:
            await self._legacy(name, controller)
            return
        method = self._method(name)
        takes = entrypoints.takes(method)
        if takes in (0, 1, 2):  # the platform hands over three, needed or not
            self._host.warn_of_arity(name, takes)
        result = entrypoints.relaxed(method, controller, None, None)
        if hasattr(result, "__await__"):
            await result

    async def _legacy(self, name: str, argument: JsProxy) -> Any:
        """Call `on_…` of the module with the event, the env and the context, as they are."""
        handler = self._host.entrypoints.handlers.get(name)
        if handler is None:
            raise errors.no_handler(name)
        running = self._running
        result = self._host.entrypoints.relaxed(handler, argument, running.env, running.context)
        return await result if hasattr(result, "__await__") else result

    def _method(self, name: str) -> Callable[..., Any]:
        """A method of a new `Default`."""
        entrypoints = self._host.entrypoints
        assert entrypoints.default is not None
        instance = entrypoints.default(self._running.context, self._running.env)
        return entrypoints.method(instance, name)
