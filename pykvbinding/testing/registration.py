"""Registers the strategies of this package's types with Hypothesis.

Hypothesis calls `register` by entry point while it is imported. If `strategies` is imported first,
it is what imports Hypothesis and is still incomplete, so it is imported here only when a value is
drawn.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pykvbinding.clock import VirtualClock
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.storage.record import Record
from pykvbinding.testing.operation import Operation

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def register() -> None:
    """Register what `st.from_type` draws for `KVNamespace`, `Operation` and `VirtualClock`."""
    from hypothesis import strategies as st  # not at the top: see above

    st.register_type_strategy(KVNamespace, _deferred("namespaces", max_size=5))
    st.register_type_strategy(Operation, _deferred("operations"))
    st.register_type_strategy(Record, _deferred("records"))
    st.register_type_strategy(VirtualClock, lambda _: st.builds(VirtualClock))


def _deferred(name: str, **options: Any) -> "Callable[[type[Any]], SearchStrategy[Any]]":
    """Return a function of a type that calls a function of `strategies`."""

    def draw(_: type[Any]) -> "SearchStrategy[Any]":
        from pykvbinding.testing import strategies  # not at the top: see above

        strategy: SearchStrategy[Any] = getattr(strategies, name)(**options)
        return strategy

    return draw
