"""Every anomaly, on and off: which choices are possible, and which are not."""

import math
from dataclasses import fields
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.anomalies import AllowedAnomalies, AnomalyOptions
from tests.support.assertions import exactly
from tests.support.handlers import look, operations, remove, store


def make_net(schedule: str, **permissions: Any) -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT", schedule=schedule, **permissions)


async def store_and_look(env: Env) -> Any:
    await env.KV.put("k", "new")
    return await env.KV.get("k")


async def look_twice(env: Env) -> list[Any]:
    return [await env.KV.get("k"), await env.KV.get("k")]


def changed(net: EdgeNetwork, after_seconds: float = 1) -> EdgeNetwork:
    """Write "old" to `k`, then "new", and let `after_seconds` pass."""
    net.session("writer", "LHR").call(store, "old")
    net.clock.advance(120)
    net.session("writer", "LHR").call(store, "new")
    net.clock.advance(after_seconds)
    return net


def test_p1_another_location_may_read_a_superseded_version() -> None:
    net = changed(make_net("1 2 3~1"))

    assert net.session("reader", "NRT").call(look) == "old"


def test_without_p1_every_read_is_fresh() -> None:
    net = changed(make_net("1 2 3~1", stale_reads=False))

    with pytest.raises(ScheduleMismatch, match="may return 1 versions"):
        net.session("reader", "NRT").call(look)


def test_p1_ends_after_the_cache_ttl() -> None:
    net = changed(make_net("1 2 3~1"), after_seconds=60)

    with pytest.raises(ScheduleMismatch, match="may return 1 versions"):
        net.session("reader", "NRT").call(look)


def test_p2_grace_extends_the_60_seconds() -> None:
    net = changed(make_net("1 2 3~1", staleness_grace_seconds=30), after_seconds=89)

    assert net.session("reader", "NRT").call(look) == "old"
    assert (
        net.trace.events[-1]
        .accesses[0]
        .justification.startswith("Changes may take up to 60 seconds or")
    )


def test_p2_ends_after_the_grace() -> None:
    net = changed(make_net("1 2 3~1", staleness_grace_seconds=30), after_seconds=90)

    with pytest.raises(ScheduleMismatch):
        net.session("reader", "NRT").call(look)


def test_p2_infinite_grace_never_ends() -> None:
    net = changed(make_net("1 2 3~1", staleness_grace_seconds=math.inf), after_seconds=10**7)

    assert net.session("reader", "NRT").call(look) == "old"


def test_p3_a_location_may_miss_its_own_write() -> None:
    net = make_net("1 1~1")

    assert net.session("ana").call(store_and_look) is None


def test_without_p3_a_location_reads_its_own_write() -> None:
    net = make_net("1 1 2~1", stale_own_writes=False)

    assert net.session("ana").call(store_and_look) == "new"
    assert net.session("bob", "NRT").call(look) is None


def test_without_p3_a_stale_read_of_an_own_write_is_a_mismatch() -> None:
    net = make_net("1 1~1", stale_own_writes=False)

    with pytest.raises(ScheduleMismatch):
        net.session("ana").call(store_and_look)


def test_p4_a_location_may_miss_a_new_key() -> None:
    net = make_net("1 2~1")
    net.session("writer").call(store)

    assert net.session("reader", "NRT").call(look) is None
    assert "Negative lookups" in net.trace.events[-1].accesses[0].justification


def test_without_p4_a_new_key_is_read() -> None:
    net = make_net("1 2~1", stale_misses=False)
    net.session("writer").call(store)

    with pytest.raises(ScheduleMismatch):
        net.session("reader", "NRT").call(look)


def test_without_p4_an_expired_version_is_not_read() -> None:
    net = make_net("1 2 3~1", stale_misses=False)
    net.session("writer").call(put_expiring)
    net.clock.advance(61)
    net.session("writer").call(store, "new")

    with pytest.raises(ScheduleMismatch):
        net.session("reader", "NRT").call(look)


async def put_expiring(env: Env) -> None:
    await env.KV.put("k", "expiring", expirationTtl=60)


def test_p5_a_first_read_may_be_stale() -> None:
    net = changed(make_net("1 2 3~1", stale_first_reads=True))

    assert net.session("reader", "NRT").call(look) == "old"


