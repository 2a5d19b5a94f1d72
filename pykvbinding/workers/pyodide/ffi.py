"""`pyodide.ffi`: the classes of JavaScript values, conversions, and `run_sync`."""

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
"""True, because callers use it to check for the `js` module, which is available."""

JsPromise = Deferred
JsDoubleProxy = PyProxy
JsCallableDoubleProxy = PyCallableProxy
JsOnceCallable = OnceCallable


class _JsInterfaceMeta(type):
    """Metaclass of interfaces: `isinstance` checks the methods of a value, not its class."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, JsProxy) and bool(cls.matches(instance))

    matches: Callable[[Any], object]

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        raise errors.not_instantiable(cls.__name__)

    def __getitem__(cls, item: Any) -> Any:
        """Return the class itself, so that `JsArray[int]` is a valid annotation."""
        return cls


def _make_interface(name: str, matches: Callable[[Any], object], doc: str) -> Any:
    return _JsInterfaceMeta(name, (), {"matches": staticmethod(matches), "__doc__": doc})


def _has_methods(*names: str) -> Callable[[Any], bool]:
    """Return a predicate: whether the class of a value has these methods."""
    return lambda value: all(hasattr(type(value), name) for name in names)


def _is_map(value: Any) -> bool:
    return isinstance(value, _Map) or _has_methods("get", "size", "__iter__")(value)


JsArray = _make_interface(
    "JsArray", lambda value: isinstance(value, _Array | TypedArray), "An Array."
)
JsBuffer = _make_interface(
    "JsBuffer", lambda value: isinstance(value, _Buffer), "A buffer, or a view of one."
)
JsTypedArray = _make_interface(
    "JsTypedArray", lambda value: isinstance(value, TypedArray), "A typed array."
)
JsMap = _make_interface("JsMap", _is_map, "An iterable with `get` and `size`.")
JsMutableMap = _make_interface(
    "JsMutableMap",
    lambda value: _is_map(value) and _has_methods("set")(value),
    "A map that can be changed.",
)
JsCallable = _make_interface("JsCallable", callable, "A function, or a class.")
JsIterable = _make_interface("JsIterable", _has_methods("__iter__"), "An iterable.")
JsIterator = _make_interface("JsIterator", _has_methods("__next__"), "An iterator, with `next`.")
JsGenerator = _make_interface(
    "JsGenerator", _has_methods("__next__", "send"), "A JavaScript generator."
)
JsAsyncIterable = _make_interface(
    "JsAsyncIterable", _has_methods("__aiter__"), "An asynchronous iterable."
)
JsAsyncIterator = _make_interface(
    "JsAsyncIterator", _has_methods("__anext__"), "An asynchronous iterator."
)
JsAsyncGenerator = _make_interface(
    "JsAsyncGenerator", _has_methods("__anext__", "asend"), "An asynchronous generator."
)
JsFetchResponse = _make_interface(
    "JsFetchResponse", lambda value: value.constructor.name == "Response", "A Response."
)
JsDomElement = _make_interface(
    "JsDomElement",
    lambda value: False,  # noqa: ARG005
    "A DOM element, which Workers do not have.",
)
JsWeakRef = _make_interface("JsWeakRef", lambda value: False, "Not emulated.")  # noqa: ARG005

ToJsConverter = Any
"""The `convert` argument of a `default_converter`."""


def run_sync(awaitable: Awaitable[Any], /) -> Any:
    """Return the result of `awaitable`, without `await`.

    Production uses stack switching. Here the awaitable is run to completion at once, which works
    only if it does not wait for anything else on the event loop.

    Raises: RuntimeError outside of a running event loop, as in production, or if it has to wait.
    """
    if not can_run_sync():
        if hasattr(awaitable, "close"):  # a coroutine: avoids Python's warning about it
            awaitable.close()
        raise errors.cannot_switch_stacks()
    iterator = awaitable.__await__()
    while True:
        try:
            awaited = next(iterator)
        except StopIteration as end:
            return end.value
        if awaited is not None:  # None yields to other tasks once
            iterator.close()
            raise RuntimeError(
                "run_sync: the awaitable waits for another task of the event loop, which "
                "pykvbinding cannot run during the call; use await"
            )


def can_run_sync() -> bool:
    """Return whether `run_sync` can be called: whether an event loop is running."""
    events = sys.modules.get("asyncio.events")
    return events is not None and events._get_running_loop() is not None


def register_js_module(name: str, jsproxy: Any) -> None:
    """Make `import name` import a JavaScript object until `unregister_js_module`."""
    if not isinstance(name, str):
        raise errors.js_module_argument("name", "str", name)
    if not isinstance(jsproxy, JsProxy):
        raise errors.js_module_argument("jsproxy", "JsProxy", jsproxy)
    sys.modules[name] = jsproxy  # type: ignore[assignment]


def unregister_js_module(name: str) -> None:
    """Undo `register_js_module`."""
    if not isinstance(sys.modules.get(name), JsProxy):
        raise errors.js_module_unknown(name)
    del sys.modules[name]
