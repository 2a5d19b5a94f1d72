"""Tests of `JsClass`, `JsFunction` and `JsNamespace`."""

from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.globals.callables import JsClass, JsFunction, JsNamespace
from pykvbinding.js.types.object import JsObject


class Headers(JsProxy):
    """A replacement of a class of the platform."""

    def __init__(self, init: Any = None, options: Any = None) -> None:
        self.init = init
        self.options = options


def test_new_passes_keywords_as_one_object_after_the_other_arguments() -> None:
    js_class = JsClass(Headers)

    assert js_class.new("a", size=5).options.size == 5
    assert js_class.new(size=5).init.size == 5
    assert js_class.new("a").options is None


def test_a_constructor_is_a_function_with_a_name() -> None:
    js_class = JsClass(Headers)

    assert (js_class.name, js_class.typeof, js_class.constructor.name) == (
        "Headers",
        "function",
        "Function",
    )
    assert repr(js_class) == "function Headers() { [native code] }"


def test_a_class_of_the_platform_requires_new() -> None:
    with pytest.raises(JsException, match="Failed to construct 'Headers': Please use the 'new' op"):
        JsClass(Headers)("a")


def test_a_class_of_v8_requires_new_with_another_message() -> None:
    with pytest.raises(JsException, match=r"^Constructor Map requires 'new'"):
        JsClass(Headers, "Map", of_v8=True)()
    with pytest.raises(JsException, match=r"^Promise constructor cannot be invoked without 'new'"):
        JsClass(Headers, "Promise", of_v8=True)()


def test_a_call_without_new_passes_keywords_as_an_object() -> None:
    js_class = JsClass(Headers, call=lambda *args: args)

    assert js_class("a") == ("a",)
    assert js_class(size=5)[0].size == 5


def test_static_members_are_attributes() -> None:
    js_class = JsClass(Headers, from_=lambda item: [item], COUNT=5)

    assert js_class.from_(1) == [1]
    assert str(js_class.from_) == "function from() { [native code] }"
    assert js_class.COUNT == 5
    assert not hasattr(js_class, "of")


def test_a_constructor_is_not_a_type() -> None:
    with pytest.raises(TypeError, match="arg 2 must be a type"):
        isinstance(5, JsClass(Headers))  # type: ignore[arg-type]


def test_a_function_has_the_methods_of_functions() -> None:
    function = JsFunction(lambda *args: list(args), "listed")

    assert function.call(None, 1, 2) == function.apply(None, [1, 2]) == function.bind(None, 1)(2)
    assert function.bind(None).name == "bound listed"
    assert function.toString() == "function listed() { [native code] }"


def test_a_function_gets_keywords_as_one_object() -> None:
    args = JsFunction(lambda *values: values, "f")(1, size=5)

    assert isinstance(args[1], JsObject)
    assert args[1].size == 5


def test_a_namespace_has_functions_and_constants() -> None:
    inner = JsFunction(len, "len")
    namespace = JsNamespace("Space", unwrapped={"inner": inner}, count=len, PI=3)

    assert (namespace.count("ab"), namespace.PI, str(namespace)) == (2, 3, "[object Space]")
    assert namespace.inner is inner
    assert not hasattr(namespace, "nope")


def test_a_static_member_that_is_not_emulated_raises_an_error() -> None:
    js_class = JsClass(Headers, not_emulated=("parse",))

    with pytest.raises(NotImplementedError, match=r"^js\.Headers\.parse is not emulated by pykv"):
        js_class.parse  # noqa: B018 -- reading it raises the error
