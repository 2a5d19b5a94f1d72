"""may_read: the versions that the documentation permits, with its sentences."""

import math
from typing import Any

import pytest

from pykvbinding import EdgeNetwork


@pytest.fixture
def net() -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT")


async def test_may_read_lists_the_newest_version_first(net: EdgeNetwork) -> None:
    kv = net.kv("LHR")
    await kv.put("k", "old")
    net.clock.advance(40)
    await kv.put("k", "new")
    net.clock.advance(10)

    permitted = net.may_read("k", at="NRT")

    assert [(each.value, each.version, each.age, each.until) for each in permitted] == [
        ("new", 2, 10, None),
        ("old", 1, 50, 50),
        (None, 0, math.inf, 10),
    ]
    assert permitted.values == ["new", "old", None]


async def test_may_read_quotes_the_sentence_for_each_version(net: EdgeNetwork) -> None:
    kv = net.kv("LHR")
    await kv.put("k", "old")
    net.clock.advance(1)
    await kv.put("k", "new")
    net.clock.advance(1)
    await kv.delete("k")

    newest, deleted, updated, created = net.may_read("k", at="NRT")

    assert "the last write will take precedence" in newest.justification
    assert "to be deleted from various points" in deleted.justification
    assert "may take up to 60 seconds (or the duration of the `cacheTtl`)" in updated.justification
    assert "Negative lookups" in created.justification


async def test_may_read_follows_the_cache_ttl_and_the_grace(net: EdgeNetwork) -> None:
    kv = net.kv("LHR")
    await kv.put("k", "v")
    net.clock.advance(60)

    assert net.may_read("k", at="NRT").values == ["v"]
    assert net.may_read("k", at="NRT", cache_ttl=300).values == ["v", None]
    lenient = net.may_read("k", at="NRT", staleness_grace_seconds=1)
    assert lenient.values == ["v", None]
    assert lenient[1].until == 1
    assert "60 seconds or more" in lenient[1].justification


async def test_may_read_uses_the_grace_of_the_network() -> None:
    net = EdgeNetwork("LHR", staleness_grace_seconds=math.inf)
    await net.kv("LHR").put("k", "v")
    net.clock.advance(days=1000)

    assert net.may_read("k", at="LHR").values == ["v", None]


async def test_an_expired_version_may_only_be_read_as_absent(net: EdgeNetwork) -> None:
    await net.kv("LHR").put("k", "v", expirationTtl=60)
    net.clock.advance(60)

    permitted = net.may_read("k", at="NRT", cache_ttl=3600)

    assert permitted.values == [None, None]


def test_a_value_seeded_before_the_first_read_was_always_there(net: EdgeNetwork) -> None:
    net.namespace().seed({"k": "v"})

    permitted = net.may_read("k", at="NRT")

    assert permitted.values == ["v"]
    assert permitted[0].age == math.inf


async def test_may_read_prints_a_line_for_each_version_and_its_reason(net: EdgeNetwork) -> None:
    await net.kv("LHR").put("greeting", "hello")
    net.clock.advance(19)
    await net.kv("LHR").put("greeting", "good morning to all of you, wherever you may be")
    net.clock.advance(0.5)

    assert repr(net.may_read("greeting", at="NRT")) == MAY_READ


MAY_READ = """\
may_read('greeting') at NRT, cacheTtl 60:
  v2   'good morning to all of you, wherever yo…  written 0.5 s ago, the newest
  v1   'hello'                                    written 19.5 s ago, may be seen for 59.5 s more
       "writes or updates to the key made in other locations may take up to 60 seconds (or the
       duration of the `cacheTtl`) to display"
  v0   None                                       from the start, may be seen for 40.5 s more
       "Negative lookups indicating that the key does not exist are also cached, so the same delay
       exists noticing a value is created as when a value is changed."\
"""


@pytest.mark.parametrize(
    "options", [{"cache_ttl": "60"}, {"cache_ttl": -1}, {"staleness_grace_seconds": -1}]
)
def test_may_read_rejects_invalid_seconds(net: EdgeNetwork, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"may_read\(.*\): give a number of seconds, 0 or more"):
        net.may_read("k", at="LHR", **options)
