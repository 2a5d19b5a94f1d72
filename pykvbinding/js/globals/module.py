"""The global object, which is what `import js` gives: every name of it, and who makes it."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.globals.callables import JsClass, JsFunction, JsNamespace, NotEmulated
from pykvbinding.js.types.container import python_name

HERE = "pykvbinding.js"

# By module: the classes that it has, each with its static functions.
_CLASSES = {
    "fetch.abort": {"AbortController": "", "AbortSignal": "abort timeout any"},
    "fetch.blob": {"Blob": "", "File": ""},
    "fetch.form_data": {"FormData": ""},
    "fetch.headers": {"Headers": ""},
    "fetch.request": {"Request": ""},
    "fetch.response": {"Response": "error json redirect"},
    "url.search_params": {"URLSearchParams": ""},
    "streams.js_readable": {"ReadableStream": "from:of_items"},
    "globals.text": {"TextDecoder": "", "TextEncoder": ""},
    "streams.transform": {"TransformStream": ""},
    "url.url": {"URL": "canParse parse createObjectURL revokeObjectURL"},
    "streams.writable": {"WritableStream": ""},
}
_FUNCTIONS = {
    "fetch.fetch": {"fetch": "fetch"},
    "globals.text": {
        "atob": "atob",
        "btoa": "btoa",
        "decodeURI": "decode_uri",
        "decodeURIComponent": "decode_uri_component",
        "encodeURI": "encode_uri",
        "encodeURIComponent": "encode_uri_component",
    },
    "globals.timers": {"queueMicrotask": "queueMicrotask"},
}
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
    """`js`: its attributes are the globals. Each is made when it is first asked for.

    What a test sets (`js.caches = …`) holds for this object; `make_js` makes another one.
    """

    def __init__(self) -> None:
        vars(self)["__name__"] = "js"

    def __getattr__(self, name: str) -> Any:
        stripped = python_name(name)
        maker = _MAKERS.get(stripped)
        if maker is None:
            maker = _builtin(stripped)
        if maker is None:
            raise AttributeError(name)
        made = maker(self)
        setattr(self, name, made)
        return made

    def __dir__(self) -> list[str]:
        from pykvbinding.js.globals.builtins import BUILTINS

        return sorted({*_MAKERS, *BUILTINS, *vars(self)})

    def __repr__(self) -> str:
        return str(self)


def make_js() -> JsGlobal:
    """A new global object."""
    return JsGlobal()


def _builtin(name: str) -> Callable[[JsGlobal], Any] | None:
    from pykvbinding.js.globals.builtins import BUILTINS

    maker = BUILTINS.get(name)
    return None if maker is None else lambda _: maker()


def _class(module: str, name: str, statics: str) -> Callable[[JsGlobal], Any]:
    def make(_: JsGlobal) -> JsClass:
        made = getattr(import_module(f"{HERE}.{module}"), name)
        held = {}
        for static in statics.split():
            shown, _colon, attribute = static.partition(":")
            held[shown] = getattr(made, attribute or shown)
        return JsClass(made, name, **held)

    return make


def _function(module: str, name: str, attribute: str) -> Callable[[JsGlobal], Any]:
    return lambda _: JsFunction(getattr(import_module(f"{HERE}.{module}"), attribute), name)


def _timers(world: JsGlobal) -> None:
    """The four functions that share the numbers of the timers."""
    from pykvbinding.js.globals.timers import Timers

    timers = Timers()
    functions: dict[str, Callable[..., Any]] = {
        "setTimeout": timers.set_timeout,
        "setInterval": timers.set_interval,
        "clearTimeout": timers.clear,
        "clearInterval": timers.clear,
    }
    for name, function in functions.items():
        vars(world).setdefault(name, JsFunction(function, name))


def _timer(name: str) -> Callable[[JsGlobal], Any]:
    def make(world: JsGlobal) -> Any:
        _timers(world)
        return vars(world)[name]

    return make


def _absent(name: str) -> Callable[[JsGlobal], Any]:
    return lambda _: NotEmulated(name)


def _console(_: JsGlobal) -> Any:
    from pykvbinding.js.globals.console import make_console

    return make_console()


def _crypto(_: JsGlobal) -> Any:
    from pykvbinding.js.globals.crypto import make_crypto

    return make_crypto()


def _scheduler(_: JsGlobal) -> Any:
    from pykvbinding.js.globals.timers import wait

    return JsNamespace("Scheduler", wait=wait)


def _performance(_: JsGlobal) -> Any:
    # As in the runtime, whose clock begins in 1970 and stands still while a handler computes.
    from pykvbinding.js.types.date import now

    return JsNamespace("Performance", now=now, timeOrigin=0)


def _structured_clone(_: JsGlobal) -> Any:
    from pykvbinding.js.types.structured_clone import put_together, taken_apart

    return JsFunction(
        lambda value=None, _=None: put_together(taken_apart(value)), "structuredClone"
    )


_MAKERS: dict[str, Callable[[JsGlobal], Any]] = {
    **{
        name: _class(module, name, statics)
        for module, classes in _CLASSES.items()
        for name, statics in classes.items()
    },
    **{
        name: _function(module, name, attribute)
        for module, functions in _FUNCTIONS.items()
        for name, attribute in functions.items()
    },
    **{
        name: _timer(name)
        for name in ("setTimeout", "setInterval", "clearTimeout", "clearInterval")
    },
    **{name: _absent(name) for name in _NOT_EMULATED},
    "Infinity": lambda _: float("inf"),
    "NaN": lambda _: float("nan"),
    "console": _console,
    "crypto": _crypto,
    "globalThis": lambda world: world,
    "navigator": lambda _: JsNamespace(
        "Navigator",
        userAgent="Cloudflare-Workers",
        language="en",
        plain={"sendBeacon": NotEmulated("navigator.sendBeacon")},
    ),
    "origin": lambda _: "null",
    "performance": _performance,
    "scheduler": _scheduler,
    "self": lambda world: world,
    "structuredClone": _structured_clone,
    "undefined": lambda _: None,
}
