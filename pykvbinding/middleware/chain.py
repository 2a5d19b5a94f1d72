"""Builds the chain of layers between a binding and the records of its namespace."""

from collections.abc import Callable
from typing import TypeAlias

from pykvbinding.clock import Clock
from pykvbinding.limits import Limits
from pykvbinding.middleware.faults import Faults, FaultStore
from pykvbinding.middleware.history import History, HistoryStore
from pykvbinding.middleware.metrics import Metrics, MetricsStore
from pykvbinding.middleware.namespace import BackingNamespace
from pykvbinding.middleware.quota import Quota, QuotaStore
from pykvbinding.middleware.rate_limit import RateLimitStore, WriteRateLimiter
from pykvbinding.middleware.versions import VersionLog, VersionStore
from pykvbinding.storage.store import Store

Layer: TypeAlias = Callable[[Store], Store]
"""A function that returns a layer around the next store of the chain."""


def build_chain(
    namespace: BackingNamespace,
    *,
    location: str | None = None,
    history: History | None = None,
    metrics: Metrics | None = None,
    quota: Quota | None = None,
    faults: Faults | None = None,
    edge: Layer | None = None,
    rate_limiter: WriteRateLimiter | None = None,
    central: Layer | None = None,
    versions: VersionLog | None = None,
) -> Store:
    """Return the outermost store of a chain that ends in the records of `namespace`.

    An argument that is `None` switches its layer off, as does `faults` without a rule. A layer that
    is off is not in the chain: without layers, the result is the namespace's own `LocalStore`, and
    the binding calls the engine directly.

    `edge` adds the caches of a location, `central` a policy of the central stores. `location` is
    the location of the binding, which the history, the faults and the versions use.
    """
    # Outermost first. Observers see every operation. The layers after them can reject an operation
    # before it reaches a cache. The write rate and `central` apply to the central stores.
    layers: list[Layer | None] = [
        None
        if history is None
        else lambda inner: HistoryStore(inner, history, namespace.title, location),
        None if metrics is None else lambda inner: MetricsStore(inner, metrics, namespace.id),
        None if quota is None else lambda inner: QuotaStore(inner, quota, namespace),
        None if not faults else lambda inner: FaultStore(inner, faults, location),
        edge,
        None if rate_limiter is None else lambda inner: RateLimitStore(inner, rate_limiter),
        central,
        None if versions is None else lambda inner: VersionStore(inner, versions, location),
    ]
    store: Store = namespace.store
    for layer in reversed(layers):
        if layer is not None:
            store = layer(store)
    return store


def build_limits_chain(namespace: BackingNamespace, limits: Limits, clock: Clock) -> Store:
    """Return the chain of a namespace without an account: its write rate and its quotas."""
    quota = Quota(limits, clock)
    quota.track(namespace)
    per_second = limits.write_rate()
    return build_chain(
        namespace,
        quota=quota if quota.is_limited else None,
        rate_limiter=None if per_second is None else WriteRateLimiter(per_second, clock),
    )
