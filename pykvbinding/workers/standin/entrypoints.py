"""The base classes of a Worker's own classes, and `handler` for its functions."""

from collections.abc import Callable
from functools import wraps
from types import CoroutineType
from typing import Any

from pykvbinding.js.types.py_proxy import create_once_callable
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.bindings import BindingWrapper, EnvWrapper
from pykvbinding.workers.standin.convert import class_name
from pykvbinding.workers.standin.refusals import DurableObjectAbort
from pykvbinding.workers.standin.request import Request
from pykvbinding.workers.standin.rpc import python_from_rpc, python_to_rpc

__all__ = [
    "DurableObject",
    "DurableObjectAbort",
    "DurableObjectContext",
    "WorkerEntrypoint",
    "WorkflowEntrypoint",
    "handler",
]


class DurableObjectContext:
    """The `ctx` of a Durable Object: `storage` takes and gives Python values."""

    def __new__(cls, ctx: Any) -> "DurableObjectContext":
        """A context that is wrapped already stays as it is."""
        return ctx if isinstance(ctx, cls) else super().__new__(cls)

    def __init__(self, ctx: Any) -> None:
        if ctx is not self:
            self._ctx = ctx

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._ctx, name)
        if class_name(found) == "DurableObjectStorage":
            found = BindingWrapper(found)
        setattr(self, name, found)
        return found

    def abort(self, reason: str | None = None) -> None:
        """End the object, once the handler has unwound.

        Raises: DurableObjectAbort, always.
        """
        from pykvbinding.js.globals.timers import queueMicrotask

        context = self._ctx
        given = () if reason is None else (reason,)
        queueMicrotask(create_once_callable(lambda: context.abort(*given)))
        raise refusals.aborted(reason)


class DurableObject:
    """Base class of a Durable Object; its `fetch` and its other methods are what a stub calls."""

    ctx: Any
    env: Any

    def __init__(self, ctx: Any, env: Any) -> None:
        self.ctx = DurableObjectContext(ctx)
        self.env = EnvWrapper(env)

    def __init_subclass__(cls, **_named: Any) -> None:
        _wrap_constructor(cls, DurableObjectContext)


class _Entrypoint:
    """What the platform makes anew for each invocation."""

    ctx: Any
    env: Any

    def __init__(self, ctx: Any, env: Any) -> None:
        self.ctx = ctx
        self.env = EnvWrapper(env)


class WorkerEntrypoint(_Entrypoint):
    """Base class of an entrypoint: `Default` of a Worker's main module serves its requests."""

    def __init_subclass__(cls, **_named: Any) -> None:
        _wrap_constructor(cls)
        _wrap_queue(cls)


class WorkflowEntrypoint(_Entrypoint):
    """Base class of a Workflow. Its steps are not emulated."""

    def __init_subclass__(cls, **_named: Any) -> None:
        _wrap_constructor(cls)
        _wrap_run(cls)


class WorkflowStep:
    """The steps of a Workflow, which only the SDK's code runs."""

    def __getattr__(self, name: str) -> Any:
        raise refusals.workflow_steps_not_emulated()


def handler(func: Callable[..., Any]) -> Callable[..., Any]:
    """Let `on_fetch` and its like get a `Request` of Python, and an `env` that speaks it."""

    @wraps(func)
    def wrapper(*args: Any, **named: Any) -> Any:
        given = list(args)
        if given and class_name(given[0]) == "Request":
            given[0] = Request(given[0])
        if len(given) > 1:
            given[1] = EnvWrapper(given[1])
        return func(*given, **named)

    return wrapper


def _wrap_constructor(cls: type, wrap_context: Callable[[Any], Any] | None = None) -> None:
    """Let the constructor that a class has of its own get an `env` that speaks Python."""
    original = cls.__dict__.get("__init__")
    if original is None:
        return

    @wraps(original)
    def construct(self: Any, *args: Any, **named: Any) -> None:
        given = list(args)
        if given and wrap_context is not None:
            given[0] = wrap_context(given[0])
        if len(given) > 1:
            given[1] = EnvWrapper(given[1])
        original(self, *given, **named)

    cls.__init__ = construct  # type: ignore[misc]


def _wrap_queue(cls: Any) -> None:
    """Let `queue` get a batch that speaks Python."""
    consume = getattr(cls, "queue", None)
    if consume is None:
        return

    @wraps(consume)
    async def queue(self: Any, batch: Any, *args: Any, **named: Any) -> Any:
        return await _result_of(consume(self, BindingWrapper(batch), *args, **named))

    cls.queue = queue


def _wrap_run(cls: Any) -> None:
    """Let `run` of a Workflow get Python values, and answer with a JavaScript one."""
    original = cls.__dict__.get("run")
    if original is None:
        return

    @wraps(original)
    async def run(
        self: Any, event: Any = None, step: Any = None, /, *args: Any, **named: Any
    ) -> Any:
        event = None if event is None else python_from_rpc(event)
        steps = None if step is None else WorkflowStep()
        result = await _result_of(original(self, event, steps, *args, **named))
        return None if result is None else python_to_rpc(result)

    cls.run = run


async def _result_of(result: Any) -> Any:
    """The result of a method, be it a coroutine or not."""
    return await result if isinstance(result, CoroutineType) else result
