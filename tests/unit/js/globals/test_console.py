"""Tests of `js.console`: levels, assertions and the format of values."""

import logging
from typing import Any

import pytest

from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.globals.console import LOGGER, format_value, make_console
from pykvbinding.js.types.date import JsDate
from pykvbinding.js.types.error import JsError
from pykvbinding.js.types.map import JsMap, JsSet
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.js.types.typed_array import ArrayBuffer, Uint8Array


@pytest.mark.parametrize(
    ("method", "level"),
    [
        ("log", logging.INFO),
        ("info", logging.INFO),
        ("dir", logging.INFO),
        ("debug", logging.DEBUG),
        ("trace", logging.DEBUG),
        ("warn", logging.WARNING),
        ("error", logging.ERROR),
    ],
)
def test_a_line_has_the_level_of_its_method(
    method: str, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, LOGGER):
        getattr(make_console(), method)("100 %", JsArray([1]))

    text = "100 %" if method == "dir" else "100 % [ 1 ]"
    assert caplog.record_tuples == [(LOGGER, level, text)]


def test_assert_logs_only_false_conditions(caplog: pytest.LogCaptureFixture) -> None:
    check = make_console().assert_

    check(True, "fine")
    check(False, "not fine")

    assert caplog.messages == ["Assertion failed not fine"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "undefined"),
        (jsnull, "null"),
        ([1, "a"], "[1, 'a']"),
        (JsArray([]), "[]"),
        (JsArray(["it's", "b"]), "[ \"it's\", 'b' ]"),
        (
            JsObject({"a": JsObject({"b": JsObject({"c": JsObject({})})})}),
            "{ a: { b: { c: [Object] } } }",
        ),
        (JsMap({"a": 1}), "Map(1) { 'a' => 1 }"),
        (JsSet([1]), "Set(1) { 1 }"),
        (Uint8Array([1, 2]), "Uint8Array(2) [ 1,2 ]"),
        (ArrayBuffer(2), "ArrayBuffer { byteLength: 2 }"),
        (JsError("no", name="RangeError"), "no"),
        (JsDate(0), "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)"),
    ],
)
def test_a_value_is_formatted_as_in_the_runtime(value: Any, text: str) -> None:
    assert format_value(value) == text
