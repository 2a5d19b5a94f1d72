"""`Engine.scan`: pages, changes between pages, and the merge of the index."""

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
def test_scan_returns_the_keys_with_a_prefix_in_order(
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
def test_scan_starts_after_a_key_within_the_prefix(
    engine: Engine, prefix: str, after: str, names: list[str]
) -> None:
    fill(engine, "a", "b", "b\x00", "b" + HIGHEST, "c")

    assert engine.scan(prefix, after, 10, now=0).names == names


def test_scan_of_exactly_the_limit_returns_the_last_page(engine: Engine) -> None:
    fill(engine, "a", "b")

    assert engine.scan("", None, 2, now=0) == ListPage(["a", "b"], {}, None)


def test_scan_returns_the_key_after_which_the_next_page_starts(engine: Engine) -> None:
    fill(engine, "a", "b", "c", "d")

    assert engine.scan("", None, 2, now=0) == ListPage(["a", "b"], {}, "b")


def test_scan_of_an_empty_engine_returns_an_empty_page(engine: Engine) -> None:
    fill(engine, "a")

    assert engine.scan("", None, 0, now=0).names == []


def test_scan_returns_records_with_metadata_or_expiration(engine: Engine) -> None:
    engine.write("a", Record("1"))
    engine.write("b", Record("2", metadata="{}"))
    engine.write("c", Record("3", expiration=60))

    records = engine.scan("", None, 10, now=0).records

    assert records == {"b": Record("2", "{}"), "c": Record("3", None, 60)}


def test_scan_returns_only_records_of_the_page(engine: Engine) -> None:
    engine.write("a", Record("1", metadata="1"))
    engine.write("b", Record("2", metadata="2"))

    assert list(engine.scan("", None, 1, now=0).records) == ["a"]


def test_the_next_page_omits_keys_inserted_before_it(engine: Engine) -> None:
    fill(engine, "b", "c", "d")
    first = engine.scan("", None, 2, now=0)

    fill(engine, "a", "bb")

    assert engine.scan("", first.next_after, 10, now=0).names == ["d"]


def test_the_next_page_has_keys_inserted_after_the_first_page(engine: Engine) -> None:
    fill(engine, "b", "c", "d")
    first = engine.scan("", None, 2, now=0)

    fill(engine, "cc", "e")

    assert engine.scan("", first.next_after, 10, now=0).names == ["cc", "d", "e"]


def test_the_next_page_starts_after_a_deleted_key(engine: Engine) -> None:
    fill(engine, "a", "b", "c")
    first = engine.scan("", None, 2, now=0)

    engine.erase("b")

    assert engine.scan("", first.next_after, 10, now=0).names == ["c"]


def test_no_key_is_on_two_pages_after_overwrites(engine: Engine) -> None:
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
    """Record the keys that are removed individually from the index."""
    names: list[str] = []
    remove = SortedList.remove

    def spy(index: SortedList[str], name: str) -> None:
        names.append(name)
        remove(index, name)

    monkeypatch.setattr(SortedList, "remove", spy)
    return names


def test_few_pending_deletes_are_removed_individually(engine: Engine, removed: list[str]) -> None:
    names = numbered(10 * REBUILD_RATIO)
    fill(engine, *names)
    listed(engine)

    for name in names[:10]:
        engine.erase(name)

    assert listed(engine) == names[10:]
    assert removed == names[:10]
    engine._check()


def test_many_pending_deletes_are_removed_by_a_rebuild(engine: Engine, removed: list[str]) -> None:
    names = numbered(10 * REBUILD_RATIO)
    fill(engine, *names)
    listed(engine)

    for name in names[:11]:
        engine.erase(name)

    assert listed(engine) == names[11:]
    assert removed == []
    engine._check()


def test_a_merge_applies_inserts_and_deletes_and_keys_that_are_both(engine: Engine) -> None:
    names = numbered(100)
    fill(engine, *names)
    listed(engine)

    fill(engine, "new1", "new2", "brief")
    engine.erase("brief")
    engine.erase(names[0])

    assert listed(engine) == [*names[1:], "new1", "new2"]
    engine._check()
