"""`JsError`, `DOMException` and `AggregateError` as Python exceptions; thrown values."""

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.error import (
    AggregateError,
    DOMException,
    JsError,
    ThrownValue,
    to_exception,
)


def test_a_js_error_is_a_js_exception() -> None:
    with pytest.raises(JsException) as caught:
        raise JsError("no such note", {"cause": 5}, name="RangeError")

    assert isinstance(caught.value, JsProxy)
    assert caught.value.cause == 5
    assert caught.value.stack == "RangeError: no such note"


def test_an_error_without_a_message_is_its_name() -> None:
    assert JsError().toString() == "Error"


def test_a_dom_exception_has_a_name_and_a_code() -> None:
    error = DOMException("The operation was aborted", "AbortError")

    assert (error.name, error.code, error.constructor.name) == ("AbortError", 20, "DOMException")
    assert DOMException("x", "NewerError").code == 0


def test_an_aggregate_error_contains_several_errors() -> None:
    error = AggregateError([ValueError("a")], "both failed")

    assert (error.name, error.message, len(error.errors)) == ("AggregateError", "both failed", 1)


def test_to_exception_returns_an_exception_unchanged() -> None:
    error, other = JsError("no"), ZeroDivisionError()

    assert to_exception(error) is error
    assert to_exception(other) is other


def test_to_exception_wraps_any_other_value() -> None:
    error = to_exception(5)

    assert isinstance(error, ThrownValue)
    assert isinstance(error, JsException)
    assert (error.name, error.message, error.reason) == ("Error", "5", 5)


def test_the_message_is_the_string_of_the_thrown_value() -> None:
    assert [str(to_exception(value)) for value in ("why", None, True)] == [
        "why",
        "undefined",
        "true",
    ]
