"""Reads of several keys, writes that fail, and operations of other locations: P17 to P19."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.anomalies import AllowedAnomalies
from tests.support.handlers import look, names, operations, remove, store


def make_net(schedule: str, **permissions: Any) -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT", schedule=schedule, **permissions)


async def look_at_both(env: Env) -> Any:
    answer = await env.KV.get(["a", "b"])
    return [answer["a"], answer["b"]]


def both_changed(net: EdgeNetwork) -> EdgeNetwork:
    for value in "12":
        for key in "ab":
            net.session("writer").call(store, value, key)
            net.clock.advance(1)
    return net


def test_p17_keys_of_a_bulk_read_may_be_of_different_instants() -> None:
    net = both_changed(make_net("1 2 3 4 5~1,0"))

    assert net.session("reader", "NRT").call(look_at_both) == ["1", "2"]


@pytest.mark.parametrize(
    ("older", "seen"), [(0, ["2", "2"]), (1, ["2", "1"]), (2, ["1", "1"]), (3, ["1", None])]
)
def test_without_p17_keys_of_a_bulk_read_are_of_one_instant(older: int, seen: list[str]) -> None:
    net = both_changed(make_net(f"1 2 3 4 5~{older}", torn_reads=False))

    assert net.session("reader", "NRT").call(look_at_both) == seen


def test_without_p17_a_key_is_as_old_as_it_may_be() -> None:
    net = make_net("1 2 3~2", torn_reads=False, stale_own_writes=False)
    net.session("home").call(store, "1", "b")
    net.clock.advance(1)
    net.session("away", "NRT").call(store, "1", "a")
    net.clock.advance(1)

    # Both keys were absent before the writes, but home has written b, so it reads that.
    with pytest.raises(ScheduleMismatch, match="may return 2 versions"):
        net.session("home").call(look_at_both)


def test_without_p17_equal_snapshots_are_one_alternative() -> None:
    net = make_net("1 2 3~1", torn_reads=False, stale_own_writes=False)
    net.session("home").call(store, "1", "b")
    net.clock.advance(1)
    net.session("away", "NRT").call(store, "1", "a")

    assert net.session("home").call(look_at_both) == [None, "1"]


async def look_at_one_and_the_other(env: Env) -> Any:
    return [await env.KV.get("a"), await env.KV.get("b")]


def test_p17_keys_of_two_reads_may_be_of_different_instants() -> None:
    net = both_changed(make_net("1 2 3 4 5~1"))

    assert net.session("reader", "NRT").call(look_at_one_and_the_other) == ["1", "2"]


@pytest.mark.parametrize(
    ("older", "seen"),
    [("", ["2", "2"]), ("~1", ["1", "1"]), ("~2", [None, None])],
)
def test_without_p17_two_reads_are_of_one_instant(older: str, seen: list[str]) -> None:
    net = both_changed(make_net(f"1 2 3 4 5{older}", torn_sequential_reads=False))

    assert net.session("reader", "NRT").call(look_at_one_and_the_other) == seen


def test_without_p17_a_write_between_two_reads_is_not_read() -> None:
    net = make_net("1 2", torn_sequential_reads=False)
    reader = net.start(look_at_one_and_the_other, at="NRT")
    net.start(store, "1", "a", at="LHR")
    net.start(store, "1", "b", at="LHR")
    net.run()

    assert reader.result == [None, None]


def test_without_p17_two_invocations_may_read_different_instants() -> None:
    net = both_changed(make_net("1 2 3 4 5~1 5 6", torn_sequential_reads=False))
    reader = net.session("reader", "NRT")

    assert reader.call(look_at_one_and_the_other) == ["1", "1"]
    assert reader.call(look_at_one_and_the_other) == ["2", "2"]


def test_without_p17_a_bulk_read_is_of_the_instant_of_the_read_before_it() -> None:
    async def look_again(env: Env) -> Any:
        return [await env.KV.get("a"), await look_at_both(env)]

    for torn_reads in (True, False):
        net = both_changed(
            make_net("1 2 3 4 5~1", torn_sequential_reads=False, torn_reads=torn_reads)
        )
        assert net.session("reader", "NRT").call(look_again) == ["1", ["1", "1"]]


def test_without_p17_the_next_instant_replaces_one_that_is_too_old() -> None:
    async def look_and_wait(env: Env) -> Any:
        first = await env.KV.get("a")
        await asyncio.sleep(60)
        return [first, await env.KV.get("b")]

    net = both_changed(make_net("1 2 3 4 5~2", torn_sequential_reads=False))

    # b was absent then, and may not be read older than it is now.
    assert net.session("reader", "NRT").call(look_and_wait) == [None, "2"]


def test_without_p17_a_written_key_is_not_restricted() -> None:
    async def write_and_look(env: Env) -> Any:
        before = await env.KV.get("a")
        await env.KV.put("b", "own")
        return [before, await env.KV.get("b"), await env.KV.get("a")]

    net = both_changed(make_net("1 2 3 4 5~2", torn_sequential_reads=False))

    assert net.session("reader", "NRT").call(write_and_look) == [None, "own", None]


async def test_without_p17_reads_of_the_test_are_not_restricted() -> None:
    net = make_net("", torn_sequential_reads=False)
    kv = net.kv("LHR")

    before = await kv.get("a")
    await kv.put("b", "1")
    await kv.put("a", "1")

    assert [before, await kv.get("a"), await kv.get("b")] == [None, "1", "1"]


def test_p18_a_write_may_fail_after_taking_effect() -> None:
    net = make_net("1? 2?", faults=True)
    stored = net.start(store)
    net.run()
    net.clock.advance(1)
    removed = net.start(remove)
    net.run()

    assert net.latest("k") is None
    assert [str(stored.error), str(removed.error)] == [
        "KV PUT failed: 500 Internal Server Error",
        "KV DELETE failed: 500 Internal Server Error",
    ]
    assert [event.outcome for event in operations(net)] == [str(stored.error), str(removed.error)]
    assert [event.accesses[0].version for event in operations(net)] == [1, 2]


def test_without_p18_a_write_does_not_fail() -> None:
    net = make_net("1?")
    net.start(store)

    with pytest.raises(ScheduleMismatch, match="cannot fail"):
        net.run()


def test_p19_another_location_may_carry_out_an_operation() -> None:
    net = make_net("1@NRT 2~1 3@NRT", cross_location_routing=True, stale_own_writes=False)
    net.session("writer").call(store)

    # Home has not written it, so it may read the older version; the other location may not.
    assert net.session("writer").call(look) is None
    assert net.session("writer").call(look) == "1"
    assert [event.location for event in operations(net)] == ["NRT", "LHR", "NRT"]
    assert operations(net)[0].deviations == ("roamed",)


@pytest.mark.parametrize("handler", [look, look_at_both, store, remove, names])
def test_p19_applies_to_every_operation(handler: Callable[..., Any]) -> None:
    net = make_net("1@NRT", cross_location_routing=True)
    net.start(handler)
    net.run()

    assert operations(net)[0].location == "NRT"
    assert net.schedule == "1@NRT"


def test_p19_the_home_location_is_the_default() -> None:
    net = make_net("1@LHR", cross_location_routing=True)
    net.start(look)
    net.run()

    assert operations(net)[0].location == "LHR"
    assert net.schedule == ""


def test_without_p19_operations_stay_in_their_location() -> None:
    net = make_net("1@NRT")
    net.start(look)

    with pytest.raises(ScheduleMismatch, match="cross_location_routing is off"):
        net.run()


def test_p19_rejects_an_unknown_location() -> None:
    net = make_net("1@SIN", cross_location_routing=True)
    net.start(look)

    with pytest.raises(ScheduleMismatch, match="the locations of this network are LHR, NRT"):
        net.run()


def test_p19_has_no_effect_with_one_location() -> None:
    assert AllowedAnomalies(cross_location_routing=True).candidate_locations("LHR", ["LHR"]) == ()
    assert AllowedAnomalies(cross_location_routing=True).candidate_locations(
        "NRT", ["LHR", "NRT", "SIN"]
    ) == (
        "NRT",
        "LHR",
        "SIN",
    )
    assert AllowedAnomalies().candidate_locations("LHR", ["LHR", "NRT"]) == ()
