"""`Worker`: the handlers of a Python Worker, called by a test as the platform calls them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pykvbinding.account import Account
from pykvbinding.clock import Clock
from pykvbinding.env import Env
from pykvbinding.js.fetch.fetch import outbound_handler
from pykvbinding.limits import Limits
from pykvbinding.workers import log
from pykvbinding.workers.context import global_scope
from pykvbinding.workers.current import CURRENT, Running
from pykvbinding.workers.install import install, installed
from pykvbinding.workers.runtime.code import Code, Source, code_of, config_of
from pykvbinding.workers.runtime.entrypoints import Entrypoints
from pykvbinding.workers.runtime.environment import World, base_of
from pykvbinding.workers.runtime.invocation import Visit
from pykvbinding.workers.runtime.mock_fetch import Mock, Outbound
from pykvbinding.workers.runtime.request_factory import ABSENT, GivenHeaders, make_request, shown
from pykvbinding.wrangler.config import WranglerConfig

if TYPE_CHECKING:
    from pykvbinding.network.network import Network
    from pykvbinding.workers.bindings.object_instances import Objects
    from pykvbinding.workers.bindings.queues import Message, QueueResult, Sent

HERE: Final = "."


class Worker:
    """A Python Worker under test: its own code, called as the platform calls it.

        worker = Worker.load("wrangler.jsonc")
        response = await worker.fetch("/notes", json={"text": "hello"})
        assert response.status == 201

    - `env`: what its handlers find; to look and to change. In a network, of the first location.
    - `network`: the network in which it runs, None if in none.
    - `exceptions`: what its handlers raised, and what `waitUntil` was given, in order.
    - `sent`: what it has sent to queues. `fetched`: the requests that it made of the world outside.
    - `durable`: its Durable Objects. `config`: its wrangler file.
    """

    def __init__(
        self,
        base: "Env | Network",
        config: WranglerConfig | None,
        bindings: Mapping[str, Any],
        load: Callable[[], Code],
    ) -> None:
        self.exceptions: list[BaseException] = []
        self.outbound: Outbound = Outbound(
            lambda request: self.entrypoints.workers.Request(request)
        )
        self.world: World = World(base, config, bindings, host=self)
        with global_scope(self.env):
            self._code = load()

    @classmethod
    def load(
        cls,
        source: Source = HERE,
        *,
        env: str | Env | None = None,
        network: "Network | None" = None,
        account: Account | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        bindings: Mapping[str, Any] | None = None,
        vars: Mapping[str, Any] | None = None,
    ) -> "Worker":
        """The Worker of a wrangler file (or of its directory), of a module, or of a class.

        `env` is the name of one of the file's environments, or an `Env` to run with. Without one,
        a file's bindings are made anew, and a module or class has `env.KV`: in `account`, if it
        is given, else on `clock` and within `limits`. With `network`, it runs in its locations.
        `bindings` and `vars` come on top. `install()` is called if nothing is installed.

        Raises: as `read_wrangler`, and ValueError for a file without `main` and for a module
        without entrypoint, FileNotFoundError for a `main` that is not there; what the import
        raises, with a note that says of what.
        """
        if not installed():
            install()
        config = config_of(source, env if isinstance(env, str) else None)
        base = base_of(config, env, network, account, clock, limits)
        more = {**(vars or {}), **(bindings or {})}
        return cls(base, config, more, lambda: code_of(source, config))

    def on(self, place: "Network | Env") -> "Worker":
        """The same code in a network, or with another env; its Durable Objects are others.

        Raises: TypeError for what is neither.
        """
        if not isinstance(place, Env):
            from pykvbinding.network.network import Network  # not at the top: most tests have none

            if not isinstance(place, Network):
                raise TypeError(f"on({place!r}): give an EdgeNetwork or an Env")
        worker = Worker(place, self._code.config, self.world.more, lambda: self._code)
        worker.outbound.mock(self.outbound.mocked)
        return worker

    def reload(self) -> None:
        """Import the code anew, and what lies beside it. The data stay, the objects are made anew.

        Raises: what the import raises; then the old code stays.
        """
        with global_scope(self.env):
            self._code.reload()
        self.world.forget_objects()

    # What a test calls.

    async def fetch(
        self,
        resource: Any = "/",
        *,
        method: str | None = None,
        headers: GivenHeaders | None = None,
        json: Any = ABSENT,
        body: Any = None,
        form: Any = None,
        cf: Mapping[str, Any] | None = None,
        at: str | None = None,
    ) -> Any:
        """The response of the Worker to a request, when its invocation has ended.

        `resource` is a path, a URL or a Request. `json` is sent as JSON, `form` as a form (in
        parts, if it holds files), `body` as it is: each as a POST unless `method` says otherwise.
        `at` is the location where the request arrives, by default the first of the network;
        `request.cf` describes it. A handler that raises is answered for by the platform: 500,
        "error code: 1101"; the exception is logged, and in `exceptions`.

        The response is a `workers.Response`. A body that streams has been read to its end.
        """
        request = make_request(
            resource,
            method=method,
            headers=headers,
            json=json,
            body=body,
            form=form,
            cf=cf,
            at=self.world.arrival(at),
        )
        visit = Visit(self, self.world.env(at))
        response = await visit.answer(request)
        await visit.complete(response, request)
        return self._code.entrypoints.workers.Response(response)

    async def open(self, resource: Any = "/", *, at: str | None = None, **request: Any) -> Visit:
        """As `fetch`, but at once: the body may still stream, and what `waitUntil` was given run.

        `visit.response` is the response; `await visit.finished()` returns when all has ended.
        """
        visit = Visit(self, self.world.env(at))
        response = await visit.answer(make_request(resource, at=self.world.arrival(at), **request))
        visit.response = self._code.entrypoints.workers.Response(response)
        return visit

    def visit(self, resource: Any = "/", **request: Any) -> Callable[[Env], Awaitable[Any]]:
        """The same request as a function of an env: `net.start(worker.visit("/"), at="NRT")`.

        What its handler raises, it raises: so a KVError is the outcome of the invocation, and
        anything else fails the test.
        """

        async def run(env: Env) -> Any:
            made = make_request(resource, at=self.world.location(env), **request)
            visit = Visit(self, self.world.over(env))
            response = await visit.fetch(made)
            await visit.complete(response, made)
            return self._code.entrypoints.workers.Response(response)

        return self._code.as_handler(run, shown(resource, request))

    async def scheduled(
        self, cron: str = "* * * * *", *, time: float | None = None, at: str | None = None
    ) -> None:
        """Have a cron trigger fire; `time` is in seconds since the epoch, now unless given.

        Raises: what the handler raises; JsException where there is none.
        """
        from pykvbinding.workers.bindings.events import ScheduledController

        clock = self.clock
        milliseconds = clock.now_nanoseconds() // 1_000_000 if time is None else int(time * 1000)
        await self._event("scheduled", ScheduledController(cron, milliseconds), at)

    async def queue(
        self, messages: "Iterable[Any | Message]", *, queue: str = "queue", at: str | None = None
    ) -> "QueueResult":
        """Deliver a batch of messages: bodies, or `Message(body, id=…, attempts=…)`.

        Returns what became of each: `result.acked` and `result.retried` are their ids. A handler
        that raises has its messages retried; the exception is logged, and in `exceptions`.

        Raises: JsException where there is no handler.
        """
        from pykvbinding.workers.bindings.events import make_batch

        batch = make_batch(self._code.entrypoints.workers, messages, queue, self.clock)
        visit = Visit(self, self.world.env(at))
        try:
            await visit.event("queue", batch)
        except Exception as error:
            visit.report(error)
            return batch.result(error)
        finally:
            await visit.finished()
        return batch.result(None)

    async def alarm(self, binding: str, name: str) -> None:
        """Have the alarm go off of the object of that name, or of that id.

        Raises: what its `alarm` raises; ValueError if it has set none, LookupError for no binding
        of Durable Objects.
        """
        class_name, found = self.world.find_object(binding, name)
        await self.durable.alarm(class_name, binding, found)

    def stored(self, binding: str, name: str) -> dict[str, Any]:
        """What the object of that name, or of that id, has stored, in Python's values.

        Raises: LookupError for no binding of Durable Objects.
        """
        class_name, found = self.world.find_object(binding, name)
        return self.durable.stored(class_name, found)

    def mock_fetch(self, mock: Mock | None) -> None:
        """Answer what the Worker fetches from the world outside.

        `mock` is a function of the request, or a dict: `{"https://api.example.com/*": {"ok": 1}}`.
        A key is a URL, may have `*` in it and a method before it. An answer is a response, its body
        (str, bytes), its JSON (dict, list), its status (int), an exception, or a function.
        """
        self.outbound.mock(mock)

    @property
    def env(self) -> Env:
        """The env, in a network that of its first location."""
        return self.world.env(None)

    @property
    def network(self) -> "Network | None":
        """The network in which it runs."""
        return self.world.network

    @property
    def config(self) -> WranglerConfig | None:
        """What its wrangler file says; None without one."""
        return self._code.config

    @property
    def sent(self) -> "list[Sent]":
        """What it has sent to queues so far. Nobody receives it unless the test hands it on."""
        return self.world.sent

    @property
    def fetched(self) -> list[Any]:
        """The requests that it has made of the world outside, each a `workers.Request`."""
        return self.outbound.requests

    @property
    def durable(self) -> "Objects":
        """Its Durable Objects."""
        return self.world.objects

    # What an invocation or a Durable Object needs: `InvocationHost` and `ObjectHost`.

    @property
    def clock(self) -> Clock:
        """The clock of its namespaces."""
        return self.world.clock

    @property
    def entrypoints(self) -> Entrypoints:
        """The classes and functions by which it is called."""
        return self._code.entrypoints

    async def run_as(
        self, running: Running, function: Callable[..., Awaitable[Any]], *args: Any
    ) -> Any:
        """`await function(*args)`, as an invocation of this Worker."""
        token = CURRENT.set(running)
        outside = outbound_handler.set(self.outbound.fetch)
        try:
            if self._code.is_contested:
                with self._code.running():
                    return await self._counted(function, *args)
            return await self._counted(function, *args)
        finally:
            outbound_handler.reset(outside)
            CURRENT.reset(token)

    async def as_external_effect(self, call: Callable[[], Awaitable[Any]], name: str) -> Any:
        """`await call()`; in a handler under a schedule, when its turn has come."""
        return await self.world.as_external_effect(call, name)

    async def _counted(self, function: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """`await function(*args)`, its operations counted where there is a limit to them."""
        invocation = self.world.invocation
        if invocation is None:
            return await function(*args)
        async with invocation():
            return await function(*args)

    def report(self, error: BaseException) -> None:
        """Log an exception that its client does not see, and keep it."""
        self.exceptions.append(error)
        log.exception(self._code.name, error)

    def warn_of_arity(self, name: str, takes: int) -> None:
        """Say that the platform calls this handler with more than it takes."""
        self._code.warn_of_arity(name, takes)

    async def _event(self, name: str, controller: Any, at: str | None) -> None:
        visit = Visit(self, self.world.env(at))
        try:
            await visit.event(name, controller)
        finally:
            await visit.finished()

    def __repr__(self) -> str:
        return f"<Worker {self._code.name}>"
