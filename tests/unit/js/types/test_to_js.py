"""`to_js` and `from_json`, beyond what is compared with Pyodide."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.core.errors import ConversionError
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.object import JsArray, JsObject, from_entries
from pykvbinding.js.types.to_js import from_json, to_js

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(JSON)
def test_what_goes_there_comes_back(value: Any) -> None:
    made = to_js(value)

    assert (made.to_py() if isinstance(value, list | dict) else made) == value


@given(JSON)
def test_json_becomes_objects_arrays_and_null(value: Any) -> None:
    def nulled(value: Any) -> Any:
        if isinstance(value, list):
            return [nulled(item) for item in value]
        if isinstance(value, dict):
            return {name: nulled(item) for name, item in value.items()}
        return jsnull if value is None else value

    made = from_json(value)

    assert (made.to_py() if isinstance(value, list | dict) else made) == nulled(value)


def test_one_value_twice_is_one_value_there() -> None:
    item: list[int] = []

    made = to_js([item, item])

    assert made[0] is made[1]


def test_a_dict_that_holds_itself_becomes_an_object_that_does() -> None:
    holder: dict[str, Any] = {}
    holder["me"] = holder

    made = to_js(holder, dict_converter=from_entries)

    assert isinstance(made, JsObject)
    assert made.me is made


def test_a_converter_may_note_its_result_before_it_goes_on() -> None:
    class Node:
        next: Any

    node = Node()
    node.next = node

    def convert(value: Any, inner: Any, note: Any) -> Any:
        result = JsObject({})
        note(value, result)
        result.next = inner(value.next)
        return result

    made = to_js(node, default_converter=convert)

    assert made.next is made


def test_a_refusal_within_a_converter_stays_what_it_is() -> None:
    with pytest.raises(ConversionError, match=r"^Cannot use \(1,\) as a key for a Javascript Map"):
        to_js(object(), default_converter=lambda value, inner, note: inner({(1,): 2}))


def test_numbers_of_other_classes_become_plain_ones() -> None:
    class Celsius(float):
        """A number with a name."""

    made = to_js([Celsius(1.5), Celsius(2)])

    assert [type(item) for item in made] == [float, int]


def test_an_array_of_javascript_is_what_it_is() -> None:
    array = JsArray([1])

    assert to_js(array) is array
    assert to_js([array])[0] is array
