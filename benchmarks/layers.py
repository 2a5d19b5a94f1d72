"""What each layer adds to a get, against the same chain without it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, names, shuffled
from benchmarks.timer import compare, drive, each, timed
from pykvbinding import KVNamespace, Limits, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.binding import bind
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from pykvbinding.middleware.history import History, HistoryStore
from pykvbinding.middleware.metrics import Metrics, MetricsStore
from pykvbinding.middleware.quota import Quota, QuotaStore
from pykvbinding.middleware.rate_limit import RateLimitStore, WriteRate
from pykvbinding.storage.store import Store

Layer: TypeAlias = Callable[[Store, Namespace], Store]


class BareStore:
    """A chain of no layer that takes the long way: the binding sees another store than its own."""

    def __init__(self, inner: Store) -> None:
        self.get = inner.get
        self.get_many = inner.get_many
        self.put = inner.put
        self.delete = inner.delete
        self.list = inner.list


def none_on(_: Store, namespace: Namespace) -> Store:
    """The namespace's own store, which lets the binding call the engine."""
    return namespace.store


def rate_limited(inner: Store, namespace: Namespace) -> Store:
    """One write per second and key."""
    return RateLimitStore(inner, WriteRate(1, namespace.clock))


def unlimited(inner: Store, namespace: Namespace) -> Store:
    """A quota of nothing but operations per invocation."""
    return QuotaStore(inner, Quota(Limits(), namespace.clock), namespace)


def free_plan(inner: Store, namespace: Namespace) -> Store:
    """The quotas of the free plan, wide enough for the benchmark."""
    return QuotaStore(inner, Quota(Limits.free(reads_per_day=10**9), namespace.clock), namespace)


def measured(inner: Store, namespace: Namespace) -> Store:
    """Metrics."""
    return MetricsStore(inner, Metrics(namespace.clock), namespace.id)


def remembered(inner: Store, namespace: Namespace) -> Store:
    """A history."""
    return HistoryStore(inner, History(namespace.clock), namespace.title)


def write_faults(inner: Store, namespace: Namespace) -> Store:
    """A rule for another kind of operation."""
    faults = Faults([Fault(kind="put")], SeededChoice(0), namespace.clock)
    return FaultStore(inner, faults)


def key_faults(inner: Store, namespace: Namespace) -> Store:
    """A rule whose pattern every key is held against."""
    faults = Faults([Fault(kind="get", key="user:*")], SeededChoice(0), namespace.clock)
    return FaultStore(inner, faults)


LAYERS: Sequence[tuple[str, Layer]] = (
    ("no layer", none_on),
    ("ratelimit", rate_limited),
    ("quota per invocation", unlimited),
    ("quota per day", free_plan),
    ("metrics", measured),
    ("history", remembered),
    ("faults of puts", write_faults),
    ("faults by key", key_faults),
)


def layers(sizes: Sizes) -> Iterator[Row]:
    """A get through each layer alone."""
    keys = names(sizes.keys)
    order = shuffled(keys)
    for name, layer in LAYERS:
        kv = KVNamespace(clock=VirtualClock())
        kv.namespace.seed(dict.fromkeys(keys, TEXT))
        bare: Store = BareStore(kv.namespace.store)
        floor = bind(kv.namespace, bare)
        subject = bind(kv.namespace, layer(bare, kv.namespace))
        yield compare(
            f"get through {name}",
            timed(partial(_each, subject, order)),
            timed(partial(_each, floor, order)),
            against="get through a bare chain",
            rounds=sizes.rounds,
            operations=len(order),
        )


def _each(kv: KVNamespace, keys: Sequence[str]) -> None:
    drive(each(kv.get, keys))
