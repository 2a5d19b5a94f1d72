"""`build_chain`: which layers a chain has, in which order, and what it ends in."""

from typing import Any

import pytest

from pykvbinding import KVNamespace, Limits, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.chain import build_chain
from pykvbinding.middleware.faults import Fault, Faults
from pykvbinding.middleware.history import History
from pykvbinding.middleware.metrics import Metrics
from pykvbinding.middleware.quota import Quota
from pykvbinding.middleware.rate_limit import WriteRate
from pykvbinding.middleware.versions import Ledger
from pykvbinding.storage.store import Store
from tests.support.assertions import refusal
from tests.support.stores import PassingStore, classes_of_chain


class Edge(PassingStore):
    """A layer where a network has its caches."""


class Central(PassingStore):
    """A layer where a network has its tombstones."""


@pytest.fixture
def namespace(clock: VirtualClock) -> Namespace:
    return KVNamespace(clock=clock).namespace


def all_layers(namespace: Namespace) -> dict[str, Any]:
    """Every argument of `build_chain`, switched on."""
    clock = namespace.clock
    return {
        "history": History(clock),
        "metrics": Metrics(clock),
        "quota": Quota(Limits.free(), clock),
        "faults": Faults([Fault(kind="get")], SeededChoice(0), clock),
        "edge": Edge,
        "write_rate": WriteRate(1, clock),
        "central": Central,
        "versions": Ledger(namespace.store.engine, clock),
    }


CLASSES = {
    "history": "HistoryStore",
    "metrics": "MetricsStore",
    "quota": "QuotaStore",
    "faults": "FaultStore",
    "edge": "Edge",
    "write_rate": "RateLimitStore",
    "central": "Central",
    "versions": "LedgerStore",
}


def test_is_the_local_store_of_the_namespace_with_nothing_on(namespace: Namespace) -> None:
    assert build_chain(namespace) is namespace.store
    assert build_chain(namespace, location="LHR") is namespace.store


@pytest.mark.parametrize("name", CLASSES)
def test_a_layer_that_is_on_alone_is_the_only_one(namespace: Namespace, name: str) -> None:
    chain = build_chain(namespace, **{name: all_layers(namespace)[name]})

    assert classes_of_chain(chain) == [CLASSES[name], "LocalStore"]


def test_orders_the_layers_from_the_observers_to_the_data(namespace: Namespace) -> None:
    chain = build_chain(namespace, **all_layers(namespace))

    assert classes_of_chain(chain) == [*CLASSES.values(), "LocalStore"]


def test_faults_without_a_rule_have_no_layer(namespace: Namespace, clock: VirtualClock) -> None:
    assert build_chain(namespace, faults=Faults([], SeededChoice(0), clock)) is namespace.store


async def test_every_layer_notes_the_location(namespace: Namespace) -> None:
    layers = all_layers(namespace)
    chain: Store = build_chain(namespace, location="LHR", **layers)

    await chain.delete("key")

    assert [each.location for each in layers["history"]] == ["LHR"]
    assert layers["versions"].latest("key").location == "LHR"


async def test_faults_of_another_location_do_not_meet(namespace: Namespace) -> None:
    rule = Fault(error="503 Service Unavailable", location="NRT")
    faults = Faults([rule], SeededChoice(0), namespace.clock)

    found = await build_chain(namespace, location="LHR", faults=faults).get("key", 60)
    refused = await refusal(build_chain(namespace, location="NRT", faults=faults).get("key", 60))

    assert found.record is None
    assert refused == "KV GET failed: 503 Service Unavailable"
