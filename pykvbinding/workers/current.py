"""What is running: the invocation whose code asks for `workers.env` or `workers.waitUntil`."""

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

from pykvbinding.js.core.proxy import JsProxy

PLAIN = (str, int, float, bool, bytes, dict, list, type(None))
"""Variables: values that are handed out as they are."""


class Running:
    """One invocation: the env of its location, and its context (None while a module is imported).

    `worker` is whose it is.
    """

    __slots__ = ("context", "env", "worker")

    def __init__(self, env: Any, context: Any = None, worker: object = None) -> None:
        self.env: Any = env
        self.context: Any = context
        self.worker: object = worker


# Context variables, because they follow a task and the tasks that it makes.
CURRENT: ContextVar[Running | None] = ContextVar("pykvbinding_running", default=None)

PATCHED: ContextVar[Mapping[str, Any]] = ContextVar(
    "pykvbinding_patched", default=MappingProxyType({})
)
"""What `workers.patch_env` has put over the env."""

OUTSIDE: ContextVar[Any] = ContextVar("pykvbinding_outside", default=None)
"""The env as modules see it that a test imports, before any Worker runs; None if unknown.

Of its bindings it has the names, and the `constructor` of those that the SDK wraps.
"""


class CurrentEnv(JsProxy, name="Object"):
    """`workers.env`: the env of whatever invocation asks.

    A Worker's module has one for all of its invocations, be they in London or in Tokyo, so its
    bindings find theirs at each call; variables are those of the invocation that reads them.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        outside = OUTSIDE.get()
        if outside is None or CURRENT.get() is not None or name in PATCHED.get():
            value = _now(name)
        else:
            value = getattr(outside, name)
        return value if isinstance(value, PLAIN) else CurrentBinding(name)

    def __repr__(self) -> str:
        return "workers.env"


class CurrentBinding:
    """A binding of `workers.env`, which stands for that of whatever invocation calls it."""

    __slots__ = ("__name",)

    def __init__(self, name: str) -> None:
        self.__name = name

    def __getattr__(self, name: str) -> Any:
        if name == "constructor" and CURRENT.get() is None:
            return getattr(OUTSIDE.get(), self.__name).constructor
        return getattr(_now(self.__name), name)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Call it, if it can be called."""
        return _now(self.__name)(*args, **named)

    def __iter__(self) -> Iterator[Any]:
        return iter(_now(self.__name))

    def __len__(self) -> int:
        return len(_now(self.__name))

    def __bool__(self) -> bool:
        return bool(_now(self.__name))

    def __getitem__(self, key: Any) -> Any:
        return _now(self.__name)[key]

    def __repr__(self) -> str:
        return repr(_now(self.__name))


def _now(name: str) -> Any:
    """What the running invocation has under that name.

    Raises: AttributeError for what it has not; RuntimeError where nothing is running.
    """
    patched = PATCHED.get()
    if name in patched:
        return patched[name]
    running = CURRENT.get()
    if running is None:
        if name.startswith("_") or name == "constructor":
            raise AttributeError(name)
        raise RuntimeError(
            f"workers.env.{name}: no Worker is running, so there is no env. "
            "A test has it as worker.env; code of a Worker, within an invocation"
        )
    return getattr(running.env, name)
