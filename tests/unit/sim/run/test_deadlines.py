"""Deadlines: the instants to which time can jump, and their effects."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import EdgeNetwork, Env, Limits
from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.run.deadlines import Deadlines
from pykvbinding.sim.trace import LapseEffect
from tests.support.handlers import look, store, visit


def deadlines_of(net: EdgeNetwork) -> Deadlines:
    (adversary,) = net._harness.adversaries.values()
    return adversary.deadlines


def ends(net: EdgeNetwork, seconds: float = math.inf) -> list[tuple[str, float, int]]:
    """Return the following effects of time: kind, seconds from now, and version."""
    now = net.clock.now_nanoseconds()
    until = 10**30 if seconds == math.inf else now + round(seconds * NANOSECONDS)
    found = sorted(deadlines_of(net).expiring_between(now, until), key=lambda end: end.at)
    return [(end.kind, (end.at - now) / NANOSECONDS, end.version) for end in found]


def written(**options: Any) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule="", **options)
    net.start(store)
    net.run()
    return net


async def put_expiring(env: Env, value: str = "1") -> None:
    await env.KV.put("k", value, expirationTtl=60)


def test_a_write_limit_and_a_superseded_version_have_deadlines() -> None:
    assert ends(written()) == [("limit", 1, 0), ("copy", 60, 0)]


def test_ignores_deadlines_after_the_interval() -> None:
    net = written()

    assert ends(net, 1) == [("limit", 1, 0)]
    assert ends(net, 0.999) == []


def test_ignores_deadlines_before_the_interval() -> None:
    net = written()
    net.clock.advance(1)

    assert ends(net) == [("copy", 59, 0)]


def test_each_cache_ttl_has_a_deadline() -> None:
    net = written()
    net.session("reader").call(look, "k")

    async def look_long(env: Env) -> None:
        await env.KV.get("k", cacheTtl=300)

    net.session("reader").call(look_long)
    found = deadlines_of(net).expiring_between(0, 10**30)

    assert [(end.kind, end.cache_ttl) for end in found] == [
        ("limit", 0),
        ("copy", 60),
        ("copy", 300),
    ]


def test_grace_delays_the_end_of_a_copy_and_infinite_grace_removes_it() -> None:
    assert ends(written(staleness_grace_seconds=30)) == [("limit", 1, 0), ("copy", 90, 0)]
    assert ends(written(staleness_grace_seconds=math.inf)) == [("limit", 1, 0)]


@pytest.mark.parametrize(("per_second", "ended"), [(1, [1]), (2, []), (None, [])])
def test_a_key_can_be_written_again_a_second_after_its_last_writes(
    per_second: int | None, ended: list[float]
) -> None:
    net = written(limits=Limits(writes_per_second_per_key=per_second))

    assert [seconds for kind, seconds, _ in ends(net) if kind == "limit"] == ended


def test_the_write_limit_depends_on_the_oldest_counted_write() -> None:
    net = written(limits=Limits(writes_per_second_per_key=2))
    net.clock.advance(0.25)
    net.session("writer").call(store)

    assert ends(net, 1) == [("limit", 0.75, 0)]


def test_seeded_keys_do_not_limit_writes() -> None:
    net = EdgeNetwork("LHR", schedule="")
    net.session("reader").call(look)
    net.namespace().seed({"k": "1"})
    net.session("reader").call(look)

    assert ends(net) == [("copy", 60, 0)]


def test_a_version_seeded_before_the_first_read_supersedes_nothing() -> None:
    net = EdgeNetwork("LHR", schedule="")
    net.namespace().seed({"k": "1"})
    net.session("reader").call(look)

    assert ends(net) == []


def test_a_version_expires_while_it_may_be_read() -> None:
    net = EdgeNetwork("LHR", "NRT", schedule="")
    net.session("writer").call(put_expiring)
    net.clock.advance(30)
    net.session("writer").call(store)

    assert ends(net)[1:3] == [("expiry", 30, 1), ("copy", 30, 0)]


def test_a_version_that_may_not_be_read_does_not_expire() -> None:
    async def put_lasting(env: Env) -> None:
        await env.KV.put("k", "1", expirationTtl=61)

    net = EdgeNetwork("LHR", "NRT", schedule="")
    net.session("writer").call(put_lasting)
    net.clock.advance(1)
    net.session("writer").call(store)

    assert [end for end in ends(net) if end[0] == "expiry"] == []


def test_an_inserted_version_ends_when_the_next_one_must_be_visible() -> None:
    net = EdgeNetwork("LHR", "NRT", schedule="1 2<", reorder_writes=True)
    net.session("ana", "LHR").call(store)
    net.clock.advance(10)
    net.session("ana", "NRT").call(store, "2")

    assert ends(net) == [("limit", 1, 0), ("copy", 50, 1), ("copy", 50, 0)]


WHATS = st.lists(st.sampled_from(["visit", "expiring", "look", "long", "wait"]), max_size=8)


@settings(deadline=None)
@given(WHATS, st.sampled_from([0, 30, math.inf]), st.booleans(), st.integers(0, 2**32))
def test_time_advances_to_the_next_deadline(
    whats: list[str], staleness_grace_seconds: float, reorder: bool, seed: int
) -> None:
    net = EdgeNetwork(
        "LHR",
        "NRT",
        schedule=seed,
        staleness_grace_seconds=staleness_grace_seconds,
        reorder_writes=reorder,
    )

    async def look_long(env: Env) -> None:
        await env.KV.get("k", cacheTtl=300)

    handlers = {"visit": visit, "expiring": put_expiring, "look": look, "long": look_long}
    for number, what in enumerate(whats):
        if what == "wait":
            net.clock.advance(0.4 * number)
        else:
            net.start(handlers[what], at=net.locations[number % 2])
            net.run()
    now = net.clock.now_nanoseconds()
    for adversary in net._harness.adversaries.values():
        deadlines = adversary.deadlines
        ended = deadlines.expiring_between(now, 10**30)

        assert deadlines.next(now) == min((end.at for end in ended), default=None)


def test_the_trace_records_the_effects_of_each_lapse() -> None:
    net = EdgeNetwork("LHR", "NRT", bindings=("ONE", "TWO"), schedule="1 1 +1 2")

    async def write_both(env: Env) -> None:
        await env.ONE.put("k", "1")
        await env.TWO.put("k", "1")

    net.start(write_both)
    net.start(write_both, at="NRT")
    net.run()
    lapse = net.trace.events[2]

    assert lapse.lapse_effects == (
        LapseEffect(kind="limit", at=lapse.at, binding="ONE", key="k"),
        LapseEffect(kind="limit", at=lapse.at, binding="TWO", key="k"),
    )
