"""Coercions of JavaScript values, and of Python values that JavaScript has a proxy of."""

from enum import IntEnum, StrEnum
from math import inf, isnan, nan
from typing import Any

import pytest

from pykvbinding import KVError
from pykvbinding.errors import JsException
from pykvbinding.js.core.coercion import (
    to_js_number,
    to_js_string,
    to_unsigned,
    truncate_to_int32,
)
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.object import JsArray, JsDate

BIGINT = "Cannot convert a BigInt value to a number"


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 100


class Shouted(str):
    """A str subclass whose `__str__` returns another text."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.upper() + "!"


STRINGS: list[tuple[Any, str]] = [
    (None, "undefined"),
    (jsnull, "null"),
    (Shouted("a"), "a"),
    (Colour.RED, "red"),
    ("\ud83d\ude00", "😀"),
    (Level.HIGH, "100"),
    (False, "false"),
    (-0.0, "0"),
    (5e-324, "5e-324"),
    (2**70, "1180591620717411303424"),
    ([1, None], "[1, None]"),
    (b"a", "b'a'"),
    (JsArray([1, None, jsnull, "a"]), "1,,,a"),
    (JsDate(nan), "Invalid Date"),
]


@pytest.mark.parametrize(("value", "text"), STRINGS, ids=ascii)
def test_the_string_of_a_python_object_is_that_of_its_proxy(value: Any, text: str) -> None:
    result = to_js_string(value)

    assert result == text
    assert type(result) is str


NUMBERS: list[tuple[Any, float]] = [
    *((jsnull, 0), ("", 0), ("0x10", 16), (" 1e2 ", 100), (4.5, 4.5), (-inf, -inf)),
    *((JsDate(5), 5), (JsArray([7]), 7), (Level.HIGH, 100), (True, 1)),
]


@pytest.mark.parametrize(("value", "number"), NUMBERS, ids=ascii)
def test_converts_javascript_values_to_numbers(value: Any, number: float) -> None:
    result = to_js_number(value)

    assert result == number
    assert type(result) in (int, float)


@pytest.mark.parametrize("value", [None, [5], b"5", JsArray([1, 2]), "x", nan], ids=ascii)
def test_the_number_of_undefined_and_of_a_proxy_is_nan(value: Any) -> None:
    assert isnan(to_js_number(value))


@pytest.mark.parametrize("value", [2**53, -(2**53)], ids=["2**53", "-2**53"])
def test_the_number_of_a_bigint_is_a_type_error(value: int) -> None:
    with pytest.raises(JsException) as caught:
        to_js_number(value)

    assert (caught.value.name, str(caught.value)) == ("TypeError", BIGINT)
    assert not isinstance(caught.value, KVError)


@pytest.mark.parametrize(
    ("number", "bits", "result"),
    [(256.9, 8, 0), (-1.5, 8, 255), (2**32 + 2, 32, 2), (nan, 8, 0), (-inf, 32, 0)],
)
def test_to_unsigned_reduces_modulo_the_size(number: float, bits: int, result: int) -> None:
    assert to_unsigned(number, bits) == result


def test_truncate_to_int32_raises_the_error_of_its_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        truncate_to_int32(2.0**31, ZeroDivisionError)
