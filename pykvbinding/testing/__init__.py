"""Support for test suites: Hypothesis strategies, a state machine, and `plugin` for pytest."""

from typing import TYPE_CHECKING

from pykvbinding._lazy import lazily

if TYPE_CHECKING:
    from pykvbinding.testing.stateful import KVNamespaceMachine
    from pykvbinding.testing.strategies import (
        Operation,
        keys,
        metadata,
        namespaces,
        operations,
        put_options,
        values,
    )

__all__ = [
    "KVNamespaceMachine",
    "Operation",
    "keys",
    "metadata",
    "namespaces",
    "operations",
    "put_options",
    "values",
]

# Imported on first use: every test run loads the pytest plugin, which must not import Hypothesis.
_HOMES = {
    "KVNamespaceMachine": "testing.stateful",
    "Operation": "testing.strategies",
    "keys": "testing.strategies",
    "metadata": "testing.strategies",
    "namespaces": "testing.strategies",
    "operations": "testing.strategies",
    "put_options": "testing.strategies",
    "values": "testing.strategies",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
