"""For every text about JavaScript values and `pyodide`, a call that raises it."""

import asyncio
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core.errors import ConversionError
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.globals import promise as promises
from pykvbinding.js.globals.module import make_js
from pykvbinding.workers.pyodide import code, ffi, http
from tests.support.error_cases import Case

js = make_js()


def type_error(message: str) -> JsException:
    return JsException("TypeError", message)


def range_error(message: str) -> JsException:
    return JsException("RangeError", message)


def dom_exception(message: str, name: str) -> JsException:
    return JsException(name, message)


def use_destroyed_proxy() -> None:
    proxy = ffi.create_proxy([1])
    proxy.destroy()
    proxy.unwrap()


def call_once_proxy_twice() -> None:
    once = ffi.create_once_callable(len)
    once("")
    once("")


def stringify_cyclic_object() -> None:
    holder = js.Object.new()
    holder.me = holder
    js.JSON.stringify(holder)


async def run_late_callback() -> None:
    errors: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: errors.append(context["exception"]))
    js.queueMicrotask(len)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    raise errors[0]


async def digest(algorithm: str, data: Any) -> None:
    await js.crypto.subtle.digest(algorithm, data)


async def await_any_of_nothing() -> None:
    await promises.any_of([])


async def throw_five() -> None:
    await promises.reject(5)


def decode_invalid_utf8() -> None:
    decoder = js.TextDecoder.new("utf-8", fatal=True)
    decoder.decode(js.Uint8Array.new([255]))


def raise_value_error(*args: Any) -> Any:
    raise ValueError


BUFFER = js.ArrayBuffer.new(3)
HELP = "\nFor more information about the cause of this error, use `pyodide.setDebug(true)`"

