"""Network: locations and caches on any clock, with changing bindings."""

from typing import Any

import pytest

from pykvbinding import Account, KVError, SystemClock, VirtualClock
from pykvbinding.network.network import Network
from tests.support.stores import classes_of_chain


def make_network(*locations: str, account: Account | None = None, **options: Any) -> Network:
    """Return a network whose account has the namespace SESSIONS, bound as KV."""
    account = Account(clock=VirtualClock()) if account is None else account
    network = Network(*locations, account=account, **options)
    network.bind({"KV": account.create_namespace("SESSIONS")})
    return network


async def test_a_location_caches_what_another_one_writes_on_the_system_clock() -> None:
    network = make_network("LHR", "NRT", account=Account(clock=SystemClock()))
    await network.kv("NRT").get("key")

    await network.kv("LHR").put("key", "1")

    assert await network.kv("LHR").get("key") == "1"
    assert await network.kv("NRT").get("key") is None
    assert network.latest("key") == "1"


def test_shows_its_class_and_its_locations() -> None:
    network = make_network("LHR", "NRT")

    assert repr(network) == "<Network: LHR, NRT>"
    assert network.locations == ("LHR", "NRT")


def test_has_no_layer_of_a_simulation() -> None:
    network = make_network("LHR", tombstone_ttl_seconds=60)

    assert classes_of_chain(network.kv("LHR")._store) == ["EdgeStore"]
    assert network.kv("LHR") is network.kv("LHR")


async def test_uses_the_history_and_the_faults_of_its_account() -> None:
    account = Account(clock=VirtualClock(), history=True)
    network = make_network("LHR", account=account)

    await network.kv("LHR").get("key")

    assert network.history is account.history
    assert network.history.count() == 1
    assert network.faults is account.faults


async def test_records_every_version_by_default() -> None:
    account = Account(clock=VirtualClock(), history=True)
    network = make_network("LHR", account=account)

    await network.kv("LHR").put("key", "1")

    assert [each.version for each in network.history] == [1]
    assert list(account.version_log("SESSIONS")) == ["key"]


async def test_can_do_without_the_versions() -> None:
    account = Account(clock=VirtualClock(), history=True)
    network = make_network("LHR", account=account, records_versions=False)

    await network.kv("LHR").put("key", "1")
    await network.kv("LHR").get("key")

    assert [each.version for each in network.history] == [None, None]
    assert list(account.version_log("SESSIONS")) == []


async def test_binds_other_namespaces_later() -> None:
    network = make_network("LHR")
    env = network.env("LHR")
    cache = network.account.create_namespace("CACHE")
    cache.seed({"key": "cached"})

    network.bind({"CACHE": cache}, {"TOKEN": "secret"})

    assert list(network.env("LHR")) == ["CACHE", "TOKEN"]
    assert list(env) == ["KV"]
    assert await network.kv("LHR").get("key") == "cached"
    with pytest.raises(LookupError, match="no binding 'KV'; there are 'CACHE'"):
        network.kv("LHR", "KV")


async def test_a_namespace_keeps_its_caches_while_it_is_not_bound() -> None:
    network = make_network("LHR", "NRT")
    sessions = network.namespace()
    await network.kv("NRT").get("key")
    network.bind({})
    network.bind({"KV": sessions})

    await network.kv("LHR").put("key", "1")

    assert await network.kv("NRT").get("key") is None


async def test_a_partitioned_location_answers_from_its_cache() -> None:
    network = make_network("LHR", "NRT")
    await network.kv("NRT").get("key")
    network.partition("NRT")

    assert await network.kv("NRT").get("key") is None
    with pytest.raises(KVError, match="KV PUT failed: 503 Service Unavailable"):
        await network.kv("NRT").put("key", "1")


@pytest.mark.parametrize(("locations", "names"), [(["LHR"], ["key"]), (["LHR", "NRT"], [])])
async def test_caches_a_page_only_among_several_locations(
    locations: list[str], names: list[str]
) -> None:
    network = make_network(*locations)
    kv = network.kv("LHR")
    await kv.list()

    await kv.put("key", "1")

    assert [each["name"] for each in (await kv.list())["keys"]] == names
