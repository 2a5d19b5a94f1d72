"""What a Worker's main module offers to the platform, and how the platform calls it."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from types import ModuleType
from typing import Any

from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.workers import errors

HANDLERS = ("fetch", "scheduled", "queue", "alarm", "trace", "pubsub")
"""What `on_…` of a module may be named after."""

ANY_NUMBER = -1


class Entrypoints:
    """The classes and functions by which a Worker is called.

    As the runtime does (its Python entrypoint), classes are found by their `__name__` among the
    names of `__all__`, or else those without an underscore.

    Before the flag `python_no_global_handlers` (`is_legacy`) a module has one or the other.

    - `default`: the class `Default(WorkerEntrypoint)`, or that which was given; None without one.
    - `handlers`: the functions `on_fetch`, `on_scheduled`, …, by what comes after `on_`.
    - `durable`: the classes of Durable Objects, by name.
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
        self.default: type[Any] | None = entrypoints.get("Default") if default is None else default
        self.durable: dict[str, type[Any]] = _classes(module, workers.DurableObject)
        self.handlers: Mapping[str, Callable[..., Any]] = {}
        if default is None:
            found = {name: getattr(module, f"on_{name}", None) for name in HANDLERS}
            self.handlers = {name: each for name, each in found.items() if callable(each)}
        if self.default is not None and self.handlers:
            if is_legacy:
                raise errors.several_defaults()
            self.handlers = {}
        self._takes: dict[Any, int] = {}

    def __bool__(self) -> bool:
        return self.default is not None or bool(self.handlers)

    def method(self, instance: object, name: str) -> Callable[..., Any]:
        """A handler of an instance, which before 2025-08-14 was called `on_…`.

        Raises: JsException, "Handler does not export a fetch() function."
        """
        method = getattr(instance, name, None) or getattr(instance, f"on_{name}", None)
        if method is None:
            raise errors.no_handler(name)
        found: Callable[..., Any] = method
        return found

    def relaxed(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call with as many of the arguments as the function takes (Pyodide's `relaxed_call`)."""
        takes = self.takes(function)
        return function(*args) if takes == ANY_NUMBER else function(*args[:takes])

    async def respond(self, method: Callable[..., Any], request: Request) -> Response:
        """The response of a `fetch(self, request)`; further parameters are None there.

        Raises: what the method raises; JsException if it returns no Response.
        """
        result = self.relaxed(method, self.workers.Request(request), None, None)
        if hasattr(result, "__await__"):
            result = await result
        if not hasattr(result, "js_object"):
            result = self.workers.python_to_rpc(result)
        response = getattr(result, "js_object", result)
        if type(response) is not Response:
            raise errors.not_a_response()
        return response

    def takes(self, function: Callable[..., Any]) -> int:
        """How many positional arguments a function or bound method takes."""
        known = getattr(function, "__func__", function)
        takes = self._takes.get(known)
        if takes is None:
            takes = self._takes[known] = _count(function)
        return takes


def _classes(module: ModuleType | None, base: type[Any]) -> dict[str, type[Any]]:
    if module is None:
        return {}
    names = getattr(module, "__all__", None) or [n for n in dir(module) if not n.startswith("_")]
    found = [getattr(module, name) for name in names]
    return {
        each.__name__: each
        for each in found
        if isinstance(each, type) and issubclass(each, base) and each is not base
    }


def _count(function: Callable[..., Any]) -> int:
    parameters = signature(function).parameters.values()
    if any(each.kind is Parameter.VAR_POSITIONAL for each in parameters):
        return ANY_NUMBER
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return sum(each.kind in positional for each in parameters)
