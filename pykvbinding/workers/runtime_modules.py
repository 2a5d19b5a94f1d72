"""What the runtime tells the SDK from below: the modules of the platform, flags, `patch_env`."""

from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from types import CoroutineType
from typing import Any, Final

from pykvbinding.workers import errors as refusals
from pykvbinding.workers.current import CURRENT, PATCHED, CurrentEnv

# Of the flags that the SDK asks for, those that are on by default at today's compatibility dates.
FLAGS: Final = frozenset(
    {
        "python_request_headers_preserve_commas",
        "python_workers",
        "python_workflows_implicit_dependencies",
    }
)

SDK_MODULES: Final = "python_modules/workers/"
"""Where `pywrangler sync` puts the JavaScript that belongs to the SDK."""


class CloudflareWorkers:
    """`cloudflare:workers`, as far as Python uses it: `env` and `waitUntil`."""

    def __init__(self) -> None:
        self.env = CurrentEnv()

    @staticmethod
    def waitUntil(awaitable: Awaitable[Any], /) -> None:
        """Let the invocation that runs last until `awaitable` has ended.

        Raises: JsException outside of an invocation, "Disallowed operation called within global
        scope. …" (workerd's words).
        """
        running = CURRENT.get()
        if running is None or running.context is None:  # None: the Worker is being imported
            if isinstance(awaitable, CoroutineType):
                awaitable.close()  # Python need not warn, too, that nobody awaited it
            raise refusals.outside_of_invocations()
        running.context.waitUntil(awaitable)

    def __getattr__(self, name: str) -> Any:
        raise refusals.not_in_cloudflare_workers(name)


class CloudflareSockets:
    """`cloudflare:sockets`, which connects to nothing here."""

    def connect(self, *_address: object, **_options: object) -> Any:
        """Refuse: no handler under test reaches the network.

        Raises: NotImplementedError, "connect of cloudflare:sockets is not emulated …"
        """
        raise refusals.sockets_not_emulated()


class WorkflowsModule:
    """The SDK's `workflows.js`, which tells the engine of errors that are not to be retried."""

    @staticmethod
    def wrapWorkflowStep(step: Any, /) -> Any:
        """The step as it is: no engine stands behind it that would want to know."""
        return step


def module_named(name: str) -> Any:
    """What JavaScript imports by this name.

    Raises: NotImplementedError for all but the platform's two and the SDK's own.
    """
    if name == "cloudflare:workers":
        return CloudflareWorkers()
    if name == "cloudflare:sockets":
        return CloudflareSockets()
    if name == f"{SDK_MODULES}workflows.js":
        return WorkflowsModule()
    raise refusals.javascript_module_not_emulated(name)


async def _import(name: str) -> Any:
    """JavaScript's `import(name)`."""
    return module_named(name)


@contextmanager
def patched_env(patch: Mapping[str, Any]) -> Iterator[None]:
    """Within it, `workers.env` has the members of `patch`, a Map, before its own."""
    token = PATCHED.set({**PATCHED.get(), **patch})
    try:
        yield
    finally:
        PATCHED.reset(token)


def _patch_env_helper(patch: Mapping[str, Any]) -> Iterator[None]:
    """`patched_env` in the shape in which the SDK wants it: a generator that yields once."""
    with patched_env(patch):
        yield


def _patch_wait_until(context: object) -> None:
    """Nothing: our `waitUntil` takes what Python awaits, with no help."""


def _helper() -> dict[str, Any]:
    """The content of `_pyodide_entrypoint_helper`; new, for who installs next finds it clean."""
    return {
        "cloudflareWorkersModule": CloudflareWorkers(),
        "cloudflareSocketsModule": CloudflareSockets(),
        "doAnImport": _import,
        "patchWaitUntil": _patch_wait_until,
        "patch_env_helper": _patch_env_helper,
    }


def _flags() -> dict[str, Any]:
    """The content of `_cloudflare_compat_flags`, which has an answer for every flag."""

    def ask(name: str) -> bool:
        if name.startswith("__"):
            raise AttributeError(name)
        return False

    return {**dict.fromkeys(FLAGS, True), "__getattr__": ask}


CONTENT: Final = {"_pyodide_entrypoint_helper": _helper, "_cloudflare_compat_flags": _flags}
"""How the content of each module that the SDK expects of the runtime is made."""
