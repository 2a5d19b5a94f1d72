"""`Metrics`: what is counted of each operation, and the sums."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import KVNamespace, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.binding import bind
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from pykvbinding.middleware.metrics import ACTION_TYPES, Metrics, MetricsStore
from pykvbinding.middleware.operation import KINDS
from pykvbinding.storage.record import ReadResult
from pykvbinding.storage.store import LocalStore, Store
from tests.support.assertions import refusal

DAY = date(2023, 11, 14)
"""Of `conftest.START`."""


class Cached(LocalStore):
    """A store that says of every key where it came from."""

    statuses: Sequence[str | None] = ("HIT",)

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        return ReadResult((await super().get(key, cache_ttl)).record, self.statuses[0])

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        found = await super().get_many(keys, cache_ttl)
        return {
            key: ReadResult(found[key].record, status)
            for key, status in zip(keys, self.statuses, strict=True)
        }


@pytest.fixture
def namespace(clock: VirtualClock) -> Namespace:
    return KVNamespace(clock=clock, id="n1").namespace


@pytest.fixture
def metrics(clock: VirtualClock) -> Metrics:
    return Metrics(clock)


@pytest.fixture
def kv(namespace: Namespace, metrics: Metrics) -> KVNamespace:
    return bind(namespace, MetricsStore(namespace.store, metrics, namespace.id))


def counts(metrics: Metrics, kind: str | None = None, **named: Any) -> tuple[int, ...]:
    """Operations, failed ones, keys, bytes."""
    total = metrics.total(kind, **named)
    return total.operations, total.failed, total.keys, total.bytes


# What is counted


async def test_a_put_counts_its_key_and_the_bytes_of_its_value(
    kv: KVNamespace, metrics: Metrics
) -> None:
    await kv.put("key", "é", metadata={"not": "counted"})
    await kv.put("key", b"\xff\xff\xff")

    assert counts(metrics) == counts(metrics, "put") == (2, 0, 2, 5)


async def test_a_get_counts_its_key_and_the_bytes_that_it_returned(
    kv: KVNamespace, metrics: Metrics
) -> None:
    kv.namespace.seed({"text": "é!", "ascii": "four", "bytes": b"\xff\xff"})

    for key in ("text", "ascii", "bytes", "missing"):
        await kv.get(key, "arrayBuffer")

    assert counts(metrics, "get") == (4, 0, 4, 9)


async def test_a_read_of_several_keys_is_one_operation(kv: KVNamespace, metrics: Metrics) -> None:
    kv.namespace.seed({"a": "1", "b": "22"})

    await kv.get(["a", "b", "missing"])

    assert counts(metrics, "get") == (1, 0, 3, 3)


async def test_a_delete_counts_its_key_be_it_there_or_not(
    kv: KVNamespace, metrics: Metrics
) -> None:
    await kv.delete("missing")

    assert counts(metrics, "delete") == (1, 0, 1, 0)


async def test_a_list_counts_the_names_on_its_page(kv: KVNamespace, metrics: Metrics) -> None:
    kv.namespace.seed({"a": "1", "b": "2", "c": "3"})

    await kv.list(limit=2)

    assert counts(metrics, "list") == (1, 0, 2, 0)


@pytest.mark.parametrize("method", ["get", "put", "delete", "list", "get_many"])
async def test_a_failed_operation_has_no_keys_and_no_bytes(
    method: str, namespace: Namespace, metrics: Metrics, clock: VirtualClock
) -> None:
    faults = FaultStore(namespace.store, Faults([Fault()], SeededChoice(0), clock))
    kv = bind(namespace, MetricsStore(faults, metrics, namespace.id))
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "get": lambda: kv.get("k"),
        "get_many": lambda: kv.get(["k"]),
        "put": lambda: kv.put("k", "v"),
        "delete": lambda: kv.delete("k"),
        "list": kv.list,
    }

    await refusal(calls[method]())

    assert counts(metrics, method.removesuffix("_many")) == (1, 1, 0, 0)


async def test_latency_is_that_of_the_clock(namespace: Namespace) -> None:
    clock = VirtualClock(0, autojump=True)
    metrics = Metrics(clock)
    slow = Faults([Fault(kind="put", error=None, delay_seconds=0.25)], SeededChoice(0), clock)
    store: Store = FaultStore(namespace.store, slow)
    kv = bind(namespace, MetricsStore(store, metrics, namespace.id))

    await kv.put("key", "v")
    await kv.get("key")

    assert metrics.total("put").latency.mean == 250
    assert metrics.total("get").latency.mean == 0
    assert metrics.total().latency.count == 2


# How it is told apart


async def test_an_operation_counts_on_its_utc_day(
    namespace: Namespace,
) -> None:
    clock = VirtualClock(datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC))
    metrics = Metrics(clock)
    kv = bind(namespace, MetricsStore(namespace.store, metrics, namespace.id))

    await kv.get("key")
    await kv.get("key")
    clock.advance(1)
    await kv.get("key")

    days = {row.day: row.tally.operations for row in metrics.tallies}
    assert days == {date(2024, 2, 29): 2, date(2024, 3, 1): 1}
    assert counts(metrics, day=date(2024, 2, 29)) == (2, 0, 2, 0)


async def test_namespaces_are_told_apart_by_id(clock: VirtualClock, metrics: Metrics) -> None:
    for namespace_id in ("n1", "n2", "n2"):
        namespace = KVNamespace(clock=clock, id=namespace_id).namespace
        await bind(namespace, MetricsStore(namespace.store, metrics, namespace.id)).get("key")

    assert [(row.namespace, row.tally.operations) for row in metrics.tallies] == [
        ("n1", 1),
        ("n2", 2),
    ]
    assert counts(metrics, namespace="n2") == (2, 0, 2, 0)


async def test_cache_statuses_are_told_apart(namespace: Namespace, metrics: Metrics) -> None:
    store = Cached(namespace.store.engine, namespace.clock)
    kv = bind(namespace, MetricsStore(store, metrics, namespace.id))
    for status in ("HIT", "MISS", "HIT"):
        store.statuses = (status,)
        await kv.get("key")
    await kv.put("key", "v")

    assert counts(metrics, cache_status="HIT") == (2, 0, 2, 0)
    assert counts(metrics, cache_status="MISS") == (1, 0, 1, 0)
    assert counts(metrics, cache_status=None) == (1, 0, 1, 1)
    assert counts(metrics) == (4, 0, 4, 1)


@pytest.mark.parametrize(
    ("statuses", "operation_counts_as"),
    [(("HIT", "MISS"), "MISS"), (("STALE", "HIT"), "STALE"), (("HIT", "HIT"), "HIT")],
)
async def test_keys_of_one_read_count_under_their_own_status_and_the_operation_once(
    statuses: tuple[str, str],
    operation_counts_as: str,
    namespace: Namespace,
    metrics: Metrics,
) -> None:
    namespace.seed({"a": "1", "b": "22"})
    store = Cached(namespace.store.engine, namespace.clock)
    store.statuses = statuses
    kv = bind(namespace, MetricsStore(store, metrics, namespace.id))

    await kv.get(["a", "b"])

    for status in set(statuses):
        total = metrics.total(cache_status=status)
        is_once = status == operation_counts_as
        assert (total.operations, total.latency.count) == (is_once, is_once)
        assert total.keys == statuses.count(status)
        assert total.bytes == sum(n for n, s in zip((1, 2), statuses, strict=True) if s == status)


def test_every_kind_has_a_name_in_the_analytics() -> None:
    assert {kind: ACTION_TYPES[kind] for kind in KINDS} == {
        "get": "read",
        "put": "write",
        "delete": "delete",
        "list": "list",
    }


def test_a_wrong_kind_is_refused_rather_than_summed_to_nothing(metrics: Metrics) -> None:
    with pytest.raises(ValueError, match=r"^Metrics.total: 'read' is no kind"):
        metrics.total("read")


@given(st.lists(st.sampled_from(["get", "put", "delete", "list"])))
async def test_totals_are_the_sums_of_the_tallies(kinds: list[str]) -> None:
    clock = VirtualClock(0)
    metrics = Metrics(clock)
    namespace = KVNamespace(clock=clock).namespace
    kv = bind(namespace, MetricsStore(namespace.store, metrics, namespace.id))
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "get": lambda: kv.get("key"),
        "put": lambda: kv.put("key", "v"),
        "delete": lambda: kv.delete("key"),
        "list": kv.list,
    }
    for kind in kinds:
        await calls[kind]()
        clock.advance(hours=5)

    assert metrics.total().operations == len(kinds)
    assert sum(metrics.total(kind).operations for kind in KINDS) == len(kinds)
    assert all(metrics.total(kind).operations == kinds.count(kind) for kind in KINDS)
    assert len({row.place() for row in metrics.tallies}) == len(metrics.tallies)


# How it reads


async def test_it_prints_as_a_table(kv: KVNamespace, metrics: Metrics) -> None:
    await kv.put("key", "v" * 1000)
    for _ in range(1000):
        await kv.get("key")

    assert str(metrics) == dedent("""\
        day         namespace  kind  operations  failed   keys      bytes  p50 ms  p99 ms
        2023-11-14  n1         get        1,000       0  1,000  1,000,000       0       0
        2023-11-14  n1         put            1       0      1      1,000       0       0""")
    assert repr(metrics) == "<Metrics: 1,001 operations>"


def test_no_operations_say_so(metrics: Metrics) -> None:
    assert str(metrics) == "(no operations)"
    assert metrics.tallies == ()
    assert metrics
