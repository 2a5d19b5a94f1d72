"""Limits of a namespace without an account that depend on earlier operations."""

import pytest

from pykvbinding import KVError, KVNamespace, Limits, VirtualClock
from pykvbinding.kv.namespace import Namespace
from tests.support.stores import START


async def test_limits_the_writes_of_one_key_per_second() -> None:
    clock = VirtualClock(START)
    kv = KVNamespace(clock=clock, limits=Limits(writes_per_second_per_key=1))
    await kv.put("key", "1")

    with pytest.raises(KVError) as caught:
        await kv.put("key", "2")

    assert str(caught.value) == "KV PUT failed: 429 Too Many Requests"
    assert kv.namespace.peek("key") == "1"
    clock.advance(1)
    await kv.put("key", "2")


async def test_limits_the_operations_of_a_day() -> None:
    kv = KVNamespace(limits=Limits.free(writes_per_day=1))
    await kv.put("key", "1")

    with pytest.raises(KVError) as caught:
        await kv.put("other", "2")

    assert str(caught.value) == "KV put() limit exceeded for the day."


async def test_limits_the_stored_bytes() -> None:
    kv = KVNamespace(limits=Limits(max_stored_bytes=10))

    with pytest.raises(KVError) as caught:
        await kv.put("key", "0123456789")

    assert caught.value.status == 413


@pytest.mark.parametrize("limits", [Limits(), Limits.unlimited(), Limits(min_cache_ttl=30)])
def test_has_no_layer_without_such_a_limit(limits: Limits) -> None:
    kv = KVNamespace(limits=limits)

    assert isinstance(kv.namespace, Namespace)
    assert kv._store is kv.namespace.store
