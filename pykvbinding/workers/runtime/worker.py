"""`Worker`: a test calls the handlers of a Python Worker as the platform calls them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pykvbinding.account import Account
from pykvbinding.clock import Clock
from pykvbinding.env import Env
from pykvbinding.js.fetch.fetch import outbound_handler
from pykvbinding.limits import Limits
from pykvbinding.workers import log
from pykvbinding.workers.context import global_scope
from pykvbinding.workers.current import InvocationContext, current_invocation
from pykvbinding.workers.install import install, installed
from pykvbinding.workers.runtime.code import WorkerCode, WorkerSource, load_code, load_config
from pykvbinding.workers.runtime.entrypoints import Entrypoints
from pykvbinding.workers.runtime.environment import WorkerEnvironment, select_base
from pykvbinding.workers.runtime.invocation import WorkerInvocation
from pykvbinding.workers.runtime.mock_fetch import FetchMock, MockRules
from pykvbinding.workers.runtime.request_factory import (
    UNSET,
    HeadersInit,
    build_request,
    describe_request,
)
from pykvbinding.wrangler.config import WranglerConfig

if TYPE_CHECKING:
    from pykvbinding.network.network import Network
    from pykvbinding.workers.bindings.object_instances import DurableObjectInstances
    from pykvbinding.workers.bindings.queues import Message, QueueResult, SentMessage

CURRENT_DIRECTORY: Final = "."


class Worker:
    """A Python Worker under test, whose handlers are called as the platform calls them.

        worker = Worker.load("wrangler.jsonc")
        response = await worker.fetch("/notes", json={"text": "hello"})
        assert response.status == 201

    - `env`: the env of its handlers, to inspect and to change. In a network, the env of the first
      location.
    - `network`: the network in which it runs, or None.
    - `exceptions`: exceptions of its handlers and of `waitUntil` tasks, in order.
    - `sent_messages`: messages that it sent to queues.
    - `outbound_requests`: requests that it made with `fetch`.
    - `durable_objects`: its Durable Objects. `config`: its wrangler file.
    """

    def __init__(
        self,
        base: "Env | Network",
        config: WranglerConfig | None,
        bindings: Mapping[str, Any],
        load: Callable[[], WorkerCode],
    ) -> None:
        self.exceptions: list[BaseException] = []
        self.fetch_mock = FetchMock(lambda request: self.entrypoints.workers.Request(request))
        self.environment = WorkerEnvironment(base, config, bindings, host=self)
        with global_scope(self.env):
            self._code = load()

    @classmethod
    def load(
        cls,
        source: WorkerSource = CURRENT_DIRECTORY,
        *,
        env: str | Env | None = None,
        network: "Network | None" = None,
        account: Account | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        bindings: Mapping[str, Any] | None = None,
        vars: Mapping[str, Any] | None = None,
    ) -> "Worker":
        """Load the Worker of a wrangler file (or of its directory), of a module, or of a class.

        `env` is the name of an environment of the file, or an `Env` to run with. By default, the
        bindings of a file are new, and a module or a class has `env.KV`: in `account` if
        it is given, else with `clock` and `limits`. With `network`, the Worker runs in its
        locations. `bindings` and `vars` are added, and take precedence. `install()` is called if
        nothing is installed.

        Raises: as `read_wrangler`; ValueError for a file without `main` and for a module without
        entrypoint; FileNotFoundError if `main` does not exist; the exception of the import, with a
        note that names the Worker and its file.
        """
        if not installed():
            install()
        config = load_config(source, env if isinstance(env, str) else None)
        base = select_base(config, env, network, account, clock, limits)
        overrides = {**(vars or {}), **(bindings or {})}
        return cls(base, config, overrides, lambda: load_code(source, config))

    def in_network(self, base: "Network | Env") -> "Worker":
        """Return a Worker with the same code in a network, or with another env.

        Its Durable Objects are separate.

        Raises: TypeError if `base` is neither a network nor an Env.
        """
        if not isinstance(base, Env):
            # Imported here because most tests have no network.
            from pykvbinding.network.network import Network

            if not isinstance(base, Network):
                raise TypeError(f"in_network({base!r}): expected an EdgeNetwork or an Env")
        worker = Worker(base, self._code.config, self.environment.overrides, lambda: self._code)
        worker.fetch_mock.set_rules(self.fetch_mock.rules)
        return worker

    def reload(self) -> None:
        """Import the code again, with the modules of its directory. Stored data are kept.

        Raises: the exception of the import. The old code is then kept.
        """
        with global_scope(self.env):
            self._code.reload()
        self.environment.forget_objects()

    # Called by tests.

    async def fetch(
        self,
        resource: Any = "/",
        *,
        method: str | None = None,
        headers: HeadersInit | None = None,
        json: Any = UNSET,
        body: Any = None,
        form: Any = None,
        cf: Mapping[str, Any] | None = None,
        at: str | None = None,
    ) -> Any:
        """Return the response of the Worker to a request, after the end of the invocation.

        `resource` is a path, a URL or a Request. `json` is sent as JSON, `form` as a form
        (multipart if it contains files), `body` unchanged; the method is then POST unless `method`
        is given. `at` is the location where the request arrives, by default the first of the
        network; `request.cf` describes it. If a handler raises, the response is the platform's:
        500, "error code: 1101"; the exception is logged and appended to `exceptions`.

        The response is a `workers.Response`. A streaming body has been read to its end.
        """
        request = build_request(
            resource,
            method=method,
            headers=headers,
            json=json,
            body=body,
            form=form,
            cf=cf,
            at=self.environment.arrival(at),
        )
        invocation = WorkerInvocation(self, self.environment.env(at))
        response = await invocation.fetch_or_error_page(request)
        await invocation.finish(response, request)
        return self._code.entrypoints.workers.Response(response)

    async def fetch_streaming(
        self, resource: Any = "/", *, at: str | None = None, **request: Any
    ) -> WorkerInvocation:
        """Like `fetch`, but return while the body may still stream and background tasks run.

        `invocation.response` is the response. `await invocation.finished()` waits for the tasks of
        `waitUntil`.
        """
        invocation = WorkerInvocation(self, self.environment.env(at))
        response = await invocation.fetch_or_error_page(
            build_request(resource, at=self.environment.arrival(at), **request)
        )
        invocation.response = self._code.entrypoints.workers.Response(response)
        return invocation

    def handler_for(self, resource: Any = "/", **request: Any) -> Callable[[Env], Awaitable[Any]]:
        """Return this request as a function of an env, for `net.start` and `session.call`.

        The function raises what its handler raises: a KVError is then the outcome of the
        invocation, and any other exception fails the test.
        """

        async def run(env: Env) -> Any:
            built = build_request(resource, at=self.environment.location(env), **request)
            invocation = WorkerInvocation(self, self.environment.env_over(env))
            response = await invocation.fetch(built)
            await invocation.finish(response, built)
            return self._code.entrypoints.workers.Response(response)

        return self._code.to_simulated_handler(run, describe_request(resource, request))

    async def scheduled(
        self, cron: str = "* * * * *", *, time: float | None = None, at: str | None = None
    ) -> None:
        """Trigger the cron handler. `time` is in seconds since the epoch, by default now.

        Raises: the exception of the handler; JsException without a handler.
        """
        from pykvbinding.workers.bindings.events import ScheduledController

        clock = self.clock
        milliseconds = clock.now_nanoseconds() // 1_000_000 if time is None else int(time * 1000)
        await self._event("scheduled", ScheduledController(cron, milliseconds), at)

    async def queue(
        self, messages: "Iterable[Any | Message]", *, queue: str = "queue", at: str | None = None
    ) -> "QueueResult":
        """Deliver a batch of messages: bodies, or `Message(body, id=…, attempts=…)`.

        Return the outcome: `result.acked` and `result.retried` are the ids of messages. If the
        handler raises, its messages are retried; the exception is logged and appended to
        `exceptions`.

        Raises: JsException without a handler.
        """
        from pykvbinding.workers.bindings.events import make_batch

        batch = make_batch(self._code.entrypoints.workers, messages, queue, self.clock)
        invocation = WorkerInvocation(self, self.environment.env(at))
        try:
            await invocation.dispatch_event("queue", batch)
        except Exception as error:
            invocation.report(error)
            return batch.result(error)
        finally:
            await invocation.finished()
        return batch.result(None)

    async def alarm(self, binding: str, name: str) -> None:
        """Run the alarm handler of the object with this name or id.

        Raises: the exception of the handler; ValueError if no alarm is set; LookupError if
        `binding` is not a binding of Durable Objects.
        """
        class_name, object_id = self.environment.find_object(binding, name)
        await self.durable_objects.alarm(class_name, binding, object_id)

    def durable_object_storage(self, binding: str, name: str) -> dict[str, Any]:
        """Return the stored data of the object with this name or id, as Python values.

        Raises: LookupError if `binding` is not a binding of Durable Objects.
        """
        class_name, object_id = self.environment.find_object(binding, name)
        return self.durable_objects.stored_values(class_name, object_id)

    def mock_fetch(self, mock: MockRules | None) -> None:
        """Supply the responses to the Worker's outbound requests.

        `mock` is a function of the request, or a dict: `{"https://api.example.com/*": {"ok": 1}}`.
        A key is a URL, optionally with a method before it and `*` as a wildcard. A value is a
        response, its body (str, bytes), its JSON (dict, list), its status (int), an exception, or a
        function.
        """
        self.fetch_mock.set_rules(mock)

    @property
    def env(self) -> Env:
        """The env; in a network, that of its first location."""
        return self.environment.env(None)

    @property
    def network(self) -> "Network | None":
        """The network in which the Worker runs, or None."""
        return self.environment.network

    @property
    def config(self) -> WranglerConfig | None:
        """The wrangler file, or None."""
        return self._code.config

    @property
    def sent_messages(self) -> "list[SentMessage]":
        """The messages sent to queues so far. They are not delivered to any consumer."""
        return self.environment.sent_messages

    @property
    def outbound_requests(self) -> list[Any]:
        """The requests made with `fetch` so far, each a `workers.Request`."""
        return self.fetch_mock.requests

    @property
    def durable_objects(self) -> "DurableObjectInstances":
        """The Durable Objects."""
        return self.environment.objects

    # The protocols `InvocationHost` and `ObjectHost`.

    @property
    def clock(self) -> Clock:
        """The clock of the namespaces."""
        return self.environment.clock

    @property
    def entrypoints(self) -> Entrypoints:
        """The classes and functions by which the Worker is called."""
        return self._code.entrypoints

    async def run_as(
        self, context: InvocationContext, function: Callable[..., Awaitable[Any]], *args: Any
    ) -> Any:
        """Return `await function(*args)`, run as an invocation of this Worker."""
        token = current_invocation.set(context)
        outbound_token = outbound_handler.set(self.fetch_mock.fetch)
        try:
            if self._code.has_name_conflicts:
                with self._code.activated():
                    return await self._counted(function, *args)
            return await self._counted(function, *args)
        finally:
            outbound_handler.reset(outbound_token)
            current_invocation.reset(token)

    async def run_as_external_effect(self, call: Callable[[], Awaitable[Any]], name: str) -> Any:
        """Return `await call()`; in a simulated handler, the scheduler chooses when it runs."""
        return await self.environment.run_as_external_effect(call, name)

    async def _counted(self, function: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """Return `await function(*args)`, with its operations counted if they are limited."""
        invocation = self.environment.invocation
        if invocation is None:
            return await function(*args)
        async with invocation():
            return await function(*args)

    def report(self, error: BaseException) -> None:
        """Log an exception that no client receives, and keep it."""
        self.exceptions.append(error)
        log.exception(self._code.name, error)

    def warn_of_arity(self, name: str, count: int) -> None:
        """Warn that the platform passes more arguments than this handler accepts."""
        self._code.warn_of_arity(name, count)

    async def _event(self, name: str, controller: Any, at: str | None) -> None:
        invocation = WorkerInvocation(self, self.environment.env(at))
        try:
            await invocation.dispatch_event(name, controller)
        finally:
            await invocation.finished()

    def __repr__(self) -> str:
        return f"<Worker {self._code.name}>"