def test_without_p5_only_a_first_read_is_fresh() -> None:
    net = make_net("1 2 3 4~1", stale_first_reads=False)
    net.session("writer", "LHR").call(store, "old")
    assert net.session("reader", "NRT").call(look) == "old"
    net.clock.advance(2)
    net.session("writer", "LHR").call(store, "new")

    assert net.session("reader", "NRT").call(look) == "old"


def test_without_p5_a_stale_first_read_is_a_mismatch() -> None:
    net = changed(make_net("1 2 3~1", stale_first_reads=False))

    with pytest.raises(ScheduleMismatch):
        net.session("reader", "NRT").call(look)


def test_p6_a_copy_may_be_refreshed_early() -> None:
    net = make_net("")
    assert net.session("reader", "NRT").call(look) is None
    net.session("writer", "LHR").call(store)

    assert net.session("reader", "NRT").call(look) == "1"


def test_without_p6_a_copy_is_served_until_it_is_too_old() -> None:
    net = make_net("", early_refresh=False)
    reader = net.session("reader", "NRT")
    assert reader.call(look) is None
    net.session("writer", "LHR").call(store)

    assert reader.call(look) is None
    net.clock.advance(60)
    assert reader.call(look) == "1"


def test_without_p6_a_write_still_invalidates_the_copy_in_its_location() -> None:
    net = make_net("", early_refresh=False)
    ana = net.session("ana")
    assert ana.call(look) is None

    assert ana.call(store_and_look) == "new"


def test_p7_reads_may_go_back() -> None:
    net = changed(make_net("1 2 3 3~1"))

    assert net.session("reader", "NRT").call(look_twice) == ["new", "old"]


def test_without_p7_reads_of_one_location_do_not_go_back() -> None:
    net = changed(make_net("1 2 3 3~1", non_monotonic_reads=False))

    with pytest.raises(ScheduleMismatch):
        net.session("reader", "NRT").call(look_twice)


def test_p8_reads_with_a_long_cache_ttl_are_more_stale() -> None:
    net = changed(make_net("1 2 3~1"), after_seconds=100)

    async def look_long(env: Env) -> Any:
        return await env.KV.get("k", cacheTtl=300)

    assert net.session("reader", "NRT").call(look_long) == "old"


@pytest.mark.parametrize("torn_reads", [False, True])
@pytest.mark.parametrize("key", ["k", ["k", "l"]])
def test_without_p8_a_long_cache_ttl_has_no_effect_on_staleness(
    key: object, torn_reads: bool
) -> None:
    net = changed(make_net("1 2 3~1", long_cache_ttl=False, torn_reads=torn_reads), 100)

    async def look_long(env: Env) -> Any:
        return await env.KV.get(key, cacheTtl=300)

    with pytest.raises(ScheduleMismatch):
        net.session("reader", "NRT").call(look_long)


async def store_twice(env: Env) -> None:
    await env.KV.put("k", "1")
    await env.KV.put("k", "2")


def test_p11_a_write_within_a_second_is_rejected_or_accepted() -> None:
    refusing, accepting = make_net(""), make_net("1 1!")
    refused, accepted = refusing.start(store_twice), accepting.start(store_twice)
    refusing.run()
    accepting.run()

    assert refused.error is not None
    assert refused.error.status == 429
    assert accepted.error is None
    assert (refusing.latest("k"), accepting.latest("k")) == ("1", "2")


def test_without_p11_a_write_within_a_second_is_rejected() -> None:
    net = make_net("1 1!", unlimited_writes=False)
    net.start(store_twice)

    with pytest.raises(ScheduleMismatch, match="would not be refused"):
        net.run()


def test_p12_a_deleted_key_may_still_be_read() -> None:
    net = make_net("1 2 3~1")
    net.session("writer").call(store)
    net.clock.advance(1)
    net.session("writer").call(remove)

    assert net.session("reader", "NRT").call(look) == "1"
    assert "for the key to be deleted" in net.trace.events[-1].accesses[0].justification


def test_without_p12_a_deleted_key_is_not_read() -> None:
    net = make_net("1 2 3~1", stale_deletes=False)
    net.session("writer").call(store)
    net.clock.advance(1)
    net.session("writer").call(remove)

    with pytest.raises(ScheduleMismatch, match="may return 1 versions"):
        net.session("reader", "NRT").call(look)


