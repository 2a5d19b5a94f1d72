"""One cache: which copies it holds, which make room, and what a late one may not replace."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge.cache import REMEMBERED_DROPS, Cache, Copy, HeldPage, Pages, Question
from pykvbinding.storage.record import ListPage, Record

START = 1_700_000_000
NOW = START * NANOSECONDS
TTL = 60 * NANOSECONDS


def copy(version: int = 1, fetched: int = NOW) -> Copy:
    return Copy(Record(str(version)), version, fetched)


def filled(most: int, *keys: str) -> Cache:
    cache = Cache(most)
    for key in keys:
        cache.keep(key, copy())
    return cache


# Copies


def test_a_copy_is_found_as_it_was_kept() -> None:
    cache, kept = Cache(10), copy()
    cache.keep("a", kept)

    assert cache.find("a") is kept
    assert cache.find("b") is None


def test_a_new_copy_replaces_the_old_one() -> None:
    cache = filled(10, "a")
    cache.keep("a", copy(2))

    assert cache.find("a") == copy(2)


def test_what_is_dropped_is_gone_and_nothing_else() -> None:
    cache = filled(10, "a", "b")
    cache.drop("a")
    cache.drop("missing")

    assert list(cache.copies) == ["b"]


def test_what_is_cleared_is_empty_and_still_in_use() -> None:
    cache = filled(10, "a", "b")
    find = cache.find
    cache.clear()
    cache.keep("c", copy())

    assert find("a") is None
    assert find("c") == copy()


@pytest.mark.parametrize(("expiration", "shown"), [(START, False), (START + 1, True)])
def test_a_copy_shows_nothing_from_its_very_expiration_on(expiration: int, shown: bool) -> None:
    record = Record("1", expiration=expiration)

    assert (Copy(record, 1, NOW - TTL).shown(NOW) is record) is shown


def test_a_copy_shows_an_absence_and_what_never_expires() -> None:
    assert Copy(None, 0, NOW).shown(NOW) is None
    assert copy().shown(NOW * 2) == Record("1")


# Its bound


def test_the_oldest_copy_makes_room_for_a_new_key() -> None:
    assert list(filled(3, "a", "b", "c", "d").copies) == ["b", "c", "d"]


def test_a_copy_that_was_kept_again_is_no_longer_the_oldest() -> None:
    assert list(filled(3, "a", "b", "c", "a", "d").copies) == ["c", "a", "d"]


def test_a_key_that_is_there_needs_no_room() -> None:
    assert list(filled(2, "a", "b", "a").copies) == ["b", "a"]


def test_many_copies_make_room_at_once() -> None:
    names = [f"{number:03}" for number in range(161)]

    assert list(filled(160, *names).copies) == names[11:]


def test_a_cache_for_nothing_holds_nothing() -> None:
    assert filled(0, "a").copies == {}


STEPS = st.tuples(st.sampled_from(["keep", "keep", "keep", "drop", "clear"]), st.integers(0, 60))


@settings(deadline=None)
@given(most=st.integers(0, 40), steps=st.lists(STEPS, max_size=150))
def test_a_cache_is_never_beyond_its_bound_and_the_oldest_go_first(
    most: int, steps: list[tuple[str, int]]
) -> None:
    cache = Cache(most)
    model: list[str] = []  # oldest first

    for what, number in steps:
        key = str(number)
        if what == "keep":
            if key in model:
                model.remove(key)
            elif most and len(model) == most:
                del model[: most // 16 + 1]
            model += [key] if most else []
            cache.keep(key, copy())
        elif what == "drop":
            model = [name for name in model if name != key]
            cache.drop(key)
        elif number < 3:
            model = []
            cache.clear()
        assert list(cache.copies) == model
        assert len(cache.copies) <= most


# Copies that come late


def test_a_late_copy_is_kept_if_nothing_happened_meanwhile() -> None:
    cache, late = Cache(10), copy()
    cache.keep_late("a", late, cache.drops)

    assert cache.find("a") is late


def test_a_late_copy_that_a_write_has_overtaken_is_not_kept() -> None:
    cache = Cache(10)
    asked = cache.drops
    cache.drop("a")
    cache.keep_late("a", copy(), asked)

    assert cache.find("a") is None


def test_a_write_of_another_key_overtakes_nothing() -> None:
    cache = Cache(10)
    asked = cache.drops
    cache.drop("b")
    cache.keep_late("a", copy(), asked)

    assert cache.find("a") == copy()


def test_a_write_before_the_question_overtakes_nothing() -> None:
    cache = Cache(10)
    cache.drop("a")
    asked = cache.drops
    cache.drop("b")
    cache.keep_late("a", copy(), asked)

    assert cache.find("a") == copy()


def test_a_late_copy_is_not_kept_in_a_cache_that_was_cleared() -> None:
    cache = Cache(10)
    asked = cache.drops
    cache.clear()
    cache.keep_late("a", copy(), asked)

    assert cache.find("a") is None


@pytest.mark.parametrize(
    ("writes", "kept"), [(REMEMBERED_DROPS, True), (REMEMBERED_DROPS + 1, False)]
)
def test_after_more_writes_than_are_remembered_a_late_copy_is_not_kept(
    writes: int, kept: bool
) -> None:
    cache = Cache(10)
    asked = cache.drops
    for number in range(writes):
        cache.drop(f"other {number}")
    cache.keep_late("a", copy(), asked)

    assert (cache.find("a") is not None) is kept


@pytest.mark.parametrize(("fetched", "version"), [(NOW - 1, 2), (NOW, 1), (NOW + 1, 1)])
def test_a_late_copy_replaces_none_that_left_the_central_stores_after_it(
    fetched: int, version: int
) -> None:
    cache = Cache(10)
    cache.keep("a", copy(2, fetched=NOW))
    cache.keep_late("a", copy(1, fetched), cache.drops)

    held = cache.find("a")
    assert held is not None
    assert held.version == version


def test_a_copy_that_is_there_already_does_not_become_younger() -> None:
    cache = filled(2, "a", "b")
    cache.keep_late("a", cache.copies["a"], cache.drops)

    assert list(cache.copies) == ["a", "b"]


# Pages

PAGE = ListPage(["a", "b"], {"b": Record("2", None, START + 60)}, "b")


def question(number: int) -> Question:
    return (f"prefix {number}", None, 10)


@pytest.mark.parametrize(("age", "fresh"), [(0, True), (TTL - 1, True), (TTL, False)])
def test_a_page_answers_until_it_is_as_old_as_it_may_be(age: int, fresh: bool) -> None:
    pages = Pages(60, 10)
    held = pages.keep(question(1), PAGE, NOW)

    assert pages.find(question(1), NOW + age) is (held if fresh else None)


@pytest.mark.parametrize("other", [("p", "a", 10), ("p", None, 11), ("q", None, 10)])
def test_a_page_answers_the_same_question_only(other: Question) -> None:
    pages = Pages(60, 10)
    pages.keep(("p", None, 10), PAGE, NOW)

    assert pages.find(other, NOW) is None


def test_a_page_kept_again_is_young_again() -> None:
    pages = Pages(60, 10)
    pages.keep(question(1), PAGE, NOW)
    held = pages.keep(question(1), PAGE, NOW + TTL)

    assert pages.find(question(1), NOW + TTL) is held


@pytest.mark.parametrize(("ttl", "most"), [(0, 10), (60, 0)])
def test_a_page_is_handed_back_even_where_none_is_held(ttl: float, most: int) -> None:
    pages = Pages(ttl, most)

    assert pages.keep(question(1), PAGE, NOW) == HeldPage(PAGE, NOW)
    assert pages.find(question(1), NOW) is None


def test_cleared_pages_are_gone() -> None:
    pages = Pages(60, 10)
    pages.keep(question(1), PAGE, NOW)
    pages.clear()

    assert pages.find(question(1), NOW) is None


@pytest.mark.parametrize(("most", "first"), [(1, 2), (3, 1), (16, 2), (160, 11)])
def test_the_oldest_pages_make_room_for_a_new_one(most: int, first: int) -> None:
    pages = Pages(60, most)
    for number in range(most):
        pages.keep(question(number), PAGE, NOW)
    full = [number for number in range(most) if pages.find(question(number), NOW) is not None]
    pages.keep(question(most), PAGE, NOW)
    left = [number for number in range(most + 1) if pages.find(question(number), NOW) is not None]

    assert full == list(range(most))
    assert left == list(range(min(first, most), most + 1))


@settings(deadline=None)
@given(most=st.integers(1, 40), asked=st.lists(st.integers(0, 50), max_size=120))
def test_no_more_pages_are_held_than_may_be_and_the_oldest_go_first(
    most: int, asked: list[int]
) -> None:
    pages = Pages(60, most)
    model: list[int] = []

    for number in asked:
        if number in model:
            model.remove(number)
        elif len(model) == most:
            del model[: most // 16 + 1]
        model.append(number)
        pages.keep(question(number), PAGE, NOW)
        held = [each for each in range(51) if pages.find(question(each), NOW) is not None]
        assert held == sorted(model)


def test_a_held_page_shows_itself_and_its_status() -> None:
    shown = HeldPage(PAGE, NOW).shown(NOW, "HIT")

    assert shown == ListPage(PAGE.names, PAGE.records, "b", "HIT")


@pytest.mark.parametrize(("later", "names"), [(TTL - 1, ["a", "b"]), (TTL, ["a"])])
def test_a_held_page_shows_no_name_from_its_very_expiration_on(
    later: int, names: list[str]
) -> None:
    shown = HeldPage(PAGE, NOW).shown(NOW + later, "HIT")

    assert (shown.names, sorted(shown.records)) == (names, names[1:])
    assert shown.next_after == "b"


def test_a_held_page_is_not_changed_by_what_it_shows() -> None:
    annotated: dict[str, Any] = {"m": Record("1", "{}"), "x": Record("2", None, START)}
    held = HeldPage(ListPage(["m", "x"], annotated, None), NOW)

    shown = held.shown(NOW, "MISS")

    assert shown == ListPage(["m"], {"m": Record("1", "{}")}, None, "MISS")
    assert held.page == ListPage(["m", "x"], annotated, None)
