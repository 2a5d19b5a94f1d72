"""`to_js`: conversion of Python values to JavaScript, as in Pyodide 0.28."""

from collections.abc import Callable
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import DefaultConverter, JsNull, JsProxy, jsnull
from pykvbinding.js.types.array import JsArray, array_of_pairs
from pykvbinding.js.types.map import JsSet, LiteralMap
from pykvbinding.js.types.object import JsObject, from_entries, normalize_number
from pykvbinding.js.types.py_proxy import PyProxy, create_proxy
from pykvbinding.js.types.typed_array import from_python_buffer

_UNCHANGED = (str, int, float, JsProxy, JsNull, JsException)
_PRIMITIVES = frozenset({type(None), bool, int, float, str})
_KEY_TYPES = (str, int, float, type(None))


def to_js(
    obj: Any,
    /,
    *,
    depth: int = -1,
    pyproxies: JsArray | None = None,
    create_pyproxies: bool = True,
    dict_converter: Callable[[Any], Any] | None = None,
    default_converter: DefaultConverter | None = None,
) -> Any:
    """Convert `obj` to a JavaScript value, `depth` levels deep (-1: all levels).

    A list or tuple becomes an Array, a set a Set, a buffer a typed array with a copy of its bytes,
    and a dict a Map, or an object with `dict_converter=Object.fromEntries`. Strings, numbers,
    booleans, None and JavaScript values are returned unchanged. Any other value is passed to
    `default_converter`; without one, JavaScript gets a proxy of it.

    >>> to_js([1, {"a": None}])[1]["a"] is None
    True

    Raises: ConversionError, "No conversion known for x." if `create_pyproxies` is False,
    "Conversion from python to javascript failed" if `default_converter` raises.
    """
    if type(obj) in _PRIMITIVES or isinstance(obj, _UNCHANGED):
        return obj
    conversion = _ToJsConversion(pyproxies, create_pyproxies, dict_converter, default_converter)
    result = conversion.convert(obj, depth)
    if type(result) in _PRIMITIVES or isinstance(result, _UNCHANGED):
        return result
    return create_proxy(result)


class _ToJsConversion:
    """One call of `to_js`: its options and its cache of converted values."""

    __slots__ = ("_create_pyproxies", "_default", "_dict_converter", "_pyproxies", "_results")

    def __init__(
        self,
        pyproxies: JsArray | None,
        create_pyproxies: bool,  # noqa: FBT001
        dict_converter: Callable[[Any], Any] | None,
        default_converter: DefaultConverter | None,
    ) -> None:
        self._pyproxies = pyproxies
        self._create_pyproxies = create_pyproxies
        self._dict_converter = dict_converter
        self._default = default_converter
        self._results: dict[int, Any] = {}

    def convert(self, value: Any, depth: int) -> Any:
        """Convert `value`; a Python object without a JavaScript equivalent is returned as is."""
        if type(value) in _PRIMITIVES:
            return normalize_number(value) if type(value) is float else value
        if isinstance(value, _UNCHANGED):
            return _to_primitive(value)
        if depth == 0:
            return self._keep(value)
        if id(value) in self._results:
            return self._results[id(value)]
        if isinstance(value, list | tuple):
            items: list[Any] = []
            self._results[id(value)] = array = JsArray(items)
            items.extend(self.convert(item, depth - 1) for item in value)
            return array
        if isinstance(value, dict):
            return self._convert_dict(value, depth)
        if isinstance(value, set):
            for item in value:
                _check_key(item, "Set")
            return JsSet([self.convert(item, depth - 1) for item in value])
        buffer = from_python_buffer(value)
        return self._convert_other(value, depth) if buffer is None else buffer

    def _convert_dict(self, source: dict[Any, Any], depth: int) -> Any:
        for key in source:
            _check_key(key, "Map")
        members: dict[Any, Any] = {}
        converter = self._dict_converter
        if getattr(converter, "_function", converter) is from_entries:
            self._results[id(source)] = result = JsObject(members)
            for key, value in source.items():
                members[to_js_string(key)] = self.convert(value, depth - 1)
            return result
        js_map = LiteralMap(members)
        self._results[id(source)] = js_map
        for key, value in source.items():
            members[key] = self.convert(value, depth - 1)
        if converter is None:
            return js_map
        self._results[id(source)] = result = converter(array_of_pairs(members.items()))
        return result

    def _convert_other(self, value: Any, depth: int) -> Any:
        if self._default is None:
            return self._keep(value)
        try:
            return self._default(value, lambda item: self.convert(item, depth - 1), self._cache)
        except errors.ConversionError:
            raise
        except Exception as error:
            raise errors.conversion_failed() from error

    def _cache(self, value: Any, result: Any) -> None:
        self._results[id(value)] = result

    def _keep(self, value: Any) -> Any:
        """Return `value`: JavaScript gets a proxy of it, and Python gets `value` back."""
        if not self._create_pyproxies:
            raise errors.no_conversion()
        if self._pyproxies is not None:
            self._pyproxies.push(PyProxy(value))
        return value


def _to_primitive(value: Any) -> Any:
    """Convert an instance of a subclass of `str`, `float` or `int` to the plain type."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, float):
        return normalize_number(float(value))
    return int(value) if isinstance(value, int) else value


def _check_key(value: Any, type_name: str) -> Any:
    if not isinstance(value, _KEY_TYPES):
        raise errors.invalid_map_key(repr(value), type_name)
    return value


def from_json(value: Any) -> Any:
    """Convert parsed JSON to JavaScript: dicts to objects, lists to Arrays, None to null."""
    if type(value) in _PRIMITIVES:
        return jsnull if value is None else value
    if isinstance(value, dict):
        return JsObject({name: from_json(item) for name, item in value.items()})
    return JsArray([from_json(item) for item in value])
