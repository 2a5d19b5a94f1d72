"""Handlers of Python Workers under plain CPython."""

from typing import TYPE_CHECKING, Any

# At once: loaded later, the module would take the place of the function of its name.
from pykvbinding.workers.install import (
    Installation,
    import_workers,
    install,
    installed,
    uninstall,
)

if TYPE_CHECKING:
    from pykvbinding.workers.queues import Message, QueueResult
    from pykvbinding.workers.worker import Worker

__all__ = [
    "Installation",
    "Message",
    "QueueResult",
    "Worker",
    "import_workers",
    "install",
    "installed",
    "uninstall",
]

# Imported when they are first asked for: to install is not to run.
_HOMES = {"Message": "queues", "QueueResult": "queues", "Worker": "worker"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
