"""Conversion of containers to Python values."""

from typing import Any

import pytest

from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.container import Container, unescape_keyword
from pykvbinding.js.types.object import JsArray, JsDate, JsObject
from pykvbinding.js.types.typed_array import Uint8Array


def test_converts_a_cyclic_value() -> None:
    items: list[Any] = []
    array = JsArray(items)
    items.append(JsObject({"me": array}))

    result = array.to_py()

    assert result[0]["me"] is result


def test_a_default_converter_converts_items_and_caches_its_result() -> None:
    date = JsDate(0)
    array = JsArray([date, date])

    def convert(value: Any, convert_item: Any, cache: Any) -> Any:
        result = [convert_item(JsArray([1, jsnull]))]
        cache(value, result)
        return result

    first, second = array.to_py(default_converter=convert)

    assert first == [[1, jsnull]]
    assert second is first


def test_depth_limits_the_conversion() -> None:
    inner = JsObject({"c": 1})
    outer = JsObject({"a": JsObject({"b": inner})})

    assert outer.to_py(depth=2)["a"]["b"] is inner
    assert outer.to_py(depth=0) is outer


def test_repr_is_the_string_of_javascript() -> None:
    assert repr(JsArray([1, JsArray([2, None]), jsnull])) == "1,2,,"
    assert JsObject({}).toString() == "[object Object]"


def test_a_buffer_becomes_a_memoryview_despite_a_default_converter() -> None:
    array = JsArray([Uint8Array([1])])

    assert array.to_py(default_converter=lambda *args: "converted")[0].tolist() == [1]


def test_a_subclass_must_implement_convert_items() -> None:
    with pytest.raises(NotImplementedError):
        Container().to_py()


def test_removes_the_underscore_after_a_python_keyword() -> None:
    assert [unescape_keyword(name) for name in ("from_", "finally_", "size_", "_")] == [
        "from",
        "finally",
        "size_",
        "_",
    ]