CASES: dict[str, Case] = {
    "called_without_new": (
        lambda kv: js.Headers(),
        type_error(
            "Failed to construct 'Headers': Please use the 'new' operator, this object "
            "constructor cannot be called as a function."
        ),
    ),
    "requires_new": (lambda kv: js.Map(), type_error("Constructor Map requires 'new'")),
    "not_an_entry": (
        lambda kv: js.Map.new([1]),
        type_error("Iterator value 1 is not an entry object"),
    ),
    "value_not_iterable": (
        lambda kv: js.Set.new(5),
        type_error("number 5 is not iterable (cannot read property Symbol(Symbol.iterator))"),
    ),
    "null_to_object": (
        lambda kv: js.Object.keys(jsnull),
        type_error("Cannot convert undefined or null to object"),
    ),
    "array_length": (lambda kv: js.Array.new(-1), range_error("Invalid array length")),
    "invalid_date": (
        lambda kv: js.Date.new("soon").toISOString(),
        range_error("Invalid time value"),
    ),
    "resolver_not_a_function": (
        lambda kv: js.Promise.new(),
        type_error("Promise resolver undefined is not a function"),
    ),
    "all_rejected": (
        lambda kv: await_any_of_nothing(),
        JsException("AggregateError", "All promises were rejected"),
    ),
    "buffer_length": (
        lambda kv: js.ArrayBuffer.new(-1),
        range_error("Invalid array buffer length"),
    ),
    "typed_array_length": (
        lambda kv: js.Uint8Array.new(-1),
        range_error("Invalid typed array length: -1"),
    ),
    "offset_outside": (
        lambda kv: js.Uint8Array.new(BUFFER, 5),
        range_error("Start offset 5 is outside the bounds of the buffer"),
    ),
    "offset_unaligned": (
        lambda kv: js.Uint32Array.new(js.ArrayBuffer.new(8), 1),
        range_error("start offset of Uint32Array should be a multiple of 4"),
    ),
    "length_unaligned": (
        lambda kv: js.Uint32Array.new(BUFFER),
        range_error("byte length of Uint32Array should be a multiple of 4"),
    ),
    "source_too_large": (
        lambda kv: js.Uint8Array.new(1).set([1, 2]),
        range_error("offset is out of bounds"),
    ),
    "not_a_buffer": (
        lambda kv: js.DataView.new(3),
        type_error("First argument to DataView constructor must be an ArrayBuffer"),
    ),
    "bigint_to_number": (
        lambda kv: js.Uint8Array.new(2**53),
        type_error("Cannot convert a BigInt value to a number"),
    ),
    "view_length": (
        lambda kv: js.DataView.new(BUFFER, 0, 9),
        range_error("Invalid DataView length 9"),
    ),
    "proxy_destroyed": (
        lambda kv: use_destroyed_proxy(),
        JsException("Error", "Object has already been destroyed" + HELP),
    ),
    "once_proxy_called_twice": (
        lambda kv: call_once_proxy_twice(),
        JsException("Error", "OnceProxy can only be called once"),
    ),
    "borrowed_proxy_destroyed": (
        lambda kv: run_late_callback(),
        JsException(
            "Error",
            "This borrowed proxy was automatically destroyed at the end of a function call. Try "
            "using create_proxy or create_once_callable." + HELP,
        ),
    ),
    "no_conversion": (
        lambda kv: ffi.to_js(object(), create_pyproxies=False),
        ConversionError("No conversion known for x."),
    ),
    "conversion_failed": (
        lambda kv: ffi.to_js(object(), default_converter=raise_value_error),
        ConversionError("Conversion from python to javascript failed"),
    ),
    "invalid_map_key": (
        lambda kv: ffi.to_js({(1, 2): 3}),
        ConversionError("Cannot use (1, 2) as a key for a Javascript Map"),
    ),
    "invalid_dict_key": (
        lambda kv: js.Map.new([[js.Object.new(), 1]]).to_py(),
        JsException("Error", "Cannot use key of type Object as a key to a Python dict"),
    ),
    "value_thrown": (
        lambda kv: throw_five(),
        JsException(
            "Error",
            "A value of type number with tag [object Number] was thrown as an error!\n"
            'String interpolation of the thrown value gives """5""".\n'
            'The thrown value\'s toString method returns """5""".',
        ),
    ),
    "assign_size_mismatch": (
        lambda kv: js.Uint8Array.new(3).assign(b"abcd"),
        ValueError("cannot assign to TypedArray of length 4 from buffer of length 3"),
    ),
    "assign_to_size_mismatch": (
        lambda kv: js.Uint8Array.new(3).assign_to(bytearray(4)),
        ValueError("cannot assign from TypedArray of length 3 to buffer of length 4"),
    ),
    "no_buffer_protocol": (
        lambda kv: ffi.create_proxy([1]).getBuffer(),
        AttributeError("getBuffer"),
    ),
    "typed_array_slice": (
        lambda kv: js.Uint8Array.new(3)[1:],
        NotImplementedError("Slice subscripting isn't implemented for typed arrays"),
    ),
    "not_of_type": (
        lambda kv: js.TextDecoder.new().decode("x"),
        type_error(
            "Failed to execute 'decode' on 'TextDecoder': parameter 1 is not of type 'Array'."
        ),
    ),
    "uri_malformed": (
        lambda kv: js.decodeURIComponent("%"),
        JsException("URIError", "URI malformed"),
    ),
    "base64_invalid": (
        lambda kv: js.atob("*"),
        dom_exception(
            "atob() called with invalid base64-encoded data. (Only whitespace, '+', '/', "
            "alphanumeric ASCII, and up to two terminal '=' signs when the input data length is "
            "divisible by 4 are allowed.)",
            "InvalidCharacterError",
        ),
    ),
    "base64_beyond_latin1": (
        lambda kv: js.btoa("日"),
        dom_exception(
            "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range.",
            "InvalidCharacterError",
        ),
    ),
    "json_syntax": (
        lambda kv: js.JSON.parse(""),
        JsException("SyntaxError", "Unexpected end of JSON input"),
    ),
    "json_bigint": (
        lambda kv: js.JSON.stringify(2**60),
        type_error("Do not know how to serialize a BigInt"),
    ),
    "json_circular": (
        lambda kv: stringify_cyclic_object(),
        type_error(
            "Converting circular structure to JSON\n"
            "    --> starting at object with constructor 'Object'\n"
            "    --- property 'me' closes the circle"
        ),
    ),
    "encoding_unknown": (
        lambda kv: js.TextDecoder.new("foo"),
        range_error('"foo" is not a valid encoding.'),
    ),
    "undecodable": (lambda kv: decode_invalid_utf8(), type_error("Failed to decode input.")),
    "random_type_mismatch": (
        lambda kv: js.crypto.getRandomValues(js.Float64Array.new(1)),
        dom_exception(
            "ArrayBufferView argument to getRandomValues() must be an integer-typed view.",
            "TypeMismatchError",
        ),
    ),
    "random_quota_exceeded": (
        lambda kv: js.crypto.getRandomValues(js.Uint8Array.new(65_537)),
        dom_exception(
            "getRandomValues() only accepts buffers of size <= 64K but provided 65537 bytes.",
            "QuotaExceededError",
        ),
    ),
    "digest_unsupported": (
        lambda kv: digest("foo", js.Uint8Array.new(1)),
        dom_exception(
            "Unrecognized or unimplemented digest algorithm requested.", "NotSupportedError"
        ),
    ),
    "not_instantiable": (
        lambda kv: ffi.JsArray(),
        TypeError("JsArray cannot be instantiated."),
    ),
    "cannot_switch_stacks": (
        lambda kv: ffi.run_sync(asyncio.sleep(0)),
        RuntimeError(
            "Cannot stack switch because the Python entrypoint was a synchronous function. Use "
            "pyFunc.callPromising() to fix."
        ),
    ),
    "js_module_argument": (
        lambda kv: ffi.register_js_module("held", 5),
        TypeError("Argument 'jsproxy' must be a JsProxy, not 'int'"),
    ),
    "js_module_unknown": (
        lambda kv: ffi.unregister_js_module("sys"),
        ValueError("Cannot unregister 'sys': no Javascript module with that name is registered"),
    ),
    "no_abort_controller": (
        lambda kv: http.FetchResponse("u", js.Response.new("x")).abort(),
        ValueError("abort_controller is not set"),
    ),
    "code_not_text": (
        lambda kv: code.run_js(5),  # type: ignore[arg-type]
        TypeError("argument should have type 'string' not type 'int'"),
    ),
}
