"""`pyodide.ffi`: the classes of JavaScript values, the conversions, and waiting without `await`."""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core.errors import ConversionError, InternalError
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsNull, JsProxy, jsnull
from pykvbinding.js.types.array import JsArray as _Array
from pykvbinding.js.types.buffer import JsBuffer as _Buffer
from pykvbinding.js.types.map import JsMap as _Map
from pykvbinding.js.types.py_proxy import (
    OnceCallable,
    PyCallableProxy,
    PyProxy,
    create_once_callable,
    create_proxy,
    destroy_proxies,
)
from pykvbinding.js.types.to_js import to_js
from pykvbinding.js.types.typed_array import TypedArray
from pykvbinding.workers.pyodide import errors

__all__ = [
    "IN_BROWSER",
    "ConversionError",
    "InternalError",
    "JsArray",
    "JsAsyncGenerator",
    "JsAsyncIterable",
    "JsAsyncIterator",
    "JsBuffer",
    "JsCallable",
    "JsCallableDoubleProxy",
    "JsDomElement",
    "JsDoubleProxy",
    "JsException",
    "JsFetchResponse",
    "JsGenerator",
    "JsIterable",
    "JsIterator",
    "JsMap",
    "JsMutableMap",
    "JsNull",
    "JsOnceCallable",
    "JsPromise",
    "JsProxy",
    "JsTypedArray",
    "JsWeakRef",
    "ToJsConverter",
    "can_run_sync",
    "create_once_callable",
    "create_proxy",
    "destroy_proxies",
    "jsnull",
    "register_js_module",
    "run_sync",
    "to_js",
    "unregister_js_module",
]

IN_BROWSER = True
"""Code that asks wants to know whether there is a `js` module: there is."""

JsPromise = Deferred
JsDoubleProxy = PyProxy
JsCallableDoubleProxy = PyCallableProxy
JsOnceCallable = OnceCallable


class _Kind(type):
    """A class of JavaScript values that is told by what they can do, not by inheritance."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, JsProxy) and bool(cls.holds(instance))

    holds: Callable[[Any], object]

    def __call__(cls, *arguments: Any, **named: Any) -> Any:  # noqa: ARG002
        raise errors.not_instantiable(cls.__name__)

    def __getitem__(cls, item: Any) -> Any:
        """`JsArray[int]` in an annotation is the class."""
        return cls


def _kind(name: str, holds: Callable[[Any], object], document: str) -> Any:
    return _Kind(name, (), {"holds": staticmethod(holds), "__doc__": document})


def _can(*names: str) -> Callable[[Any], bool]:
    """Asks whether the class of a value has these methods; its members are not asked."""
    return lambda value: all(hasattr(type(value), name) for name in names)


def _is_map(value: Any) -> bool:
    return isinstance(value, _Map) or _can("get", "size", "__iter__")(value)


JsArray = _kind("JsArray", lambda value: isinstance(value, _Array | TypedArray), "An Array.")
JsBuffer = _kind(
    "JsBuffer", lambda value: isinstance(value, _Buffer), "A buffer, or a view of one."
)
JsTypedArray = _kind("JsTypedArray", lambda value: isinstance(value, TypedArray), "A typed array.")
JsMap = _kind("JsMap", _is_map, "What has `get`, a `size`, and iterates.")
JsMutableMap = _kind(
    "JsMutableMap",
    lambda value: _is_map(value) and _can("set")(value),
    "A map that can be changed.",
)
JsCallable = _kind("JsCallable", callable, "A function, or a class.")
JsIterable = _kind("JsIterable", _can("__iter__"), "What a loop goes through.")
JsIterator = _kind("JsIterator", _can("__next__"), "What has `next`.")
JsGenerator = _kind("JsGenerator", _can("__next__", "send"), "A generator of JavaScript.")
JsAsyncIterable = _kind("JsAsyncIterable", _can("__aiter__"), "What `async for` goes through.")
JsAsyncIterator = _kind("JsAsyncIterator", _can("__anext__"), "What has an asynchronous `next`.")
JsAsyncGenerator = _kind(
    "JsAsyncGenerator", _can("__anext__", "asend"), "One that is asynchronous."
)
JsFetchResponse = _kind(
    "JsFetchResponse", lambda value: value.constructor.name == "Response", "A Response."
)
JsDomElement = _kind("JsDomElement", lambda value: False, "Nothing at the edge.")  # noqa: ARG005
JsWeakRef = _kind("JsWeakRef", lambda value: False, "Not emulated.")  # noqa: ARG005

ToJsConverter = Any
"""What a `default_converter` is handed to convert what its value holds."""


def run_sync(awaitable: Awaitable[Any], /) -> Any:
    """The outcome of `awaitable`, without `await`, from within whatever runs.

    Production switches stacks for it. Here it is driven to its end on the spot, which goes well
    as long as nothing in it has to wait for something else that runs on the event loop.

    Raises: RuntimeError outside of a running event loop, as in production; or if it has to wait.
    """
    if not can_run_sync():
        if hasattr(awaitable, "close"):  # a coroutine, of which Python would warn besides
            awaitable.close()
        raise errors.cannot_switch_stacks()
    steps = awaitable.__await__()
    while True:
        try:
            waits_for = next(steps)
        except StopIteration as end:
            return end.value
        if waits_for is not None:  # None lets others run for a moment, and asks for no more
            steps.close()
            raise RuntimeError(
                "run_sync: what is awaited has to wait for something else on the event loop, which "
                "pykvbinding cannot let run meanwhile; use await"
            )


def can_run_sync() -> bool:
    """Whether `run_sync` can be called: within a running event loop."""
    events = sys.modules.get("asyncio.events")
    return events is not None and events._get_running_loop() is not None


def register_js_module(name: str, jsproxy: Any) -> None:
    """Make `import name` import a JavaScript object, until `unregister_js_module`."""
    if not isinstance(name, str):
        raise errors.js_module_argument("name", "str", name)
    if not isinstance(jsproxy, JsProxy):
        raise errors.js_module_argument("jsproxy", "JsProxy", jsproxy)
    sys.modules[name] = jsproxy  # type: ignore[assignment]


def unregister_js_module(name: str) -> None:
    """Take that back."""
    if not isinstance(sys.modules.get(name), JsProxy):
        raise errors.js_module_unknown(name)
    del sys.modules[name]
