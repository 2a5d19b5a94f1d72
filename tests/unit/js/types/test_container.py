"""Values that hold others, and their conversion to Python values."""

from typing import Any

import pytest

from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.container import Container, python_name
from pykvbinding.js.types.object import JsArray, JsDate, JsObject
from pykvbinding.js.types.typed_array import Uint8Array


def test_a_value_that_holds_itself_becomes_one_that_does() -> None:
    items: list[Any] = []
    array = JsArray(items)
    items.append(JsObject({"me": array}))

    found = array.to_py()

    assert found[0]["me"] is found


def test_a_converter_converts_what_its_value_holds_and_notes_the_result() -> None:
    date = JsDate(0)
    given = JsArray([date, date])

    def convert(value: Any, inner: Any, note: Any) -> Any:
        result = [inner(JsArray([1, jsnull]))]
        note(value, result)
        return result

    first, second = given.to_py(default_converter=convert)

    assert first == [[1, jsnull]]
    assert second is first


def test_a_depth_leaves_what_lies_deeper_as_it_is() -> None:
    inner = JsObject({"c": 1})
    outer = JsObject({"a": JsObject({"b": inner})})

    assert outer.to_py(depth=2)["a"]["b"] is inner
    assert outer.to_py(depth=0) is outer


def test_a_container_is_shown_as_javascript_shows_it() -> None:
    assert repr(JsArray([1, JsArray([2, None]), jsnull])) == "1,2,,"
    assert JsObject({}).toString() == "[object Object]"


def test_a_buffer_within_becomes_a_view_even_where_a_converter_is_asked() -> None:
    given = JsArray([Uint8Array([1])])

    assert given.to_py(default_converter=lambda *given: "asked")[0].tolist() == [1]


def test_a_bare_container_cannot_be_converted() -> None:
    with pytest.raises(NotImplementedError):
        Container().to_py()


def test_a_name_that_is_a_keyword_of_python_has_an_underscore_here() -> None:
    assert [python_name(name) for name in ("from_", "finally_", "size_", "_")] == [
        "from",
        "finally",
        "size_",
        "_",
    ]
