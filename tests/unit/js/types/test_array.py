"""`JsArray` beyond what is compared with Pyodide: everything changes the one list."""

from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.types.array import JsArray, array_of_pairs


def test_adding_in_place_changes_the_array_itself() -> None:
    array = same = JsArray([1])

    same += [2]

    assert array.to_py() == [1, 2]


@given(st.lists(st.integers()), st.integers(-9, 9), st.none() | st.integers(0, 9))
def test_what_is_spliced_out_and_what_stays_is_what_was_there(
    items: list[int], start: int, count: int | None
) -> None:
    array = JsArray(list(items))

    removed = array.splice(start, count)

    place = slice(start, None).indices(len(items))[0]
    assert items == [*array.to_py()[:place], *removed, *array.to_py()[place:]]


def test_a_splice_without_a_count_takes_all_that_follow() -> None:
    array = JsArray([1, 2, 3])

    assert array.splice(1).to_py() == [2, 3]
    assert array.to_py() == [1]


def test_pairs_are_arrays_of_two() -> None:
    assert array_of_pairs([("a", 1)]).to_py() == [["a", 1]]
