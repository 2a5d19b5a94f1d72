"""Coercions of values that the SDK converts; property names, surrogates, buffers."""

import re
from array import array
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from math import copysign, inf, isnan, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import KVError
from pykvbinding.js.core.coercion import (
    MAX_SAFE_INTEGER,
    as_buffer,
    buffer_items,
    float_to_string,
    is_array_index,
    is_encodable,
    merge_surrogates,
    order_names,
    replace_surrogates,
    to_int32,
    to_number,
    to_string,
)
from tests.support.ids import stable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LEAP = datetime(2024, 2, 29, 23, 30, tzinfo=timezone(-timedelta(hours=1)))
BIGINT = "Cannot convert a BigInt value to a number"
OUT_OF_RANGE = "Value out of range. Must be between -2147483648 and 2147483647 (inclusive)."
FINITE = st.floats(allow_nan=False, allow_infinity=False)
ANY_TEXT = st.text(st.characters() | st.characters(categories=["Cs"]))
PROPERTY = settings(deadline=None)


class Shouted(str):
    """A str subclass whose `__str__` returns another text."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.upper() + "!"


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 100


class Proxied:
    def __str__(self) -> str:
        return "<Proxied>"


STRINGS: list[tuple[Any, str]] = [
    ("a", "a"),
    (Shouted("a"), "a"),
    (Colour.RED, "red"),
    ("\ud83d\ude00", "😀"),
    ("\ud83d", "\ud83d"),
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (-7, "-7"),
    (Level.HIGH, "100"),
    (10**20, "100000000000000000000"),
    (1.0, "1"),
    (1e21, "1e+21"),
    (1e-7, "1e-7"),
    (-0.0, "0"),
    (nan, "NaN"),
    (inf, "Infinity"),
    (-inf, "-Infinity"),
    ([], ""),
    ([None, 1, [2, 3]], ",1,2,3"),
    ([True, "a", {}], "true,a,[object Object]"),
    ({"a": 1}, "[object Object]"),
    (set(), "[object Set]"),
    (frozenset({1}), "[object Set]"),
    (b"d", "100"),
    (b"", ""),
    (memoryview(b"ab"), "97,98"),
    (memoryview(b"abcd").cast("B", (2, 2)), "97,98,99,100"),
    (array("d", [0.5, 1.0]), "0.5,1"),
    (EPOCH, "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)"),
    (LEAP, "Fri Mar 01 2024 00:30:00 GMT+0000 (Coordinated Universal Time)"),
    (Proxied(), "<Proxied>"),
]


@pytest.mark.parametrize(("value", "text"), STRINGS, ids=stable(ascii))
def test_to_string_matches_javascript(value: Any, text: str) -> None:
    result = to_string(value)

    assert result == text
    assert type(result) is str


SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
HUNDREDS: list[Any] = [
    *(100, 100.0, Level.HIGH, [100], ["100"], [[100]], b"d", array("i", [100])),
    *("100", "100.", "+100", "1e2", "1E+2", "1000e-1", "0x64", "0X64", "0b1100100", "0o144"),
    *(" 100 ", f"{SPACE}100{SPACE}", "\ufeff100"),
    datetime(1970, 1, 1, 0, 0, 0, 100_000, tzinfo=UTC),
]


@pytest.mark.parametrize("value", HUNDREDS, ids=ascii)
def test_to_number_accepts_every_notation_of_100(value: Any) -> None:
    assert to_number(value) == 100
    assert to_int32(value) == 100


ZEROS: list[Any] = [0, -0.0, False, None, "", "  ", "0x0", [], [None], b"", EPOCH]


@pytest.mark.parametrize("value", ZEROS, ids=ascii)
def test_to_number_of_an_empty_value_is_0(value: Any) -> None:
    assert to_number(value) == 0
    assert to_int32(value) == 0


NOT_NUMBERS: list[Any] = [
    *("nan", "NaN", "inf", "infinity", "++Infinity", "+-Infinity", "Infinity+", "100abc"),
    *("++1", "+", ".", "1e", "1_00"),
    *("-0x64", "+0x64", "0x", "0b2", "0o8", "\u200b100", "\u0663"),
    *("1 0", "\u0085100", nan, [1, 2], {}, set(), b"ab", Proxied()),
]


@pytest.mark.parametrize("value", NOT_NUMBERS, ids=stable(ascii))
def test_any_other_value_is_nan_and_0_as_int32(value: Any) -> None:
    assert isnan(to_number(value))
    assert to_int32(value) == 0


INFINITIES: list[tuple[Any, float]] = [
    *((inf, inf), ("Infinity", inf), (" +Infinity ", inf), ("1e400", inf)),
    *((-inf, -inf), ("-Infinity", -inf)),
]


@pytest.mark.parametrize(("value", "number"), INFINITIES)
def test_infinity_is_a_number_and_0_as_int32(value: Any, number: float) -> None:
    assert to_number(value) == number
    assert to_int32(value) == 0


OTHER_NUMBERS: list[tuple[Any, float]] = [
    ("100.9", 100.9),
    (".5", 0.5),
    ("-1.5e3", -1500.0),
    (True, 1),
    ([4.5], 4.5),
    (MAX_SAFE_INTEGER, MAX_SAFE_INTEGER),
    (-MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER),
    (datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC), 0),
]


@pytest.mark.parametrize(("value", "number"), OTHER_NUMBERS, ids=ascii)
def test_to_number_keeps_fractions_and_signs(value: Any, number: float) -> None:
    assert to_number(value) == number


def test_to_number_of_true_is_an_int() -> None:
    assert type(to_number(True)) is int


@pytest.mark.parametrize("value", [2**53, -(2**53), 10**400], ids=["2**53", "-2**53", "10**400"])
def test_to_number_rejects_a_bigint(value: int) -> None:
    with pytest.raises(KVError) as caught:
        to_number(value)

    assert (caught.value.name, str(caught.value)) == ("TypeError", BIGINT)
    assert caught.value.status is None


TRUNCATED: list[tuple[Any, int]] = [
    ("100.9", 100),
    (-100.9, -100),
    (-0.5, 0),
    (2147483647, 2147483647),
    (-2147483648, -2147483648),
    ("-2147483648", -2147483648),
    (2147483646.5, 2147483646),
]


@pytest.mark.parametrize(("value", "number"), TRUNCATED)
def test_to_int32_truncates_fractions(value: Any, number: int) -> None:
    result = to_int32(value)

    assert result == number
    assert type(result) is int


OUT_OF_RANGE_VALUES: list[Any] = [
    2147483648,
    2147483647.5,
    -2147483649,
    -2147483648.5,
    "-3000000000",
    1e300,
]


@pytest.mark.parametrize("value", OUT_OF_RANGE_VALUES)
def test_to_int32_rejects_numbers_out_of_range(value: Any) -> None:
    with pytest.raises(KVError) as caught:
        to_int32(value)

    assert (caught.value.name, str(caught.value)) == ("TypeError", OUT_OF_RANGE)


def test_to_int32_rejects_a_bigint() -> None:
    with pytest.raises(KVError, match=f"^{BIGINT}$"):
        to_int32(2**53)


LAYOUTS: list[tuple[float, str]] = [
    (4.5, "4.5"),
    (-4.5, "-4.5"),
    (10.0, "10"),
    (0.1, "0.1"),
    (0.000001, "0.000001"),
    (0.0000015, "0.0000015"),
    (1.5e-7, "1.5e-7"),
    (-1e-7, "-1e-7"),
    (5e-324, "5e-324"),
    (123456789e3, "123456789000"),
    (1.5e16, "15000000000000000"),
    (123456789012345680000.0, "123456789012345680000"),
    (1e20, "100000000000000000000"),
    (-1e21, "-1e+21"),
    (1.25e21, "1.25e+21"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
]


@pytest.mark.parametrize(("number", "text"), LAYOUTS)
def test_formats_a_float_as_javascript_does(number: float, text: str) -> None:
    assert float_to_string(number) == text


@PROPERTY
@given(FINITE)
def test_the_text_of_a_float_converts_back_to_it(number: float) -> None:
    assert float(float_to_string(number)) == number


@PROPERTY
@given(FINITE.filter(bool))
def test_a_float_has_the_digits_of_repr_and_an_exponent_only_if_required(number: float) -> None:
    text = float_to_string(number)

    assert Decimal(text) == Decimal(repr(number))
    assert ("e" in text) == (not 1e-6 <= abs(number) < 1e21)
    assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d*[1-9])?(e[+-][1-9]\d*)?", text)
    assert text.startswith("-") == (copysign(1, number) < 0)


@PROPERTY
@given(ANY_TEXT)
def test_merging_surrogates_keeps_the_utf_16_code_units(text: str) -> None:
    merged = merge_surrogates(text)

    assert merged.encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")
    assert not re.search("[\ud800-\udbff][\udc00-\udfff]", merged)


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("abc", "abc"),
        ("é😀", "é😀"),
        ("a\ud800b", "a\ufffd\ufffd\ufffdb"),
        ("\udfff", "\ufffd" * 3),
    ],
    ids=ascii,
)
def test_replaces_a_lone_surrogate_by_three_characters(text: str, replaced: str) -> None:
    assert replace_surrogates(text) == replaced


@pytest.mark.parametrize(
    ("text", "encodable"), [("", True), ("a", True), ("é😀", True), ("\ud800", False)], ids=ascii
)
def test_utf_8_encodes_everything_except_lone_surrogates(text: str, encodable: bool) -> None:
    assert is_encodable(text) is encodable


def test_a_buffer_is_a_value_with_the_buffer_protocol() -> None:
    view = as_buffer(array("i", [1, 2]))

    assert view is not None
    assert view.nbytes == 8
    assert buffer_items(b"ab") == [97, 98]


@pytest.mark.parametrize("value", ["a", 1, None, [1], Proxied()])
def test_other_values_are_not_buffers(value: Any) -> None:
    assert as_buffer(value) is None
    assert buffer_items(value) is None


@pytest.mark.parametrize("name", ["0", "1", "9", "10", "4294967294"])
def test_a_canonical_integer_is_an_array_index(name: str) -> None:
    assert is_array_index(name)


@pytest.mark.parametrize(
    "name", ["", "-1", "01", "00", "1.0", "1e3", "+1", "4294967295", "42949672940", "\u0661", "a"]
)
def test_any_other_name_is_not_an_array_index(name: str) -> None:
    assert not is_array_index(name)


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (["b", "a"], ["b", "a"]),
        (["b", "10", "9", "-1", "01"], ["9", "10", "b", "-1", "01"]),
        (["4294967295", "4294967294"], ["4294967294", "4294967295"]),
    ],
)
def test_orders_array_indexes_first_and_ascending(names: list[str], ordered: list[str]) -> None:
    assert order_names(names) == ordered
