"""JavaScript iterators, with Python's protocol and with `next()`."""

from pykvbinding.js.types.iterator import (
    EntryIterator,
    KeyIterator,
    ValueIterator,
    iterate_by_index,
)

PAIRS = [("a", 1), ("b", 2)]


def test_entries_are_arrays_of_two_items() -> None:
    entries = list(EntryIterator(iter(PAIRS)))

    assert [entry.constructor.name for entry in entries] == ["Array", "Array"]
    assert [tuple(entry) for entry in entries] == PAIRS


def test_next_returns_done_and_value() -> None:
    keys = KeyIterator(iter(PAIRS))

    steps = [keys.next().to_py() for _ in range(3)]

    assert [step["done"] for step in steps] == [False, False, True]
    assert [step["value"] for step in steps] == ["a", "b", None]


def test_iteration_continues_after_next() -> None:
    values = ValueIterator(iter(PAIRS))

    assert (next(values), list(values), list(values)) == (1, [2], [])


def test_iterate_by_index_includes_items_appended_during_the_iteration() -> None:
    pairs = [("a", 1)]
    iterator = iterate_by_index(pairs)
    next(iterator)

    pairs.append(("b", 2))

    assert list(iterator) == [("b", 2)]


def test_repr_is_the_string_of_javascript() -> None:
    assert repr(EntryIterator(iter([]))) == "[object EntryIterator]"
