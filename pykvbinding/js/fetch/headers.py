"""`Headers`: names and values of HTTP, in the runtime's order and with its errors."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.iterator import EntryIterator, KeyIterator, Named, ValueIterator
from pykvbinding.js.types.object import JsArray
from pykvbinding.js.types.webidl import (
    MISSING,
    check_function,
    check_given,
    read_record,
    read_sequences,
    to_dom_string,
)

_SET_COOKIE = "set-cookie"
_NAME = re.compile(r'[^\0- "(),/:-@\[-\]{}\x7f]*')
"""A token of HTTP. workerd lets an empty one pass, and what is not ASCII."""

_NOT_IN_VALUE = re.compile("[\0\r\n]")
_AROUND_VALUE = "\t\n\r "


class Headers(Named, name="Headers"):
    """The headers of a request or a response.

    They iterate in the order of their names. The values of a name that came several times are one
    value, joined by commas; those of Set-Cookie stay apart. `headers["x"]` and `"x" in headers`
    work as `get` and `has`, for they do in Pyodide; there is no `len()`.

    >>> headers = Headers([("B", "2"), ("a", "1"), ("b", "3")])
    >>> headers.get("b"), [(name, value) for name, value in headers]
    ('2, 3', [('a', '1'), ('b', '2, 3')])

    Raises: JsException, "Failed to construct 'Headers': constructor parameter 1 is not of type …",
    "To initialize a Headers object from a sequence, each inner sequence must have exactly two …",
    "Invalid header name.", "Invalid header value."
    """

    __slots__ = ("_pairs", "immutable")

    def __init__(self, init: Any = None) -> None:
        self.immutable = False
        self._pairs: list[tuple[str, str]] = []
        if isinstance(init, Headers):
            self._pairs = list(init._pairs)
        elif init is not None:
            self._fill(init)

    @classmethod
    def of(cls, pairs: list[tuple[str, str]], *, immutable: bool = False) -> "Headers":
        """Headers of pairs that are right: names in lower case, values without space around.

        The list is theirs from now on. `immutable` ones, such as those of a request that came in,
        refuse to be changed. O(1).
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
            self._pairs.append(_checked_pair(name, value))

    def pairs(self) -> list[tuple[str, str]]:
        """The pairs as they came, repeated names apart. Not a copy: leave it as it is."""
        return self._pairs

    # What JavaScript calls it by.

    def get(self, name: Any = MISSING, *_: Any) -> Any:
        """The value, those of a repeated name joined by commas; jsnull where there is none.

        A second argument is of no meaning: there are no defaults in JavaScript.

        Raises: JsException, "Invalid header name."
        """
        check_given("get", "Headers", name)
        values = self._values(to_dom_string(name))
        return ", ".join(values) if values else jsnull

    def getAll(self, name: Any = MISSING) -> JsArray:
        """The cookies that are set, each for itself: only Set-Cookie may be asked for.

        Raises: JsException, 'getAll() can only be used with the header name "Set-Cookie".'
        """
        check_given("getAll", "Headers", name)
        if to_dom_string(name).lower() != _SET_COOKIE:
            raise errors.header_get_all()
        return self.getSetCookie()

    def getSetCookie(self) -> JsArray:
        """The values of Set-Cookie, each for itself."""
        return JsArray(self._values(_SET_COOKIE))

    def has(self, name: Any = MISSING) -> bool:
        """Whether there is such a header. Raises: JsException, "Invalid header name." """
        check_given("has", "Headers", name)
        return bool(self._values(to_dom_string(name)))

    def set(self, name: Any = MISSING, value: Any = MISSING) -> None:
        """Set, in place of every value that was there.

        Raises: JsException, "Can't modify immutable headers.", "Invalid header name.", "Invalid
        header value."
        """
        checked = self._checked("set", name, value)
        self._pairs = [pair for pair in self._pairs if pair[0] != checked[0]]
        self._pairs.append(checked)

    def append(self, name: Any = MISSING, value: Any = MISSING) -> None:
        """Add, beside the values that are there.

        Raises: JsException, "Can't modify immutable headers.", "Invalid header name.", "Invalid
        header value."
        """
        self._pairs.append(self._checked("append", name, value))

    def delete(self, name: Any = MISSING) -> None:
        """Remove; one that is not there too.

        Raises: JsException, "Can't modify immutable headers.", "Invalid header name."
        """
        check_given("delete", "Headers", name)
        self._check_mutable()
        lowered = _checked_name(to_dom_string(name))
        self._pairs = [pair for pair in self._pairs if pair[0] != lowered]

    def entries(self) -> EntryIterator:
        """Pairs of name and value, by name."""
        return EntryIterator(self._sorted())

    def keys(self) -> KeyIterator:
        """The names, in order."""
        return KeyIterator(self._sorted())

    def values(self) -> ValueIterator:
        """The values, by name."""
        return ValueIterator(self._sorted())

    def forEach(self, visit: Callable[..., Any] = MISSING, this: Any = None) -> None:  # noqa: ARG002
        """Call `visit(value, name, headers)` for each. A Python function has to take all three."""
        check_function("Headers", visit)
        for name, value in self._sorted():
            visit(value, name, self)

    # What Pyodide lets Python call it by.

    def __iter__(self) -> Iterator[Any]:
        return self.entries()

    def __repr__(self) -> str:
        return str(self)

    def _values(self, name: str) -> list[str]:
        lowered = _lowered(name)
        values = [value for held, value in self._pairs if held == lowered]
        if not values:
            _checked_name(name)
        return values

    def _checked(self, method: str, name: Any, value: Any) -> tuple[str, str]:
        check_given(method, "Headers", name, value)
        self._check_mutable()
        return _checked_pair(to_dom_string(name), to_dom_string(value))

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
        return iter(sorted([*joined.items(), *cookies], key=_name_of))


def _name_of(pair: tuple[str, str]) -> str:
    return pair[0]


def _lowered(name: str) -> str:
    """`name` in lower case, as far as it is ASCII."""
    return name.lower() if name.isascii() else name.encode().lower().decode()


def _checked_name(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise errors.header_name_invalid()
    return _lowered(name)


def _checked_pair(name: str, value: str) -> tuple[str, str]:
    """A pair as it is kept. The value is looked at first."""
    stripped = value.strip(_AROUND_VALUE)
    if _NOT_IN_VALUE.search(stripped) is not None:
        raise errors.header_value_invalid()
    return _checked_name(name), stripped
