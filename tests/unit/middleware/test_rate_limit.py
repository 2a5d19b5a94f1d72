"""`WriteRateLimiter`: one window for the puts and deletes of a key."""

import asyncio
import re
from collections.abc import Awaitable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import KVError, KVNamespace, VirtualClock
from pykvbinding.clock import NANOSECONDS
from pykvbinding.kv.binding import bind
from pykvbinding.middleware.rate_limit import RateLimitStore, WriteRateLimiter
from pykvbinding.storage.record import Record
from pykvbinding.storage.store import LocalStore

START = 1_700_000_000


class AdjustableClock(VirtualClock):
    """A clock that a test can set back, like the clock of the machine."""

    instant = START * NANOSECONDS

    def now_nanoseconds(self) -> int:
        return self.instant


class FailingStore(LocalStore):
    """A store whose writes fail."""

    async def put(self, key: str, record: Record) -> None:
        raise ConnectionError


def limited(clock: VirtualClock, per_second: int = 1) -> KVNamespace:
    namespace = KVNamespace(clock=clock).namespace
    return bind(namespace, RateLimitStore(namespace.store, WriteRateLimiter(per_second, clock)))


@pytest.fixture
def kv(clock: VirtualClock) -> KVNamespace:
    return limited(clock)


async def is_rejected(write: Awaitable[object], method: str = "PUT") -> bool:
    (result,) = await asyncio.gather(write, return_exceptions=True)
    if result is None:
        return False
    assert isinstance(result, KVError)
    assert (result.name, result.status) == ("Error", 429)
    assert str(result) == f"KV {method} failed: 429 Too Many Requests"
    return True


async def test_rejects_a_second_write_within_one_second(
    kv: KVNamespace, clock: VirtualClock
) -> None:
    await kv.put("key", "1")
    clock.advance(0.999999999)

    assert await is_rejected(kv.put("key", "2"))


async def test_accepts_a_second_write_after_one_second(
    kv: KVNamespace, clock: VirtualClock
) -> None:
    await kv.put("key", "1")
    clock.advance(1)

    await kv.put("key", "2")

    assert await kv.get("key") == "2"


async def test_a_rejected_write_changes_nothing(kv: KVNamespace) -> None:
    await kv.put("key", "1")

    await is_rejected(kv.put("key", "2"))
    await is_rejected(kv.delete("key"), "DELETE")

    assert await kv.get("key") == "1"


async def test_puts_and_deletes_of_a_key_share_one_window(kv: KVNamespace) -> None:
    await kv.put("put", "1")
    await kv.delete("deleted")

    assert await is_rejected(kv.delete("put"), "DELETE")
    assert await is_rejected(kv.put("deleted", "1"))


async def test_keys_have_separate_windows(kv: KVNamespace) -> None:
    await kv.put("one", "1")
    await kv.put("two", "2")

    assert await kv.get(["one", "two"]) == {"one": "1", "two": "2"}


async def test_never_rejects_reads_and_lists(kv: KVNamespace) -> None:
    await kv.put("key", "1")

    assert [await kv.get("key") for _ in range(3)] == ["1"] * 3
    assert (await kv.list())["keys"] == (await kv.list())["keys"]


async def test_a_rejected_write_does_not_extend_the_window(
    kv: KVNamespace, clock: VirtualClock
) -> None:
    await kv.put("key", "1")
    clock.advance(0.9)
    await is_rejected(kv.put("key", "2"))
    clock.advance(0.1)

    assert not await is_rejected(kv.put("key", "3"))


async def test_allows_two_writes_at_any_time_of_a_second(clock: VirtualClock) -> None:
    kv = limited(clock, per_second=2)
    await kv.put("key", "at 0.0")
    clock.advance(0.6)
    await kv.put("key", "at 0.6")
    clock.advance(0.3)
    at_nine_tenths = await is_rejected(kv.put("key", "at 0.9"))
    clock.advance(0.1)
    at_one = await is_rejected(kv.put("key", "at 1.0"))
    clock.advance(0.5)

    assert (at_nine_tenths, at_one) == (True, False)
    assert await is_rejected(kv.put("key", "at 1.5"))


