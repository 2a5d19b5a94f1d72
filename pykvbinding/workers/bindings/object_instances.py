"""The Durable Objects of one world: one instance for each id, and what each has stored."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from pykvbinding.errors import JsException
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.structured_clone import put_together
from pykvbinding.workers import errors as refusals
from pykvbinding.workers import notes as remarks
from pykvbinding.workers import workerd_errors as denials
from pykvbinding.workers.bindings.object_storage import DurableObjectStorage, Kept
from pykvbinding.workers.context import Tasks
from pykvbinding.workers.current import CURRENT, Running
from pykvbinding.workers.response_transfer import received

if TYPE_CHECKING:
    from pykvbinding.workers.bindings.durable_objects import DurableObjectId
    from pykvbinding.workers.runtime.environment import World

PYTHON_ERROR = "PythonError"
"""The name that Pyodide gives to an error that Python has raised."""

Name = tuple[str, str]
"""Class and id."""

Call = Callable[[Any], Awaitable[Any]]


class DurableObjectState(JsProxy, name="DurableObjectState"):
    """`ctx` of a Durable Object."""

    __slots__ = ("_live", "_tasks", "id", "storage")

    def __init__(self, live: "Live", id: "DurableObjectId", storage: DurableObjectStorage) -> None:
        self._live = live
        self.id = id
        self.storage = storage
        self._tasks = live.tasks

    def waitUntil(self, awaitable: Any, /) -> None:
        """Have the invocation that calls wait for it, too. (On the platform it does nothing.)"""
        self._tasks.add(awaitable)

    def blockConcurrencyWhile(self, callback: Callable[[], Any], /) -> Deferred:
        """Call `callback` now, and hold back calls of the object until it has ended.

        If it raises, so do the calls that wait, and the object is made anew for the next.
        """
        promise = Deferred.of(callback())
        self._live.blocking.append(promise)
        return promise

    def abort(self, reason: Any = None, /) -> None:  # noqa: ARG002
        """Forget the object in memory; the next call makes it anew."""
        self._live.forget()

    def __getattr__(self, name: str) -> Any:
        if name in (
            "acceptWebSocket",
            "getWebSockets",
            "container",
            "facets",
            "exports",
            "getTags",
        ):
            raise refusals.state_not_emulated(name)
        raise AttributeError(name)


class Live:
    """An object in memory: its instance, and what holds its calls back."""

    def __init__(self, objects: "Objects", name: Name, id: "DurableObjectId") -> None:
        self.tasks = Tasks()
        self.blocking: list[Deferred] = []
        self.instance: Any = None
        self._objects = objects
        self._name = name
        kept = objects.kept(name)
        storage = DurableObjectStorage(kept, lambda: objects.world.clock)
        self.state = DurableObjectState(self, id, storage)

    async def ready(self) -> None:
        """Return when nothing holds calls back any more.

        Raises: what a callback of `blockConcurrencyWhile` raised; then the object is forgotten.
        """
        while self.blocking:
            try:
                await self.blocking[0]
            except BaseException:
                self.forget()
                raise
            if self.blocking:
                del self.blocking[0]

    def forget(self) -> None:
        """Let the next call make the object anew."""
        self._objects.forget(self._name)


class Objects:
    """The objects of all classes of one Worker in one world.

    Calls of one object run on the event loop like others and meet where they wait: for KV, say.
    Its storage answers at once, so nothing comes between there; the platform's input gates promise
    the same. `blockConcurrencyWhile` holds calls back. Under a schedule, a call is an effect
    outside of KV, which may come before or after any other.
    """

    def __init__(self, world: "World") -> None:
        self.world = world
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

    def report(self, error: BaseException) -> None:
        """Note what a task of an object raised."""
        self.world.worker.report(error)

    def forget(self, name: Name | None = None) -> None:
        """Forget an object, or all of them, in memory; what they have stored stays."""
        if name is None:
            self._live.clear()
        else:
            self._live.pop(name, None)

    # Calls.

    async def fetch(
        self, class_name: str, binding: str, id: "DurableObjectId", request: Request
    ) -> Response:
        """The answer of an object to a request."""
        entrypoints = self.world.worker.entrypoints

        async def answer(instance: Any) -> Response:
            method = getattr(instance, "fetch", None) or getattr(instance, "on_fetch", None)
            if method is None:
                raise denials.no_handler("fetch")
            response = await entrypoints.respond(method, request)
            running = CURRENT.get()
            assert running is not None
            return received(response, running)

        response: Response = await self._deliver(class_name, binding, id, answer)
        return response

    async def call(
        self,
        class_name: str,
        binding: str,
        id: "DurableObjectId",
        method: str,
        args: tuple[Any, ...],
        named: dict[str, Any],
    ) -> Any:
        """What a method of an object returns, as a JavaScript value; to a test, as Python's."""
        workers = self.world.worker.entrypoints.workers
        is_test = CURRENT.get() is None
        if is_test:
            args = tuple(workers.python_to_rpc(each) for each in args)
        if named:  # Pyodide makes them one object
            args = (*args, JsObject(named))
        given = [workers.python_from_rpc(each) for each in args]

        async def invoke(instance: Any) -> Any:
            found = getattr(instance, method, None)
            if not callable(found):
                raise denials.no_method(method)
            result = found(*given)
            if hasattr(result, "__await__"):
                result = await result
            return workers.python_to_rpc(result)

        result = await self._deliver(class_name, binding, id, invoke)
        return workers.python_from_rpc(result) if is_test else result

    async def alarm(self, class_name: str, binding: str, id: "DurableObjectId") -> None:
        """Have an object's alarm go off now."""
        kept = self.kept((class_name, id.toString()))
        if kept.alarm is None:
            raise refusals.no_such_alarm(binding, str(id.name or id))
        kept.alarm = None
        entrypoints = self.world.worker.entrypoints
        information = JsObject({"isRetry": False, "retryCount": 0})

        async def invoke(instance: Any) -> None:
            method = getattr(instance, "alarm", None)
            if method is None:
                raise denials.no_handler("alarm")
            result = entrypoints.relaxed(method, information)
            if hasattr(result, "__await__"):
                await result

        await self._deliver(class_name, binding, id, invoke)

    async def _deliver(
        self, class_name: str, binding: str, id: "DurableObjectId", call: Call
    ) -> Any:
        caller = CURRENT.get()
        live = self._find(class_name, binding, id)

        async def deliver() -> Any:
            return await self._within(live, class_name, call, caller)

        try:
            result = await self.world.as_point(deliver, f"{binding} {id.name or id}")
        except JsException:
            raise
        except Exception as error:
            raise JsException(PYTHON_ERROR, remarks.traceback_of(error)) from None
        if live.tasks:
            if caller is None or caller.context is None:
                await live.tasks.settle(self.report)
            else:
                caller.context.waitUntil(live.tasks.settle(self.report))
        return result

    async def _within(self, live: Live, class_name: str, call: Call, caller: Running | None) -> Any:
        worker = self.world.worker
        is_ours = caller is not None and caller.worker is worker
        env = caller.env if caller is not None and is_ours else self.world.env(None)

        async def do() -> Any:
            if live.instance is None:
                await self._make(live, class_name, env)
            await live.ready()
            return await call(live.instance)

        return await worker.run_as(Running(env, live.state, worker), do)

    async def _make(self, live: Live, class_name: str, env: Any) -> None:
        make = self.world.worker.entrypoints.durable[class_name]
        try:
            live.instance = make(live.state, env)
        except BaseException:
            live.forget()
            raise

    def _find(self, class_name: str, binding: str, id: "DurableObjectId") -> Live:
        known = self.world.worker.entrypoints.durable
        if class_name not in known:
            raise refusals.no_durable_class(binding, class_name, list(known))
        name = class_name, id.toString()
        live = self._live.get(name)
        if live is None:
            live = self._live[name] = Live(self, name, id)
        return live

    # For tests, and to keep what is stored.

    def stored(self, class_name: str, id: "DurableObjectId") -> dict[str, Any]:
        """What an object has stored, in Python's values."""
        workers = self.world.worker.entrypoints.workers
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
            raise refusals.no_dump() from None
        if form != FORMAT:
            raise refusals.no_dump()
        self._kept.clear()
        self._live.clear()
        self._numbers = numbers
        for class_name, digits, alarm, values in kept:
            each = self.kept((class_name, digits))
            each.values, each.alarm = values, alarm


FORMAT = "pykvbinding durable objects 1"
