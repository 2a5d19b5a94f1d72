"""Cost of a get through each layer, compared with the same chain without it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, make_keys, shuffle
from benchmarks.timer import compare, drive, for_each, measure
from pykvbinding import KVNamespace, Limits, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.binding import bind
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from pykvbinding.middleware.history import History, HistoryStore
from pykvbinding.middleware.metrics import Metrics, MetricsStore
from pykvbinding.middleware.quota import Quota, QuotaStore
from pykvbinding.middleware.rate_limit import RateLimitStore, WriteRateLimiter
from pykvbinding.storage.store import Store

Layer: TypeAlias = Callable[[Store, Namespace], Store]


class BareStore:
    """A chain without layers whose store is not a `LocalStore`, so there are no engine calls."""

    def __init__(self, inner: Store) -> None:
        self.get = inner.get
        self.get_many = inner.get_many
        self.put = inner.put
        self.delete = inner.delete
        self.list = inner.list


def no_layer(_: Store, namespace: Namespace) -> Store:
    """Return the namespace's own store, so that the binding calls the engine directly."""
    return namespace.store


def rate_limit(inner: Store, namespace: Namespace) -> Store:
    """Add a limit of one write per second and key."""
    return RateLimitStore(inner, WriteRateLimiter(1, namespace.clock))


def invocation_quota(inner: Store, namespace: Namespace) -> Store:
    """Add the quota of operations per invocation only."""
    return QuotaStore(inner, Quota(Limits(), namespace.clock), namespace)


def daily_quota(inner: Store, namespace: Namespace) -> Store:
    """Add the quotas of the free plan, with more reads per day."""
    return QuotaStore(inner, Quota(Limits.free(reads_per_day=10**9), namespace.clock), namespace)


def metrics(inner: Store, namespace: Namespace) -> Store:
    """Add metrics."""
    return MetricsStore(inner, Metrics(namespace.clock), namespace.id)


def history(inner: Store, namespace: Namespace) -> Store:
    """Add a history."""
    return HistoryStore(inner, History(namespace.clock), namespace.title)


def write_faults(inner: Store, namespace: Namespace) -> Store:
    """Add a fault rule for another kind of operation."""
    faults = Faults([Fault(kind="put")], SeededChoice(0), namespace.clock)
    return FaultStore(inner, faults)


def key_faults(inner: Store, namespace: Namespace) -> Store:
    """Add a fault rule whose pattern is matched against every key."""
    faults = Faults([Fault(kind="get", key="user:*")], SeededChoice(0), namespace.clock)
    return FaultStore(inner, faults)


LAYERS: Sequence[tuple[str, Layer]] = (
    ("no layer", no_layer),
    ("ratelimit", rate_limit),
    ("quota per invocation", invocation_quota),
    ("quota per day", daily_quota),
    ("metrics", metrics),
    ("history", history),
    ("faults of puts", write_faults),
    ("faults by key", key_faults),
)


def layers(sizes: Sizes) -> Iterator[Row]:
    """A get through each layer separately."""
    keys = make_keys(sizes.keys)
    order = shuffle(keys)
    for name, layer in LAYERS:
        kv = KVNamespace(clock=VirtualClock())
        kv.namespace.seed(dict.fromkeys(keys, TEXT))
        bare: Store = BareStore(kv.namespace.store)
        floor = bind(kv.namespace, bare)
        subject = bind(kv.namespace, layer(bare, kv.namespace))
        yield compare(
            f"get through {name}",
            measure(partial(_each, subject, order)),
            measure(partial(_each, floor, order)),
            against="get through a bare chain",
            rounds=sizes.rounds,
            operations=len(order),
        )


def _each(kv: KVNamespace, keys: Sequence[str]) -> None:
    drive(for_each(kv.get, keys))
