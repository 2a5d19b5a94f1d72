"""An in-process emulator of the Workers KV binding."""

from typing import TYPE_CHECKING

from pykvbinding._lazy import lazy_exports

if TYPE_CHECKING:
    from pykvbinding.account import Account
    from pykvbinding.clock import Clock, SystemClock, VirtualClock
    from pykvbinding.env import Env
    from pykvbinding.errors import KVError, KVUsageWarning
    from pykvbinding.js.streams.readable import ReadableStream
    from pykvbinding.kv.binding import KVNamespace
    from pykvbinding.limits import Limits
    from pykvbinding.middleware.faults import Fault
    from pykvbinding.middleware.history import History
    from pykvbinding.network.edge_network import EdgeNetwork
    from pykvbinding.sim.run.harness import Schedule

__version__ = "0.1.0"

__all__ = [
    "Account",
    "Clock",
    "EdgeNetwork",
    "Env",
    "Fault",
    "History",
    "KVError",
    "KVNamespace",
    "KVUsageWarning",
    "Limits",
    "ReadableStream",
    "Schedule",
    "SystemClock",
    "VirtualClock",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "account": "Account",
        "clock": "Clock SystemClock VirtualClock",
        "env": "Env",
        "errors": "KVError KVUsageWarning",
        "js.streams.readable": "ReadableStream",
        "kv.binding": "KVNamespace",
        "limits": "Limits",
        "middleware.faults": "Fault",
        "middleware.history": "History",
        "network.edge_network": "EdgeNetwork",
        "sim.run.harness": "Schedule",
    },
)
