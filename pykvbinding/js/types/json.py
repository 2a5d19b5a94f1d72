"""`js.JSON`: texts become objects and Arrays of JavaScript, and those become texts."""

import json
from itertools import pairwise
from typing import Any

from pykvbinding.errors import KVError
from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import MAX_SAFE_INTEGER, to_js_string
from pykvbinding.js.core.json import Reader, Writer
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.object import JsArray, JsObject, LiteralMap, entries_of
from pykvbinding.js.types.py_proxy import PyProxy
from pykvbinding.js.types.to_js import from_json

MAX_INDENT = 10

MAX_STEPS = 3
"""So many steps of a circle are told in an error; of longer ones, two and the last."""


def parse(text: Any = None) -> Any:
    """`JSON.parse(text)`.

    >>> parse('{"a": [1, null]}').a[0]
    1

    Raises: JsException named "SyntaxError", with V8's words.
    """
    try:
        return from_json(Reader().parse(to_js_string(text)))
    except KVError as error:
        raise errors.json_syntax(error.message) from None


def stringify(value: Any = None, replacer: Any = None, space: Any = None) -> str | None:
    """`JSON.stringify(value, null, space)`; `None` (undefined) for what JSON has no word for.

    A `replacer` that is an Array names the members that are written; a function is called with
    name and value of each.

    Raises: JsException, "Converting circular structure to JSON", "Do not know how to serialize a
    BigInt".
    """
    plain = _Plainly(replacer).made(value, "")
    if plain is _NOTHING:
        return None
    text = Writer().stringify(plain)
    assert text is not None
    gap = _gap(space)
    return _indented(json.loads(text, parse_int=_Digits, parse_float=_Digits), gap) if gap else text


class _Plainly:
    """One call of `stringify`: Python values of what JSON can say."""

    def __init__(self, replacer: Any) -> None:
        self._replacer = replacer if callable(replacer) else None
        named = isinstance(replacer, JsArray | list | tuple)
        self._only = set(map(to_js_string, replacer)) if named else None
        self._inside: list[tuple[int, str, Any]] = []

    def made(self, value: Any, name: str) -> Any:
        """`value` as None, bool, int, float, str, list or dict, or `_NOTHING`."""
        value = value.unwrap() if isinstance(value, PyProxy) else value
        if isinstance(value, JsProxy):
            value = _told(value, name)
        if self._replacer is not None:
            value = self._replacer(name, value)
        if value is None or callable(value):
            return _NOTHING
        if value is jsnull:
            return None
        if isinstance(value, bool | str | float):
            return value
        if isinstance(value, int):
            if abs(value) > MAX_SAFE_INTEGER:
                raise errors.json_bigint()
            return value
        return self._inner(value, name)

    def _inner(self, value: Any, name: str) -> Any:
        ids = [seen for seen, _, _ in self._inside]
        if id(value) in ids:
            raise errors.json_circular(*_circle(self._inside[ids.index(id(value)) :], name))
        self._inside.append((id(value), name, value))
        if isinstance(value, JsArray | list | tuple):
            items = (self.made(item, str(index)) for index, item in enumerate(value))
            found: Any = [None if item is _NOTHING else item for item in items]
        else:
            found = self._members(value)
        self._inside.pop()
        return found

    def _members(self, value: Any) -> dict[str, Any]:
        held = ((name, self.made(item, name)) for name, item in _members_of(value))
        only = self._only
        return {
            name: item
            for name, item in held
            if item is not _NOTHING and (only is None or name in only)
        }


class _Digits(str):
    """A number as it is written."""

    __slots__ = ()


def _members_of(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, JsObject):
        return entries_of(value)
    if isinstance(value, LiteralMap):
        return list(value.literal_members().items())
    if isinstance(value, dict):
        return [(to_js_string(name), item) for name, item in value.items()]
    if hasattr(value, "view"):
        return [(str(index), item) for index, item in enumerate(value.view().tolist())]
    return []


def _told(value: JsProxy, name: str) -> Any:
    """What a value's own `toJSON` says of it; without one, the value."""
    own = getattr(value, "toJSON", None)
    if not callable(own):
        return value
    return own(name) if isinstance(value, JsObject) else own()


def _circle(inside: list[tuple[int, str, Any]], name: str) -> tuple[str, str]:
    """The class at which a circle begins, and how V8 describes the way around, line by line."""
    lines = [
        f"|     {_step(before, step)} -> object with constructor '{_class_of(value)}'"
        for (_, _, before), (_, step, value) in pairwise(inside)
    ]
    if len(lines) > MAX_STEPS:
        lines = [*lines[:2], "|     ...", lines[-1]]
    lines.append(f"--- {_step(inside[-1][2], name)} closes the circle")
    return _class_of(inside[0][2]), "".join(f"\n    {line}" for line in lines)


def _step(holder: Any, name: str) -> str:
    return f"index {name}" if _class_of(holder) == "Array" else f"property '{name}'"


def _class_of(value: Any) -> str:
    return "Array" if isinstance(value, JsArray | list | tuple) else "Object"


def _gap(space: Any) -> str:
    if isinstance(space, str):
        return space[:MAX_INDENT]
    return " " * min(MAX_INDENT, int(space)) if isinstance(space, int | float) else ""


def _indented(value: Any, gap: str, margin: str = "\n") -> str:
    if isinstance(value, _Digits):
        return value
    if not value or not isinstance(value, list | dict):
        return Writer().stringify(value) or ""
    inner = margin + gap
    if isinstance(value, list):
        return f"[{inner}{f',{inner}'.join(_indented(item, gap, inner) for item in value)}{margin}]"
    members = (
        f"{Writer().stringify(name)}: {_indented(item, gap, inner)}" for name, item in value.items()
    )
    return f"{{{inner}{f',{inner}'.join(members)}{margin}}}"


_NOTHING: Any = object()
