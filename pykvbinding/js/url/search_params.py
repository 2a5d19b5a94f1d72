"""`URLSearchParams`, and the format application/x-www-form-urlencoded that it reads and writes."""

import re
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.iterator import EntryIterator, KeyIterator, MapLike, iterate_by_index
from pykvbinding.js.types.object import JsArray
from pykvbinding.js.types.webidl import (
    MISSING,
    check_function,
    read_record,
    read_sequences,
    require_arguments,
    to_usv_string,
)

_OWNER = "URLSearchParams"
_ARGUMENT_TYPE = "USVString"

_ESCAPED_IN_FORM = re.compile("[^A-Za-z0-9*._-]")
_HEXADECIMAL_PAIR = re.compile(rb"%([0-9A-Fa-f]{2})")


class URLSearchParams(MapLike, MutableMapping[str, Any], name="URLSearchParams"):
    """The parameters of a query, in insertion order.

    As Pyodide treats it as a Map, it iterates over names (`entries()` yields pairs), `keys()`,
    `values()` and `items()` are Python's views, `params["a"]` is the first value or jsnull, and
    `len()` and truth value are those of a mapping.

    >>> params = URLSearchParams("?a=1&b=x+y&a=%32")
    >>> params.get("a"), params.getAll("a").to_py(), list(params), str(params)
    ('1', ['1', '2'], ['a', 'b', 'a'], 'a=1&b=x+y&a=2')

    Raises: JsException, "Invalid URL search params sequence.", "Incorrect type: …"
    """

    __slots__ = ("_on_change", "_pairs")

    def __init__(self, init: Any = None) -> None:
        self._pairs = [] if init is None else _read_init(init)
        self._on_change: Callable[[], None] = _do_nothing

    @classmethod
    def of(cls, query: str, on_change: Callable[[], None]) -> "URLSearchParams":
        """Return the parameters of a URL; a change of them calls `on_change`."""
        params = cls()
        params._pairs = read_form(query)
        params._on_change = on_change
        return params

    def replace(self, query: str) -> None:
        """Replace the pairs by those of `query`, after the URL has changed."""
        self._pairs[:] = read_form(query)

    # Members of JavaScript.

    @property
    def size(self) -> int:
        """The number of pairs."""
        return len(self._pairs)

    def get(self, name: Any = MISSING, *_: Any) -> Any:
        """Return the first value, or jsnull; a second argument is ignored, not a default."""
        require_arguments("get", _OWNER, name, type_name=_ARGUMENT_TYPE)
        name_string = to_usv_string(name)
        return next((value for key, value in self._pairs if key == name_string), jsnull)

    def getAll(self, name: Any = MISSING) -> JsArray:
        """Return all values of a name."""
        require_arguments("getAll", _OWNER, name, type_name=_ARGUMENT_TYPE)
        name_string = to_usv_string(name)
        return JsArray([value for key, value in self._pairs if key == name_string])

    def has(self, name: Any = MISSING, value: Any = None) -> bool:
        """Return whether a parameter `name` exists; if `value` is given, one with that value."""
        require_arguments("has", _OWNER, name, type_name=_ARGUMENT_TYPE)
        return any(self._find_matches(name, value))

    def set(self, name: Any = MISSING, value: Any = MISSING) -> None:
        """Replace the first parameter `name`, or add one, and remove its other values."""
        require_arguments("set", _OWNER, name, value, type_name=_ARGUMENT_TYPE)
        name_string, is_set = to_usv_string(name), False
        pairs = []
        for pair in self._pairs:
            if pair[0] != name_string:
                pairs.append(pair)
            elif not is_set:
                pairs.append((name_string, to_usv_string(value)))
                is_set = True
        self._replace_pairs(pairs if is_set else [*pairs, (name_string, to_usv_string(value))])

    def append(self, name: Any = MISSING, value: Any = MISSING) -> None:
        """Add a parameter at the end."""
        require_arguments("append", _OWNER, name, value, type_name=_ARGUMENT_TYPE)
        self._replace_pairs([*self._pairs, (to_usv_string(name), to_usv_string(value))])

    def delete(self, name: Any = MISSING, value: Any = None) -> None:
        """Remove all parameters `name`; if `value` is given, only those with that value."""
        require_arguments("delete", _OWNER, name, type_name=_ARGUMENT_TYPE)
        removed = self._find_matches(name, value)
        self._replace_pairs(
            [pair for pair, is_removed in zip(self._pairs, removed, strict=True) if not is_removed]
        )

    def sort(self) -> None:
        """Sort by name, stably, in the order of UTF-16 code units."""
        self._replace_pairs(sorted(self._pairs, key=lambda pair: pair[0].encode("utf-16-be")))

    def entries(self) -> EntryIterator:
        """Iterate over the pairs of name and value."""
        return EntryIterator(iterate_by_index(self._pairs))

    def forEach(self, callback: Callable[..., Any] = MISSING, this: Any = None) -> None:  # noqa: ARG002
        """Call `callback(value, name, params)` for each pair, always with three arguments."""
        check_function(_OWNER, callback)
        for name, value in iterate_by_index(self._pairs):
            callback(value, name, self)

    def toString(self) -> str:
        """Return the query, without a question mark."""
        return write_form(self._pairs)

    # Members that Pyodide adds for Python.

    def __iter__(self) -> Iterator[str]:
        return KeyIterator(iterate_by_index(self._pairs))

    def __len__(self) -> int:
        return len(self._pairs)

    def clear(self) -> None:
        """Remove all parameters."""
        self._replace_pairs([])

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = JsProxy.__hash__

    def __str__(self) -> str:
        return self.toString()

    __repr__ = __str__

    def _find_matches(self, name: Any, value: Any) -> list[bool]:
        name_string = to_usv_string(name)
        value_string = None if value is None else to_usv_string(value)
        return [
            key == name_string and (value_string is None or pair_value == value_string)
            for key, pair_value in self._pairs
        ]

    def _replace_pairs(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs[:] = pairs
        self._on_change()


def _read_init(init: Any) -> list[tuple[str, str]]:
    if isinstance(init, URLSearchParams):
        return list(init._pairs)
    sequences = read_sequences(init, to_usv_string)
    if sequences is not None:
        if any(len(sequence) != 2 for sequence in sequences):
            raise errors.search_not_a_pair()
        return [(name, value) for name, value in sequences]
    record = read_record(init, to_usv_string)
    if record is not None:
        return record
    return read_form(to_usv_string(init).removeprefix("?"))


def _do_nothing() -> None:
    """The callback of parameters that belong to no URL."""


def read_form(text: str) -> list[tuple[str, str]]:
    """Parse application/x-www-form-urlencoded text, or a query without its question mark.

    >>> read_form("a=1&b&c=%20+")
    [('a', '1'), ('b', ''), ('c', '  ')]
    """
    pairs = []
    for part in text.replace("+", " ").split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((_decode(name), _decode(value)))
    return pairs


def _decode(text: str) -> str:
    """Percent-decode `text`; bytes that are not UTF-8 become U+FFFD."""
    if "%" not in text:
        return text
    data = _HEXADECIMAL_PAIR.sub(lambda pair: bytes.fromhex(pair[1].decode()), text.encode())
    return data.decode("utf-8", "replace")


def write_form(pairs: list[tuple[str, str]]) -> str:
    """Serialize pairs as application/x-www-form-urlencoded text.

    >>> write_form([("a b", "é")])
    'a+b=%C3%A9'
    """
    return "&".join([f"{_encode(name)}={_encode(value)}" for name, value in pairs])


def _encode(text: str) -> str:
    return _ESCAPED_IN_FORM.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    if match[0] == " ":
        return "+"
    return "".join([f"%{byte:02X}" for byte in match[0].encode()])
