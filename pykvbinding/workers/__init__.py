"""Handlers of Python Workers under plain CPython."""

from typing import TYPE_CHECKING

from pykvbinding._lazy import lazily

# At once: loaded later, the module would take the place of the function of its name.
from pykvbinding.workers.install import (
    Installation,
    import_workers,
    install,
    installed,
    uninstall,
)

if TYPE_CHECKING:
    from pykvbinding.workers.bindings.queues import Message, QueueResult
    from pykvbinding.workers.runtime.worker import Worker

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
_HOMES = {
    "Message": "workers.bindings.queues",
    "QueueResult": "workers.bindings.queues",
    "Worker": "workers.runtime.worker",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
