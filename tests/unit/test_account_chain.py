"""The store chain of each binding of an account: enabled layers, order, later changes."""

from typing import Any

import pytest

from pykvbinding import Account, KVNamespace, Limits, VirtualClock
from pykvbinding.account import BindingConfig
from pykvbinding.middleware.faults import Fault
from tests.support.assertions import refusal
from tests.support.stores import PassingStore, classes_of_chain

FAILING = Fault(kind="get", error="503 Service Unavailable")
FAILED = "KV GET failed: 503 Service Unavailable"


class Edge(PassingStore):
    """A layer in the position of the caches of a network."""


class Central(Edge):
    """A layer in the position of the tombstones of a network."""


def chain(kv: KVNamespace) -> list[str]:
    """Return the class names of the stores of a binding, outermost first."""
    return classes_of_chain(kv._store)


@pytest.fixture
def account(clock: VirtualClock) -> Account:
    return Account(clock=clock)


# Chains


def test_without_layers_the_store_is_that_of_the_namespace(account: Account) -> None:
    kv = account.binding("SESSIONS")

    assert kv._store is kv.namespace.store


@pytest.mark.parametrize(
    ("options", "layer"),
    [
        ({"history": True}, ["HistoryStore", "VersionStore"]),
        ({"history": 5}, ["HistoryStore", "VersionStore"]),
        ({"metrics": True}, ["MetricsStore"]),
        ({"faults": [FAILING]}, ["FaultStore"]),
        ({"limits": Limits(reads_per_day=1)}, ["QuotaStore"]),
        ({"limits": Limits(writes_per_day=1)}, ["QuotaStore"]),
        ({"limits": Limits(deletes_per_day=1)}, ["QuotaStore"]),
        ({"limits": Limits(lists_per_day=1)}, ["QuotaStore"]),
        ({"limits": Limits(max_stored_bytes=1)}, ["QuotaStore"]),
        ({"limits": Limits.free()}, ["QuotaStore"]),
        ({"limits": Limits(writes_per_second_per_key=1)}, ["RateLimitStore"]),
        ({"limits": Limits(writes_per_second_per_key=None)}, []),
        ({"history": False, "metrics": False, "faults": [], "limits": Limits.unlimited()}, []),
    ],
)
def test_each_option_adds_its_layer_only(options: dict[str, Any], layer: list[str]) -> None:
    assert chain(Account(**options).binding("SESSIONS")) == [*layer, "LocalStore"]


def test_orders_all_layers(clock: VirtualClock) -> None:
    limits = Limits.free(writes_per_second_per_key=1)
    account = Account(clock=clock, limits=limits, history=True, metrics=True, faults=[FAILING])
    account.create_namespace("SESSIONS")

    kv = account._bind_with("SESSIONS", BindingConfig(location="LHR", edge=Edge, central=Central))

    assert chain(kv) == [
        "HistoryStore",
        "MetricsStore",
        "QuotaStore",
        "FaultStore",
        "Edge",
        "RateLimitStore",
        "Central",
        "VersionStore",
        "LocalStore",
    ]


def test_an_edge_layer_adds_the_version_layer_only(account: Account) -> None:
    account.create_namespace("SESSIONS")

    assert chain(account._bind_with("SESSIONS", BindingConfig(location="LHR", edge=Edge))) == [
        "Edge",
        "VersionStore",
        "LocalStore",
    ]


@pytest.mark.parametrize("history", [False, True])
def test_a_binding_without_recorded_versions_has_no_version_layer(
    clock: VirtualClock, *, history: bool
) -> None:
    account = Account(clock=clock, history=history)
    account.create_namespace("SESSIONS")
    config = BindingConfig(edge=Edge, records_versions=False)

    kv = account._bind_with("SESSIONS", config)

    assert "VersionStore" not in chain(kv)


async def test_writes_have_the_location_of_the_binding(account: Account) -> None:
    account.create_namespace("SESSIONS")
    kv = account._bind_with("SESSIONS", BindingConfig(location="LHR", edge=Edge))

    await kv.put("key", "1")

    assert account.version_log("SESSIONS").latest("key").location == "LHR"


async def test_bindings_to_a_namespace_share_its_write_rate(clock: VirtualClock) -> None:
    account = Account(clock=clock, limits=Limits(writes_per_second_per_key=1))
    await account.binding("SESSIONS").put("key", "1")

    refused = await refusal(account.binding("SESSIONS").put("key", "2"))
    await account.binding("CACHE").put("key", "3")

    assert refused == "KV PUT failed: 429 Too Many Requests"


# Layers enabled later


async def test_a_fault_added_later_affects_existing_bindings(
    account: Account,
) -> None:
    kv = account.binding("SESSIONS")
    before = chain(kv)
    account.faults.add(FAILING)

    assert before == ["LocalStore"]
    assert chain(kv) == ["FaultStore", "LocalStore"]
    assert await refusal(kv.get("key")) == FAILED


async def test_clearing_faults_affects_existing_bindings(clock: VirtualClock) -> None:
    account = Account(clock=clock, faults=[FAILING])
    kv = account.binding("SESSIONS")
    account.faults.clear()

    assert kv._store is kv.namespace.store
    assert await kv.get("key") is None


async def test_an_invocation_counts_operations_of_existing_bindings(clock: VirtualClock) -> None:
    account = Account(clock=clock, limits=Limits(max_operations_per_invocation=2))
    kv = account.binding("SESSIONS")
    await kv.put("key", "1")

    async with account.invocation() as invocation:
        await kv.get("key")
        await kv.get("key")
        refused = await refusal(kv.get("key"))
    after = await kv.get("key")

    assert refused.startswith("Too many API requests by single Worker invocation. ")
    assert invocation.operations == 2
    assert after == "1"
    assert chain(kv) == ["QuotaStore", "LocalStore"]


async def test_invocations_count_separately(clock: VirtualClock) -> None:
    account = Account(clock=clock, limits=Limits(max_operations_per_invocation=1))
    kv = account.binding("SESSIONS")

    for _ in range(3):
        async with account.invocation():
            assert await kv.get("key") is None


def test_layers_enabled_later_apply_to_new_bindings(account: Account) -> None:
    account.faults.add(FAILING)
    account.invocation()

    assert chain(account.binding("SESSIONS")) == ["QuotaStore", "FaultStore", "LocalStore"]


async def test_a_rebuilt_chain_keeps_the_state(clock: VirtualClock) -> None:
    limits = Limits(writes_per_day=2, writes_per_second_per_key=1)
    account = Account(clock=clock, limits=limits, history=True)
    kv = account.binding("SESSIONS")
    await kv.put("key", "1")
    account.faults.add(FAILING)

    too_soon = await refusal(kv.put("key", "2"))
    clock.advance(1)
    too_many = await refusal(kv.put("key", "3"))

    assert too_soon == "KV PUT failed: 429 Too Many Requests"
    assert too_many == "KV put() limit exceeded for the day."
    assert account.version_log("SESSIONS").latest("key").number == 1
