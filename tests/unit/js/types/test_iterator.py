"""Iterators of JavaScript, in a Python loop and by hand."""

from pykvbinding.js.types.iterator import (
    EntryIterator,
    KeyIterator,
    ValueIterator,
    iterate_by_index,
)

PAIRS = [("a", 1), ("b", 2)]


def test_entries_are_arrays_of_two() -> None:
    entries = list(EntryIterator(iter(PAIRS)))

    assert [entry.constructor.name for entry in entries] == ["Array", "Array"]
    assert [tuple(entry) for entry in entries] == PAIRS


def test_next_says_whether_it_is_done() -> None:
    keys = KeyIterator(iter(PAIRS))

    steps = [keys.next().to_py() for _ in range(3)]

    assert [step["done"] for step in steps] == [False, False, True]
    assert [step["value"] for step in steps] == ["a", "b", None]


def test_it_goes_on_where_it_was() -> None:
    values = ValueIterator(iter(PAIRS))

    assert (next(values), list(values), list(values)) == (1, [2], [])


def test_a_list_that_grows_is_followed() -> None:
    pairs = [("a", 1)]
    places = iterate_by_index(pairs)
    next(places)

    pairs.append(("b", 2))

    assert list(places) == [("b", 2)]


def test_they_print_as_in_the_runtime() -> None:
    assert repr(EntryIterator(iter([]))) == "[object EntryIterator]"
