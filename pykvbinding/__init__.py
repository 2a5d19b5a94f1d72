"""An in-process emulator of the Workers KV binding."""

from typing import TYPE_CHECKING, Any

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

# Imported when they are first asked for: a test of one namespace does not pay for a network, and
# a test suite that only loads the pytest plugin pays for nothing.
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


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
