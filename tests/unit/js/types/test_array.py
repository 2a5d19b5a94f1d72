"""`JsArray`, beyond the comparison with Pyodide."""

from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.types.array import JsArray, array_of_pairs


def test_adding_in_place_changes_the_array_itself() -> None:
    array = same = JsArray([1])

    same += [2]

    assert array.to_py() == [1, 2]


@given(st.lists(st.integers()), st.integers(-9, 9), st.none() | st.integers(0, 9))
def test_splice_returns_the_removed_items_and_keeps_the_others(
    items: list[int], start: int, count: int | None
) -> None:
    array = JsArray(list(items))

    removed = array.splice(start, count)

    index = slice(start, None).indices(len(items))[0]
    assert items == [*array.to_py()[:index], *removed, *array.to_py()[index:]]


def test_splice_without_a_count_removes_all_following_items() -> None:
    array = JsArray([1, 2, 3])

    assert array.splice(1).to_py() == [2, 3]
    assert array.to_py() == [1]


def test_array_of_pairs_contains_arrays_of_two_items() -> None:
    assert array_of_pairs([("a", 1)]).to_py() == [["a", 1]]
