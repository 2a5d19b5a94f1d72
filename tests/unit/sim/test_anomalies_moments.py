"""Reads of several keys, writes that fail, and operations that roam: P17 to P19."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.anomalies import Permissions
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


def test_p17_keys_of_one_read_may_come_from_different_moments() -> None:
    net = both_changed(make_net("1 2 3 4 5~1,0"))

    assert net.session("reader", "NRT").call(look_at_both) == ["1", "2"]


@pytest.mark.parametrize(
    ("older", "seen"), [(0, ["2", "2"]), (1, ["2", "1"]), (2, ["1", "1"]), (3, ["1", None])]
)
def test_without_p17_they_are_of_one_moment(older: int, seen: list[str]) -> None:
    net = both_changed(make_net(f"1 2 3 4 5~{older}", torn_reads=False))

    assert net.session("reader", "NRT").call(look_at_both) == seen


def test_without_p17_a_key_that_may_not_be_older_is_as_old_as_it_may_be() -> None:
    net = make_net("1 2 3~2", torn_reads=False, own_stale=False)
    net.session("home").call(store, "1", "b")
    net.clock.advance(1)
    net.session("away", "NRT").call(store, "1", "a")
    net.clock.advance(1)

    # Before both writes there was nothing; but home has written b, so it sees that.
    with pytest.raises(ScheduleMismatch, match="may return 2 versions"):
        net.session("home").call(look_at_both)


def test_without_p17_what_cannot_be_told_apart_is_one_moment() -> None:
    net = make_net("1 2 3~1", torn_reads=False, own_stale=False)
    net.session("home").call(store, "1", "b")
    net.clock.advance(1)
    net.session("away", "NRT").call(store, "1", "a")

    assert net.session("home").call(look_at_both) == [None, "1"]


async def look_at_one_and_the_other(env: Env) -> Any:
    return [await env.KV.get("a"), await env.KV.get("b")]


def test_p17_so_may_the_keys_of_two_reads() -> None:
    net = both_changed(make_net("1 2 3 4 5~1"))

    assert net.session("reader", "NRT").call(look_at_one_and_the_other) == ["1", "2"]


@pytest.mark.parametrize(
    ("older", "seen"),
    [("", ["2", "2"]), ("~1", ["1", "1"]), ("~2", [None, None])],
)
def test_without_p17_two_reads_are_of_one_moment(older: str, seen: list[str]) -> None:
    net = both_changed(make_net(f"1 2 3 4 5{older}", torn_gets=False))

    assert net.session("reader", "NRT").call(look_at_one_and_the_other) == seen


def test_without_p17_what_was_written_between_two_reads_is_not_seen() -> None:
    net = make_net("1 2", torn_gets=False)
    reader = net.start(look_at_one_and_the_other, at="NRT")
    net.start(store, "1", "a", at="LHR")
    net.start(store, "1", "b", at="LHR")
    net.run()

    assert reader.result == [None, None]


def test_without_p17_two_invocations_may_see_two_moments() -> None:
    net = both_changed(make_net("1 2 3 4 5~1 5 6", torn_gets=False))
    reader = net.session("reader", "NRT")

    assert reader.call(look_at_one_and_the_other) == ["1", "1"]
    assert reader.call(look_at_one_and_the_other) == ["2", "2"]


def test_without_p17_a_bulk_read_is_of_the_moment_of_the_read_before_it() -> None:
    async def look_again(env: Env) -> Any:
        return [await env.KV.get("a"), await look_at_both(env)]

    for torn_reads in (True, False):
        net = both_changed(make_net("1 2 3 4 5~1", torn_gets=False, torn_reads=torn_reads))
        assert net.session("reader", "NRT").call(look_again) == ["1", ["1", "1"]]


def test_without_p17_a_moment_that_is_gone_leaves_the_next_one_there_is() -> None:
    async def look_and_wait(env: Env) -> Any:
        first = await env.KV.get("a")
        await asyncio.sleep(60)
        return [first, await env.KV.get("b")]

    net = both_changed(make_net("1 2 3 4 5~2", torn_gets=False))

    # b was absent then, and may be seen no older than it is now.
    assert net.session("reader", "NRT").call(look_and_wait) == [None, "2"]


def test_without_p17_what_one_has_written_is_seen_as_others_see_it() -> None:
    async def write_and_look(env: Env) -> Any:
        before = await env.KV.get("a")
        await env.KV.put("b", "own")
        return [before, await env.KV.get("b"), await env.KV.get("a")]

    net = both_changed(make_net("1 2 3 4 5~2", torn_gets=False))

    assert net.session("reader", "NRT").call(write_and_look) == [None, "own", None]


async def test_without_p17_the_test_itself_may_see_anything() -> None:
    net = make_net("", torn_gets=False)
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


def test_without_p18_it_does_not() -> None:
    net = make_net("1?")
    net.start(store)

    with pytest.raises(ScheduleMismatch, match="cannot fail"):
        net.run()


def test_p19_an_operation_may_be_carried_out_elsewhere() -> None:
    net = make_net("1@NRT 2~1 3@NRT", roam=True, own_stale=False)
    net.session("writer").call(store)

    # Home has not written it, so it may see what was before; the other location may not.
    assert net.session("writer").call(look) is None
    assert net.session("writer").call(look) == "1"
    assert [event.location for event in operations(net)] == ["NRT", "LHR", "NRT"]
    assert operations(net)[0].deviations == ("roamed",)


@pytest.mark.parametrize("handler", [look, look_at_both, store, remove, names])
def test_p19_holds_for_every_operation(handler: Callable[..., Any]) -> None:
    net = make_net("1@NRT", roam=True)
    net.start(handler)
    net.run()

    assert operations(net)[0].location == "NRT"
    assert net.schedule == "1@NRT"


def test_p19_at_home_is_ordinary() -> None:
    net = make_net("1@LHR", roam=True)
    net.start(look)
    net.run()

    assert operations(net)[0].location == "LHR"
    assert net.schedule == ""


def test_without_p19_everything_stays_where_it_is() -> None:
    net = make_net("1@NRT")
    net.start(look)

    with pytest.raises(ScheduleMismatch, match="roaming is off"):
        net.run()


def test_nobody_roams_to_a_location_that_is_not_there() -> None:
    net = make_net("1@SIN", roam=True)
    net.start(look)

    with pytest.raises(ScheduleMismatch, match="the locations of this network are LHR, NRT"):
        net.run()


def test_a_network_of_one_location_has_nowhere_to_roam() -> None:
    assert Permissions(roam=True).places("LHR", ["LHR"]) == ()
    assert Permissions(roam=True).places("NRT", ["LHR", "NRT", "SIN"]) == ("NRT", "LHR", "SIN")
    assert Permissions().places("LHR", ["LHR", "NRT"]) == ()
