"""The anomalies of lists: each key may be stale, and pages may count deleted keys."""

from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import ScheduleMismatch
from tests.support.handlers import names, remove, store


def make_net(schedule: str, **permissions: Any) -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT", schedule=schedule, **permissions)


def listing(net: EdgeNetwork) -> None:
    net.start(names, at="NRT")
    net.run()


async def put_expiring(env: Env) -> None:
    await env.KV.put("k", "expiring", expirationTtl=60)


def test_p15_a_list_may_use_another_version_of_each_key() -> None:
    net = make_net("1 2 3~0,1")
    net.session("writer").call(store, "1", "a")
    net.session("writer").call(store, "1", "b")

    assert net.session("reader", "NRT").call(names) == ["a"]
    assert [look.version for look in net.trace.events[-1].accesses] == [1, 0]


def test_without_p15_lists_are_fresh() -> None:
    net = make_net("1 2~1", list_lag=False)
    net.session("writer").call(store)

    with pytest.raises(ScheduleMismatch, match="reads 0 keys"):
        listing(net)


async def pages(env: Env, limit: int = 1) -> list[tuple[list[str], bool]]:
    found: list[tuple[list[str], bool]] = []
    options: dict[str, Any] = {}
    while True:
        page = await env.KV.list(limit=limit, **options)
        found.append(([key.name for key in page["keys"]], page.list_complete))
        if page.list_complete:
            return found
        options = {"cursor": page.cursor}


def removed(net: EdgeNetwork, *keys: str) -> EdgeNetwork:
    writer = net.session("writer")
    for key in "abc":
        writer.call(store, "1", key)
    net.clock.advance(1)
    for key in keys:
        writer.call(remove, key)
    net.clock.advance(60)
    return net


def test_p16_a_page_of_deleted_keys_may_be_empty() -> None:
    net = removed(make_net("1 2 3 4 5% 5"), "a")

    found = net.session("reader", "NRT").call(pages)

    assert found == [([], False), (["b"], False), (["c"], True)]


def test_p16_the_last_page_may_be_empty() -> None:
    net = removed(make_net("1 2 3 4 5 5%"), "c")

    found = net.session("reader", "NRT").call(pages)

    assert found == [(["a"], False), (["b"], False), ([], True)]


def test_p16_each_page_may_count_deleted_keys() -> None:
    net = removed(make_net("1 2 3 4 5%"), "c")

    found = net.session("reader", "NRT").call(pages, 2)

    assert found == [(["a", "b"], False), ([], True)]


def test_p16_ends_after_a_day() -> None:
    net = removed(make_net("1 2 3 4 5%"), "a")
    net.clock.advance(days=1)
    net.session("reader", "NRT").start(pages)

    with pytest.raises(ScheduleMismatch, match="skips no tombstones"):
        net.run()


def test_p16_expired_keys_count_like_deleted_keys() -> None:
    net = make_net("1 2%")
    net.session("writer").call(put_expiring)
    net.clock.advance(120)

    found = net.session("reader", "NRT").call(pages)

    assert found == [([], True)]
    assert net.trace.events[-1].deviations == ("tombstones",)


def test_without_p16_no_page_is_short() -> None:
    net = removed(make_net("1 2 3 4 5%", tombstones=False), "a")
    net.session("reader", "NRT").start(pages)

    with pytest.raises(ScheduleMismatch, match="skips no tombstones"):
        net.run()
