"""The modules that the runtime provides to the SDK: its entrypoint helper and the flags."""

from collections.abc import Awaitable, Iterator, Mapping
from types import CoroutineType
from typing import Any, Final

from pykvbinding.workers import errors
from pykvbinding.workers.current import CurrentEnv, current_invocation, env_overrides

# Flags that the SDK reads and that are on by default at current compatibility dates.
FLAGS: Final = frozenset(
    {
        "python_request_headers_preserve_commas",
        "python_workers",
        "python_workflows_implicit_dependencies",
    }
)

SDK_MODULES: Final = "python_modules/workers/"
"""The directory into which `pywrangler sync` copies the SDK's JavaScript."""


class CloudflareWorkers:
    """`cloudflare:workers`, of which Python uses `env` and `waitUntil`."""

    def __init__(self) -> None:
        self.env: CurrentEnv = CurrentEnv()

    @staticmethod
    def waitUntil(awaitable: Awaitable[Any], /) -> None:
        """Extend the current invocation until `awaitable` is done.

        Raises: JsException outside of an invocation, "Disallowed operation called within global
        scope. …"
        """
        invocation = current_invocation.get()
        if invocation is None or invocation.context is None:  # None: the Worker is being imported
            if isinstance(awaitable, CoroutineType):
                awaitable.close()  # avoids Python's never-awaited warning
            raise errors.outside_of_invocations()
        invocation.context.waitUntil(awaitable)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"cloudflare:workers has env and waitUntil in pykvbinding; {name} is not emulated"
        )


class CloudflareSockets:
    """`cloudflare:sockets`, which is not emulated."""

    def connect(self, *_address: object, **_options: object) -> Any:
        """Raises: NotImplementedError, "connect of cloudflare:sockets is not emulated …"."""
        raise NotImplementedError(
            "connect of cloudflare:sockets is not emulated by pykvbinding; in a test, patch what "
            "your code connects with"
        )


class WorkflowsModule:
    """The SDK's `workflows.js`, which marks errors that the engine must not retry."""

    @staticmethod
    def wrapWorkflowStep(step: Any, /) -> Any:
        """Return the step unchanged: workflows are not emulated."""
        return step


async def _import(name: str) -> Any:
    """JavaScript's `import(name)`.

    Raises: NotImplementedError, "import_from_javascript('…') is not emulated by pykvbinding, …"
    """
    if name == "cloudflare:workers":
        return CloudflareWorkers()
    if name == "cloudflare:sockets":
        return CloudflareSockets()
    if name == f"{SDK_MODULES}workflows.js":
        return WorkflowsModule()
    raise NotImplementedError(
        f"import_from_javascript({name!r}) is not emulated by pykvbinding, which runs no "
        "JavaScript; in a test, patch what your code imports"
    )


def _patch_env_helper(patch: Mapping[str, Any]) -> Iterator[None]:
    """Give the members of `patch` precedence over those of `workers.env`.

    A generator that yields once, as the SDK expects.
    """
    token = env_overrides.set({**env_overrides.get(), **patch})
    try:
        yield
    finally:
        env_overrides.reset(token)


def _patch_wait_until(context: object) -> None:
    """Do nothing: our `waitUntil` accepts Python awaitables."""


def _helper() -> dict[str, Any]:
    """The content of `_pyodide_entrypoint_helper`, new for each installation."""
    return {
        "cloudflareWorkersModule": CloudflareWorkers(),
        "cloudflareSocketsModule": CloudflareSockets(),
        "doAnImport": _import,
        "patchWaitUntil": _patch_wait_until,
        "patch_env_helper": _patch_env_helper,
    }


def _flags() -> dict[str, Any]:
    """The content of `_cloudflare_compat_flags`, where an unknown flag is False."""

    def ask(name: str) -> bool:
        if name.startswith("__"):
            raise AttributeError(name)
        return False

    return {**dict.fromkeys(FLAGS, True), "__getattr__": ask}


CONTENT: Final = {"_pyodide_entrypoint_helper": _helper, "_cloudflare_compat_flags": _flags}
"""For each module, the function that returns its content."""
