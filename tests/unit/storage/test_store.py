"""`LocalStore`: an engine with a clock."""

import pytest

from pykvbinding import VirtualClock
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import LocalStore


@pytest.fixture
def store(clock: VirtualClock) -> LocalStore:
    return LocalStore(Engine(), clock)


async def test_get_returns_the_stored_record(store: LocalStore) -> None:
    await store.put("a", Record("1"))

    assert await store.get("a", 60) == ReadResult(Record("1"))


async def test_get_of_a_missing_key_returns_no_record(store: LocalStore) -> None:
    assert await store.get("a", 60) == ReadResult(None)


async def test_get_returns_no_record_from_its_expiration_on(
    store: LocalStore, clock: VirtualClock
) -> None:
    await store.put("a", Record("1", expiration=clock.now_seconds() + 60))

    clock.advance(59.999)
    before = await store.get("a", 60)
    clock.advance(0.001)
    after = await store.get("a", 60)

    assert before.record is not None
    assert after.record is None


async def test_get_many_returns_every_key(store: LocalStore) -> None:
    await store.put("a", Record("1"))
    await store.put("b", Record(b"2"))

    results = await store.get_many(["b", "missing", "a"], 60)

    assert results == {
        "b": ReadResult(Record(b"2")),
        "missing": ReadResult(None),
        "a": ReadResult(Record("1")),
    }


async def test_get_many_omits_expired_records(store: LocalStore, clock: VirtualClock) -> None:
    await store.put("a", Record("1", expiration=clock.now_seconds()))

    assert await store.get_many(["a"], 60) == {"a": ReadResult(None)}


async def test_put_replaces_the_record_completely(store: LocalStore) -> None:
    await store.put("a", Record("1", '{"n":1}'))
    await store.put("a", Record("2"))

    assert await store.get("a", 60) == ReadResult(Record("2"))


async def test_put_of_an_expiring_record_evicts_expired_records(
    store: LocalStore, clock: VirtualClock
) -> None:
    await store.put("old", Record("1", expiration=clock.now_seconds() + 60))
    clock.advance(60)

    await store.put("new", Record("2", expiration=clock.now_seconds() + 60))

    assert store.engine.lookup("old") is None


async def test_put_of_a_permanent_record_evicts_nothing(
    store: LocalStore, clock: VirtualClock
) -> None:
    await store.put("old", Record("1", expiration=clock.now_seconds() + 60))
    clock.advance(60)

    await store.put("new", Record("2"))

    assert store.engine.lookup("old") is not None


async def test_delete_removes_the_key(store: LocalStore) -> None:
    await store.put("a", Record("1"))

    await store.delete("a")

    assert await store.get("a", 60) == ReadResult(None)


async def test_delete_of_a_missing_key_has_no_effect(store: LocalStore) -> None:
    await store.delete("a")

    assert store.engine.count(now=0) == 0


async def test_list_returns_one_page(store: LocalStore) -> None:
    for name in ("b", "ab", "aa", "ac"):
        await store.put(name, Record("v"))

    assert await store.list("a", "aa", 1) == ListPage(["ab"], {}, "ab")


async def test_list_omits_expired_records(store: LocalStore, clock: VirtualClock) -> None:
    await store.put("a", Record("1", expiration=clock.now_seconds() + 60))
    await store.put("b", Record("2"))

    clock.advance(60)

    assert await store.list("", None, 10) == ListPage(["b"], {}, None)
