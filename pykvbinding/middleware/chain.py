"""The one function that builds the chain of stores in front of the records of a namespace."""

from collections.abc import Callable
from typing import TypeAlias

from pykvbinding.clock import Clock
from pykvbinding.limits import Limits
from pykvbinding.middleware.faults import Faults, FaultStore
from pykvbinding.middleware.history import History, HistoryStore
from pykvbinding.middleware.metrics import Metrics, MetricsStore
from pykvbinding.middleware.namespace import BackingNamespace
from pykvbinding.middleware.quota import Quota, QuotaStore
from pykvbinding.middleware.rate_limit import RateLimitStore, WriteRate
from pykvbinding.middleware.versions import Ledger, LedgerStore
from pykvbinding.storage.store import Store

Layer: TypeAlias = Callable[[Store], Store]
"""Makes a layer around the next store of the chain."""


def build_chain(
    namespace: BackingNamespace,
    *,
    location: str | None = None,
    history: History | None = None,
    metrics: Metrics | None = None,
    quota: Quota | None = None,
    faults: Faults | None = None,
    edge: Layer | None = None,
    write_rate: WriteRate | None = None,
    central: Layer | None = None,
    versions: Ledger | None = None,
) -> Store:
    """Return the outermost store of a chain that ends in the records of `namespace`.

    An argument that is `None` switches its layer off, as does `faults` without a rule. A layer that
    is off is not in the chain: without any, the result is the namespace's own `LocalStore`, and the
    binding calls the engine directly.

    `edge` adds the caches of a location and `central` a policy of the central stores. `location`
    is where the binding is, which the history, the faults and the versions note.
    """
    # Outermost first. Observers see every operation, then what refuses it before it goes anywhere;
    # the write rate and `central` belong to the central stores, behind every cache.
    layers: list[Layer | None] = [
        None
        if history is None
        else lambda inner: HistoryStore(inner, history, namespace.title, location),
        None if metrics is None else lambda inner: MetricsStore(inner, metrics, namespace.id),
        None if quota is None else lambda inner: QuotaStore(inner, quota, namespace),
        None if not faults else lambda inner: FaultStore(inner, faults, location),
        edge,
        None if write_rate is None else lambda inner: RateLimitStore(inner, write_rate),
        central,
        None if versions is None else lambda inner: LedgerStore(inner, versions, location),
    ]
    store: Store = namespace.store
    for layer in reversed(layers):
        if layer is not None:
            store = layer(store)
    return store


def build_limits_chain(namespace: BackingNamespace, limits: Limits, clock: Clock) -> Store:
    """Return the chain of a namespace without an account: its write rate and its quotas."""
    quota = Quota(limits, clock)
    quota.attach(namespace)
    per_second = limits.write_rate(default=None)
    return build_chain(
        namespace,
        quota=quota if quota.is_limited else None,
        write_rate=None if per_second is None else WriteRate(per_second, clock),
    )
