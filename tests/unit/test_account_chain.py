"""The chain of layers before each binding of an account: what is on, in which order, since when."""

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
    """A layer where a network would put its caches."""


class Central(Edge):
    """A layer where a network would put its tombstones."""


def chain(kv: KVNamespace) -> list[str]:
    """The classes of the stores behind a binding, outermost first."""
    return classes_of_chain(kv._store)


@pytest.fixture
def account(clock: VirtualClock) -> Account:
    return Account(clock=clock)


# The chain


def test_with_nothing_on_the_store_is_that_of_the_namespace(account: Account) -> None:
    kv = account.binding("SESSIONS")

    assert kv._store is kv.namespace.store


@pytest.mark.parametrize(
    ("options", "layer"),
    [
        ({"history": True}, ["HistoryStore", "LedgerStore"]),
        ({"history": 5}, ["HistoryStore", "LedgerStore"]),
        ({"metrics": True}, ["MetricsStore"]),
        ({"faults": [FAILING]}, ["FaultStore"]),
        ({"limits": Limits(reads_per_day=1)}, ["QuotaStore"]),
        ({"limits": Limits(writes_per_day=1)}, ["QuotaStore"]),
        ({"limits": Limits(deletes_per_day=1)}, ["QuotaStore"]),
        ({"limits": Limits(lists_per_day=1)}, ["QuotaStore"]),
        ({"limits": Limits(max_stored_bytes=1)}, ["QuotaStore"]),
        ({"limits": Limits.free()}, ["QuotaStore"]),
        ({"limits": Limits(writes_per_second_per_key=1)}, ["RateLimitStore"]),
        ({"usual_writes_per_second": 1}, ["RateLimitStore"]),
        ({"limits": Limits.unlimited(), "usual_writes_per_second": 1}, []),
        ({"limits": Limits(writes_per_second_per_key=None), "usual_writes_per_second": 1}, []),
        ({"history": False, "metrics": False, "faults": [], "limits": Limits.unlimited()}, []),
    ],
)
def test_what_is_switched_on_is_one_layer_and_nothing_else(
    options: dict[str, Any], layer: list[str]
) -> None:
    assert chain(Account(**options).binding("SESSIONS")) == [*layer, "LocalStore"]


def test_with_everything_on_the_layers_stand_in_this_order(clock: VirtualClock) -> None:
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
        "LedgerStore",
        "LocalStore",
    ]


def test_an_edge_needs_the_versions_and_nothing_else(account: Account) -> None:
    account.create_namespace("SESSIONS")

    assert chain(account._bind_with("SESSIONS", BindingConfig(location="LHR", edge=Edge))) == [
        "Edge",
        "LedgerStore",
        "LocalStore",
    ]


@pytest.mark.parametrize("history", [False, True])
def test_a_binding_that_records_no_versions_has_no_layer_for_them(
    clock: VirtualClock, *, history: bool
) -> None:
    account = Account(clock=clock, history=history)
    account.create_namespace("SESSIONS")
    config = BindingConfig(edge=Edge, records_versions=False)

    kv = account._bind_with("SESSIONS", config)

    assert "LedgerStore" not in chain(kv)


async def test_what_a_binding_writes_carries_its_location(account: Account) -> None:
    account.create_namespace("SESSIONS")
    kv = account._bind_with("SESSIONS", BindingConfig(location="LHR", edge=Edge))

    await kv.put("key", "1")

    assert account.ledger("SESSIONS").latest("key").location == "LHR"


async def test_all_bindings_to_a_namespace_share_its_write_rate(clock: VirtualClock) -> None:
    account = Account(clock=clock, limits=Limits(writes_per_second_per_key=1))
    await account.binding("SESSIONS").put("key", "1")

    refused = await refusal(account.binding("SESSIONS").put("key", "2"))
    await account.binding("CACHE").put("key", "3")

    assert refused == "KV PUT failed: 429 Too Many Requests"


# What is switched on later


async def test_a_fault_that_is_added_later_reaches_bindings_that_are_open(
    account: Account,
) -> None:
    kv = account.binding("SESSIONS")
    before = chain(kv)
    account.faults.add(FAILING)

    assert before == ["LocalStore"]
    assert chain(kv) == ["FaultStore", "LocalStore"]
    assert await refusal(kv.get("key")) == FAILED


async def test_a_fault_that_is_lifted_leaves_bindings_that_are_open(clock: VirtualClock) -> None:
    account = Account(clock=clock, faults=[FAILING])
    kv = account.binding("SESSIONS")
    account.faults.clear()

    assert kv._store is kv.namespace.store
    assert await kv.get("key") is None


async def test_an_invocation_counts_on_bindings_that_are_open(clock: VirtualClock) -> None:
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


async def test_each_invocation_counts_for_itself(clock: VirtualClock) -> None:
    account = Account(clock=clock, limits=Limits(max_operations_per_invocation=1))
    kv = account.binding("SESSIONS")

    for _ in range(3):
        async with account.invocation():
            assert await kv.get("key") is None


def test_layers_that_were_switched_on_stand_before_new_bindings_too(account: Account) -> None:
    account.faults.add(FAILING)
    account.invocation()

    assert chain(account.binding("SESSIONS")) == ["QuotaStore", "FaultStore", "LocalStore"]


async def test_a_new_chain_forgets_nothing_that_a_binding_has_done(clock: VirtualClock) -> None:
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
    assert account.ledger("SESSIONS").latest("key").number == 1
