"""`workers.rpc`: what Python sends to JavaScript and gets from it, converted."""

from collections.abc import Awaitable
from datetime import datetime
from types import GeneratorType
from typing import Any

from pykvbinding import errors
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.object import JsDate, JsError, from_entries
from pykvbinding.js.types.py_proxy import create_proxy
from pykvbinding.js.types.to_js import to_js
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.blob import Blob, File
from pykvbinding.workers.standin.convert import class_name, is_iterable, none_for_null
from pykvbinding.workers.standin.formdata import FormData
from pykvbinding.workers.standin.request import Request
from pykvbinding.workers.standin.response import Response

__all__ = ["JsDict", "python_from_rpc", "python_to_rpc"]

# A File by itself is a TypeError about its missing name, as in the SDK, which forgets it too.
_WRAPPERS: dict[str, Any] = {
    "Response": Response,
    "Request": Request,
    "FormData": FormData,
    "Blob": Blob,
    "File": File,
}

_PLAIN = frozenset({str, int, float, bool, bytes, memoryview})
AWAITABLE_CODE = 0x100
"""`inspect.CO_ITERABLE_COROUTINE`, the mark of `types.coroutine`; `inspect` is slow to import."""


class Wrapper:
    """Around a JavaScript value that Python calls: what it hands out is converted."""

    _binding: Any


def python_from_rpc(obj: Any) -> Any:
    """The Python value of a JavaScript one; what is not from JavaScript stays as it is.

    Objects become dicts with attributes, null becomes None, a Date a local datetime, and Request,
    Response, FormData, Blob and File those of this package.
    """
    if obj is jsnull:
        return None
    kind = class_name(obj)
    if kind is None:
        return obj
    if kind == "TestController":  # `ctx` of a binding, which Python cannot use
        return None
    return _without_null(obj.to_py(default_converter=_to_python))


def _to_python(value: Any, convert: Any, note: Any) -> Any:  # noqa: ARG001 -- Pyodide's signature
    """What `to_py` asks about that which has no Python value."""
    kind = class_name(value)
    if kind in _WRAPPERS:
        return _WRAPPERS[kind](value)
    if kind == "Date":
        return datetime.fromtimestamp(value.getTime() / 1000)
    if kind == "Error":
        return Exception(value.toString())
    if kind == "Number":
        return value.valueOf()
    return none_for_null(value)


def _without_null(value: Any) -> Any:
    """`value` with None for every null in it, and its dicts with attributes."""
    if value is jsnull:
        return None
    if isinstance(value, dict):
        return JsDict({key: _without_null(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return [_without_null(inner) for inner in value]
    return value


def python_to_rpc(value: Any) -> Any:
    """The JavaScript value of a Python one: None is null, a dict an object, a datetime a Date.

    Raises: TypeError, "<class 'tuple'> cannot be sent over RPC.", also for bytearray, awaitables
    and regular expressions, at any depth.
    """
    if type(value) in _PLAIN:
        return value if type(value) is not bytes and type(value) is not memoryview else to_js(value)
    if value is None:
        return jsnull
    if isinstance(value, Wrapper):
        return value._binding
    value = _with_null(value)
    check_sendable(value)
    return to_js(value, default_converter=_to_javascript, dict_converter=from_entries)


def _with_null(value: Any) -> Any:
    """`value` with null for every None in it."""
    if value is None:
        return jsnull
    if isinstance(value, dict):
        return {key: _with_null(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_null(inner) for inner in value]
    return value


def check_sendable(value: Any) -> None:
    """Refuse what cannot cross to JavaScript.

    Raises: TypeError, "<class 'tuple'> cannot be sent over RPC."
    """
    if isinstance(value, Wrapper) or (callable(value) and not isinstance(value, type)):
        return
    if class_name(value) == "RegExp":
        raise refusals.regular_expression()
    if isinstance(value, tuple | bytearray):
        raise errors.cannot_be_sent(value)
    if _is_awaitable(value):
        raise errors.awaitable_cannot_be_sent(value)
    if isinstance(value, memoryview):  # numbers, all of them
        return
    if is_iterable(value):
        held: Any = value.values() if isinstance(value, dict) else value
        for inner in held:
            check_sendable(inner)


def _is_awaitable(value: object) -> bool:
    """`inspect.isawaitable`."""
    if isinstance(value, GeneratorType):
        return bool(value.gi_code.co_flags & AWAITABLE_CODE)
    return isinstance(value, Awaitable)


def _to_javascript(value: Any, convert: Any, note: Any) -> Any:  # noqa: ARG001
    """What `to_js` asks about that which it does not know."""
    if isinstance(value, Wrapper):
        return value._binding
    if hasattr(value, "js_object"):
        return value.js_object
    if isinstance(value, datetime):
        return JsDate(value.timestamp() * 1000)
    if isinstance(value, Exception):
        return JsError(str(value))
    if callable(value) and not isinstance(value, type):
        return create_proxy(value)
    check_sendable(value)
    return value
