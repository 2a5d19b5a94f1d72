"""Evaluates Python expressions over `js` and `pyodide.ffi`, here and in the real Pyodide alike.

The file runs in both, so it imports neither: `make_world` gets them by `load`.
"""

import array
import ast
import inspect
import json
from collections import OrderedDict, deque, namedtuple
from collections.abc import Callable
from http import HTTPMethod, HTTPStatus
from typing import Any, TypeAlias

World: TypeAlias = dict[str, Any]

LONGEST = 200


class Thing:
    """A Python object that JavaScript knows nothing of."""

    size = 5

    def double(self, number: int) -> int:
        return 2 * number


Pair = namedtuple("Pair", "first second")


def refuse(*given: Any) -> Any:
    raise ValueError(*given)


def looped(holder: Any) -> Any:
    """A list or dict that holds itself."""
    holder.append(holder) if isinstance(holder, list) else holder.update(me=holder)
    return holder


def changed(value: Any, *steps: Callable[[Any], Any]) -> Any:
    """`value` after functions of it were called."""
    for step in steps:
        step(value)
    return value


def put(holder: Any, key: Any, value: Any) -> None:
    holder[key] = value


def remove(holder: Any, key: Any) -> None:
    del holder[key]


def make_world(load: Callable[[str], Any]) -> World:
    """What the expressions may name; `load` imports `js` and the modules of `pyodide`."""
    ffi = load("pyodide.ffi")
    code = load("pyodide.code")
    helpers = (refuse, looped, changed, put, remove, Thing, Pair, OrderedDict, deque)
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


async def answered(text: str, world: World) -> Any:
    """What `text` evaluates to, or the error that it raises, as JSON can say it."""
    compiled = compile(text, "<expression>", "eval", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    try:
        value = eval(compiled, world)
        return shown(await value if compiled.co_flags & inspect.CO_COROUTINE else value, world)
    except Exception as error:
        return ["raises", *shown(error, world)]


def shown(value: Any, world: World) -> Any:
    """A value as lists and strings that tell all that matters of it."""
    if isinstance(value, world["JsException"]):
        return ["JsException", value.name, value.message.split("\n")[0]]
    if isinstance(value, AttributeError):  # whose words come from Python
        return ["AttributeError"]
    if isinstance(value, BaseException):
        return [type(value).__name__, str(value).split("\n")[0], shown(value.__cause__, world)]
    if isinstance(value, world["JsProxy"]):
        name = value.constructor.name.removeprefix("Literal")
        return ["js", name, str(value)[:LONGEST]]
    if isinstance(value, memoryview):
        return ["memoryview", value.format, value.tolist()]
    if isinstance(value, list | tuple | set | frozenset):
        return [type(value).__name__, *(shown(item, world) for item in value)]
    if isinstance(value, dict):
        pairs = ([shown(key, world), shown(item, world)] for key, item in value.items())
        return ["dict", *pairs]
    if isinstance(value, Thing):
        return ["Thing"]
    return [type(value).__name__, repr(value)]
