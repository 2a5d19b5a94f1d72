"""Tests of the globals of the language: classes, errors and missing members."""

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.globals.builtins import BUILTINS, ERRORS
from pykvbinding.js.globals.callables import JsClass


@pytest.mark.parametrize(
    "name", [name for name in BUILTINS if isinstance(BUILTINS[name](), JsClass)]
)
def test_a_class_has_the_name_of_its_global(name: str) -> None:
    assert BUILTINS[name]().name == name


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_has_the_name_of_its_class(name: str) -> None:
    error = BUILTINS[name]().new("no")

    assert isinstance(error, JsException)
    assert (error.name, error.message) == (name, "no")


def test_an_aggregateerror_contains_several_errors() -> None:
    error = BUILTINS["AggregateError"]().new([1, 2], "both")

    assert (error.errors.to_py(), error.message) == ([1, 2], "both")
    assert BUILTINS["AggregateError"]()().message == ""


def test_a_domexception_has_the_code_of_its_name() -> None:
    assert BUILTINS["DOMException"]().new("a", "AbortError").code == 20


def test_fromcodepoint_returns_text() -> None:
    assert BUILTINS["String"]().fromCodePoint(128_512) == "😀"


@pytest.mark.parametrize(
    ("name", "member"),
    [("Number", "MAX_SAFE_INTEGER"), ("Number", "EPSILON"), ("String", "fromCharCode")],
)
def test_constants_of_number_and_fromcharcode_are_not_emulated(name: str, member: str) -> None:
    with pytest.raises(NotImplementedError) as caught:
        getattr(BUILTINS[name](), member)

    assert str(caught.value) == (
        f"js.{name}.{member} is not emulated by pykvbinding; "
        f"a test may supply its own: js.{name} = …"
    )
