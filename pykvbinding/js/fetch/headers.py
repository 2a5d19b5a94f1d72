"""`Headers`: HTTP headers with the order and the error messages of workerd."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.iterator import EntryIterator, KeyIterator, MapLike, ValueIterator
from pykvbinding.js.types.object import JsArray
from pykvbinding.js.types.webidl import (
    MISSING,
    check_function,
    read_record,
    read_sequences,
    require_arguments,
    to_dom_string,
)

_SET_COOKIE = "set-cookie"
_NAME = re.compile(r'[^\0- "(),/:-@\[-\]{}\x7f]*')
"""A token of HTTP. As in workerd, it may be empty and may contain non-ASCII characters."""

_NOT_IN_VALUE = re.compile("[\0\r\n]")
_WHITE_SPACE = "\t\n\r "


class Headers(MapLike, name="Headers"):
    """The headers of a request or a response.

    Iteration is sorted by name. The values of a repeated name are joined by commas, except those
    of Set-Cookie. As in Pyodide, `headers["x"]` and `"x" in headers` call `get` and `has`, and
    there is no `len()`.

    >>> headers = Headers([("B", "2"), ("a", "1"), ("b", "3")])
    >>> headers.get("b"), [(name, value) for name, value in headers]
    ('2, 3', [('a', '1'), ('b', '2, 3')])

    Raises: JsException, "Failed to construct 'Headers': constructor parameter 1 is not of type …",
    "To initialize a Headers object from a sequence, each inner sequence must have exactly two …",
    "Invalid header name.", "Invalid header value."
    """

    __slots__ = ("_pairs", "immutable")

    def __init__(self, init: Any = None) -> None:
        self.immutable: bool = False
        self._pairs: list[tuple[str, str]] = []
        if isinstance(init, Headers):
            self._pairs = list(init._pairs)
        elif init is not None:
            self._fill(init)

    @classmethod
    def of(cls, pairs: list[tuple[str, str]], *, immutable: bool = False) -> "Headers":
        """Return Headers that own the list `pairs`, which is not validated. O(1).

        Names are in lower case, values are stripped. `immutable` headers, such as those of an
        incoming request, reject modifications.
        """
        headers = cls.__new__(cls)
        headers._pairs = pairs
        headers.immutable = immutable
        return headers

    def _fill(self, init: Any) -> None:
        sequences = read_sequences(init, to_dom_string)
        if sequences is None:
            record = read_record(init, to_dom_string)
            if record is None:
                raise errors.constructor_not_of_type("Headers", 1, "Headers or Sequence or object")
            sequences = [[name, value] for name, value in record]
        if any(len(sequence) != 2 for sequence in sequences):
            raise errors.header_not_a_pair()
        for name, value in sequences:
            self._pairs.append(_normalize_pair(name, value))

    def pairs(self) -> list[tuple[str, str]]:
        """Return the list of the pairs itself, in insertion order; callers must not modify it."""
        return self._pairs

    # Members of JavaScript.

    def get(self, name: Any = MISSING, *_: Any) -> Any:
        """Return the value, or jsnull; the values of a repeated name are joined by commas.

        A second argument is ignored: JavaScript has no default values here.

        Raises: JsException, "Invalid header name."
        """
        require_arguments("get", "Headers", name)
        values = self._values(to_dom_string(name))
        return ", ".join(values) if values else jsnull

    def getAll(self, name: Any = MISSING) -> JsArray:
        """Return the values of Set-Cookie, which is the only name allowed.

        Raises: JsException, 'getAll() can only be used with the header name "Set-Cookie".'
        """
        require_arguments("getAll", "Headers", name)
        if to_dom_string(name).lower() != _SET_COOKIE:
            raise errors.header_get_all()
        return self.getSetCookie()

    def getSetCookie(self) -> JsArray:
        """Return the values of Set-Cookie, not joined."""
        return JsArray(self._values(_SET_COOKIE))

    def has(self, name: Any = MISSING) -> bool:
        """Return whether a header `name` exists. Raises: JsException, "Invalid header name." """
        require_arguments("has", "Headers", name)
        return bool(self._values(to_dom_string(name)))

    def set(self, name: Any = MISSING, value: Any = MISSING) -> None:
        """Set a header, and remove its previous values.

        Raises: JsException, "Can't modify immutable headers.", "Invalid header name.", "Invalid
        header value."
        """
        pair = self._validate_arguments("set", name, value)
        self._pairs = [other for other in self._pairs if other[0] != pair[0]]
        self._pairs.append(pair)

    def append(self, name: Any = MISSING, value: Any = MISSING) -> None:
        """Add a value to those of the header.

        Raises: JsException, "Can't modify immutable headers.", "Invalid header name.", "Invalid
        header value."
        """
        self._pairs.append(self._validate_arguments("append", name, value))

    def delete(self, name: Any = MISSING) -> None:
        """Remove all values of a header, if any.

        Raises: JsException, "Can't modify immutable headers.", "Invalid header name."
        """
        require_arguments("delete", "Headers", name)
        self._check_mutable()
        lowercase_name = _validate_name(to_dom_string(name))
        self._pairs = [pair for pair in self._pairs if pair[0] != lowercase_name]

    def entries(self) -> EntryIterator:
        """Iterate over the pairs of name and value, sorted by name."""
        return EntryIterator(self._sorted())

    def keys(self) -> KeyIterator:
        """Iterate over the names, sorted."""
        return KeyIterator(self._sorted())

    def values(self) -> ValueIterator:
        """Iterate over the values, sorted by name."""
        return ValueIterator(self._sorted())

    def forEach(self, callback: Callable[..., Any] = MISSING, this: Any = None) -> None:  # noqa: ARG002
        """Call `callback(value, name, headers)` for each pair, always with three arguments."""
        check_function("Headers", callback)
        for name, value in self._sorted():
            callback(value, name, self)

    # Members that Pyodide adds for Python.

    def __iter__(self) -> Iterator[Any]:
        return self.entries()

    def __repr__(self) -> str:
        return str(self)

    def _values(self, name: str) -> list[str]:
        lowercase_name = _lowercase(name)
        values = [value for key, value in self._pairs if key == lowercase_name]
        if not values:
            _validate_name(name)
        return values

    def _validate_arguments(self, method: str, name: Any, value: Any) -> tuple[str, str]:
        require_arguments(method, "Headers", name, value)
        self._check_mutable()
        return _normalize_pair(to_dom_string(name), to_dom_string(value))

    def _check_mutable(self) -> None:
        if self.immutable:
            raise errors.headers_immutable()

    def _sorted(self) -> Iterator[tuple[str, str]]:
        joined: dict[str, str] = {}
        cookies = []
        for name, value in self._pairs:
            if name == _SET_COOKIE:
                cookies.append((name, value))
            else:
                joined[name] = f"{joined[name]}, {value}" if name in joined else value
        return iter(sorted([*joined.items(), *cookies], key=_get_name))


def _get_name(pair: tuple[str, str]) -> str:
    return pair[0]


def _lowercase(name: str) -> str:
    """Return `name` with its ASCII letters in lower case."""
    return name.lower() if name.isascii() else name.encode().lower().decode()


def _validate_name(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise errors.header_name_invalid()
    return _lowercase(name)


def _normalize_pair(name: str, value: str) -> tuple[str, str]:
    """Return a lower-case name and a stripped value. The value is validated first."""
    stripped = value.strip(_WHITE_SPACE)
    if _NOT_IN_VALUE.search(stripped) is not None:
        raise errors.header_value_invalid()
    return _validate_name(name), stripped
