"""Factories of the globals of the language itself: classes, functions and namespaces."""

from collections.abc import Callable
from functools import partial
from typing import Any

from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.globals import math as numbers
from pykvbinding.js.globals import object as objects
from pykvbinding.js.globals import promise as promises
from pykvbinding.js.globals.callables import JsClass, JsFunction, JsNamespace
from pykvbinding.js.types import date as dates
from pykvbinding.js.types import typed_array as binary
from pykvbinding.js.types.data_view import DataView
from pykvbinding.js.types.error import AggregateError, DOMException, JsError
from pykvbinding.js.types.json import parse, stringify
from pykvbinding.js.types.object import JsArray, JsDate, from_entries, iterate

Factory = Callable[[], Any]
ERRORS = ("Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError")


def _object() -> JsClass:
    return JsClass(
        objects.make_object,
        "Object",
        call=objects.make_object,
        assign=objects.assign,
        entries=objects.entries,
        freeze=objects.freeze_noop,
        fromEntries=from_entries,
        getOwnPropertyNames=objects.keys,
        hasOwn=objects.has_own,
        is_=objects.object_is,
        keys=objects.keys,
        values=objects.values,
    )


def _array() -> JsClass:
    return JsClass(
        objects.make_array,
        "Array",
        call=objects.make_array,
        from_=objects.array_from,
        isArray=objects.is_array,
        of=objects.array_of,
    )


def _promise() -> JsClass:
    return JsClass(
        promises.new,
        "Promise",
        of_v8=True,
        all=promises.all_of,
        allSettled=promises.all_settled,
        any=promises.any_of,
        race=promises.race,
        reject=promises.reject,
        resolve=promises.resolve,
        withResolvers=promises.with_resolvers,
    )


def _date() -> JsClass:
    return JsClass(
        JsDate,
        "Date",
        call=lambda *_: str(JsDate()),
        now=dates.now,
        parse=lambda text=None: dates.parse(to_js_string(text)),
        UTC=dates.utc,
    )


def _number() -> JsClass:
    return JsClass(
        numbers.make_number,
        "Number",
        call=numbers.make_number,
        isFinite=numbers.number_is_finite,
        isInteger=numbers.is_integer,
        isNaN=numbers.number_is_nan,
        isSafeInteger=numbers.is_safe_integer,
        parseFloat=numbers.parse_float,
        parseInt=numbers.parse_int,
        not_emulated=(
            *("EPSILON", "MAX_SAFE_INTEGER", "MAX_VALUE", "MIN_SAFE_INTEGER", "MIN_VALUE", "NaN"),
            *("NEGATIVE_INFINITY", "POSITIVE_INFINITY"),
        ),
    )


def _string() -> JsClass:
    return JsClass(
        _make_string,
        "String",
        call=_make_string,
        not_emulated=("fromCharCode",),
        fromCodePoint=lambda *codes: "".join(map(chr, codes)),
    )


def _make_string(value: Any = "") -> str:
    return to_js_string(value)


def _boolean(value: Any = None) -> bool:
    """Return `Boolean(value)`: every object is true, also an empty one."""
    return isinstance(value, JsProxy | list | dict | tuple | set | bytes) or bool(
        value is not None and value == value and value
    )


def _big_int(value: Any = None) -> int:
    return int(to_js_string(value), 0)


def _error_class(name: str) -> JsClass:
    def make(message: Any = None, options: Any = None) -> JsError:
        return JsError("" if message is None else to_js_string(message), options, name=name)

    return JsClass(make, name, call=make)


def _aggregate_error() -> JsClass:
    def make(errors: Any = (), message: Any = None) -> AggregateError:
        return AggregateError(
            JsArray(list(iterate(errors))), "" if message is None else to_js_string(message)
        )

    return JsClass(make, "AggregateError", call=make)


def _typed_array(array_class: type[binary.TypedArray]) -> JsClass:
    return JsClass(
        array_class,
        of_v8=True,
        from_=array_class.from_,
        of=array_class.of,
        BYTES_PER_ELEMENT=array_class.BYTES_PER_ELEMENT,
    )


def _make_function(name: str, function: Callable[..., Any]) -> Factory:
    return lambda: JsFunction(function, name)


BUILTINS: dict[str, Factory] = {
    "AggregateError": _aggregate_error,
    "Array": _array,
    "ArrayBuffer": lambda: JsClass(
        binary.ArrayBuffer, of_v8=True, isView=binary.ArrayBuffer.isView
    ),
    "BigInt": lambda: JsFunction(_big_int, "BigInt"),
    "Boolean": lambda: JsClass(_boolean, "Boolean", call=_boolean),
    "DOMException": lambda: JsClass(DOMException),
    "DataView": lambda: JsClass(DataView, of_v8=True),
    "Date": _date,
    "JSON": lambda: JsNamespace("JSON", parse=parse, stringify=stringify),
    "Map": lambda: JsClass(objects.make_map, "Map", of_v8=True),
    "Math": lambda: JsNamespace("Math", **numbers.math_functions()),
    "Number": _number,
    "Object": _object,
    "Promise": _promise,
    "Set": lambda: JsClass(objects.make_set, "Set", of_v8=True),
    "String": _string,
    "isFinite": _make_function("isFinite", numbers.is_finite),
    "isNaN": _make_function("isNaN", numbers.is_nan),
    "parseFloat": _make_function("parseFloat", numbers.parse_float),
    "parseInt": _make_function("parseInt", numbers.parse_int),
    **{name: partial(_error_class, name) for name in (*ERRORS, "URIError")},
    **{
        array_class.constructor.name: partial(_typed_array, array_class)
        for array_class in binary.TYPED_ARRAYS
    },
}
