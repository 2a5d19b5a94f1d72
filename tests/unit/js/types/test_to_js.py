"""`to_js` and `from_json`, beyond the comparison with Pyodide."""

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
def test_to_py_reverses_to_js(value: Any) -> None:
    result = to_js(value)

    assert (result.to_py() if isinstance(value, list | dict) else result) == value


@given(JSON)
def test_from_json_returns_objects_arrays_and_null(value: Any) -> None:
    def with_nulls(value: Any) -> Any:
        if isinstance(value, list):
            return [with_nulls(item) for item in value]
        if isinstance(value, dict):
            return {name: with_nulls(item) for name, item in value.items()}
        return jsnull if value is None else value

    result = from_json(value)

    assert (result.to_py() if isinstance(value, list | dict) else result) == with_nulls(value)


def test_a_repeated_value_is_converted_once() -> None:
    item: list[int] = []

    result = to_js([item, item])

    assert result[0] is result[1]


def test_converts_a_cyclic_dict_to_a_cyclic_object() -> None:
    holder: dict[str, Any] = {}
    holder["me"] = holder

    result = to_js(holder, dict_converter=from_entries)

    assert isinstance(result, JsObject)
    assert result.me is result


def test_a_default_converter_can_cache_its_result_before_it_converts_items() -> None:
    class Node:
        next: Any

    node = Node()
    node.next = node

    def convert(value: Any, convert_item: Any, cache: Any) -> Any:
        node_object = JsObject({})
        cache(value, node_object)
        node_object.next = convert_item(value.next)
        return node_object

    result = to_js(node, default_converter=convert)

    assert result.next is result


def test_a_conversion_error_in_a_default_converter_propagates() -> None:
    with pytest.raises(ConversionError, match=r"^Cannot use \(1,\) as a key for a Javascript Map"):
        to_js(object(), default_converter=lambda value, convert, cache: convert({(1,): 2}))


def test_instances_of_number_subclasses_become_plain_numbers() -> None:
    class Celsius(float):
        """A subclass of float."""

    result = to_js([Celsius(1.5), Celsius(2)])

    assert [type(item) for item in result] == [float, int]


def test_a_js_array_is_returned_unchanged() -> None:
    array = JsArray([1])

    assert to_js(array) is array
    assert to_js([array])[0] is array
