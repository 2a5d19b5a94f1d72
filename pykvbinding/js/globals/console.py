"""`js.console`: lines of a log, through `logging`."""

import logging
from typing import Any

from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.globals.callables import JsNamespace
from pykvbinding.js.types.error import JsError
from pykvbinding.js.types.object import JsArray, JsMap, JsObject, JsSet, entries_of
from pykvbinding.js.types.typed_array import JsBuffer, TypedArray

LOGGER = "pykvbinding.workers.console"
"""The name of the logger: `caplog` has its records, and a terminal shows warnings and errors."""

MAX_DEPTH = 2
"""How deep objects are shown within objects."""


def make_console() -> JsNamespace:
    """`console`, with the methods of logging; it counts and measures nothing."""
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
    logging.getLogger(LOGGER).log(level, "%s", formatted(values))


def formatted(values: tuple[Any, ...]) -> str:
    """The values in a row; strings as they are, anything in them as it is written in code.

    >>> formatted(("got", 1, JsObject({"a": JsArray(["x", None])})))
    "got 1 { a: [ 'x', undefined ] }"
    """
    return " ".join(value if isinstance(value, str) else shown(value) for value in values)


def shown(value: Any, depth: int = 0) -> str:
    """A value as the log of the runtime shows it."""
    if isinstance(value, str):
        return f"'{value}'" if "'" not in value else f'"{value}"'
    if isinstance(value, JsError) or not isinstance(value, JsProxy) or value is jsnull:
        return to_js_string(value)
    if isinstance(value, JsArray | JsObject) and depth > MAX_DEPTH:
        return f"[{value.constructor.name}]"
    if isinstance(value, JsArray):
        return _listed("[", [shown(item, depth + 1) for item in value], "]")
    if isinstance(value, JsObject):
        held = [f"{name}: {shown(item, depth + 1)}" for name, item in entries_of(value)]
        return _listed("{", held, "}")
    if isinstance(value, JsMap):
        held = [f"{shown(key)} => {shown(item, depth + 1)}" for key, item in value.items()]
        return f"Map({len(value)}) {_listed('{', held, '}')}"
    if isinstance(value, JsSet):
        return f"Set({len(value)}) {_listed('{', [shown(item) for item in value], '}')}"
    if isinstance(value, TypedArray):
        return f"{value.constructor.name}({len(value)}) {_listed('[', [str(value)], ']')}"
    if isinstance(value, JsBuffer):
        return f"{value.constructor.name} {{ byteLength: {len(value.to_bytes())} }}"
    return str(value)


def _listed(opened: str, items: list[str], closed: str) -> str:
    return f"{opened} {', '.join(items)} {closed}" if items else opened + closed
