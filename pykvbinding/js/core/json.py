"""`JSON.parse` and `JSON.stringify` for Python values, as KV stores them."""

import json
from datetime import UTC, datetime
from json.encoder import encode_basestring
from math import isfinite
from typing import Any, TypeAlias

from pykvbinding import errors
from pykvbinding.js.core.coercion import (
    MAX_SAFE_INTEGER,
    buffer_items,
    float_to_string,
    is_array_index,
    merge_surrogates,
    order_names,
    to_string,
)
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.js.core.proxy import JsProxy, to_python_value

JsonValue: TypeAlias = Any
"""None, bool, int, float, str, a list of JsonValue, or a JsDict of str to JsonValue."""

_SAFE_DIGITS = 15


class JsonParser:
    """`JSON.parse`: a safe integer becomes an `int`, any other number a `float`.

    A parser can be used repeatedly. `inexact_integers` lists the integers of the last text that no
    float represents exactly.
    """

    def __init__(self) -> None:
        self.inexact_integers: list[str] = []
        self._decoder = json.JSONDecoder(
            parse_int=self._parse_integer,
            parse_float=_parse_number,
            parse_constant=_reject_constant,
            object_pairs_hook=_make_object,
        )

    def parse(self, text: str) -> JsonValue:
        """Parse `text`.

        Raises: KVError named "SyntaxError", with V8's message; RecursionError if the nesting
        exceeds Python's recursion limit, as in a Python Worker.
        """
        self.inexact_integers.clear()
        try:
            return self._decoder.decode(text)
        except (ValueError, RecursionError):
            from pykvbinding.js.core.json_errors import (
                explain_syntax_error,  # rarely needed, slow to import
            )

            message = explain_syntax_error(text)
            if message is None:  # valid JSON, nested too deep for Python, as in the Python SDK
                raise
            raise errors.json_invalid(message) from None

    def _parse_integer(self, digits: str) -> float:
        if len(digits) <= _SAFE_DIGITS:
            return int(digits)
        number = _parse_number(digits)
        if not isfinite(number) or digits not in (f"{number:.0f}", float_to_string(number)):
            self.inexact_integers.append(digits)
        return number


def _parse_number(text: str) -> float:
    number = float(text)
    if number.is_integer() and abs(number) <= MAX_SAFE_INTEGER:
        return int(number)
    return number


def _reject_constant(name: str) -> float:
    raise ValueError(name)


def _make_object(pairs: list[tuple[str, JsonValue]]) -> JsDict:
    members = JsDict(pairs)
    if any(map(is_array_index, members)):
        return JsDict((name, members[name]) for name in order_names(list(members)))
    return members


def replace_infinities(value: JsonValue) -> JsonValue:
    """Replace infinities by None, as the second JSON serialization of a multi-key read does."""
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, dict):
        return JsDict((name, replace_infinities(item)) for name, item in value.items())
    if isinstance(value, list):
        return [replace_infinities(item) for item in value]
    return value


class JsonSerializer:
    """`JSON.stringify` for Python values as they arrive in JavaScript.

    `lossy_values` lists values that JSON cannot represent: pairs of a description of the value and
    of what is written instead.
    """

    def __init__(self) -> None:
        self.lossy_values: list[tuple[str, str]] = []

    def stringify(self, value: object) -> str | None:
        """Return the JSON text of `value`; `None` if JSON omits it (a function).

        Raises: KVError for an int beyond 2**53, "Do not know how to serialize a BigInt".
        """
        if isinstance(value, str):
            return _quote(str.__str__(value))
        if value is None or isinstance(value, bool):
            return to_string(value)
        if isinstance(value, int):
            if abs(value) > MAX_SAFE_INTEGER:
                raise errors.bigint_in_json()
            return int.__repr__(value)
        if isinstance(value, float):
            return self._stringify_float(value)
        if isinstance(value, dict):
            return self._stringify_members(value)
        if isinstance(value, list):
            return f"[{','.join([self.stringify(item) or 'null' for item in value])}]"
        if isinstance(value, datetime):
            iso = value.astimezone(UTC).isoformat(timespec="milliseconds")
            return f'"{iso.removesuffix("+00:00")}Z"'
        return self._stringify_other(value)

    def _stringify_float(self, value: float) -> str:
        if isfinite(value):
            return float_to_string(value)
        self.lossy_values.append((to_string(value), "null"))
        return "null"

    def _stringify_members(self, members_by_key: dict[Any, object]) -> str:
        members = {_to_property_name(key): item for key, item in members_by_key.items()}
        texts = []
        for name in order_names(list(members)):
            text = self.stringify(members[name])
            if text is not None:
                texts.append(f"{_quote(name)}:{text}")
        return f"{{{','.join(texts)}}}"

    def _stringify_other(self, value: object) -> str | None:
        """Serialize a value that is not JSON in Python, as its JavaScript counterpart.

        A buffer is a typed array in JavaScript, so its items are members.
        """
        if callable(value):
            self.lossy_values.append((f"a {type(value).__name__}", "nothing"))
            return None
        plain = to_python_value(value)
        if plain is not value:
            return self.stringify(plain)
        items = buffer_items(value)
        if items is None:
            name = value.constructor.name if isinstance(value, JsProxy) else type(value).__name__
            self.lossy_values.append((f"a {name}", "{}"))
            return "{}"
        self.lossy_values.append((type(value).__name__, 'an object of "index": number'))
        return self._stringify_members({str(index): item for index, item in enumerate(items)})


def _to_property_name(name: object) -> str:
    if type(name) is str:
        return merge_surrogates(name)
    return "undefined" if name is None else to_string(name)


def _quote(text: str) -> str:
    if text.isascii():
        return encode_basestring(text)
    quoted = encode_basestring(merge_surrogates(text))
    return "".join(
        f"\\u{ord(letter):04x}" if "\ud800" <= letter <= "\udfff" else letter for letter in quoted
    )
