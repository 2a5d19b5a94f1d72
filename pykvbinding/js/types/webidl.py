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
from pykvbinding.js.types.object import JsObject, entries_of

MISSING: Final[Any] = object()
"""An argument that was not given, where that is not the same as undefined."""

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
    """Convert an argument of a 32-bit type: NaN and infinities are 0, fractions are cut.

    Raises: JsException, "Value out of range. Must be between …"
    """
    return truncate_to_int32(to_js_number(value), errors.int32_out_of_range)


def check_given(method: str, owner: str, *arguments: Any, wanted: str = "string") -> None:
    """Refuse a call with fewer arguments than it needs.

    Raises: JsException, "Failed to execute 'get' on 'Headers': parameter 1 is not of type …"
    """
    for place, argument in enumerate(arguments, start=1):
        if argument is MISSING:
            raise errors.not_of_type(method, owner, place, wanted)


def check_function(owner: str, visit: Any) -> Callable[..., Any]:
    """The callback of a `forEach`.

    Raises: JsException, "Failed to execute 'forEach' on 'Headers': parameter 1 is not of type …"
    """
    if not callable(visit):
        raise errors.not_of_type("forEach", owner, 1, "function")
    return visit  # type: ignore[no-any-return]


def read_sequences(init: Any, convert: Callable[[Any], str]) -> list[list[str]] | None:
    """Convert a sequence of sequences of strings; return `None` if `init` is not a sequence.

    A dict is a sequence of its names, so one that is not empty is refused: in production too.
    Give its `items()`, or make it an object by `to_js`.

    Raises: JsException, "Incorrect type: the provided value is not of type 'Sequence'."
    """
    items = _iterated(init)
    if items is None:
        return None
    found = []
    for item in items:
        inner = _iterated(item)
        if inner is None:
            raise errors.pairs_not_sequences()
        found.append([convert(part) for part in inner])
    return found


def _iterated(value: Any) -> Iterable[Any] | None:
    """What `value` iterates over in JavaScript, where a Map yields pairs."""
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
    return [(convert(name), convert(value)) for name, value in entries_of(init)]
