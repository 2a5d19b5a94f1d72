"""`Engine`: operations on one key, expiration, and bounded memory use."""

from collections.abc import Callable

import pytest

from pykvbinding.storage.engine import DELETE_SLACK, Engine
from pykvbinding.storage.record import ListPage, Record
from tests.support.engine import fill, listed, numbered


def test_read_returns_the_written_record(engine: Engine) -> None:
    record = Record("1")

    engine.write("a", record)

    assert engine.read("a", now=0) is record


def test_read_returns_none_for_a_missing_key(engine: Engine) -> None:
    assert engine.read("a", now=0) is None


def test_a_record_is_live_until_its_expiration(engine: Engine) -> None:
    engine.write("a", Record("1", expiration=60))

    assert engine.read("a", now=59) is not None


@pytest.mark.parametrize("now", [60, 61])
def test_a_record_is_expired_from_its_expiration_on(engine: Engine, now: int) -> None:
    engine.write("a", Record("1", expiration=60))

    assert engine.read("a", now) is None


def test_read_does_not_evict_an_expired_record(engine: Engine) -> None:
    engine.write("a", Record("1", expiration=60))

    engine.read("a", now=60)

    assert engine.lookup("a") == Record("1", expiration=60)


def test_lookup_returns_none_for_a_missing_key(engine: Engine) -> None:
    assert engine.lookup("a") is None


def test_write_replaces_the_record_completely(engine: Engine) -> None:
    engine.write("a", Record("1", '{"n":1}', 60))
    engine.write("a", Record("2"))

    assert engine.scan("", None, 10, now=60) == ListPage(["a"], {}, None)
    engine._check()


def test_write_without_expiration_cancels_an_expiration(engine: Engine) -> None:
    engine.write("a", Record("1", expiration=60))
    engine.write("a", Record("2"))

    assert engine.count(now=60) == 1


def test_write_with_the_same_expiration_keeps_one_entry(engine: Engine) -> None:
    engine.write("a", Record("1", expiration=60))
    engine.write("a", Record("2", expiration=60))

    engine.evict_expired(now=60)

    assert engine.lookup("a") is None
    engine._check()


def test_write_changes_an_expiration(engine: Engine) -> None:
    engine.write("a", Record("1", expiration=60))
    engine.write("b", Record("1", expiration=60))
    engine.write("a", Record("2", expiration=90))

    assert listed(engine, now=60) == ["a"]
    assert listed(engine, now=90) == []


def test_write_replaces_metadata_by_metadata(engine: Engine) -> None:
    engine.write("a", Record("1", "1"))
    engine.write("a", Record("2", "2"))

    assert engine.scan("", None, 10, now=0).records == {"a": Record("2", "2")}


def test_overwritten_expirations_do_not_accumulate(engine: Engine) -> None:
    for second in range(5 * DELETE_SLACK):
        engine.write("a", Record("1", expiration=second))

    assert len(engine._expiration_heap) <= DELETE_SLACK + 2
    engine._check()


def test_a_repeated_expiration_does_not_accumulate(engine: Engine) -> None:
    for _ in range(5 * DELETE_SLACK):
        engine.write("a", Record("1", expiration=60))

    assert len(engine._expiration_heap) <= DELETE_SLACK + 2
    engine._check()


def test_expirations_left_in_the_heap_expire_in_order(engine: Engine) -> None:
    for name, second in (("c", 30), ("a", 10), ("b", 20)):
        engine.write(name, Record("1", expiration=second))
    for second in range(1000, 1000 + 2 * DELETE_SLACK):
        engine.write("busy", Record("1", expiration=second))

    assert [engine.count(now) for now in (9, 10, 20, 30)] == [4, 3, 2, 1]


# erase


def test_erase_removes_the_key(engine: Engine) -> None:
    fill(engine, "a", "b")

    engine.erase("a")

    assert engine.read("a", now=0) is None
    assert listed(engine) == ["b"]


def test_erase_of_a_missing_key_has_no_effect(engine: Engine) -> None:
    engine.erase("a")

    assert engine.count(now=0) == 0


def test_erase_removes_metadata_and_expiration(engine: Engine) -> None:
    engine.write("a", Record("1", "{}", 60))
    engine.write("a", Record("2", "{}"))
    engine.write("b", Record("2", None, 60))

    engine.erase("a")
    engine.erase("b")

    assert engine.scan("", None, 10, now=60) == ListPage([], {}, None)
    engine._check()


def test_a_key_that_was_not_listed_can_be_erased_and_written_again(engine: Engine) -> None:
    fill(engine, "a")
    engine.erase("a")
    fill(engine, "a")

    assert listed(engine) == ["a"]
    engine._check()


def test_a_listed_key_can_be_erased_and_written_again(engine: Engine) -> None:
    fill(engine, "a")
    listed(engine)
    engine.erase("a")
    fill(engine, "a")

    assert listed(engine) == ["a"]
    engine._check()


def test_a_queue_of_put_and_delete_does_not_leak(engine: Engine) -> None:
    for number in range(3 * DELETE_SLACK):
        fill(engine, f"job{number}")
        engine.erase(f"job{number}")

    assert len(engine._pending_deletes) <= DELETE_SLACK
    assert len(engine._pending_inserts) <= DELETE_SLACK
    engine._check()


def test_erase_merges_the_index_after_too_many_deletes(engine: Engine) -> None:
    names = numbered(DELETE_SLACK + 1)
    fill(engine, *names)
    listed(engine)

    for name in names[:-1]:
        engine.erase(name)
    before = len(engine._pending_deletes)
    engine.erase(names[-1])

    assert before == DELETE_SLACK
    assert (len(engine._pending_deletes), len(engine._index)) == (0, 0)


def test_count_omits_expired_records(engine: Engine) -> None:
    engine.write("a", Record("1", expiration=60))
    fill(engine, "b")

    assert [engine.count(now) for now in (59, 60)] == [2, 1]


def test_items_returns_the_live_records(engine: Engine) -> None:
    engine.write("a", Record("1", expiration=60))
    fill(engine, "b")

    assert dict(engine.items(now=60)) == {"b": Record("b")}


def test_evict_expired_erases_only_expired_records(engine: Engine) -> None:
    for name, second in (("a", 60), ("b", 60), ("c", 61), ("d", 59)):
        engine.write(name, Record("1", expiration=second))

    engine.evict_expired(now=60)

    assert [name for name in "abcd" if engine.lookup(name)] == ["c"]
    engine._check()


def test_evict_expired_merges_the_index_after_too_many_deletes(engine: Engine) -> None:
    for name in numbered(DELETE_SLACK + 1):
        engine.write(name, Record("1", expiration=60))

    engine.evict_expired(now=60)

    assert (len(engine._pending_deletes), len(engine._pending_inserts)) == (0, 0)
    engine._check()


def test_clear_erases_all_records(engine: Engine) -> None:
    engine.write("listed", Record("1", "{}", 60))
    listed(engine)
    fill(engine, "fresh", "dead")
    engine.erase("dead")

    engine.clear()

    assert listed(engine) == []
    assert engine._expiration_heap == []
    engine._check()


def test_a_reference_to_lookup_is_valid_after_clear(engine: Engine) -> None:
    lookup: Callable[[str], Record | None] = engine.lookup
    engine.clear()

    fill(engine, "a")

    assert lookup("a") == Record("a")
