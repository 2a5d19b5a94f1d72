"""One invocation of a Worker: calls its handler as the platform does."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.workers import errors
from pykvbinding.workers.context import BackgroundTasks, ExecutionContext
from pykvbinding.workers.current import InvocationContext
from pykvbinding.workers.response_transfer import buffer_body, detach_response
from pykvbinding.workers.runtime.entrypoints import Entrypoints

if TYPE_CHECKING:
    from pykvbinding.env import Env

EXCEPTION_PAGE = "error code: 1101"
"""The body of the platform's response if a handler raised."""


class InvocationHost(Protocol):
    """The operations of a Worker that its invocations need."""

    @property
    def entrypoints(self) -> Entrypoints:
        """The classes and functions by which the Worker is called."""
        ...

    async def run_as(
        self, context: InvocationContext, function: Callable[..., Awaitable[Any]], *args: Any
    ) -> Any:
        """Return `await function(*args)`, as an invocation of this Worker."""
        ...

    def report(self, error: BaseException) -> None:
        """Log an exception that the client does not receive, and keep it."""
        ...

    def warn_of_arity(self, name: str, count: int) -> None:
        """Warn that the platform passes more arguments than this handler accepts."""
        ...


class WorkerInvocation:
    """One invocation: `response` is available while `waitUntil` tasks may still run.

    `exceptions` has the exception of the handler, then those of the tasks. `failed` is true if the
    response is the platform's error page because the handler raised.
    """

    __slots__ = ("_context", "_host", "_tasks", "exceptions", "failed", "response")

    def __init__(self, host: InvocationHost, env: "Env") -> None:
        self._host = host
        self._tasks = BackgroundTasks()
        self._context = InvocationContext(env, ExecutionContext(self._tasks), host)
        self.exceptions: list[BaseException] = []
        self.failed: bool = False
        self.response: Any = None

    async def finished(self) -> None:
        """Wait until all tasks of `waitUntil` are done. Their exceptions are not raised."""
        if self._tasks:
            await self._tasks.wait_all(self.report)

    def report(self, error: BaseException) -> None:
        """Log an exception, and keep it."""
        self.exceptions.append(error)
        self._host.report(error)

    # Called by Worker.

    async def fetch(self, request: Request) -> Response:
        """Return the response to a request as the client receives it.

        Raises: the exception of the handler; JsException if it does not return a Response.
        """
        response = await self._host.run_as(self._context, self._fetch, request)
        return detach_response(response, self._context)

    async def fetch_or_error_page(self, request: Request) -> Response:
        """Like `fetch`, but return the platform's error page if the handler raises."""
        try:
            return await self.fetch(request)
        except Exception as error:
            self.failed = True
            self.report(error)
            return Response(EXCEPTION_PAGE, {"status": 500})

    async def finish(self, response: Response, request: Request) -> None:
        """End the invocation: read a streaming body, whose producer may wait for a reader.

        Then wait for the tasks of `waitUntil`. The response to a HEAD request loses its body.
        """
        failure = await buffer_body(response)
        if failure is not None:
            self.report(failure)
        await self.finished()
        if request.method == "HEAD":
            response._set_body(None)

    async def _fetch(self, request: Request) -> Response:
        entrypoints = self._host.entrypoints
        if entrypoints.default is not None:
            return await entrypoints.call_fetch(self._default_method("fetch"), request)
        result = await self._call_module_handler("fetch", request)
        result = getattr(result, "js_response", result)
        if type(result) is not Response:
            raise errors.not_a_response()
        return result

    async def dispatch_event(self, name: str, controller: JsProxy) -> None:
        """Call the handler of `scheduled` or `queue`.

        Raises: the exception of the handler; JsException without a handler.
        """
        await self._host.run_as(self._context, self._event, name, controller)

    async def _event(self, name: str, controller: JsProxy) -> None:
        entrypoints = self._host.entrypoints
        if entrypoints.default is None:
            await self._call_module_handler(name, controller)
            return
        method = self._default_method(name)
        count = entrypoints.positional_count(method)
        if count in (0, 1, 2):  # the platform always passes three arguments
            self._host.warn_of_arity(name, count)
        result = entrypoints.relaxed_call(method, controller, None, None)
        if hasattr(result, "__await__"):
            await result

    async def _call_module_handler(self, name: str, argument: JsProxy) -> Any:
        """Call `on_…` of the module with the event, the env and `ctx`, unwrapped."""
        handler = self._host.entrypoints.handlers.get(name)
        if handler is None:
            raise errors.no_handler(name)
        context = self._context
        result = self._host.entrypoints.relaxed_call(
            handler, argument, context.env, context.context
        )
        return await result if hasattr(result, "__await__") else result

    def _default_method(self, name: str) -> Callable[..., Any]:
        """Return a method of a new instance of `Default`."""
        entrypoints = self._host.entrypoints
        assert entrypoints.default is not None
        instance = entrypoints.default(self._context.context, self._context.env)
        return entrypoints.handler_method(instance, name)
