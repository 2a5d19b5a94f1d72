"""Our own `workers`, of the same names as the SDK's, for where that is not installed.

`pykvbinding.workers.install()` publishes it; nobody imports it from here. Each name is loaded when
it is first asked for, so that a test pays for what its handler uses.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pykvbinding.workers.standin.blob import Blob, BlobEnding, BlobValue, File
    from pykvbinding.workers.standin.entrypoints import (
        DurableObject,
        WorkerEntrypoint,
        WorkflowEntrypoint,
        handler,
    )
    from pykvbinding.workers.standin.fetching import fetch
    from pykvbinding.workers.standin.formdata import FormData, FormDataValue
    from pykvbinding.workers.standin.request import Request
    from pykvbinding.workers.standin.response import FetchResponse, Response
    from pykvbinding.workers.standin.rpc import python_from_rpc, python_to_rpc
    from pykvbinding.workers.standin.types import (
        Body,
        Context,
        FetchKwargs,
        Headers,
        JSBody,
        RequestInitCfProperties,
    )
    from pykvbinding.workers.standin.utils import import_from_javascript, patch_env

    env: Any
    wait_until: Any
    waitUntil: Any  # noqa: N816 -- the name of JavaScript

_HOMES = {
    "Blob": "blob",
    "BlobEnding": "blob",
    "BlobValue": "blob",
    "Body": "types",
    "Context": "types",
    "DurableObject": "entrypoints",
    "FetchKwargs": "types",
    "FetchResponse": "response",
    "File": "blob",
    "FormData": "formdata",
    "FormDataValue": "formdata",
    "Headers": "types",
    "JSBody": "types",
    "Request": "request",
    "RequestInitCfProperties": "types",
    "Response": "response",
    "WorkerEntrypoint": "entrypoints",
    "WorkflowEntrypoint": "entrypoints",
    "fetch": "fetching",
    "handler": "entrypoints",
    "import_from_javascript": "utils",
    "patch_env": "utils",
    "python_from_rpc": "rpc",
    "python_to_rpc": "rpc",
}

__all__ = [
    "Blob",
    "BlobEnding",
    "BlobValue",
    "Body",
    "Context",
    "DurableObject",
    "FetchKwargs",
    "FetchResponse",
    "File",
    "FormData",
    "FormDataValue",
    "Headers",
    "JSBody",
    "Request",
    "RequestInitCfProperties",
    "Response",
    "WorkerEntrypoint",
    "WorkflowEntrypoint",
    "env",
    "fetch",
    "handler",
    "import_from_javascript",
    "patch_env",
    "python_from_rpc",
    "python_to_rpc",
    "waitUntil",
    "wait_until",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is not None:
        found = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = found
        return found
    if name in ("env", "wait_until", "waitUntil"):
        return _of_the_platform(name)
    from pykvbinding.workers import errors as refusals

    raise refusals.no_attribute("workers", name)


def _of_the_platform(name: str) -> Any:
    """What belongs to whichever invocation runs; made anew each time."""
    from pykvbinding.workers.runtime_modules import CloudflareWorkers

    platform = CloudflareWorkers()
    if name != "env":
        return platform.waitUntil
    from pykvbinding.workers.standin.bindings import EnvWrapper

    return EnvWrapper(platform.env)
