"""What `js` publishes: constructors, functions and namespaces."""

from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.globals.callables import JsClass, JsFunction, JsNamespace
from pykvbinding.js.types.object import JsObject


class Headers(JsProxy):
    """A class of the platform."""

    def __init__(self, init: Any = None, options: Any = None) -> None:
        self.init = init
        self.options = options


def test_new_makes_an_instance_and_keywords_become_one_object_behind_the_rest() -> None:
    published = JsClass(Headers)

    assert published.new("a", size=5).options.size == 5
    assert published.new(size=5).init.size == 5
    assert published.new("a").options is None


def test_a_constructor_is_a_function_with_a_name() -> None:
    published = JsClass(Headers)

    assert (published.name, published.typeof, published.constructor.name) == (
        "Headers",
        "function",
        "Function",
    )
    assert repr(published) == "function Headers() { [native code] }"


def test_a_class_of_the_platform_wants_new() -> None:
    with pytest.raises(JsException, match="Failed to construct 'Headers': Please use the 'new' op"):
        JsClass(Headers)("a")


def test_a_class_of_v8_wants_new_in_other_words() -> None:
    with pytest.raises(JsException, match=r"^Constructor Map requires 'new'"):
        JsClass(Headers, "Map", of_v8=True)()
    with pytest.raises(JsException, match=r"^Promise constructor cannot be invoked without 'new'"):
        JsClass(Headers, "Promise", of_v8=True)()


def test_a_constructor_that_may_be_called_gets_keywords_as_an_object() -> None:
    published = JsClass(Headers, call=lambda *given: given)

    assert published("a") == ("a",)
    assert published(size=5)[0].size == 5


def test_static_functions_are_attributes_by_the_names_of_python() -> None:
    published = JsClass(Headers, from_=lambda item: [item], COUNT=5)

    assert published.from_(1) == [1]
    assert str(published.from_) == "function from() { [native code] }"
    assert published.COUNT == 5
    assert not hasattr(published, "of")


def test_a_constructor_is_no_type() -> None:
    with pytest.raises(TypeError, match="arg 2 must be a type"):
        isinstance(5, JsClass(Headers))  # type: ignore[arg-type]


def test_a_function_has_the_methods_of_functions() -> None:
    listed = JsFunction(lambda *given: list(given), "listed")

    assert listed.call(None, 1, 2) == listed.apply(None, [1, 2]) == listed.bind(None, 1)(2)
    assert listed.bind(None).name == "bound listed"
    assert listed.toString() == "function listed() { [native code] }"


def test_a_function_gets_keywords_as_one_object() -> None:
    given = JsFunction(lambda *given: given, "given")(1, size=5)

    assert isinstance(given[1], JsObject)
    assert given[1].size == 5


def test_a_namespace_has_functions_and_constants() -> None:
    inner = JsFunction(len, "len")
    space = JsNamespace("Space", unwrapped={"inner": inner}, count=len, PI=3)

    assert (space.count("ab"), space.PI, str(space)) == (2, 3, "[object Space]")
    assert space.inner is inner
    assert not hasattr(space, "nope")


def test_a_static_member_that_is_not_emulated_raises_an_error() -> None:
    published = JsClass(Headers, not_emulated=("parse",))

    with pytest.raises(NotImplementedError, match=r"^js\.Headers\.parse is not emulated by pykv"):
        published.parse  # noqa: B018 -- reading it raises the error
