"""An in-process emulator of the Workers KV binding."""

from typing import TYPE_CHECKING

from pykvbinding.lazily import lazily

if TYPE_CHECKING:
    from pykvbinding.account import Account
    from pykvbinding.binding import KVNamespace
    from pykvbinding.clock import SystemClock, VirtualClock
    from pykvbinding.env import Env
    from pykvbinding.errors import KVError, KVUsageWarning
    from pykvbinding.layers.faults import Fault
    from pykvbinding.limits import Limits
    from pykvbinding.network import EdgeNetwork
    from pykvbinding.stream import ReadableStream

__all__ = [
    "Account",
    "EdgeNetwork",
    "Env",
    "Fault",
    "KVError",
    "KVNamespace",
    "KVUsageWarning",
    "Limits",
    "ReadableStream",
    "SystemClock",
    "VirtualClock",
]

_HOMES = {
    "Account": "account",
    "EdgeNetwork": "network",
    "Env": "env",
    "Fault": "layers.faults",
    "KVError": "errors",
    "KVNamespace": "binding",
    "KVUsageWarning": "errors",
    "Limits": "limits",
    "ReadableStream": "stream",
    "SystemClock": "clock",
    "VirtualClock": "clock",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
