"""`js.Math`, and the global functions that parse and test numbers."""

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
from pykvbinding.js.types.object import normalize_number

_FLOAT = re.compile(r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def make_number(value: Any = 0) -> float:
    """Return `Number(value)`; a BigInt, which other coercions reject, becomes a float."""
    if _is_big_int(value):
        return float(value)
    return normalize_number(to_js_number(value))


def parse_int(value: Any = None, radix: Any = None) -> float:
    """Return `parseInt(text, radix)`: the integer at the start of a text, or NaN.

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
    end = next(
        (index for index, character in enumerate(text) if character not in digits), len(text)
    )
    return normalize_number(float(sign * int(text[:end], base))) if end else math.nan


def parse_float(value: Any = None) -> float:
    """Return `parseFloat(text)`: the number at the start of a text, or NaN."""
    match = _FLOAT.match(to_js_string(value).strip(WHITE_SPACE))
    return normalize_number(float(match[0])) if match else math.nan


def is_nan(value: Any = None) -> bool:
    """Return `isNaN(value)`."""
    return math.isnan(to_js_number(value))


def is_finite(value: Any = None) -> bool:
    """Return `isFinite(value)`."""
    return math.isfinite(to_js_number(value))


def number_is_nan(value: Any = None) -> bool:
    """Return `Number.isNaN(value)`: false unless `value` is a number."""
    return isinstance(value, float) and math.isnan(value)


def number_is_finite(value: Any = None) -> bool:
    """Return `Number.isFinite(value)`: false unless `value` is a number."""
    return _is_number(value) and math.isfinite(value)


def is_integer(value: Any = None) -> bool:
    """Return `Number.isInteger(value)`."""
    return _is_number(value) and math.isfinite(value) and value == int(value)


def is_safe_integer(value: Any = None) -> bool:
    """Return `Number.isSafeInteger(value)`."""
    return is_integer(value) and abs(value) <= MAX_SAFE_INTEGER


def _is_number(value: Any) -> bool:
    is_numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return is_numeric and not _is_big_int(value)


def _is_big_int(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER


def math_round(value: Any = None) -> float:
    """Return `Math.round(value)`: halves are rounded up."""
    x = to_js_number(value)
    return normalize_number(float(math.floor(x + 0.5))) if math.isfinite(x) else x


def math_max(*values: Any) -> float:
    """Return `Math.max(…)`: minus infinity without arguments."""
    numbers = [to_js_number(value) for value in values]
    return normalize_number(_first_nan(numbers) or max(numbers, default=-math.inf))


def math_min(*values: Any) -> float:
    """Return `Math.min(…)`: infinity without arguments."""
    numbers = [to_js_number(value) for value in values]
    return normalize_number(_first_nan(numbers) or min(numbers, default=math.inf))


def _first_nan(numbers: list[float]) -> float | None:
    return next((value for value in numbers if value != value), None)


def random() -> float:
    """Return `Math.random()`."""
    import random  # imported at the call, because a simulation or a test may replace it

    return random.random()  # noqa: S311 -- not cryptographic in JavaScript either


def math_functions() -> dict[str, Any]:
    """Return the functions and constants of `Math`."""
    functions: dict[str, Any] = {
        name: _coerce_arguments(getattr(math, name))
        for name in (
            *("acos", "asin", "atan", "atan2", "cos", "hypot"),
            *("pow", "sin", "sqrt", "tan", "tanh"),
        )
    }
    return functions | {
        "PI": math.pi,
        "E": math.e,
        "abs": _coerce_arguments(abs),
        "ceil": _coerce_arguments(_skip_non_finite(math.ceil)),
        "exp": _coerce_arguments(_exp),
        "floor": _coerce_arguments(_skip_non_finite(math.floor)),
        "log": _coerce_arguments(_extend_logarithm(math.log)),
        "log10": _coerce_arguments(_extend_logarithm(math.log10)),
        "log2": _coerce_arguments(_extend_logarithm(math.log2)),
        "max": math_max,
        "min": math_min,
        "random": random,
        "round": math_round,
        "sign": _coerce_arguments(lambda x: (x > 0) - (x < 0)),
        "trunc": _coerce_arguments(_skip_non_finite(math.trunc)),
    }


def _skip_non_finite(function: Any) -> Any:
    """Wrap a function that returns integers: infinities and NaN are returned unchanged."""
    return lambda x: function(x) if math.isfinite(x) else x


def _extend_logarithm(function: Any) -> Any:
    return lambda x: -math.inf if x == 0 else function(x)


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _coerce_arguments(function: Any) -> Any:
    """Wrap a function of numbers: arguments are coerced, and NaN replaces Python's errors."""

    def wrapper(*values: Any) -> float:
        try:
            return normalize_number(function(*map(to_js_number, values)))
        except (ValueError, OverflowError):
            return math.nan

    return wrapper
