"""EdgeNetwork: locations, bindings, limits, faults and metrics."""

import asyncio
import math
from typing import Any

import pytest

from pykvbinding import (
    Account,
    EdgeNetwork,
    Env,
    Fault,
    KVError,
    KVNamespace,
    Limits,
    SystemClock,
    VirtualClock,
)
from tests.support.assertions import exactly


@pytest.fixture
def net() -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT")


# Locations and bindings.


def test_a_network_has_its_locations(net: EdgeNetwork) -> None:
    assert net.locations == ("LHR", "NRT")
    assert repr(net) == "<EdgeNetwork: LHR, NRT>"


def test_the_clock_is_virtual_by_default() -> None:
    own = VirtualClock(5)

    assert EdgeNetwork("LHR").clock.now() == 1_700_000_000
    assert EdgeNetwork("LHR", clock=own).clock is own


def test_a_binding_is_the_same_object_each_time(net: EdgeNetwork) -> None:
    assert net.kv("LHR") is net.kv("LHR", "KV")
    assert net.kv("LHR") is not net.kv("NRT")
    assert net.env("LHR").KV is net.kv("LHR")
    assert net.env("LHR") is net.env("LHR")


def test_the_only_binding_is_the_default() -> None:
    net = EdgeNetwork("LHR", bindings=["SESSIONS"])

    assert net.kv("LHR") is net.kv("LHR", "SESSIONS")


def test_requires_a_name_for_one_of_several_bindings() -> None:
    net = EdgeNetwork("LHR", bindings=("SESSIONS", "CACHE"))

    text = (
        "no binding 'KV'; there are 'SESSIONS', 'CACHE'. "
        'More: EdgeNetwork(..., bindings=("KV", "CACHE"))'
    )

    with pytest.raises(LookupError, match=exactly(text)):
        net.kv("LHR")


async def test_two_bindings_of_a_network_share_nothing() -> None:
    net = EdgeNetwork("LHR", "NRT", bindings=("SESSIONS", "CACHE"))

    await net.kv("LHR", "SESSIONS").put("k", "s")
    await net.kv("LHR", "CACHE").put("k", "c")

    assert (net.latest("k", "SESSIONS"), net.latest("k", "CACHE")) == ("s", "c")


async def test_two_networks_share_nothing() -> None:
    first, second = EdgeNetwork("LHR"), EdgeNetwork("LHR")

    await first.kv("LHR").put("k", "v")
    first.clock.advance(5)

    assert await second.kv("LHR").get("k") is None
    assert second.clock.now() == 1_700_000_000
    assert len(second.history) == 1


async def test_every_location_has_the_bindings_and_variables_of_an_env() -> None:
    net = EdgeNetwork("LHR", "NRT", bindings=Env(KV=KVNamespace(), TOKEN="secret"))

    await net.env("LHR").KV.put("k", "v")

    assert await net.env("NRT").KV.get("k") == "v"
    assert net.env("NRT").TOKEN == "secret"


async def test_a_network_copies_the_namespaces_of_an_env() -> None:
    kv = KVNamespace()
    kv.namespace.seed({"k": ("v", {"metadata": {"a": 1}})})
    net = EdgeNetwork("LHR", bindings=Env(KV=kv))

    await net.kv("LHR").put("k", "changed")

    assert await kv.get("k") == "v"
    assert net.latest("k") == "changed"


async def test_two_bindings_of_one_namespace_share_its_copy() -> None:
    account = Account()
    env = Env(A=account.binding("X"), B=account.binding("X"), C=KVNamespace())
    net = EdgeNetwork("LHR", bindings=env)

    await net.kv("LHR", "A").put("k", "v")

    assert await net.kv("LHR", "B").get("k") == "v"
    assert await net.kv("LHR", "C").get("k") is None


@pytest.mark.parametrize("bindings", ["KV", [], [1], ["not a name"], [""]])
def test_bindings_are_names_or_an_env(bindings: Any) -> None:
    text = f'bindings={bindings!r}: give names, as in bindings=("SESSIONS", "CACHE"), or an Env'

    with pytest.raises(TypeError, match=exactly(text)):
        EdgeNetwork("LHR", bindings=bindings)


def test_rejects_a_duplicate_binding() -> None:
    with pytest.raises(ValueError, match="already exists: 'KV'"):
        EdgeNetwork("LHR", bindings=("KV", "KV"))


@pytest.mark.parametrize("look", ["kv", "env", "purge", "partition", "repair", "hold", "release"])
def test_rejects_an_unknown_location_by_name(net: EdgeNetwork, look: str) -> None:
    with pytest.raises(LookupError, match="no location 'SFO'; there are 'LHR', 'NRT'"):
        getattr(net, look)("SFO")


def test_may_read_rejects_an_unknown_location(net: EdgeNetwork) -> None:
    with pytest.raises(LookupError, match="no location 'SFO'"):
        net.may_read("k", at="SFO")