async def test_a_rate_of_zero_rejects_all_writes(clock: VirtualClock) -> None:
    assert await is_rejected(limited(clock, per_second=0).put("key", "1"))


async def test_a_write_that_fails_in_an_inner_layer_counts(clock: VirtualClock) -> None:
    namespace = KVNamespace(clock=clock).namespace
    broken = FailingStore(namespace.store.engine, clock)
    kv = bind(namespace, RateLimitStore(broken, WriteRateLimiter(1, clock)))

    with pytest.raises(ConnectionError):
        await kv.put("key", "1")

    assert await is_rejected(kv.put("key", "1"))


async def test_bindings_with_one_limiter_share_the_window(clock: VirtualClock) -> None:
    namespace = KVNamespace(clock=clock).namespace
    limiter = WriteRateLimiter(1, clock)
    here, there = (bind(namespace, RateLimitStore(namespace.store, limiter)) for _ in range(2))

    await here.put("key", "1")

    assert await is_rejected(there.put("key", "2"))


def test_recovers_from_a_clock_that_was_set_back() -> None:
    clock = AdjustableClock()
    limiter = WriteRateLimiter(1, clock)
    limiter.acquire("PUT", "key")

    clock.instant -= 3600 * NANOSECONDS

    limiter.acquire("PUT", "key")
    with pytest.raises(KVError, match=re.escape("429")):
        limiter.acquire("PUT", "key")


def test_stores_the_writes_of_the_last_second_only(clock: VirtualClock) -> None:
    limiter = WriteRateLimiter(3, clock)
    for number in range(100):
        limiter.acquire("PUT", f"key {number}")
        limiter.acquire("PUT", "always")
        clock.advance(0.5)

    assert len(limiter._accepted) == 4
    assert limiter._counts == {"key 98": 1, "key 99": 1, "always": 2}


@given(
    per_second=st.integers(0, 3),
    steps=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 6)), max_size=40),
)
def test_agrees_with_a_model_of_all_accepted_writes(
    per_second: int, steps: list[tuple[str, int]]
) -> None:
    clock = AdjustableClock()
    limiter = WriteRateLimiter(per_second, clock)
    accepted: list[tuple[str, int]] = []

    for key, quarters in steps:
        clock.instant += quarters * NANOSECONDS // 4
        window = [at for k, at in accepted if k == key and clock.instant - at < NANOSECONDS]
        if len(window) < per_second:
            limiter.acquire("PUT", key)
            accepted.append((key, clock.instant))
        else:
            with pytest.raises(KVError):
                limiter.acquire("PUT", key)


@pytest.mark.parametrize(
    ("per_second", "free"), [(0, None), (1, 1.5), (2, 1.25), (3, 1), (4, None)]
)
def test_next_available_considers_writes_beyond_the_rate(
    per_second: int, free: float | None
) -> None:
    clock = AdjustableClock()
    limiter = WriteRateLimiter(per_second, clock)
    started = clock.instant
    for _ in range(3):
        limiter.count("a")
        clock.instant += NANOSECONDS // 4

    found = limiter.next_available()

    assert found == (None if free is None else started + round(free * NANOSECONDS))
    if found is not None:
        clock.instant = found - 1
        assert limiter.is_full("a")
        clock.instant = found
        assert not limiter.is_full("a")


def test_next_available_is_the_earliest_of_all_keys() -> None:
    clock = AdjustableClock()
    limiter = WriteRateLimiter(1, clock)
    started = clock.instant
    for key in "abac":
        limiter.count(key)
        clock.instant += NANOSECONDS // 10

    assert limiter.next_available() == started + NANOSECONDS // 10 + NANOSECONDS
