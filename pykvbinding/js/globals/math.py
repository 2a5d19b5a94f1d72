"""`js.Math`, and the numbers that functions of the global object read from texts."""

import math
import re
from typing import Any

from pykvbinding.js.core.coercion import (
    MAX_SAFE_INTEGER,
    WHITE_SPACE,
    to_js_number,
    to_js_string,
    to_unsigned,
)
from pykvbinding.js.types.object import number

_FLOAT = re.compile(r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def make_number(value: Any = 0) -> float:
    """`Number(value)`; a BigInt, which other conversions reject, becomes the nearest number."""
    if _is_big_int(value):
        return float(value)
    return number(to_js_number(value))


def parse_int(value: Any = None, radix: Any = None) -> float:
    """`parseInt(text, radix)`: the integer with which a text begins, or NaN.

    >>> parse_int("12px"), parse_int("0x1f"), parse_int("101", 2)
    (12, 31, 5)
    """
    text = to_js_string(value).strip(WHITE_SPACE).lower()
    sign = -1 if text.startswith("-") else 1
    text = text[1:] if text[:1] in ("+", "-") else text
    base = to_unsigned(to_js_number(radix), 32)
    if base in (0, 16) and text.startswith("0x"):
        text, base = text[2:], 16
    base = base or 10
    if not 2 <= base <= 36:
        return math.nan
    digits = _DIGITS[:base]
    end = next((place for place, letter in enumerate(text) if letter not in digits), len(text))
    return number(float(sign * int(text[:end], base))) if end else math.nan


def parse_float(value: Any = None) -> float:
    """`parseFloat(text)`: the number with which a text begins, or NaN."""
    found = _FLOAT.match(to_js_string(value).strip(WHITE_SPACE))
    return number(float(found[0])) if found else math.nan


def is_nan(value: Any = None) -> bool:
    """`isNaN(value)`."""
    return math.isnan(to_js_number(value))


def is_finite(value: Any = None) -> bool:
    """`isFinite(value)`."""
    return math.isfinite(to_js_number(value))


def number_is_nan(value: Any = None) -> bool:
    """`Number.isNaN(value)`: of numbers only."""
    return isinstance(value, float) and math.isnan(value)


def number_is_finite(value: Any = None) -> bool:
    """`Number.isFinite(value)`: of numbers only."""
    return _is_number(value) and math.isfinite(value)


def is_integer(value: Any = None) -> bool:
    """`Number.isInteger(value)`."""
    return _is_number(value) and math.isfinite(value) and value == int(value)


def is_safe_integer(value: Any = None) -> bool:
    """`Number.isSafeInteger(value)`."""
    return is_integer(value) and abs(value) <= MAX_SAFE_INTEGER


def _is_number(value: Any) -> bool:
    is_numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return is_numeric and not _is_big_int(value)


def _is_big_int(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER


def rounded(value: Any = None) -> float:
    """`Math.round(value)`: halves go up."""
    amount = to_js_number(value)
    return number(float(math.floor(amount + 0.5))) if math.isfinite(amount) else amount


def largest(*values: Any) -> float:
    """`Math.max(…)`: minus infinity of none."""
    found = [to_js_number(value) for value in values]
    return number(_first_nan(found) or max(found, default=-math.inf))


def smallest(*values: Any) -> float:
    """`Math.min(…)`: infinity of none."""
    found = [to_js_number(value) for value in values]
    return number(_first_nan(found) or min(found, default=math.inf))


def _first_nan(found: list[float]) -> float | None:
    return next((value for value in found if value != value), None)


def random() -> float:
    """`Math.random()`."""
    import random  # looked up late: a simulation or a test may rule it

    return random.random()  # noqa: S311 -- what it is in JavaScript too


def math_functions() -> dict[str, Any]:
    """The functions and constants of `Math`."""
    named: dict[str, Any] = {
        name: _of_numbers(getattr(math, name))
        for name in (
            *("acos", "asin", "atan", "atan2", "cos", "hypot"),
            *("pow", "sin", "sqrt", "tan", "tanh"),
        )
    }
    return named | {
        "PI": math.pi,
        "E": math.e,
        "abs": _of_numbers(abs),
        "ceil": _of_numbers(_whole(math.ceil)),
        "exp": _of_numbers(_exponential),
        "floor": _of_numbers(_whole(math.floor)),
        "log": _of_numbers(_logarithm(math.log)),
        "log10": _of_numbers(_logarithm(math.log10)),
        "log2": _of_numbers(_logarithm(math.log2)),
        "max": largest,
        "min": smallest,
        "random": random,
        "round": rounded,
        "sign": _of_numbers(lambda amount: (amount > 0) - (amount < 0)),
        "trunc": _of_numbers(_whole(math.trunc)),
    }


def _whole(function: Any) -> Any:
    """`function`, which makes integers; what is not finite stays what it is."""
    return lambda amount: function(amount) if math.isfinite(amount) else amount


def _logarithm(function: Any) -> Any:
    return lambda amount: -math.inf if amount == 0 else function(amount)


def _exponential(amount: float) -> float:
    try:
        return math.exp(amount)
    except OverflowError:
        return math.inf


def _of_numbers(function: Any) -> Any:
    """`function` of what `Number` makes of its arguments; NaN where Python refuses."""

    def called(*values: Any) -> float:
        try:
            return number(function(*map(to_js_number, values)))
        except (ValueError, OverflowError):
            return math.nan

    return called
