"""An in-process emulator of the Workers KV binding."""

from pykvbinding.binding import KVNamespace
from pykvbinding.clock import SystemClock, VirtualClock
from pykvbinding.errors import KVError, KVUsageWarning
from pykvbinding.limits import Limits
from pykvbinding.stream import ReadableStream

__all__ = [
    "KVError",
    "KVNamespace",
    "KVUsageWarning",
    "Limits",
    "ReadableStream",
    "SystemClock",
    "VirtualClock",
]
