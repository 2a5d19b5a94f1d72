"""Run the handlers of Python Workers under plain CPython."""

from typing import TYPE_CHECKING

from pykvbinding._lazy import lazy_exports

# Imported eagerly: a later import of the module would replace the function of the same name.
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

# Lazy: `install` does not need the modules that run a Worker.
__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "workers.bindings.queues": "Message QueueResult",
        "workers.runtime.worker": "Worker",
    },
)
