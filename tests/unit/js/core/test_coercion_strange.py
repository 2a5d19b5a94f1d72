"""Coercions of rare values: early dates, huge literals, subclasses of float, other buffers."""

import ctypes
from datetime import UTC, datetime

from pykvbinding.js.core.coercion import buffer_items, to_int32, to_string
from pykvbinding.js.core.json import JsonParser, JsonSerializer

EARLY = datetime(99, 1, 1, tzinfo=UTC)


class PrintsItsType(float):
    """Like a NumPy scalar: `abs` keeps the type, `repr` includes its name."""

    def __abs__(self) -> "PrintsItsType":
        return PrintsItsType(float.__abs__(self))

    def __repr__(self) -> str:
        return f"PrintsItsType({float.__repr__(self)})"


def test_a_literal_beyond_the_float_range_is_0_as_int32() -> None:
    assert to_int32("0x" + "f" * 300) == 0


def test_a_year_below_1000_has_four_digits() -> None:
    assert JsonSerializer().stringify(EARLY) == '"0099-01-01T00:00:00.000Z"'
    assert to_string(EARLY) == "Thu Jan 01 0099 00:00:00 GMT+0000 (Coordinated Universal Time)"


def test_a_subclass_of_float_is_formatted_as_a_float() -> None:
    assert to_string(PrintsItsType(-1.5)) == "-1.5"


def test_a_buffer_in_an_unsupported_format_yields_its_bytes() -> None:
    assert buffer_items((ctypes.c_uint16 * 2)(1, 2)) == [1, 0, 2, 0]


def test_an_integer_with_the_digits_of_stringify_is_exact() -> None:
    parser = JsonParser()

    parser.parse("123456789012345680000")

    assert parser.inexact_integers == []
