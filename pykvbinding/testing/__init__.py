"""Support for test suites: Hypothesis strategies, a state machine, and `plugin` for pytest."""

from typing import TYPE_CHECKING

from pykvbinding._lazy import lazy_exports

if TYPE_CHECKING:
    from pykvbinding.testing.stateful import KVNamespaceMachine
    from pykvbinding.testing.strategies import (
        StrategyCall,
        keys,
        metadata,
        namespaces,
        operations,
        put_options,
        values,
    )

__all__ = [
    "KVNamespaceMachine",
    "StrategyCall",
    "keys",
    "metadata",
    "namespaces",
    "operations",
    "put_options",
    "values",
]

# Every test run imports this package for the pytest plugin, which must not import Hypothesis.
__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "testing.stateful": "KVNamespaceMachine",
        "testing.strategies": "StrategyCall keys metadata namespaces operations put_options values",
    },
)
