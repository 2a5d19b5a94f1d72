"""Conversions of arguments by workerd: strings, integers, functions, sequences of pairs."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import (
    replace_surrogates,
    to_js_number,
    to_js_string,
    truncate_to_int32,
)
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.object import JsObject, own_entries

MISSING: Final[Any] = object()
"""Default of an argument that may be missing, where a missing one differs from undefined."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def to_dom_string(value: Any) -> str:
    """Convert an argument of type `string`. workerd passes it through UTF-8.

    >>> to_dom_string(5), to_dom_string(None), to_dom_string("\\ud800")
    ('5', 'undefined', '\ufffd\ufffd\ufffd')
    """
    if type(value) is str and value.isascii():
        return value
    return replace_surrogates(to_js_string(value))


def to_usv_string(value: Any) -> str:
    """Convert an argument of type `USVString`: a lone surrogate becomes one U+FFFD.

    >>> to_usv_string("\\ud83d\\ude00 \\ud800")
    '😀 \ufffd'
    """
    if type(value) is str and value.isascii():
        return value
    return _SURROGATE.sub("\ufffd", to_js_string(value))


def to_int32(value: Any) -> int:
    """Convert an argument of a 32-bit type: NaN and infinities become 0, fractions are truncated.

    Raises: JsException, "Value out of range. Must be between …"
    """
    return truncate_to_int32(to_js_number(value), errors.int32_out_of_range)


def require_arguments(method: str, owner: str, *args: Any, type_name: str = "string") -> None:
    """Reject a call that lacks a required argument.

    Raises: JsException, "Failed to execute 'get' on 'Headers': parameter 1 is not of type …"
    """
    for parameter, argument in enumerate(args, start=1):
        if argument is MISSING:
            raise errors.not_of_type(method, owner, parameter, type_name)


def check_function(owner: str, callback: Any) -> Callable[..., Any]:
    """Return the callback of a `forEach`.

    Raises: JsException, "Failed to execute 'forEach' on 'Headers': parameter 1 is not of type …"
    """
    if not callable(callback):
        raise errors.not_of_type("forEach", owner, 1, "function")
    return callback  # type: ignore[no-any-return]


def read_sequences(init: Any, convert: Callable[[Any], str]) -> list[list[str]] | None:
    """Convert a sequence of sequences of strings; return `None` if `init` is not a sequence.

    A dict is a sequence of its names, so a dict that is not empty is rejected, as in production.
    Pass its `items()`, or convert it to an object by `to_js`.

    Raises: JsException, "Incorrect type: the provided value is not of type 'Sequence'."
    """
    items = _iterate(init)
    if items is None:
        return None
    result = []
    for item in items:
        parts = _iterate(item)
        if parts is None:
            raise errors.pairs_not_sequences()
        result.append([convert(part) for part in parts])
    return result


def _iterate(value: Any) -> Iterable[Any] | None:
    """Return the items of `value` as in JavaScript, where a Map yields pairs."""
    if isinstance(value, tuple | list):
        return value
    if value is None or isinstance(value, str | int | float):
        return None
    if isinstance(value, JsProxy) and isinstance(value, Mapping):
        entries: Iterable[Any] = value.entries()
        return entries
    try:
        iterator: Iterable[Any] = iter(value)
    except TypeError:
        return None
    return iterator


def read_record(init: Any, convert: Callable[[Any], str]) -> list[tuple[str, str]] | None:
    """Return the members of an object as strings; `None` if `init` is not an object."""
    if not isinstance(init, JsObject):
        return None
    return [(convert(name), convert(value)) for name, value in own_entries(init)]
