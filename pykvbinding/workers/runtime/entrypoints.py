"""The entrypoints of a Worker's main module, and how the platform calls them."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from types import ModuleType
from typing import Any

from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.workers import errors

HANDLERS = ("fetch", "scheduled", "queue", "alarm", "trace", "pubsub")
"""Names of events: a module may define `on_…` for each."""

VARIADIC = -1


class Entrypoints:
    """The classes and functions by which a Worker is called.

    As in the runtime (its Python entrypoint), classes are found by their `__name__` among the names
    of `__all__`, or else among names without a leading underscore.

    Before the flag `python_no_global_handlers` (`is_legacy`), a module has either classes or
    functions.

    - `default`: the class `Default(WorkerEntrypoint)`, or the class passed as `default`, or None.
    - `handlers`: the functions `on_fetch`, `on_scheduled`, …, by the name of the event.
    - `durable_object_classes`: the classes of Durable Objects, by name.
    """

    def __init__(
        self,
        workers: ModuleType,
        module: ModuleType | None,
        default: type[Any] | None = None,
        *,
        is_legacy: bool = False,
    ) -> None:
        self.workers = workers
        self.module = module
        entrypoints = _classes(module, workers.WorkerEntrypoint)
        self.default = entrypoints.get("Default") if default is None else default
        self.durable_object_classes = _classes(module, workers.DurableObject)
        self.handlers: Mapping[str, Callable[..., Any]] = {}
        if default is None:
            functions = {name: getattr(module, f"on_{name}", None) for name in HANDLERS}
            self.handlers = {name: value for name, value in functions.items() if callable(value)}
        if self.default is not None and self.handlers:
            if is_legacy:
                raise errors.several_defaults()
            self.handlers = {}
        self._positional_counts: dict[Any, int] = {}

    def __bool__(self) -> bool:
        return self.default is not None or bool(self.handlers)

    def handler_method(self, instance: object, name: str) -> Callable[..., Any]:
        """Return a handler of an instance. Before 2025-08-14 it was called `on_…`.

        Raises: JsException, "Handler does not export a fetch() function."
        """
        method = getattr(instance, name, None) or getattr(instance, f"on_{name}", None)
        if method is None:
            raise errors.no_handler(name)
        handler: Callable[..., Any] = method
        return handler

    def relaxed_call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call `function` without surplus arguments (Pyodide's `relaxed_call`)."""
        count = self.positional_count(function)
        return function(*args) if count == VARIADIC else function(*args[:count])

    async def call_fetch(self, method: Callable[..., Any], request: Request) -> Response:
        """Return the response of a method `fetch(self, request)`; further arguments are None.

        Raises: the exception of the method; JsException if it does not return a Response.
        """
        result = self.relaxed_call(method, self.workers.Request(request), None, None)
        if hasattr(result, "__await__"):
            result = await result
        if not hasattr(result, "js_object"):
            result = self.workers.python_to_rpc(result)
        response = getattr(result, "js_object", result)
        if type(response) is not Response:
            raise errors.not_a_response()
        return response

    def positional_count(self, function: Callable[..., Any]) -> int:
        """Return the number of positional parameters of a function or bound method."""
        key = getattr(function, "__func__", function)
        count = self._positional_counts.get(key)
        if count is None:
            count = self._positional_counts[key] = _count_positional(function)
        return count


def _classes(module: ModuleType | None, base: type[Any]) -> dict[str, type[Any]]:
    if module is None:
        return {}
    names = getattr(module, "__all__", None) or [n for n in dir(module) if not n.startswith("_")]
    values = [getattr(module, name) for name in names]
    return {
        value.__name__: value
        for value in values
        if isinstance(value, type) and issubclass(value, base) and value is not base
    }


def _count_positional(function: Callable[..., Any]) -> int:
    parameters = signature(function).parameters.values()
    if any(parameter.kind is Parameter.VAR_POSITIONAL for parameter in parameters):
        return VARIADIC
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return sum(parameter.kind in positional for parameter in parameters)
