"""`js.console`, which writes to a logger of the module `logging`."""

import logging
from typing import Any

from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.globals.callables import JsNamespace
from pykvbinding.js.types.error import JsError
from pykvbinding.js.types.object import JsArray, JsMap, JsObject, JsSet, own_entries
from pykvbinding.js.types.typed_array import JsBuffer, TypedArray

LOGGER = "pykvbinding.workers.console"
"""The name of the logger: `caplog` captures all records, a terminal shows warnings and errors."""

MAX_DEPTH = 2
"""The depth of nested objects up to which their members are shown."""


def make_console() -> JsNamespace:
    """Return `console`, with its logging methods; those that count or measure are missing."""
    return JsNamespace(
        "console",
        log=lambda *values: _write(logging.INFO, values),
        info=lambda *values: _write(logging.INFO, values),
        debug=lambda *values: _write(logging.DEBUG, values),
        warn=lambda *values: _write(logging.WARNING, values),
        error=lambda *values: _write(logging.ERROR, values),
        trace=lambda *values: _write(logging.DEBUG, values),
        dir=lambda *values: _write(logging.INFO, values[:1]),
        assert_=_assert,
    )


def _assert(condition: Any = None, *values: Any) -> None:
    if not condition:
        _write(logging.ERROR, ("Assertion failed", *values))


def _write(level: int, values: tuple[Any, ...]) -> None:
    logging.getLogger(LOGGER).log(level, "%s", format_values(values))


def format_values(values: tuple[Any, ...]) -> str:
    """Join the values with spaces: strings as they are, other values as `format_value` does.

    >>> format_values(("got", 1, JsObject({"a": JsArray(["x", None])})))
    "got 1 { a: [ 'x', undefined ] }"
    """
    return " ".join(value if isinstance(value, str) else format_value(value) for value in values)


def format_value(value: Any, depth: int = 0) -> str:
    """Format a value as the log of the runtime does, a string in quotes."""
    if isinstance(value, str):
        return f"'{value}'" if "'" not in value else f'"{value}"'
    if isinstance(value, JsError) or not isinstance(value, JsProxy) or value is jsnull:
        return to_js_string(value)
    if isinstance(value, JsArray | JsObject) and depth > MAX_DEPTH:
        return f"[{value.constructor.name}]"
    if isinstance(value, JsArray):
        return _join_items("[", [format_value(item, depth + 1) for item in value], "]")
    if isinstance(value, JsObject):
        parts = [f"{name}: {format_value(item, depth + 1)}" for name, item in own_entries(value)]
        return _join_items("{", parts, "}")
    if isinstance(value, JsMap):
        parts = [
            f"{format_value(key)} => {format_value(item, depth + 1)}" for key, item in value.items()
        ]
        return f"Map({len(value)}) {_join_items('{', parts, '}')}"
    if isinstance(value, JsSet):
        return f"Set({len(value)}) {_join_items('{', [format_value(item) for item in value], '}')}"
    if isinstance(value, TypedArray):
        return f"{value.constructor.name}({len(value)}) {_join_items('[', [str(value)], ']')}"
    if isinstance(value, JsBuffer):
        return f"{value.constructor.name} {{ byteLength: {len(value.to_bytes())} }}"
    return str(value)


def _join_items(opening: str, items: list[str], closing: str) -> str:
    return f"{opening} {', '.join(items)} {closing}" if items else opening + closing
