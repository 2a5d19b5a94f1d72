"""The global object, which `import js` returns: a table of its names and of their factories."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from pykvbinding.js.core.not_emulated import NotEmulated
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.globals.callables import JsClass, JsFunction, JsNamespace
from pykvbinding.js.types.container import unescape_keyword

Factory = Callable[["JsGlobal"], Any]


class _Class(NamedTuple):
    """The module of a class, which has the name of the global, and its static methods."""

    module: str
    static_methods: tuple[str, ...] = ()


class _Function(NamedTuple):
    """The module of a function, and its name there."""

    module: str
    attribute: str


# Classes and functions of the web platform. Those of the language are in globals/builtins.py.
_CLASSES = {
    "AbortController": _Class("pykvbinding.js.fetch.abort"),
    "AbortSignal": _Class("pykvbinding.js.fetch.abort", ("abort", "any", "timeout")),
    "Blob": _Class("pykvbinding.js.fetch.blob"),
    "File": _Class("pykvbinding.js.fetch.blob"),
    "FormData": _Class("pykvbinding.js.fetch.form_data"),
    "Headers": _Class("pykvbinding.js.fetch.headers"),
    "ReadableStream": _Class("pykvbinding.js.streams.js_readable", ("from_",)),
    "Request": _Class("pykvbinding.js.fetch.request"),
    "Response": _Class("pykvbinding.js.fetch.response", ("error", "json", "redirect")),
    "TextDecoder": _Class("pykvbinding.js.globals.text"),
    "TextEncoder": _Class("pykvbinding.js.globals.text"),
    "TransformStream": _Class("pykvbinding.js.streams.transform"),
    "URL": _Class(
        "pykvbinding.js.url.url", ("canParse", "createObjectURL", "parse", "revokeObjectURL")
    ),
    "URLSearchParams": _Class("pykvbinding.js.url.search_params"),
    "WritableStream": _Class("pykvbinding.js.streams.writable"),
}
_FUNCTIONS = {
    "atob": _Function("pykvbinding.js.globals.text", "atob"),
    "btoa": _Function("pykvbinding.js.globals.text", "btoa"),
    "decodeURI": _Function("pykvbinding.js.globals.text", "decode_uri"),
    "decodeURIComponent": _Function("pykvbinding.js.globals.text", "decode_uri_component"),
    "encodeURI": _Function("pykvbinding.js.globals.text", "encode_uri"),
    "encodeURIComponent": _Function("pykvbinding.js.globals.text", "encode_uri_component"),
    "fetch": _Function("pykvbinding.js.fetch.fetch", "fetch"),
    "queueMicrotask": _Function("pykvbinding.js.globals.timers", "queueMicrotask"),
}
_TIMERS = {
    "clearInterval": "clear",
    "clearTimeout": "clear",
    "setInterval": "set_interval",
    "setTimeout": "set_timeout",
}
"""The methods of `Timers`, one object of which all four share."""

_NOT_EMULATED = (
    *("Atomics", "ByteLengthQueuingStrategy", "Cache", "CacheStorage", "CloseEvent"),
    *("Cloudflare", "CompressionStream", "CountQueuingStrategy", "Crypto", "CryptoKey"),
    *("CustomEvent", "DecompressionStream", "ErrorEvent", "Event", "EventSource", "EventTarget"),
    *("FinalizationRegistry", "FixedLengthStream", "Float16Array", "Function", "HTMLRewriter"),
    *("IdentityTransformStream", "Intl", "Iterator", "MessageChannel", "MessageEvent"),
    *("MessagePort", "Proxy", "ReadableStreamBYOBReader", "ReadableStreamDefaultReader"),
    *("Reflect", "RegExp", "SharedArrayBuffer", "SubtleCrypto", "Symbol", "TextDecoderStream"),
    *("TextEncoderStream", "URLPattern", "WeakMap", "WeakRef", "WeakSet", "WebAssembly"),
    *("WebSocket", "WebSocketPair", "WritableStreamDefaultWriter", "caches", "escape", "eval"),
    *("reportError", "unescape"),
)


class JsGlobal(JsProxy, name="ServiceWorkerGlobalScope"):
    """`js`: its attributes are the globals. Each is made when it is first read.

    An attribute that a test sets (`js.caches = …`) belongs to this object; `make_js` makes another.
    """

    def __init__(self) -> None:
        vars(self)["__name__"] = "js"

    def __getattr__(self, name: str) -> Any:
        factory = _find_factory(unescape_keyword(name))
        if factory is None:
            raise AttributeError(name)
        value = factory(self)
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        from pykvbinding.js.globals.builtins import BUILTINS

        return sorted({*_FACTORIES, *BUILTINS, *vars(self)})

    def __repr__(self) -> str:
        return str(self)


def make_js() -> JsGlobal:
    """Return a new global object."""
    return JsGlobal()


def _find_factory(name: str) -> Factory | None:
    if name in _FACTORIES:
        return _FACTORIES[name]
    from pykvbinding.js.globals.builtins import BUILTINS

    builtin = BUILTINS.get(name)
    return None if builtin is None else lambda _: builtin()


def _class_factory(name: str, definition: _Class) -> Factory:
    def make(_: JsGlobal) -> JsClass:
        implementation = getattr(import_module(definition.module), name)
        methods = {method: getattr(implementation, method) for method in definition.static_methods}
        return JsClass(implementation, name, **methods)

    return make


def _function_factory(name: str, definition: _Function) -> Factory:
    def make(_: JsGlobal) -> JsFunction:
        return JsFunction(getattr(import_module(definition.module), definition.attribute), name)

    return make


def _timer_factory(name: str) -> Factory:
    def make(js: JsGlobal) -> Any:
        from pykvbinding.js.globals.timers import Timers

        timers = Timers()
        for timer_name, method in _TIMERS.items():
            vars(js).setdefault(timer_name, JsFunction(getattr(timers, method), timer_name))
        return vars(js)[name]

    return make


def _not_emulated_factory(name: str) -> Factory:
    return lambda _: NotEmulated(name)


def _console(_: JsGlobal) -> Any:
    from pykvbinding.js.globals.console import make_console

    return make_console()


def _crypto(_: JsGlobal) -> Any:
    from pykvbinding.js.globals.crypto import make_crypto

    return make_crypto()


def _navigator(_: JsGlobal) -> Any:
    return JsNamespace(
        "Navigator",
        userAgent="Cloudflare-Workers",
        language="en",
        unwrapped={"sendBeacon": NotEmulated("navigator.sendBeacon")},
    )


def _performance(_: JsGlobal) -> Any:
    # As in workerd, whose clock starts in 1970 and does not advance while a handler computes.
    from pykvbinding.js.types.date import now

    return JsNamespace("Performance", now=now, timeOrigin=0)


def _scheduler(_: JsGlobal) -> Any:
    from pykvbinding.js.globals.timers import wait

    return JsNamespace("Scheduler", wait=wait)


def _structured_clone(_: JsGlobal) -> Any:
    from pykvbinding.js.types.structured_clone import deserialize, serialize

    return JsFunction(
        lambda value=None, _=None: deserialize(serialize(value)),
        "structuredClone",
    )


_FACTORIES: dict[str, Factory] = {
    **{name: _class_factory(name, definition) for name, definition in _CLASSES.items()},
    **{name: _function_factory(name, definition) for name, definition in _FUNCTIONS.items()},
    **{name: _timer_factory(name) for name in _TIMERS},
    **{name: _not_emulated_factory(name) for name in _NOT_EMULATED},
    "Infinity": lambda _: float("inf"),
    "NaN": lambda _: float("nan"),
    "console": _console,
    "crypto": _crypto,
    "globalThis": lambda js: js,
    "navigator": _navigator,
    "origin": lambda _: "null",
    "performance": _performance,
    "scheduler": _scheduler,
    "self": lambda js: js,
    "structuredClone": _structured_clone,
    "undefined": lambda _: None,
}
