"""The current invocation, which `workers.env` and `workers.waitUntil` refer to."""

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

from pykvbinding.js.core.proxy import JsProxy

VARIABLE_TYPES = (str, int, float, bool, bytes, dict, list, type(None))
"""Types of variables: values of these types are returned as they are."""


class InvocationContext:
    """The env and the `ctx` of one invocation. `context` is None while a module is imported.

    `worker` is the Worker to which the invocation belongs.
    """

    __slots__ = ("context", "env", "worker")

    def __init__(self, env: Any, context: Any = None, worker: object = None) -> None:
        self.env: Any = env
        self.context: Any = context
        self.worker: object = worker


# Context variables, because each task inherits them from the task that creates it.
current_invocation: ContextVar[InvocationContext | None] = ContextVar(
    "pykvbinding_current_invocation", default=None
)

env_overrides: ContextVar[Mapping[str, Any]] = ContextVar(
    "pykvbinding_env_overrides", default=MappingProxyType({})
)
"""Values set by `workers.patch_env`, which take precedence over the env."""

import_time_env: ContextVar[Any] = ContextVar("pykvbinding_import_time_env", default=None)
"""The env that a module sees when a test imports it outside of an invocation, or None.

It has the names of the bindings, and the `constructor` of those that the SDK wraps.
"""


class CurrentEnv(JsProxy, name="Object"):
    """`workers.env`: the env of the current invocation.

    A module has one `workers.env` for all invocations, in every location. A binding is therefore
    resolved at each call; a variable is read from the current invocation.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        import_env = import_time_env.get()
        if (
            import_env is None
            or current_invocation.get() is not None
            or name in env_overrides.get()
        ):
            value = _resolve(name)
        else:
            value = getattr(import_env, name)
        return value if isinstance(value, VARIABLE_TYPES) else CurrentBinding(name)

    def __repr__(self) -> str:
        return "workers.env"


class CurrentBinding:
    """A binding of `workers.env`, which forwards to the binding of the current invocation."""

    __slots__ = ("__name",)

    def __init__(self, name: str) -> None:
        self.__name = name

    def __getattr__(self, name: str) -> Any:
        if name == "constructor" and current_invocation.get() is None:
            return getattr(import_time_env.get(), self.__name).constructor
        return getattr(_resolve(self.__name), name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the binding, if it is callable."""
        return _resolve(self.__name)(*args, **kwargs)

    def __iter__(self) -> Iterator[Any]:
        return iter(_resolve(self.__name))

    def __len__(self) -> int:
        return len(_resolve(self.__name))

    def __bool__(self) -> bool:
        return bool(_resolve(self.__name))

    def __getitem__(self, key: Any) -> Any:
        return _resolve(self.__name)[key]

    def __repr__(self) -> str:
        return repr(_resolve(self.__name))


def _resolve(name: str) -> Any:
    """Return the attribute `name` of the env of the current invocation.

    Raises: AttributeError if the env has no such attribute; RuntimeError outside of an invocation.
    """
    overrides = env_overrides.get()
    if name in overrides:
        return overrides[name]
    invocation = current_invocation.get()
    if invocation is None:
        if name.startswith("_") or name == "constructor":
            raise AttributeError(name)
        raise RuntimeError(
            f"workers.env.{name} is not available outside of an invocation; in a test, use "
            "worker.env"
        )
    return getattr(invocation.env, name)
