"""The Durable Objects of one world: one instance for each id, and what each has stored."""

from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any, Protocol

from pykvbinding.clock import Clock
from pykvbinding.errors import JsException
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.structured_clone import put_together
from pykvbinding.workers import errors
from pykvbinding.workers.bindings.object_ids import DurableObjectId
from pykvbinding.workers.bindings.object_state import Live
from pykvbinding.workers.bindings.object_storage import DurableObjectStorage, Kept
from pykvbinding.workers.current import CURRENT, Running
from pykvbinding.workers.response_transfer import received

PYTHON_ERROR = "PythonError"
"""The name that Pyodide gives to an error that Python has raised; its message is the traceback."""

Name = tuple[str, str]
"""Class and id."""

Call = Callable[[Any], Awaitable[Any]]


class ObjectEntrypoints(Protocol):
    """What Durable Objects use of the entrypoints of a Worker."""

    @property
    def workers(self) -> ModuleType:
        """The module `workers`: its values are the arguments and results of calls."""
        ...

    @property
    def durable(self) -> Mapping[str, type[Any]]:
        """The classes of Durable Objects, by name."""
        ...

    def method(self, instance: object, name: str) -> Callable[..., Any]:
        """Return the handler `name` of an instance, or the one called `on_name`."""
        ...

    def relaxed(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call `function` with as many of the arguments as it takes."""
        ...

    async def respond(self, method: Callable[..., Any], request: Request) -> Response:
        """Return the response of a `fetch` method."""
        ...


class ObjectHost(Protocol):
    """What Durable Objects need of the Worker that defines their classes."""

    @property
    def clock(self) -> Clock:
        """The clock by which alarms are set."""
        ...

    @property
    def entrypoints(self) -> ObjectEntrypoints:
        """The classes of the objects, and how the platform calls them."""
        ...

    @property
    def env(self) -> Any:
        """The env of objects that another Worker or a test calls."""
        ...

    async def run_as(
        self, running: Running, function: Callable[..., Awaitable[Any]], *args: Any
    ) -> Any:
        """Return `await function(*args)`, as an invocation of this Worker."""
        ...

    async def as_external_effect(self, call: Callable[[], Awaitable[Any]], name: str) -> Any:
        """Return `await call()`; under a schedule, when its turn has come."""
        ...

    def report(self, error: BaseException) -> None:
        """Log an exception that no caller receives, and keep it."""
        ...


class Objects:
    """The objects of all classes of one Worker in one world.

    Calls of one object run on the event loop like others and meet where they wait: for KV, say.
    Its storage answers at once, so nothing comes between there; the platform's input gates promise
    the same. `blockConcurrencyWhile` holds calls back. Under a schedule, a call is an effect
    outside of KV, which may come before or after any other.
    """

    def __init__(self, host: ObjectHost) -> None:
        self._host = host
        self._kept: dict[Name, Kept] = {}
        self._live: dict[Name, Live] = {}
        self._numbers = 0

    def next_number(self) -> int:
        """How many new ids were asked for, this one included."""
        self._numbers += 1
        return self._numbers

    def kept(self, name: Name) -> Kept:
        """What an object has stored."""
        return self._kept.setdefault(name, Kept())

    def forget(self, name: Name | None = None) -> None:
        """Forget an object, or all of them, in memory; what they have stored stays."""
        if name is None:
            self._live.clear()
        else:
            self._live.pop(name, None)

    # Calls.

    async def fetch(
        self, class_name: str, binding: str, id: DurableObjectId, request: Request
    ) -> Response:
        """The answer of an object to a request."""
        entrypoints = self._host.entrypoints

        async def answer(instance: Any) -> Response:
            response = await entrypoints.respond(entrypoints.method(instance, "fetch"), request)
            running = CURRENT.get()
            assert running is not None
            return received(response, running)

        response: Response = await self._deliver(class_name, binding, id, answer)
        return response

    async def call(
        self,
        class_name: str,
        binding: str,
        id: DurableObjectId,
        method: str,
        args: tuple[Any, ...],
        named: dict[str, Any],
    ) -> Any:
        """What a method of an object returns, as a JavaScript value; to a test, as Python's."""
        workers = self._host.entrypoints.workers
        is_test = CURRENT.get() is None
        if is_test:
            args = tuple(workers.python_to_rpc(each) for each in args)
        if named:  # Pyodide makes them one object
            args = (*args, JsObject(named))
        given = [workers.python_from_rpc(each) for each in args]

        async def invoke(instance: Any) -> Any:
            found = getattr(instance, method, None)
            if not callable(found):
                raise errors.no_method(method)
            result = found(*given)
            if hasattr(result, "__await__"):
                result = await result
            return workers.python_to_rpc(result)

        result = await self._deliver(class_name, binding, id, invoke)
        return workers.python_from_rpc(result) if is_test else result

    async def alarm(self, class_name: str, binding: str, id: DurableObjectId) -> None:
        """Have an object's alarm go off now."""
        kept = self.kept((class_name, id.toString()))
        if kept.alarm is None:
            raise ValueError(
                f"the object {id.name or id} of {binding} has set no alarm; setAlarm() sets one"
            )
        kept.alarm = None
        entrypoints = self._host.entrypoints
        information = JsObject({"isRetry": False, "retryCount": 0})

        async def invoke(instance: Any) -> None:
            method = getattr(instance, "alarm", None)
            if method is None:
                raise errors.no_handler("alarm")
            result = entrypoints.relaxed(method, information)
            if hasattr(result, "__await__"):
                await result

        await self._deliver(class_name, binding, id, invoke)

    async def _deliver(self, class_name: str, binding: str, id: DurableObjectId, call: Call) -> Any:
        caller = CURRENT.get()
        live = self._find(class_name, binding, id)

        async def deliver() -> Any:
            return await self._within(live, class_name, call, caller)

        try:
            result = await self._host.as_external_effect(deliver, f"{binding} {id.name or id}")
        except JsException:
            raise
        except Exception as error:
            from traceback import format_exception

            raise JsException(PYTHON_ERROR, "".join(format_exception(error))) from None
        if live.tasks:
            if caller is None or caller.context is None:
                await live.tasks.settle(self._host.report)
            else:
                caller.context.waitUntil(live.tasks.settle(self._host.report))
        return result

    async def _within(self, live: Live, class_name: str, call: Call, caller: Running | None) -> Any:
        host = self._host
        is_ours = caller is not None and caller.worker is host
        env = caller.env if caller is not None and is_ours else host.env

        async def do() -> Any:
            if live.instance is None:
                await self._make(live, class_name, env)
            await live.ready()
            return await call(live.instance)

        return await host.run_as(Running(env, live.state, host), do)

    async def _make(self, live: Live, class_name: str, env: Any) -> None:
        make = self._host.entrypoints.durable[class_name]
        try:
            live.instance = make(live.state, env)
        except BaseException:
            live.forget()
            raise

    def _find(self, class_name: str, binding: str, id: DurableObjectId) -> Live:
        known = self._host.entrypoints.durable
        if class_name not in known:
            hint = f"there are {', '.join(known)}" if known else "there is none"
            raise ValueError(
                f"env.{binding}: the main module has no class {class_name}(DurableObject); {hint}. "
                '"class_name" in the wrangler file names one'
            )
        name = class_name, id.toString()
        live = self._live.get(name)
        if live is None:
            storage = DurableObjectStorage(self.kept(name), lambda: self._host.clock)
            live = self._live[name] = Live(id, storage, lambda: self.forget(name))
        return live

    # For tests, and to keep what is stored.

    def stored(self, class_name: str, id: DurableObjectId) -> dict[str, Any]:
        """What an object has stored, in Python's values."""
        workers = self._host.entrypoints.workers
        values = self.kept((class_name, id.toString())).values
        return {key: workers.python_from_rpc(put_together(values[key])) for key in sorted(values)}

    def dump(self) -> bytes:
        """What all objects have stored, for `load`."""
        from msgpack import packb

        kept = [
            [*name, each.alarm, each.values]
            for name, each in self._kept.items()
            if each.values or each.alarm is not None
        ]
        packed: bytes = packb([FORMAT, self._numbers, kept], unicode_errors="surrogatepass")
        return packed

    def load(self, dumped: bytes) -> None:
        """Have stored what `dump` gave; nothing else.

        Raises: ValueError for other bytes.
        """
        from msgpack import unpackb

        try:
            form, numbers, kept = unpackb(dumped, unicode_errors="surrogatepass")
        except Exception:
            form = numbers = kept = None
        if form != FORMAT:
            raise ValueError(
                "load() takes the bytes that worker.durable.dump() returned; these are others"
            )
        self._kept.clear()
        self._live.clear()
        self._numbers = numbers
        for class_name, digits, alarm, values in kept:
            each = self.kept((class_name, digits))
            each.values, each.alarm = values, alarm


FORMAT = "pykvbinding durable objects 1"
