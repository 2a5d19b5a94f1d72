"""`to_js`: the JavaScript value of a Python one, as Pyodide 0.28 makes it."""

from collections.abc import Callable
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import Convert, JsNull, JsProxy, jsnull
from pykvbinding.js.types.array import JsArray, pairs
from pykvbinding.js.types.map import JsSet, LiteralMap
from pykvbinding.js.types.object import JsObject, from_entries, number
from pykvbinding.js.types.py_proxy import PyProxy, create_proxy
from pykvbinding.js.types.typed_array import of_python_buffer

_SAME = (str, int, float, JsProxy, JsNull, JsException)
_PLAIN = frozenset({type(None), bool, int, float, str})
_KEYS = (str, int, float, type(None))


def to_js(
    obj: Any,
    /,
    *,
    depth: int = -1,
    pyproxies: JsArray | None = None,
    create_pyproxies: bool = True,
    dict_converter: Callable[[Any], Any] | None = None,
    default_converter: Convert | None = None,
) -> Any:
    """The JavaScript value of `obj`, `depth` levels deep (-1: all of them).

    A list or tuple becomes an Array, a set a Set, a buffer a typed array with a copy of its bytes,
    and a dict a Map, unless `dict_converter=Object.fromEntries` makes an object of it. What
    JavaScript has no value for is given to `default_converter`, or stays a Python value in a
    proxy. Strings, numbers, booleans, None and JavaScript values are what they are.

    >>> to_js([1, {"a": None}])[1]["a"] is None
    True

    Raises: ConversionError, "No conversion known for x." where proxies are not wanted, "Conversion
    from python to javascript failed" where `default_converter` raised.
    """
    if type(obj) in _PLAIN or isinstance(obj, _SAME):
        return obj
    made = _Conversion(pyproxies, create_pyproxies, dict_converter, default_converter)
    found = made.convert(obj, depth)
    if type(found) in _PLAIN or isinstance(found, _SAME):
        return found
    return create_proxy(found)


class _Conversion:
    """One call of `to_js`: how it converts, and what it has converted already."""

    __slots__ = ("_create_pyproxies", "_default", "_dict_converter", "_found", "_pyproxies")

    def __init__(
        self,
        pyproxies: JsArray | None,
        create_pyproxies: bool,  # noqa: FBT001
        dict_converter: Callable[[Any], Any] | None,
        default_converter: Convert | None,
    ) -> None:
        self._pyproxies = pyproxies
        self._create_pyproxies = create_pyproxies
        self._dict_converter = dict_converter
        self._default = default_converter
        self._found: dict[int, Any] = {}

    def convert(self, value: Any, depth: int) -> Any:
        """The JavaScript value; a Python object that stays one is returned as it is."""
        if type(value) in _PLAIN:
            return number(value) if type(value) is float else value
        if isinstance(value, _SAME):
            return _plain(value)
        if depth == 0:
            return self._kept(value)
        if id(value) in self._found:
            return self._found[id(value)]
        if isinstance(value, list | tuple):
            items: list[Any] = []
            self._found[id(value)] = made = JsArray(items)
            items.extend(self.convert(item, depth - 1) for item in value)
            return made
        if isinstance(value, dict):
            return self._of_dict(value, depth)
        if isinstance(value, set):
            for item in value:
                _key(item, "Set")
            return JsSet([self.convert(item, depth - 1) for item in value])
        buffer = of_python_buffer(value)
        return self._of_other(value, depth) if buffer is None else buffer

    def _of_dict(self, given: dict[Any, Any], depth: int) -> Any:
        for key in given:
            _key(key, "Map")
        held: dict[Any, Any] = {}
        converter = self._dict_converter
        if getattr(converter, "_function", converter) is from_entries:
            self._found[id(given)] = found = JsObject(held)
            for key, value in given.items():
                held[to_js_string(key)] = self.convert(value, depth - 1)
            return found
        made = LiteralMap(held)
        self._found[id(given)] = made
        for key, value in given.items():
            held[key] = self.convert(value, depth - 1)
        if converter is None:
            return made
        self._found[id(given)] = answer = converter(pairs(held.items()))
        return answer

    def _of_other(self, value: Any, depth: int) -> Any:
        if self._default is None:
            return self._kept(value)
        try:
            return self._default(value, lambda inner: self.convert(inner, depth - 1), self._note)
        except errors.ConversionError:
            raise
        except Exception as error:
            raise errors.conversion_failed() from error

    def _note(self, value: Any, result: Any) -> None:
        self._found[id(value)] = result

    def _kept(self, value: Any) -> Any:
        """A Python value that JavaScript gets a proxy of; from there, Python gets it back."""
        if not self._create_pyproxies:
            raise errors.no_conversion()
        if self._pyproxies is not None:
            self._pyproxies.push(PyProxy(value))
        return value


def _plain(value: Any) -> Any:
    """A JavaScript string or number of what Python has a class of its own for."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, float):
        return number(float(value))
    return int(value) if isinstance(value, int) else value


def _key(value: Any, kind: str) -> Any:
    if not isinstance(value, _KEYS):
        raise errors.key_of_map(repr(value), kind)
    return value


def from_json(value: Any) -> Any:
    """The JavaScript value of what `JSON.parse` has read: objects, Arrays, and null for None."""
    if type(value) in _PLAIN:
        return jsnull if value is None else value
    if isinstance(value, dict):
        return JsObject({name: from_json(item) for name, item in value.items()})
    return JsArray([from_json(item) for item in value])
