"""The Durable Objects of one Worker: an instance for each id, and the stored data."""

from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any, Protocol

from pykvbinding.clock import Clock
from pykvbinding.errors import JsException
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.structured_clone import deserialize
from pykvbinding.workers import errors
from pykvbinding.workers.bindings.object_ids import DurableObjectId
from pykvbinding.workers.bindings.object_state import ObjectInstance
from pykvbinding.workers.bindings.object_storage import DurableObjectStorage, ObjectData
from pykvbinding.workers.current import InvocationContext, current_invocation
from pykvbinding.workers.response_transfer import detach_response

PYTHON_ERROR = "PythonError"
"""Pyodide's name of an error that Python raised; its message is the traceback."""

ObjectKey = tuple[str, str]
"""Class name and id."""

InstanceCall = Callable[[Any], Awaitable[Any]]


class ObjectEntrypoints(Protocol):
    """The operations of Worker entrypoints that Durable Objects need."""

    @property
    def workers(self) -> ModuleType:
        """The module `workers`, which converts arguments and results of calls."""
        ...

    @property
    def durable_object_classes(self) -> Mapping[str, type[Any]]:
        """The classes of Durable Objects, by name."""
        ...

    def handler_method(self, instance: object, name: str) -> Callable[..., Any]:
        """Return the handler `name` of an instance, or the one called `on_name`."""
        ...

    def relaxed_call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call `function` without the arguments that it does not accept."""
        ...

    async def call_fetch(self, method: Callable[..., Any], request: Request) -> Response:
        """Return the response of a `fetch` method."""
        ...


class ObjectHost(Protocol):
    """The operations of a Worker that its Durable Objects need."""

    @property
    def clock(self) -> Clock:
        """The clock by which alarms are set."""
        ...

    @property
    def entrypoints(self) -> ObjectEntrypoints:
        """The classes of the objects, and functions that call their methods."""
        ...

    @property
    def env(self) -> Any:
        """The env for objects that are called by another Worker or by a test."""
        ...

    async def run_as(
        self, context: InvocationContext, function: Callable[..., Awaitable[Any]], *args: Any
    ) -> Any:
        """Return `await function(*args)`, as an invocation of this Worker."""
        ...

    async def run_as_external_effect(self, call: Callable[[], Awaitable[Any]], name: str) -> Any:
        """Return `await call()`; under a schedule, the scheduler chooses when it runs."""
        ...

    def report(self, error: BaseException) -> None:
        """Log an exception that no caller receives, and keep it."""
        ...


class DurableObjectInstances:
    """All objects of one Worker, of every class.

    Concurrent calls of one object interleave only where they await something, such as KV. Storage
    operations complete at once, so no call can run in between; the platform's input gates give the
    same guarantee. `blockConcurrencyWhile` delays calls. Under a schedule, a call is an effect
    outside of KV, which may be ordered before or after any other operation.
    """

    def __init__(self, host: ObjectHost) -> None:
        self._host = host
        self._data: dict[ObjectKey, ObjectData] = {}
        self._instances: dict[ObjectKey, ObjectInstance] = {}
        self._id_count = 0

    def next_normalize_number(self) -> int:
        """Return the number of the next unique id."""
        self._id_count += 1
        return self._id_count

    def data_of(self, key: ObjectKey) -> ObjectData:
        """Return the stored data of an object."""
        return self._data.setdefault(key, ObjectData())

    def forget(self, key: ObjectKey | None = None) -> None:
        """Discard the instance of one object, or of all. The stored data are kept."""
        if key is None:
            self._instances.clear()
        else:
            self._instances.pop(key, None)

    # Calls.

    async def fetch(
        self, class_name: str, binding: str, id: DurableObjectId, request: Request
    ) -> Response:
        """Return the response of an object to a request."""
        entrypoints = self._host.entrypoints

        async def call_fetch(instance: Any) -> Response:
            response = await entrypoints.call_fetch(
                entrypoints.handler_method(instance, "fetch"), request
            )
            context = current_invocation.get()
            assert context is not None
            return detach_response(response, context)

        response: Response = await self._dispatch(class_name, binding, id, call_fetch)
        return response

    async def call(
        self,
        class_name: str,
        binding: str,
        id: DurableObjectId,
        method: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Call a method of an object and return its result.

        The result is a JavaScript value for a Worker, and a Python value for a test.
        """
        workers = self._host.entrypoints.workers
        is_test = current_invocation.get() is None
        if is_test:
            args = tuple(workers.python_to_rpc(value) for value in args)
        if kwargs:  # Pyodide passes keyword arguments as one object
            args = (*args, JsObject(kwargs))
        arguments = [workers.python_from_rpc(value) for value in args]

        async def invoke(instance: Any) -> Any:
            function = getattr(instance, method, None)
            if not callable(function):
                raise errors.no_method(method)
            result = function(*arguments)
            if hasattr(result, "__await__"):
                result = await result
            return workers.python_to_rpc(result)

        result = await self._dispatch(class_name, binding, id, invoke)
        return workers.python_from_rpc(result) if is_test else result

    async def alarm(self, class_name: str, binding: str, id: DurableObjectId) -> None:
        """Run the alarm handler of an object now."""
        data = self.data_of((class_name, id.toString()))
        if data.alarm is None:
            raise ValueError(
                f"the object {id.name or id} of {binding} has no alarm; set one with setAlarm()"
            )
        data.alarm = None
        entrypoints = self._host.entrypoints
        info = JsObject({"isRetry": False, "retryCount": 0})

        async def invoke(instance: Any) -> None:
            method = getattr(instance, "alarm", None)
            if method is None:
                raise errors.no_handler("alarm")
            result = entrypoints.relaxed_call(method, info)
            if hasattr(result, "__await__"):
                await result

        await self._dispatch(class_name, binding, id, invoke)

    async def _dispatch(
        self, class_name: str, binding: str, id: DurableObjectId, call: InstanceCall
    ) -> Any:
        caller = current_invocation.get()
        obj = self._get_instance(class_name, binding, id)

        async def dispatch() -> Any:
            return await self._run_in_object(obj, class_name, call, caller)

        try:
            result = await self._host.run_as_external_effect(dispatch, f"{binding} {id.name or id}")
        except JsException:
            raise
        except Exception as error:
            from traceback import format_exception

            raise JsException(PYTHON_ERROR, "".join(format_exception(error))) from None
        if obj.tasks:
            if caller is None or caller.context is None:
                await obj.tasks.wait_all(self._host.report)
            else:
                caller.context.waitUntil(obj.tasks.wait_all(self._host.report))
        return result

    async def _run_in_object(
        self,
        obj: ObjectInstance,
        class_name: str,
        call: InstanceCall,
        caller: InvocationContext | None,
    ) -> Any:
        host = self._host
        is_same_worker = caller is not None and caller.worker is host
        env = caller.env if caller is not None and is_same_worker else host.env

        async def call_instance() -> Any:
            if obj.instance is None:
                await self._construct(obj, class_name, env)
            await obj.ready()
            return await call(obj.instance)

        return await host.run_as(InvocationContext(env, obj.state, host), call_instance)

    async def _construct(self, obj: ObjectInstance, class_name: str, env: Any) -> None:
        cls = self._host.entrypoints.durable_object_classes[class_name]
        try:
            obj.instance = cls(obj.state, env)
        except BaseException:
            obj.forget()
            raise

    def _get_instance(self, class_name: str, binding: str, id: DurableObjectId) -> ObjectInstance:
        classes = self._host.entrypoints.durable_object_classes
        if class_name not in classes:
            hint = f"there are {', '.join(classes)}" if classes else "there is none"
            raise ValueError(
                f"env.{binding}: the main module has no class {class_name}(DurableObject); {hint}. "
                '"class_name" in the wrangler file must name one'
            )
        key = class_name, id.toString()
        obj = self._instances.get(key)
        if obj is None:
            storage = DurableObjectStorage(self.data_of(key), lambda: self._host.clock)
            obj = self._instances[key] = ObjectInstance(id, storage, lambda: self.forget(key))
        return obj

    # For tests and for persistence.

    def stored_values(self, class_name: str, id: DurableObjectId) -> dict[str, Any]:
        """Return the stored data of an object as Python values."""
        workers = self._host.entrypoints.workers
        values = self.data_of((class_name, id.toString())).values
        return {key: workers.python_from_rpc(deserialize(values[key])) for key in sorted(values)}

    def dump(self) -> bytes:
        """Return the stored data of all objects as bytes for `load`."""
        from msgpack import packb

        objects = [
            [*key, data.alarm, data.values]
            for key, data in self._data.items()
            if data.values or data.alarm is not None
        ]
        packed: bytes = packb([FORMAT, self._id_count, objects], unicode_errors="surrogatepass")
        return packed

    def load(self, dump: bytes) -> None:
        """Replace the stored data of all objects by those of `dump`.

        Raises: ValueError, "load() expects bytes returned by worker.durable_objects.dump()"
        """
        from msgpack import unpackb

        try:
            format_name, id_count, objects = unpackb(dump, unicode_errors="surrogatepass")
        except Exception:
            format_name = id_count = objects = None
        if format_name != FORMAT:
            raise ValueError("load() expects bytes returned by worker.durable_objects.dump()")
        self._data.clear()
        self._instances.clear()
        self._id_count = id_count
        for class_name, digits, alarm, values in objects:
            target = self.data_of((class_name, digits))
            target.values, target.alarm = values, alarm


FORMAT = "pykvbinding durable objects 1"
