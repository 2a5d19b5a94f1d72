"""JavaScript's coercions: `String(x)`, `Number(x)`, 32-bit integers, property names, surrogates.

Pyodide passes strings, numbers and JavaScript objects to JavaScript unchanged, an int beyond 2**53
as a BigInt, None as undefined, and any other Python object as a proxy whose string is that of the
Python object. `to_js_string` and `to_js_number` coerce these values.

The Python Workers SDK converts the arguments of a KV call first: None becomes null, a list an
Array, a dict an Object, bytes and other buffers a TypedArray, a datetime a Date. `to_string`,
`to_number` and `to_int32` coerce the converted values.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from math import isfinite, nan, trunc
from typing import Any

from pykvbinding import errors
from pykvbinding.js.core import errors as js_errors
from pykvbinding.js.core.proxy import JsProxy, jsnull

SCALARS = (str, int, float)
"""Types that become JavaScript primitives. A tuple, because `str | int` is rebuilt at each use."""

INT32_MAX = 2**31 - 1
INT32_MIN = -(2**31)
MAX_SAFE_INTEGER = 2**53 - 1
MAX_EXPONENT = 1024
"""Every float is less than 2**1024."""

_SENDABLE_TYPES = frozenset({type(None), bool, str, int, float, bytes, memoryview})
WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_RADIX_LITERAL = re.compile(r"0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)", re.ASCII)


def check_sendable(value: object) -> None:
    """Reject values that the Python Workers SDK cannot send, at any depth of lists, sets and dicts.

    Raises: TypeError, "<class 'tuple'> cannot be sent over RPC."
    """
    if type(value) in _SENDABLE_TYPES or isinstance(value, SCALARS):
        return
    if isinstance(value, dict):
        _check_all_sendable(value.values())
    elif isinstance(value, list | set | frozenset):
        _check_all_sendable(value)
    elif isinstance(value, tuple | bytearray):
        raise errors.cannot_be_sent(value)
    elif hasattr(type(value), "__await__"):
        raise errors.awaitable_cannot_be_sent(value)


def _check_all_sendable(values: Iterable[object]) -> None:
    for value in values:
        if type(value) not in _SENDABLE_TYPES:
            check_sendable(value)


def to_js_string(value: Any) -> str:
    """Return `String(value)`.

    >>> [to_js_string(value) for value in (None, jsnull, True, 1.0, 1e21, "x", [1, 2])]
    ['undefined', 'null', 'true', '1', '1e+21', 'x', '[1, 2]']
    """
    if isinstance(value, str):
        return merge_surrogates(str.__str__(value))
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float_to_string(value)
    return "null" if value is jsnull else str(value)


def to_string(value: Any) -> str:
    """Return `String(value)` for a value that the SDK converts.

    >>> to_string(None), to_string(1e21), to_string([1, None, "a"]), to_string({})
    ('null', '1e+21', '1,,a', '[object Object]')
    """
    if isinstance(value, SCALARS):
        return to_js_string(value)
    if value is None:
        return "null"
    if isinstance(value, list):
        return ",".join("" if item is None else to_string(item) for item in value)
    if isinstance(value, dict):
        return "[object Object]"
    if isinstance(value, set | frozenset):
        return "[object Set]"
    if isinstance(value, datetime):
        return _date_to_string(value.astimezone(UTC))
    items = buffer_items(value)
    return to_js_string(value) if items is None else ",".join(map(to_string, items))


def _date_to_string(date: datetime) -> str:
    """Return `Date.prototype.toString()` in UTC, independent of the locale (unlike `strftime`)."""
    day, month = _DAYS[date.weekday()], _MONTHS[date.month - 1]
    zone = "GMT+0000 (Coordinated Universal Time)"
    return f"{day} {month} {date.day:02} {date.year:04} {date:%H:%M:%S} {zone}"


def to_js_number(value: Any) -> float:
    """Return `Number(value)`: an int for an int, a float for NaN.

    >>> to_js_number("0x10"), to_js_number(jsnull), to_js_number(True), to_js_number(None)
    (16, 0, 1, nan)

    Raises: JsException for a BigInt, "Cannot convert a BigInt value to a number".
    """
    if isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise js_errors.bigint_to_number()
        return int(value)
    if isinstance(value, float):
        return value
    if value is None:
        return nan
    if value is jsnull:
        return 0
    if isinstance(value, JsProxy) and value.constructor.name == "Date":
        milliseconds: float = value.getTime()
        return milliseconds
    return _string_to_number(to_js_string(value))


def to_number(value: Any) -> float:
    """Return `Number(value)` for a value that the SDK converts.

    >>> to_number("0x3c"), to_number(" 60 "), to_number(None), to_number([60])
    (60, 60.0, 0, 60.0)

    Raises: KVError for a BigInt, "Cannot convert a BigInt value to a number".
    """
    if isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
        raise errors.number_is_bigint()
    if isinstance(value, int | float):
        return to_js_number(value)
    if value is None:
        return 0
    if isinstance(value, datetime):
        return trunc(value.timestamp() * 1000)
    return _string_to_number(to_string(value))


def _string_to_number(text: str) -> float:
    text = text.strip(WHITE_SPACE)
    if not text:
        return 0
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _RADIX_LITERAL.fullmatch(text):
        integer = int(text, 0)
        return integer if integer.bit_length() < MAX_EXPONENT else float("inf")
    if text.lstrip("+-") == "Infinity" and len(text) <= len("+Infinity"):
        return float(text)
    return float("nan")


def to_int32(value: Any) -> int:
    """Convert a value that the SDK converts to a 32-bit integer.

    Raises: KVError, "Value out of range. …" if the number does not fit in 32 bits.
    """
    if type(value) is int and INT32_MIN <= value <= INT32_MAX:
        return value
    return truncate_to_int32(to_number(value), errors.number_out_of_range)


def truncate_to_int32(number: float, out_of_range: Callable[[], Exception]) -> int:
    """Convert a number to a 32-bit integer as workerd does: NaN and infinities become 0.

    Raises: the error that `out_of_range` returns, if the number does not fit in 32 bits.
    """
    if not isfinite(number):
        return 0
    if not INT32_MIN <= number <= INT32_MAX:
        raise out_of_range()
    return trunc(number)


def to_unsigned(number: float, bits: int) -> int:
    """Convert a number to an integer modulo 2**bits, as ECMAScript's ToUint32 does for 32 bits.

    >>> to_unsigned(-1.5, 8), to_unsigned(float("nan"), 8)
    (255, 0)
    """
    return trunc(number) % (1 << bits) if isfinite(number) else 0


def float_to_string(number: float) -> str:
    """Return `number.toString()` of JavaScript: the digits of `repr` in JavaScript's format.

    >>> [float_to_string(x) for x in (4.5, 1.0, 1e21, 1e-7, 123456789e3, -0.0, float("inf"))]
    ['4.5', '1', '1e+21', '1e-7', '123456789000', '0', 'Infinity']
    """
    if number != number:
        return "NaN"
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    if not isfinite(number):
        return sign + "Infinity"
    mantissa, _, exponent = float.__repr__(abs(float(number))).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _format_digits(digits, point)


def _format_digits(digits: str, point: int) -> str:
    """Format the number 0.`digits` * 10**`point` (ECMA-262, 6.1.6.1.20)."""
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{point - 1:+d}"


def merge_surrogates(text: str) -> str:
    """Replace each surrogate pair in `text` by the character that it encodes in UTF-16."""
    if is_encodable(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def replace_surrogates(text: str) -> str:
    """Replace each lone surrogate in `text` by three U+FFFD: its three UTF-8 bytes are invalid."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def buffer_items(value: object) -> list[Any] | None:
    """Return the items of a buffer, as of a TypedArray; `None` if `value` is not a buffer."""
    view = as_buffer(value)
    if view is None:
        return None
    try:
        return view.tolist()
    except NotImplementedError:  # memoryview does not support the format, such as one of ctypes
        return list(view.tobytes())


def as_buffer(value: object) -> memoryview | None:
    """Return a view of `value`; `None` if it lacks the buffer protocol (PEP 3118)."""
    try:
        return memoryview(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def is_array_index(name: str) -> bool:
    """Return whether objects sort `name` as an integer: "0" to "4294967294"."""
    if not name.isdecimal() or not name.isascii() or len(name) > 10:
        return False
    return name == "0" or (name[0] != "0" and int(name) < 2**32 - 1)


def order_names(names: list[str]) -> list[str]:
    """Sort property names as an object does: ascending integers, then the others as inserted.

    >>> order_names(["b", "10", "9", "-1"])
    ['9', '10', 'b', '-1']
    """
    integers = [name for name in names if name[:1] <= "9" and is_array_index(name)]
    if not integers:
        return names
    others = [name for name in names if not is_array_index(name)]
    return sorted(integers, key=int) + others


def is_encodable(text: str) -> bool:
    """Return whether `text` has no lone surrogate, so that UTF-8 can encode it."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