@pytest.mark.parametrize(
    ("locations", "error"),
    [
        ((), ValueError),
        (("LHR", "LHR"), ValueError),
        (("",), TypeError),
        ((None,), TypeError),
    ],
)
def test_rejects_duplicate_locations(locations: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        EdgeNetwork(*locations)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("cache_entries", -1, "a whole number of keys, 0 or more"),
        ("cache_entries", 1.5, "a whole number of keys, 0 or more"),
        ("list_cache_ttl", "60", "a number of seconds, 0 or more"),
        ("list_cache_ttl", math.inf, "a number of seconds, 0 or more"),
        ("tombstones", -1, "a number of seconds, 0 or more"),
        ("tombstones", "x", "a number of seconds, 0 or more"),
        ("staleness_grace_seconds", -1, "a number of seconds, 0 or more"),
        ("regions", {"X": "LHR"}, "a list of locations for each, as in regions={'X': ['LHR']}"),
    ],
)
def test_rejects_an_invalid_option_by_name(name: str, value: Any, wanted: str) -> None:
    options: dict[str, Any] = {name: value}

    with pytest.raises(ValueError, match=exactly(f"EdgeNetwork({name}={value!r}): give {wanted}")):
        EdgeNetwork("LHR", **options)


@pytest.mark.parametrize(
    "options",
    [{"limits": 5}, {"seed": None}, {"seed": -7}, {"history": 0.5}, {"history": -1}],
)
def test_rejects_an_invalid_option_of_the_account_by_name(options: dict[str, Any]) -> None:
    name = next(iter(options))

    with pytest.raises(ValueError, match=rf"Account\({name}=.*\): pass "):
        EdgeNetwork("LHR", **options)


# Limits and policies.


async def test_a_network_has_no_daily_quota_but_a_write_limit() -> None:
    kv = EdgeNetwork("LHR").kv("LHR")

    for number in range(1001):
        await kv.put(f"k{number}", "v")

    with pytest.raises(KVError, match="429"):
        await kv.put("k0", "v")


async def test_other_limits_leave_the_write_limit_on() -> None:
    kv = EdgeNetwork("LHR", limits=Limits(min_cache_ttl=30)).kv("LHR")
    await kv.put("k", "v")

    with pytest.raises(KVError, match="429"):
        await kv.put("k", "v")


async def test_the_write_limit_can_be_switched_off() -> None:
    kv = EdgeNetwork("LHR", limits=Limits(writes_per_second_per_key=None)).kv("LHR")

    await kv.put("k", "1")
    await kv.put("k", "2")

    assert await kv.get("k") == "2"


async def test_the_quota_of_the_free_plan_counts_operations_of_all_locations() -> None:
    net = EdgeNetwork("LHR", "NRT", limits=Limits.free(reads_per_day=2))
    await net.kv("LHR").get("k")
    await net.kv("NRT").get("k")

    with pytest.raises(KVError, match=r"^KV get\(\) limit exceeded for the day\.$"):
        await net.kv("LHR").get("k")


async def test_an_invocation_counts_operations_of_all_bindings() -> None:
    limits = Limits(max_operations_per_invocation=2)
    net = EdgeNetwork("LHR", bindings=("A", "B"), limits=limits)
    async with net.account.invocation():
        await net.kv("LHR", "A").get("k")
        await net.kv("LHR", "B").get("k")

        with pytest.raises(KVError, match="Too many API requests by single Worker invocation"):
            await net.kv("LHR", "A").get("k")


async def test_a_fault_can_be_added_for_one_location(net: EdgeNetwork) -> None:
    london, tokyo = net.kv("LHR"), net.kv("NRT")

    net.faults.add(Fault(kind="get", location="NRT"))

    assert await london.get("k") is None
    with pytest.raises(KVError, match="KV GET failed: 500 Internal Server Error"):
        await tokyo.get("k")


async def test_metrics_distinguish_hits_from_misses() -> None:
    net = EdgeNetwork("LHR", metrics=True)
    for _ in range(3):
        await net.kv("LHR").get("k")

    assert net.account.metrics is not None
    assert net.account.metrics.total("get", cache_status="MISS").operations == 1
    assert net.account.metrics.total("get", cache_status="HIT").operations == 2


async def test_the_history_has_the_location_the_version_and_the_cache_status(
    net: EdgeNetwork,
) -> None:
    await net.kv("NRT").get("k")
    await net.kv("LHR").put("k", "v")
    await net.kv("NRT").get("k")

    told = [(each.location, each.kind, each.version, each.cache_status) for each in net.history]

    assert told == [
        ("NRT", "get", 0, "MISS"),
        ("LHR", "put", 1, None),
        ("NRT", "get", 0, "HIT"),
    ]


async def test_a_network_without_history_has_an_empty_one() -> None:
    net = EdgeNetwork("LHR", history=False)

    await net.kv("LHR").get("k")

    assert len(net.history) == 0


def test_a_network_can_use_the_system_clock() -> None:
    net = EdgeNetwork("LHR", clock=SystemClock())  # type: ignore[arg-type]

    asyncio.run(net.kv("LHR").put("k", "v"))

    assert asyncio.run(net.kv("LHR").get("k")) == "v"
