"""What a handler finds on `env`: bindings that speak Python, and `EnvWrapper`, which makes them."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final, Self

from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.convert import class_name
from pykvbinding.workers.standin.fetching import fetch
from pykvbinding.workers.standin.response import BODIES
from pykvbinding.workers.standin.rpc import Wrapper, python_from_rpc, python_to_rpc

WRAPPED: Final = frozenset(
    (
        *("KvNamespace", "R2Bucket", "D1Database", "WorkerQueue", "Ai"),
        *("VectorizeIndexImpl", "AnalyticsEngine", "AnalyticsEngineDataset"),
        *("LocalAnalyticsEngineDataset", "ImagesBindingImpl", "HostedImagesBindingImpl"),
        *("Ratelimit"),
    )
)
"""The JavaScript classes of bindings that the SDK wraps. A KVNamespace of ours speaks Python."""

_HANDED_ON: Final = BODIES | {"Headers"}


class BindingWrapper(Wrapper):
    """A binding whose methods take Python values and answer with Python values."""

    def __new__(cls, binding: Any) -> Self:
        """A wrapper of a wrapper is that wrapper."""
        return binding if isinstance(binding, cls) else super().__new__(cls)

    def __init__(self, binding: Any) -> None:
        if binding is not self:
            self._binding = binding

    def _to_python(self, result: Any) -> Any:
        converted = python_from_rpc(result)
        if isinstance(converted, list):
            return [self._wrapped(item) for item in converted]
        return self._wrapped(converted)

    def _wrapped(self, value: Any) -> Any:
        """`value` in a wrapper, if it is a JavaScript object with methods."""
        if not isinstance(value, JsProxy) or class_name(value) in _HANDED_ON:
            return value
        return StubWrapper(value) if callable(value) else type(self)(value)

    def _call(self, function: Any, /, *args: Any, **named: Any) -> Any:
        sent, sent_named = to_javascript(args, named)
        result = function(*sent, **sent_named)
        if not callable(getattr(result, "then", None)):
            return self._to_python(result)

        async def converted() -> Any:
            return self._to_python(await result)

        return converted()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._binding, name)
        if callable(value):
            found: Any = partial(self._call, value)
        else:
            found = self._to_python(value)
        setattr(self, name, found)
        return found

    def __getitem__(self, key: Any) -> Any:
        value = self._binding[key] if isinstance(key, int) else getattr(self._binding, key)
        return self._to_python(value)

    def __iter__(self) -> Iterator[Any]:
        if not hasattr(self._binding, "__iter__"):
            raise refusals.binding_not_iterable(self._name())
        for item in self._binding:
            yield self._to_python(item)

    def __bool__(self) -> bool:
        return self._binding is not None

    def __len__(self) -> int:
        length = getattr(self._binding, "length", None)
        if not isinstance(length, int):
            raise refusals.binding_without_len(self._name())
        return length

    def _name(self) -> str:
        return class_name(self._binding) or type(self).__name__


class StubWrapper(BindingWrapper):
    """A function, or an object with methods, that came from another Worker."""

    def __call__(self, /, *args: Any, **named: Any) -> Any:
        """The answer of the other Worker."""
        return self._call(self._binding, *args, **named)


class FetcherWrapper(BindingWrapper):
    """Another Worker, or a Durable Object: `fetch` as for the network, and its own methods."""

    def fetch(self, *args: Any, **named: Any) -> Any:
        """The response of the Worker behind it; a coroutine."""
        return fetch(*args, fetcher=self._binding.fetch, **named)


class DurableObjectNamespaceWrapper:
    """The binding of a class of Durable Objects."""

    def __init__(self, binding: Any) -> None:
        self._binding = binding

    def __getattr__(self, name: str) -> Any:
        return getattr(self._binding, name)

    def get(self, *args: Any, **named: Any) -> FetcherWrapper:
        """The object of an id."""
        return FetcherWrapper(self._binding.get(*args, **named))

    def getByName(self, *args: Any, **named: Any) -> FetcherWrapper:
        """The object of a name."""
        return FetcherWrapper(self._binding.getByName(*args, **named))

    def jurisdiction(self, *args: Any, **named: Any) -> "DurableObjectNamespaceWrapper":
        """The same class, with its objects kept in a part of the world."""
        return DurableObjectNamespaceWrapper(self._binding.jurisdiction(*args, **named))


class WorkflowInstanceWrapper(BindingWrapper):
    """One run of a Workflow."""

    async def send_event(self, *args: Any, **named: Any) -> Any:
        """Send it an event."""
        sent, sent_named = to_javascript(args, named)
        return self._to_python(await self._binding.sendEvent(*sent, **sent_named))


class WorkflowBindingWrapper(BindingWrapper):
    """The binding of a Workflow."""

    async def get(self, *args: Any, **named: Any) -> WorkflowInstanceWrapper:
        """The run of an id."""
        sent, sent_named = to_javascript(args, named)
        return WorkflowInstanceWrapper(await self._binding.get(*sent, **sent_named))

    async def create(self, *args: Any, **named: Any) -> WorkflowInstanceWrapper:
        """A new run."""
        sent, sent_named = to_javascript(args, named)
        return WorkflowInstanceWrapper(await self._binding.create(*sent, **sent_named))

    async def create_batch(self, *args: Any, **named: Any) -> list[WorkflowInstanceWrapper]:
        """Several new runs."""
        sent, sent_named = to_javascript(args, named)
        made = await self._binding.createBatch(*sent, **sent_named)
        return [WorkflowInstanceWrapper(item) for item in made]


class EnvWrapper:
    """`env` as a handler sees it; what it has handed out, it hands out again."""

    def __new__(cls, env: Any) -> Self:
        """An env that is wrapped already stays as it is."""
        return env if isinstance(env, cls) else super().__new__(cls)

    def __init__(self, env: Any) -> None:
        if env is not self:
            self._env = env

    def __getattr__(self, name: str) -> Any:
        binding = getattr(self._env, name)
        kind = class_name(binding)
        if kind is not None:
            wrapper = _WRAPPERS.get(kind, BindingWrapper if kind in WRAPPED else None)
            binding = binding if wrapper is None else wrapper(binding)
        setattr(self, name, binding)
        return binding


_WRAPPERS: dict[str, type] = {
    "Fetcher": FetcherWrapper,
    "DurableObjectNamespace": DurableObjectNamespaceWrapper,
    "WorkflowImpl": WorkflowBindingWrapper,
}


def to_javascript(args: Any, named: Any) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call, as JavaScript takes them."""
    return (
        [python_to_rpc(value) for value in args],
        {name: python_to_rpc(value) for name, value in named.items()},
    )
