"""`js.JSON`: `parse` and `stringify` for JavaScript values."""

import json
from itertools import pairwise
from typing import Any

from pykvbinding.errors import KVError
from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import MAX_SAFE_INTEGER, to_js_string
from pykvbinding.js.core.json import JsonParser, JsonSerializer
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.object import JsArray, JsObject, LiteralMap, own_entries
from pykvbinding.js.types.py_proxy import PyProxy
from pykvbinding.js.types.to_js import from_json

MAX_INDENT = 10

MAX_CYCLE_STEPS = 3
"""An error message lists at most this many steps of a cycle, else the first two and the last."""


def parse(text: Any = None) -> Any:
    """`JSON.parse(text)`.

    >>> parse('{"a": [1, null]}').a[0]
    1

    Raises: JsException named "SyntaxError", with V8's message.
    """
    try:
        return from_json(JsonParser().parse(to_js_string(text)))
    except KVError as error:
        raise errors.json_syntax(error.message) from None


def stringify(value: Any = None, replacer: Any = None, space: Any = None) -> str | None:
    """`JSON.stringify(value, replacer, space)`; `None` (undefined) if JSON omits `value`.

    A `replacer` is an Array of the names of members to write, or a function that is called with
    the name and value of each member.

    Raises: JsException, "Converting circular structure to JSON", "Do not know how to serialize a
    BigInt".
    """
    tree = _TreeBuilder(replacer).build(value, "")
    if tree is _OMITTED:
        return None
    text = JsonSerializer().stringify(tree)
    assert text is not None
    gap = _to_gap(space)
    if not gap:
        return text
    return _indent(json.loads(text, parse_int=_RawNumber, parse_float=_RawNumber), gap)


class _TreeBuilder:
    """One call of `stringify`: builds a tree of Python values that JSON can represent."""

    def __init__(self, replacer: Any) -> None:
        self._replacer = replacer if callable(replacer) else None
        is_list = isinstance(replacer, JsArray | list | tuple)
        self._allowed = set(map(to_js_string, replacer)) if is_list else None
        self._stack: list[tuple[int, str, Any]] = []

    def build(self, value: Any, name: str) -> Any:
        """Return `value` as None, bool, int, float, str, list or dict, or `_OMITTED`."""
        value = value.unwrap() if isinstance(value, PyProxy) else value
        if isinstance(value, JsProxy):
            value = _apply_to_json(value, name)
        if self._replacer is not None:
            value = self._replacer(name, value)
        if value is None or callable(value):
            return _OMITTED
        if value is jsnull:
            return None
        if isinstance(value, bool | str | float):
            return value
        if isinstance(value, int):
            if abs(value) > MAX_SAFE_INTEGER:
                raise errors.json_bigint()
            return value
        return self._build_container(value, name)

    def _build_container(self, value: Any, name: str) -> Any:
        ids = [item_id for item_id, _, _ in self._stack]
        if id(value) in ids:
            raise errors.json_circular(*_describe_cycle(self._stack[ids.index(id(value)) :], name))
        self._stack.append((id(value), name, value))
        if isinstance(value, JsArray | list | tuple):
            items = (self.build(item, str(index)) for index, item in enumerate(value))
            result: Any = [None if item is _OMITTED else item for item in items]
        else:
            result = self._members(value)
        self._stack.pop()
        return result

    def _members(self, value: Any) -> dict[str, Any]:
        members = ((name, self.build(item, name)) for name, item in _list_members(value))
        allowed = self._allowed
        return {
            name: item
            for name, item in members
            if item is not _OMITTED and (allowed is None or name in allowed)
        }


class _RawNumber(str):
    """The text of a number, unchanged."""

    __slots__ = ()


def _list_members(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, JsObject):
        return own_entries(value)
    if isinstance(value, LiteralMap):
        return list(value.string_members().items())
    if isinstance(value, dict):
        return [(to_js_string(name), item) for name, item in value.items()]
    if hasattr(value, "view"):
        return [(str(index), item) for index, item in enumerate(value.view().tolist())]
    return []


def _apply_to_json(value: JsProxy, name: str) -> Any:
    """Return the result of the value's `toJSON` method, or the value if it has none."""
    method = getattr(value, "toJSON", None)
    if not callable(method):
        return value
    return method(name) if isinstance(value, JsObject) else method()


def _describe_cycle(stack: list[tuple[int, str, Any]], name: str) -> tuple[str, str]:
    """Return the constructor at which a cycle starts, and V8's description of its steps."""
    lines = [
        f"|     {_describe_step(holder, name)} -> "
        f"object with constructor '{_constructor_name(value)}'"
        for (_, _, holder), (_, name, value) in pairwise(stack)
    ]
    if len(lines) > MAX_CYCLE_STEPS:
        lines = [*lines[:2], "|     ...", lines[-1]]
    lines.append(f"--- {_describe_step(stack[-1][2], name)} closes the circle")
    return _constructor_name(stack[0][2]), "".join(f"\n    {line}" for line in lines)


def _describe_step(holder: Any, name: str) -> str:
    return f"index {name}" if _constructor_name(holder) == "Array" else f"property '{name}'"


def _constructor_name(value: Any) -> str:
    return "Array" if isinstance(value, JsArray | list | tuple) else "Object"


def _to_gap(space: Any) -> str:
    if isinstance(space, str):
        return space[:MAX_INDENT]
    return " " * min(MAX_INDENT, int(space)) if isinstance(space, int | float) else ""


def _indent(value: Any, gap: str, margin: str = "\n") -> str:
    if isinstance(value, _RawNumber):
        return value
    if not value or not isinstance(value, list | dict):
        return JsonSerializer().stringify(value) or ""
    indent = margin + gap
    if isinstance(value, list):
        return (
            f"[{indent}{f',{indent}'.join(_indent(item, gap, indent) for item in value)}{margin}]"
        )
    members = (
        f"{JsonSerializer().stringify(name)}: {_indent(item, gap, indent)}"
        for name, item in value.items()
    )
    return f"{{{indent}{f',{indent}'.join(members)}{margin}}}"


_OMITTED: Any = object()
