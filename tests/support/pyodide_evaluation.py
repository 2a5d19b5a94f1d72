"""Evaluation of Python expressions over `js` and `pyodide.ffi`, here and in the real Pyodide.

The file runs in both environments, so it imports neither module: `make_namespace` calls `load`.
"""

import array
import ast
import inspect
import json
from collections import OrderedDict, deque, namedtuple
from collections.abc import Callable
from http import HTTPMethod, HTTPStatus
from typing import Any, TypeAlias

Namespace: TypeAlias = dict[str, Any]

MAX_TEXT_LENGTH = 200


class Thing:
    """A Python object without a JavaScript equivalent."""

    size = 5

    def double(self, number: int) -> int:
        return 2 * number


Pair = namedtuple("Pair", "first second")


def refuse(*args: Any) -> Any:
    raise ValueError(*args)


def make_cyclic(holder: Any) -> Any:
    """Add a list or dict to itself; return it."""
    holder.append(holder) if isinstance(holder, list) else holder.update(me=holder)
    return holder


def mutate(value: Any, *steps: Callable[[Any], Any]) -> Any:
    """Call functions with `value`; return it."""
    for step in steps:
        step(value)
    return value


def put(holder: Any, key: Any, value: Any) -> None:
    holder[key] = value


def remove(holder: Any, key: Any) -> None:
    del holder[key]


def make_namespace(load: Callable[[str], Any]) -> Namespace:
    """Return the globals of the expressions; `load` imports `js` and the modules of `pyodide`."""
    ffi = load("pyodide.ffi")
    code = load("pyodide.code")
    helpers = (refuse, make_cyclic, mutate, put, remove, Thing, Pair, OrderedDict, deque)
    return {
        **{name: getattr(ffi, name) for name in ffi.__all__},
        **{helper.__name__: helper for helper in helpers},
        "HTTPMethod": HTTPMethod,
        "HTTPStatus": HTTPStatus,
        "array": array,
        "code": code,
        "js": load("js"),
        "json": json,
        "version": load("pyodide").__version__,
    }


async def evaluate(text: str, namespace: Namespace) -> Any:
    """Return the value of an expression, or the error that it raises, in a form JSON can encode."""
    compiled = compile(text, "<expression>", "eval", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    try:
        value = eval(compiled, namespace)
        return describe(
            await value if compiled.co_flags & inspect.CO_COROUTINE else value, namespace
        )
    except Exception as error:
        return ["raises", *describe(error, namespace)]


def describe(value: Any, namespace: Namespace) -> Any:
    """Describe a value by lists and strings."""
    if isinstance(value, namespace["JsException"]):
        return ["JsException", value.name, value.message.split("\n")[0]]
    if isinstance(value, AttributeError):  # its message depends on the Python version
        return ["AttributeError"]
    if isinstance(value, BaseException):
        return [
            type(value).__name__,
            str(value).split("\n")[0],
            describe(value.__cause__, namespace),
        ]
    if isinstance(value, namespace["JsProxy"]):
        name = value.constructor.name.removeprefix("Literal")
        return ["js", name, str(value)[:MAX_TEXT_LENGTH]]
    if isinstance(value, memoryview):
        return ["memoryview", value.format, value.tolist()]
    if isinstance(value, list | tuple | set | frozenset):
        return [type(value).__name__, *(describe(item, namespace) for item in value)]
    if isinstance(value, dict):
        pairs = (
            [describe(key, namespace), describe(item, namespace)] for key, item in value.items()
        )
        return ["dict", *pairs]
    if isinstance(value, Thing):
        return ["Thing"]
    return [type(value).__name__, repr(value)]