def test_without_p12_a_deletion_and_later_versions_may_be_read() -> None:
    net = make_net("1 2 3 4 5~1 6~2 7~3", stale_deletes=False)
    writer, reader = net.session("writer"), net.session("reader", "NRT")
    for handler, *args in ((store,), (remove,), (store, "2"), (store, "3")):
        writer.call(handler, *args)
        net.clock.advance(1)

    assert [reader.call(look), reader.call(look)] == ["2", None]
    with pytest.raises(ScheduleMismatch, match="may return 3 versions"):
        reader.call(look)


def test_p13_an_expired_version_is_never_read() -> None:
    net = make_net("1 2 3~1")
    net.session("writer").call(put_expiring)
    net.clock.advance(59)
    net.session("writer").call(store, "lasting")
    net.clock.advance(1)

    assert net.session("reader", "NRT").call(look) is None
    assert net.trace.events[-1].accesses[0].justification == "Expiration always takes precedence."


def test_p14_an_older_version_without_expiration_may_be_read() -> None:
    net = make_net("1 2 3~1")
    net.session("writer").call(store, "lasting")
    net.clock.advance(1)
    net.session("writer").call(put_expiring)
    net.clock.advance(61)

    async def look_long(env: Env) -> Any:
        return await env.KV.get("k", cacheTtl=300)

    assert net.session("reader", "NRT").call(look_long) == "lasting"


def test_without_p14_an_expired_version_hides_older_versions() -> None:
    net = make_net("1 2 3~1 4~1", resurrect_after_expiry=False)
    net.session("writer").call(store, "lasting")
    net.clock.advance(1)
    net.session("writer").call(put_expiring)
    net.clock.advance(59)

    async def look_long(env: Env) -> Any:
        return await env.KV.get("k", cacheTtl=300)

    assert net.session("reader", "NRT").call(look_long) == "lasting"
    net.clock.advance(1)
    with pytest.raises(ScheduleMismatch, match="may return 1 versions"):
        net.session("reader").call(look_long)


def test_without_p14_versions_after_an_expired_one_are_read() -> None:
    net = make_net("1 2 3 4 5~1 6~2 7~3", resurrect_after_expiry=False)
    for handler, *args in ((store, "before"), (put_expiring,), (store, "after")):
        net.session("writer").call(handler, *args)
        net.clock.advance(40)
    net.session("writer").call(store, "last")
    reader = net.session("reader", "NRT")

    async def look_long(env: Env) -> Any:
        return await env.KV.get("k", cacheTtl=300)

    assert [reader.call(look_long), reader.call(look_long)] == ["after", None]
    with pytest.raises(ScheduleMismatch, match="may return 3 versions"):
        reader.call(look_long)


def test_rejects_an_unknown_option_by_name() -> None:
    text = (
        "EdgeNetwork has no option 'stale_read'; the options for schedules are "
        "stale_reads, stale_own_writes, stale_misses, stale_first_reads, early_refresh, "
        "non_monotonic_reads, long_cache_ttl, racing_writes, reorder_writes, unlimited_writes, "
        "stale_deletes, resurrect_after_expiry, list_lag, torn_reads, "
        "torn_sequential_reads, faults, cross_location_routing"
    )

    with pytest.raises(TypeError, match=exactly(text)):
        EdgeNetwork("LHR", stale_read=False)  # type: ignore[call-arg]


@settings(deadline=None)
@given(
    st.fixed_dictionaries({}, optional={"seed": st.integers(0, 10**6)}),
    st.fixed_dictionaries(
        {
            name: st.booleans()
            for name in (
                "stale_own_writes",
                "non_monotonic_reads",
                "stale_first_reads",
                "early_refresh",
            )
        }
    ),
)
def test_the_newest_version_or_the_copy_is_allowed_with_any_switches(
    seeds: dict[str, int], switches: dict[str, Any]
) -> None:
    net = EdgeNetwork("LHR", "NRT", schedule=seeds.get("seed", 0), **switches)
    for number in range(6):
        net.start(look if number % 2 else store, at=net.locations[number % 2])
    net.run()

    for event in operations(net):
        for each in event.accesses:
            assert each.version is None or each.version <= max(each.latest, 6)


def test_each_switch_is_a_keyword_of_a_network() -> None:
    switches = {each.name for each in fields(AllowedAnomalies) if isinstance(each.default, bool)}

    assert get_type_hints(AnomalyOptions) == dict.fromkeys(switches - {"faults"}, bool)
