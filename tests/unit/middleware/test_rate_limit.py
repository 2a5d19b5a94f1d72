"""`WriteRate`: one window for the puts and deletes of a key."""

import asyncio
import re
from collections.abc import Awaitable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import KVError, KVNamespace, VirtualClock
from pykvbinding.clock import NANOSECONDS
from pykvbinding.kv.binding import bind
from pykvbinding.middleware.rate_limit import RateLimitStore, WriteRate
from pykvbinding.storage.record import Record
from pykvbinding.storage.store import LocalStore

START = 1_700_000_000


class AnyClock(VirtualClock):
    """A clock that a test may set back, as the machine's can be."""

    instant = START * NANOSECONDS

    def now_nanoseconds(self) -> int:
        return self.instant


class Broken(LocalStore):
    """A store whose writes fail after they have come in."""

    async def put(self, key: str, record: Record) -> None:
        raise ConnectionError


def limited(clock: VirtualClock, per_second: int = 1) -> KVNamespace:
    namespace = KVNamespace(clock=clock).namespace
    return bind(namespace, RateLimitStore(namespace.store, WriteRate(per_second, clock)))


@pytest.fixture
def kv(clock: VirtualClock) -> KVNamespace:
    return limited(clock)


async def is_refused(write: Awaitable[object], method: str = "PUT") -> bool:
    (answer,) = await asyncio.gather(write, return_exceptions=True)
    if answer is None:
        return False
    assert isinstance(answer, KVError)
    assert (answer.name, answer.status) == ("Error", 429)
    assert str(answer) == f"KV {method} failed: 429 Too Many Requests"
    return True


async def test_a_second_write_within_one_second_is_refused(
    kv: KVNamespace, clock: VirtualClock
) -> None:
    await kv.put("key", "1")
    clock.advance(0.999999999)

    assert await is_refused(kv.put("key", "2"))


async def test_a_second_write_after_one_second_is_accepted(
    kv: KVNamespace, clock: VirtualClock
) -> None:
    await kv.put("key", "1")
    clock.advance(1)

    await kv.put("key", "2")

    assert await kv.get("key") == "2"


async def test_a_refused_write_changes_nothing(kv: KVNamespace) -> None:
    await kv.put("key", "1")

    await is_refused(kv.put("key", "2"))
    await is_refused(kv.delete("key"), "DELETE")

    assert await kv.get("key") == "1"


async def test_puts_and_deletes_of_a_key_share_one_window(kv: KVNamespace) -> None:
    await kv.put("put", "1")
    await kv.delete("deleted")

    assert await is_refused(kv.delete("put"), "DELETE")
    assert await is_refused(kv.put("deleted", "1"))


async def test_keys_do_not_share_a_window(kv: KVNamespace) -> None:
    await kv.put("one", "1")
    await kv.put("two", "2")

    assert await kv.get(["one", "two"]) == {"one": "1", "two": "2"}


async def test_reads_and_lists_are_never_refused(kv: KVNamespace) -> None:
    await kv.put("key", "1")

    assert [await kv.get("key") for _ in range(3)] == ["1"] * 3
    assert (await kv.list())["keys"] == (await kv.list())["keys"]


async def test_a_refused_write_does_not_extend_the_window(
    kv: KVNamespace, clock: VirtualClock
) -> None:
    await kv.put("key", "1")
    clock.advance(0.9)
    await is_refused(kv.put("key", "2"))
    clock.advance(0.1)

    assert not await is_refused(kv.put("key", "3"))


async def test_two_writes_per_second_are_any_two(clock: VirtualClock) -> None:
    kv = limited(clock, per_second=2)
    await kv.put("key", "at 0.0")
    clock.advance(0.6)
    await kv.put("key", "at 0.6")
    clock.advance(0.3)
    at_nine_tenths = await is_refused(kv.put("key", "at 0.9"))
    clock.advance(0.1)
    at_one = await is_refused(kv.put("key", "at 1.0"))
    clock.advance(0.5)

    assert (at_nine_tenths, at_one) == (True, False)
    assert await is_refused(kv.put("key", "at 1.5"))


async def test_no_writes_per_second_refuse_all(clock: VirtualClock) -> None:
    assert await is_refused(limited(clock, per_second=0).put("key", "1"))


async def test_a_write_that_fails_further_in_has_counted(clock: VirtualClock) -> None:
    namespace = KVNamespace(clock=clock).namespace
    broken = Broken(namespace.store.engine, clock)
    kv = bind(namespace, RateLimitStore(broken, WriteRate(1, clock)))

    with pytest.raises(ConnectionError):
        await kv.put("key", "1")

    assert await is_refused(kv.put("key", "1"))


async def test_bindings_that_share_a_rate_share_the_window(clock: VirtualClock) -> None:
    namespace = KVNamespace(clock=clock).namespace
    rate = WriteRate(1, clock)
    here, there = (bind(namespace, RateLimitStore(namespace.store, rate)) for _ in range(2))

    await here.put("key", "1")

    assert await is_refused(there.put("key", "2"))


def test_a_clock_that_was_set_back_locks_no_key() -> None:
    clock = AnyClock()
    rate = WriteRate(1, clock)
    rate.accept("PUT", "key")

    clock.instant -= 3600 * NANOSECONDS

    rate.accept("PUT", "key")
    with pytest.raises(KVError, match=re.escape("429")):
        rate.accept("PUT", "key")


def test_only_the_writes_of_the_last_second_are_remembered(clock: VirtualClock) -> None:
    rate = WriteRate(3, clock)
    for number in range(100):
        rate.accept("PUT", f"key {number}")
        rate.accept("PUT", "always")
        clock.advance(0.5)

    assert len(rate._accepted) == 4
    assert rate._counts == {"key 98": 1, "key 99": 1, "always": 2}


@given(
    per_second=st.integers(0, 3),
    steps=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 6)), max_size=40),
)
def test_it_agrees_with_looking_back_at_every_accepted_write(
    per_second: int, steps: list[tuple[str, int]]
) -> None:
    clock = AnyClock()
    rate = WriteRate(per_second, clock)
    accepted: list[tuple[str, int]] = []

    for key, quarters in steps:
        clock.instant += quarters * NANOSECONDS // 4
        window = [at for k, at in accepted if k == key and clock.instant - at < NANOSECONDS]
        if len(window) < per_second:
            rate.accept("PUT", key)
            accepted.append((key, clock.instant))
        else:
            with pytest.raises(KVError):
                rate.accept("PUT", key)


@pytest.mark.parametrize(
    ("per_second", "free"), [(0, None), (1, 1.5), (2, 1.25), (3, 1), (4, None)]
)
def test_a_key_that_was_written_more_often_than_it_may_is_free_when_enough_writes_are_old(
    per_second: int, free: float | None
) -> None:
    clock = AnyClock()
    rate = WriteRate(per_second, clock)
    started = clock.instant
    for _ in range(3):
        rate.count("a")
        clock.instant += NANOSECONDS // 4

    found = rate.next_free()

    assert found == (None if free is None else started + round(free * NANOSECONDS))
    if found is not None:
        clock.instant = found - 1
        assert rate.is_full("a")
        clock.instant = found
        assert not rate.is_full("a")


def test_the_key_that_is_free_first_counts() -> None:
    clock = AnyClock()
    rate = WriteRate(1, clock)
    started = clock.instant
    for key in "abac":
        rate.count(key)
        clock.instant += NANOSECONDS // 10

    assert rate.next_free() == started + NANOSECONDS // 10 + NANOSECONDS
