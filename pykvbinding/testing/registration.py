"""Registers the strategies of this package's types with Hypothesis.

Hypothesis calls `register` by entry point during its own import. If `strategies` is imported first,
that import triggers the import of Hypothesis, and `strategies` is still incomplete when `register`
runs. So `strategies` is imported here only when a value is drawn.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pykvbinding.clock import VirtualClock
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.storage.record import Record
from pykvbinding.testing.strategy_call import StrategyCall

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def register() -> None:
    """Register a strategy for `KVNamespace`, `Record`, `StrategyCall` and `VirtualClock`."""
    from hypothesis import strategies as st  # not at the top: see above

    st.register_type_strategy(KVNamespace, _deferred("namespaces", max_size=5))
    st.register_type_strategy(StrategyCall, _deferred("operations"))
    st.register_type_strategy(Record, _deferred("records"))
    st.register_type_strategy(VirtualClock, lambda _: st.builds(VirtualClock))


def _deferred(name: str, **options: Any) -> "Callable[[type[Any]], SearchStrategy[Any]]":
    """Return a function that calls the function `name` of `strategies` and ignores its argument."""

    def draw(_: type[Any]) -> "SearchStrategy[Any]":
        from pykvbinding.testing import strategies  # not at the top: see above

        strategy: SearchStrategy[Any] = getattr(strategies, name)(**options)
        return strategy

    return draw
