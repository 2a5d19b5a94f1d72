"""`JsError`, `DOMException` and `AggregateError`, which Python raises; thrown values."""

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.error import AggregateError, DOMException, JsError, Thrown, thrown


def test_an_error_of_javascript_is_caught_as_what_pyodide_calls_it() -> None:
    with pytest.raises(JsException) as caught:
        raise JsError("no such note", {"cause": 5}, name="RangeError")

    assert isinstance(caught.value, JsProxy)
    assert caught.value.cause == 5
    assert caught.value.stack == "RangeError: no such note"


def test_an_error_without_a_message_is_its_name() -> None:
    assert JsError().toString() == "Error"


def test_a_dom_exception_is_told_by_its_name_or_its_code() -> None:
    error = DOMException("The operation was aborted", "AbortError")

    assert (error.name, error.code, error.constructor.name) == ("AbortError", 20, "DOMException")
    assert DOMException("x", "NewerError").code == 0


def test_several_errors_in_one() -> None:
    error = AggregateError([ValueError("a")], "both failed")

    assert (error.name, error.message, len(error.errors)) == ("AggregateError", "both failed", 1)


def test_a_thrown_error_is_raised_itself() -> None:
    error, other = JsError("no"), ZeroDivisionError()

    assert thrown(error) is error
    assert thrown(other) is other


def test_another_thrown_value_is_the_reason_of_an_error() -> None:
    error = thrown(5)

    assert isinstance(error, Thrown)
    assert isinstance(error, JsException)
    assert (error.name, error.message, error.reason) == ("Error", "5", 5)


def test_the_message_is_the_string_of_the_thrown_value() -> None:
    assert [str(thrown(value)) for value in ("why", None, True)] == ["why", "undefined", "true"]
