"""Conversion of arguments as in workerd."""

from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.object import JsArray, JsDate, JsMap, JsObject, JsSet
from pykvbinding.js.types.webidl import (
    MISSING,
    check_function,
    read_record,
    read_sequences,
    require_arguments,
    to_dom_string,
    to_int32,
    to_usv_string,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (None, "undefined"),
        (jsnull, "null"),
        (False, "false"),
        (1.0, "1"),
        (b"x", "b'x'"),
        ([1, 2], "[1, 2]"),
        (JsArray([1, JsArray([2, jsnull])]), "1,2,"),
        (JsObject(), "[object Object]"),
        ("\ud83d\ude00", "😀"),
    ],
)
def test_converts_any_value_to_a_string(value: Any, text: str) -> None:
    assert to_dom_string(value) == to_usv_string(value) == text


def test_replaces_a_lone_surrogate() -> None:
    assert to_dom_string("a\ud800b") == "a\ufffd\ufffd\ufffdb"
    assert to_usv_string("a\ud800b") == "a\ufffdb"


@pytest.mark.parametrize(
    ("value", "number"),
    [(1.7, 1), (-1.7, -1), ("0x10", 16), ("x", 0), (jsnull, 0), (float("inf"), 0), (JsDate(5), 5)],
)
def test_to_int32_truncates_any_value(value: Any, number: int) -> None:
    assert to_int32(value) == number


def test_to_int32_rejects_numbers_out_of_range() -> None:
    with pytest.raises(JsException, match="Value out of range"):
        to_int32(-(2**31) - 1)


def test_the_error_names_the_first_missing_argument() -> None:
    require_arguments("set", "Headers", "a", None)
    with pytest.raises(
        JsException, match="'set' on 'Headers': parameter 2 is not of type 'string'"
    ):
        require_arguments("set", "Headers", "a", MISSING)


def test_check_function_rejects_other_values() -> None:
    assert check_function("Headers", len) is len
    with pytest.raises(JsException, match="'forEach' on 'FormData': parameter 1"):
        check_function("FormData", MISSING)


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        ([], []),
        ([("a", 1), ["b"]], [["a", "1"], ["b"]]),
        (JsMap({"a": jsnull}), [["a", "null"]]),
        (JsArray([JsSet(["a", "b"])]), [["a", "b"]]),
        ((pair for pair in ["ab".partition("b")]), [["a", "b", ""]]),
        ("ab", None),
        (5, None),
        (JsObject({"a": "b"}), None),
    ],
)
def test_reads_sequences_of_sequences(init: Any, expected: Any) -> None:
    assert read_sequences(init, to_dom_string) == expected


@pytest.mark.parametrize("init", [["ab"], [5], {"ab": 1}, b"ab", JsSet(["ab"])])
def test_rejects_a_sequence_of_other_values(init: Any) -> None:
    with pytest.raises(JsException, match="is not of type 'Sequence'"):
        read_sequences(init, to_dom_string)


def test_only_an_object_is_a_record() -> None:
    assert read_record(JsObject({"b": 1, "1": None}), to_dom_string) == [
        ("1", "undefined"),
        ("b", "1"),
    ]
    assert read_record({"a": 1}, to_dom_string) is None
