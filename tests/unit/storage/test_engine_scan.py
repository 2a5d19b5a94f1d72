"""The sorted map: pages in order, pages in flight, and the settling that each one starts with."""

import pytest
from sortedcontainers import SortedList

from pykvbinding.storage.engine import REBUILD_RATIO, Engine
from pykvbinding.storage.record import ListPage, Record
from tests.support.engine import fill, listed, numbered

HIGHEST = "\U0010ffff"


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("", ["", "a", "aa", "ab", "b", "é", "\uffff", "😀", HIGHEST, HIGHEST + "a"]),
        ("a", ["a", "aa", "ab"]),
        ("aa", ["aa"]),
        ("c", []),
        (HIGHEST, [HIGHEST, HIGHEST + "a"]),
        (HIGHEST + HIGHEST, []),
        ("\ud7ff", []),
    ],
)
def test_scan_finds_the_names_under_a_prefix_in_order(
    engine: Engine, prefix: str, names: list[str]
) -> None:
    fill(engine, HIGHEST + "a", "b", "😀", "aa", "", HIGHEST, "ab", "\uffff", "a", "é")

    assert listed(engine, prefix) == names


@pytest.mark.parametrize(
    ("prefix", "after", "names"),
    [
        ("", "", ["a", "b", "b\x00", "b" + HIGHEST, "c"]),
        ("", "b", ["b\x00", "b" + HIGHEST, "c"]),
        ("", "bb", ["b" + HIGHEST, "c"]),
        ("", HIGHEST, []),
        ("b", "a", ["b", "b\x00", "b" + HIGHEST]),
        ("b", "b", ["b\x00", "b" + HIGHEST]),
        ("b", "b" + HIGHEST, []),
        ("b", "c", []),
        ("b", "d", []),
        ("b" + HIGHEST, "b", ["b" + HIGHEST]),
    ],
)
def test_scan_goes_on_after_a_name_and_keeps_to_the_prefix(
    engine: Engine, prefix: str, after: str, names: list[str]
) -> None:
    fill(engine, "a", "b", "b\x00", "b" + HIGHEST, "c")

    assert engine.scan(prefix, after, 10, now=0).names == names


def test_scan_of_exactly_the_limit_is_the_last_page(engine: Engine) -> None:
    fill(engine, "a", "b")

    assert engine.scan("", None, 2, now=0) == ListPage(["a", "b"], {}, None)


def test_scan_says_after_which_name_the_next_page_starts(engine: Engine) -> None:
    fill(engine, "a", "b", "c", "d")

    assert engine.scan("", None, 2, now=0) == ListPage(["a", "b"], {}, "b")


def test_scan_of_no_names_at_all_is_an_empty_page(engine: Engine) -> None:
    fill(engine, "a")

    assert engine.scan("", None, 0, now=0).names == []


def test_scan_shows_records_with_metadata_or_expiration(engine: Engine) -> None:
    engine.write("a", Record("1"))
    engine.write("b", Record("2", metadata="{}"))
    engine.write("c", Record("3", expiration=60))

    annotated = engine.scan("", None, 10, now=0).records

    assert annotated == {"b": Record("2", "{}"), "c": Record("3", None, 60)}


def test_scan_shows_records_of_its_own_page_only(engine: Engine) -> None:
    engine.write("a", Record("1", metadata="1"))
    engine.write("b", Record("2", metadata="2"))

    assert list(engine.scan("", None, 1, now=0).records) == ["a"]


def test_a_page_in_flight_does_not_show_what_is_added_behind_it(engine: Engine) -> None:
    fill(engine, "b", "c", "d")
    first = engine.scan("", None, 2, now=0)

    fill(engine, "a", "bb")

    assert engine.scan("", first.next_after, 10, now=0).names == ["d"]


def test_a_page_in_flight_shows_what_is_added_ahead_of_it(engine: Engine) -> None:
    fill(engine, "b", "c", "d")
    first = engine.scan("", None, 2, now=0)

    fill(engine, "cc", "e")

    assert engine.scan("", first.next_after, 10, now=0).names == ["cc", "d", "e"]


def test_a_page_in_flight_goes_on_though_its_last_name_is_gone(engine: Engine) -> None:
    fill(engine, "a", "b", "c")
    first = engine.scan("", None, 2, now=0)

    engine.erase("b")

    assert engine.scan("", first.next_after, 10, now=0).names == ["c"]


def test_no_name_is_on_two_pages_though_all_are_written_again(engine: Engine) -> None:
    names = numbered(10)
    fill(engine, *names)
    seen: list[str] = []
    after: str | None = None

    while after is not None or not seen:
        page = engine.scan("", after, 3, now=0)
        seen += page.names
        after = page.next_after
        for name in names:
            engine.erase(name)
            fill(engine, name)

    assert seen == names


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were removed from an index one by one."""
    names: list[str] = []
    remove = SortedList.remove

    def spy(index: SortedList[str], name: str) -> None:
        names.append(name)
        remove(index, name)

    monkeypatch.setattr(SortedList, "remove", spy)
    return names


def test_a_few_dead_names_are_removed_one_by_one(engine: Engine, removed: list[str]) -> None:
    names = numbered(10 * REBUILD_RATIO)
    fill(engine, *names)
    listed(engine)

    for name in names[:10]:
        engine.erase(name)

    assert listed(engine) == names[10:]
    assert removed == names[:10]
    engine._check()


def test_many_dead_names_are_removed_by_a_rebuild(engine: Engine, removed: list[str]) -> None:
    names = numbered(10 * REBUILD_RATIO)
    fill(engine, *names)
    listed(engine)

    for name in names[:11]:
        engine.erase(name)

    assert listed(engine) == names[11:]
    assert removed == []
    engine._check()


def test_one_settling_merges_the_fresh_the_dead_and_those_that_were_both(engine: Engine) -> None:
    names = numbered(100)
    fill(engine, *names)
    listed(engine)

    fill(engine, "new1", "new2", "brief")
    engine.erase("brief")
    engine.erase(names[0])

    assert listed(engine) == [*names[1:], "new1", "new2"]
    engine._check()
