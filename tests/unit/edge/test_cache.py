"""The caches of keys and of pages: lookup, eviction, outdated entries, expiration."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge.cache import (
    REMEMBERED_INVALIDATIONS,
    Cache,
    CachedPage,
    CacheEntry,
    ListKey,
    PageCache,
)
from pykvbinding.storage.record import ListPage, Record

START = 1_700_000_000
NOW = START * NANOSECONDS
TTL = 60 * NANOSECONDS


def make_entry(version: int = 1, fetched_ns: int = NOW) -> CacheEntry:
    return CacheEntry(Record(str(version)), version, fetched_ns)


def make_cache(max_entries: int, *keys: str) -> Cache:
    cache = Cache(max_entries)
    for key in keys:
        cache.put(key, make_entry())
    return cache


# Entries


def test_finds_the_stored_entry() -> None:
    cache, entry = Cache(10), make_entry()
    cache.put("a", entry)

    assert cache.find("a") is entry
    assert cache.find("b") is None


def test_a_new_entry_replaces_the_old_one() -> None:
    cache = make_cache(10, "a")
    cache.put("a", make_entry(2))

    assert cache.find("a") == make_entry(2)


def test_invalidate_removes_only_that_key() -> None:
    cache = make_cache(10, "a", "b")
    cache.invalidate("a")
    cache.invalidate("missing")

    assert list(cache.entries) == ["b"]


def test_a_cleared_cache_can_still_be_used() -> None:
    cache = make_cache(10, "a", "b")
    find = cache.find
    cache.clear()
    cache.put("c", make_entry())

    assert find("a") is None
    assert find("c") == make_entry()


@pytest.mark.parametrize(("expiration", "is_visible"), [(START, False), (START + 1, True)])
def test_an_entry_has_no_record_from_its_expiration_on(expiration: int, is_visible: bool) -> None:
    record = Record("1", expiration=expiration)

    assert (CacheEntry(record, 1, NOW - TTL).visible_record(NOW) is record) is is_visible


def test_an_entry_shows_absent_keys_and_records_without_expiration() -> None:
    assert CacheEntry(None, 0, NOW).visible_record(NOW) is None
    assert make_entry().visible_record(NOW * 2) == Record("1")


# Size limit


def test_a_new_key_evicts_the_oldest_entry() -> None:
    assert list(make_cache(3, "a", "b", "c", "d").entries) == ["b", "c", "d"]


def test_an_entry_stored_again_is_the_newest() -> None:
    assert list(make_cache(3, "a", "b", "c", "a", "d").entries) == ["c", "a", "d"]


def test_replacing_an_entry_evicts_nothing() -> None:
    assert list(make_cache(2, "a", "b", "a").entries) == ["b", "a"]


def test_a_large_cache_evicts_a_sixteenth_at_once() -> None:
    names = [f"{number:03}" for number in range(161)]

    assert list(make_cache(160, *names).entries) == names[11:]


def test_a_cache_of_size_zero_stays_empty() -> None:
    assert make_cache(0, "a").entries == {}


STEPS = st.tuples(st.sampled_from(["put", "put", "put", "invalidate", "clear"]), st.integers(0, 60))


@settings(deadline=None)
@given(max_entries=st.integers(0, 40), steps=st.lists(STEPS, max_size=150))
def test_a_cache_never_exceeds_its_size_and_evicts_the_oldest_first(
    max_entries: int, steps: list[tuple[str, int]]
) -> None:
    cache = Cache(max_entries)
    model: list[str] = []  # oldest first

    for action, number in steps:
        key = str(number)
        if action == "put":
            if key in model:
                model.remove(key)
            elif max_entries and len(model) == max_entries:
                del model[: max_entries // 16 + 1]
            model += [key] if max_entries else []
            cache.put(key, make_entry())
        elif action == "invalidate":
            model = [name for name in model if name != key]
            cache.invalidate(key)
        elif number < 3:
            model = []
            cache.clear()
        assert list(cache.entries) == model
        assert len(cache.entries) <= max_entries


# Conditional puts


def test_stores_an_entry_if_nothing_was_invalidated() -> None:
    cache, entry = Cache(10), make_entry()
    cache.put_if_current("a", entry, cache.invalidation_count)

    assert cache.find("a") is entry


def test_discards_an_entry_whose_key_was_invalidated() -> None:
    cache = Cache(10)
    count = cache.invalidation_count
    cache.invalidate("a")
    cache.put_if_current("a", make_entry(), count)

    assert cache.find("a") is None


def test_stores_an_entry_if_another_key_was_invalidated() -> None:
    cache = Cache(10)
    count = cache.invalidation_count
    cache.invalidate("b")
    cache.put_if_current("a", make_entry(), count)

    assert cache.find("a") == make_entry()


def test_stores_an_entry_invalidated_before_the_request() -> None:
    cache = Cache(10)
    cache.invalidate("a")
    count = cache.invalidation_count
    cache.invalidate("b")
    cache.put_if_current("a", make_entry(), count)

    assert cache.find("a") == make_entry()


def test_discards_an_entry_if_the_cache_was_cleared() -> None:
    cache = Cache(10)
    count = cache.invalidation_count
    cache.clear()
    cache.put_if_current("a", make_entry(), count)

    assert cache.find("a") is None


@pytest.mark.parametrize(
    ("writes", "is_stored"),
    [(REMEMBERED_INVALIDATIONS, True), (REMEMBERED_INVALIDATIONS + 1, False)],
)
def test_discards_an_entry_after_too_many_invalidations(writes: int, is_stored: bool) -> None:
    cache = Cache(10)
    count = cache.invalidation_count
    for number in range(writes):
        cache.invalidate(f"other {number}")
    cache.put_if_current("a", make_entry(), count)

    assert (cache.find("a") is not None) is is_stored


@pytest.mark.parametrize(("fetched_ns", "version"), [(NOW - 1, 2), (NOW, 1), (NOW + 1, 1)])
def test_an_older_entry_does_not_replace_a_newer_one(fetched_ns: int, version: int) -> None:
    cache = Cache(10)
    cache.put("a", make_entry(2, fetched_ns=NOW))
    cache.put_if_current("a", make_entry(1, fetched_ns), cache.invalidation_count)

    cached = cache.find("a")
    assert cached is not None
    assert cached.version == version


def test_storing_the_same_entry_keeps_its_position() -> None:
    cache = make_cache(2, "a", "b")
    cache.put_if_current("a", cache.entries["a"], cache.invalidation_count)

    assert list(cache.entries) == ["a", "b"]


# Pages

PAGE = ListPage(["a", "b"], {"b": Record("2", None, START + 60)}, "b")


def list_key(number: int) -> ListKey:
    return (f"prefix {number}", None, 10)


@pytest.mark.parametrize(("age", "is_fresh"), [(0, True), (TTL - 1, True), (TTL, False)])
def test_a_page_is_served_until_its_ttl(age: int, is_fresh: bool) -> None:
    pages = PageCache(60, 10)
    cached = pages.put(list_key(1), PAGE, NOW)

    assert pages.find(list_key(1), NOW + age) is (cached if is_fresh else None)


@pytest.mark.parametrize("other", [("p", "a", 10), ("p", None, 11), ("q", None, 10)])
def test_a_page_is_served_for_the_same_arguments_only(other: ListKey) -> None:
    pages = PageCache(60, 10)
    pages.put(("p", None, 10), PAGE, NOW)

    assert pages.find(other, NOW) is None


def test_a_page_stored_again_is_fresh_again() -> None:
    pages = PageCache(60, 10)
    pages.put(list_key(1), PAGE, NOW)
    cached = pages.put(list_key(1), PAGE, NOW + TTL)

    assert pages.find(list_key(1), NOW + TTL) is cached


@pytest.mark.parametrize(("ttl", "max_entries"), [(0, 10), (60, 0)])
def test_put_returns_the_page_even_if_it_is_not_stored(ttl: float, max_entries: int) -> None:
    pages = PageCache(ttl, max_entries)

    assert pages.put(list_key(1), PAGE, NOW) == CachedPage(PAGE, NOW)
    assert pages.find(list_key(1), NOW) is None


def test_clear_removes_all_pages() -> None:
    pages = PageCache(60, 10)
    pages.put(list_key(1), PAGE, NOW)
    pages.clear()

    assert pages.find(list_key(1), NOW) is None


@pytest.mark.parametrize(("max_entries", "first"), [(1, 2), (3, 1), (16, 2), (160, 11)])
def test_a_new_page_evicts_the_oldest_ones(max_entries: int, first: int) -> None:
    pages = PageCache(60, max_entries)
    for number in range(max_entries):
        pages.put(list_key(number), PAGE, NOW)
    full = [
        number for number in range(max_entries) if pages.find(list_key(number), NOW) is not None
    ]
    pages.put(list_key(max_entries), PAGE, NOW)
    left = [
        number for number in range(max_entries + 1) if pages.find(list_key(number), NOW) is not None
    ]

    assert full == list(range(max_entries))
    assert left == list(range(min(first, max_entries), max_entries + 1))


@settings(deadline=None)
@given(max_entries=st.integers(1, 40), numbers=st.lists(st.integers(0, 50), max_size=120))
def test_a_page_cache_never_exceeds_its_size_and_evicts_the_oldest_first(
    max_entries: int, numbers: list[int]
) -> None:
    pages = PageCache(60, max_entries)
    model: list[int] = []

    for number in numbers:
        if number in model:
            model.remove(number)
        elif len(model) == max_entries:
            del model[: max_entries // 16 + 1]
        model.append(number)
        pages.put(list_key(number), PAGE, NOW)
        cached = [n for n in range(51) if pages.find(list_key(n), NOW) is not None]
        assert cached == sorted(model)


def test_a_cached_page_has_the_given_status() -> None:
    visible = CachedPage(PAGE, NOW).visible_page(NOW, "HIT")

    assert visible == ListPage(PAGE.names, PAGE.records, "b", "HIT")


@pytest.mark.parametrize(("later", "names"), [(TTL - 1, ["a", "b"]), (TTL, ["a"])])
def test_a_cached_page_omits_names_from_their_expiration_on(later: int, names: list[str]) -> None:
    visible = CachedPage(PAGE, NOW).visible_page(NOW + later, "HIT")

    assert (visible.names, sorted(visible.records)) == (names, names[1:])
    assert visible.next_after == "b"


def test_visible_page_does_not_modify_the_cached_page() -> None:
    records: dict[str, Any] = {"m": Record("1", "{}"), "x": Record("2", None, START)}
    cached = CachedPage(ListPage(["m", "x"], records, None), NOW)

    visible = cached.visible_page(NOW, "MISS")

    assert visible == ListPage(["m"], {"m": Record("1", "{}")}, None, "MISS")
    assert cached.page == ListPage(["m", "x"], records, None)
