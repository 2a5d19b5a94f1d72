"""Tests of `js.Math` and of number parsing, against Python."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.core.coercion import float_to_string
from pykvbinding.js.globals.math import make_number, math_functions, parse_float, parse_int


@given(st.floats(allow_nan=False))
def test_a_formatted_number_is_parsed_to_the_same(number: float) -> None:
    assert parse_float(float_to_string(number)) == number
    assert make_number(float_to_string(number)) == number


@given(st.integers(0, 2**53 - 1), st.integers(2, 36))
def test_parseint_supports_every_base(number: int, base: int) -> None:
    digits = ""
    rest = number
    while rest:
        rest, digit = divmod(rest, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits

    assert (
        parse_int(f"-{digits or 0} and so on" if base < 10 else f"-{digits or 0}", base) == -number
    )


@pytest.mark.parametrize("bits", [10, 3])
@pytest.mark.parametrize("name", ["log2", "log10", "log"])
def test_the_logarithm_of_zero_is_minus_infinity(name: str, bits: int) -> None:
    log = math_functions()[name]

    assert log(0) == -math.inf
    assert log(2**bits) == pytest.approx(getattr(math, name)(2**bits))


def test_a_random_number_is_less_than_one() -> None:
    assert all(0 <= math_functions()["random"]() < 1 for _ in range(100))


def test_functions_return_infinities_and_nan() -> None:
    assert math.isnan(math_functions()["round"]("x"))
    assert math_functions()["ceil"](-math.inf) == -math.inf
    assert math_functions()["exp"](1000) == math.inf
    assert math.isnan(math_functions()["pow"](-1, 0.5)) or math_functions()["pow"](4, 0.5) == 2
