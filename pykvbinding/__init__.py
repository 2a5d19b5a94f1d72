"""An in-process emulator of the Workers KV binding."""

from typing import TYPE_CHECKING

from pykvbinding._lazy import lazily

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

_HOMES = {
    "Account": "account",
    "Clock": "clock",
    "EdgeNetwork": "network.edge_network",
    "Env": "env",
    "Fault": "middleware.faults",
    "History": "middleware.history",
    "KVError": "errors",
    "KVNamespace": "kv.binding",
    "KVUsageWarning": "errors",
    "Limits": "limits",
    "ReadableStream": "js.streams.readable",
    "Schedule": "sim.run.harness",
    "SystemClock": "clock",
    "VirtualClock": "clock",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
