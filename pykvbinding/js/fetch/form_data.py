"""`FormData`: the names and values of a form, and its files."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.types.iterator import (
    EntryIterator,
    KeyIterator,
    Named,
    ValueIterator,
    by_place,
)
from pykvbinding.js.types.object import JsArray
from pykvbinding.js.types.webidl import MISSING, check_function, check_given, to_dom_string

Entry: TypeAlias = tuple[str, str | File]

_OWNER = "FormData"


class FormData(Named, name=_OWNER):
    """The entries of a form, in their order: each is a string or a File.

    `form["a"]` and `"a" in form` work as `get` and `has`, for they do in Pyodide; iteration gives
    pairs; there is no `len()`.

    >>> form = FormData()
    >>> form.append("a", 1)
    >>> form.append("a", Blob(None), "empty.txt")
    >>> form.get("a"), form.getAll("a")[1].name, form.get("b")
    ('1', 'empty.txt', jsnull)
    """

    __slots__ = ("_pairs",)

    def __init__(self, *_: Any) -> None:
        self._pairs: list[Entry] = []

    @classmethod
    def of(cls, pairs: list[Entry]) -> "FormData":
        """A form of these entries. The list is its own from now on. O(1)."""
        form = cls.__new__(cls)
        form._pairs = pairs
        return form

    def pairs(self) -> list[Entry]:
        """The entries. Not a copy: leave it as it is."""
        return self._pairs

    # What JavaScript calls it by.

    def get(self, name: Any = MISSING, *_: Any) -> Any:
        """The first value; jsnull where there is none (a second argument is of no meaning)."""
        check_given("get", _OWNER, name)
        wanted = to_dom_string(name)
        return next((value for held, value in self._pairs if held == wanted), jsnull)

    def getAll(self, name: Any = MISSING) -> JsArray:
        """All values of a name."""
        check_given("getAll", _OWNER, name)
        wanted = to_dom_string(name)
        return JsArray([value for held, value in self._pairs if held == wanted])

    def has(self, name: Any = MISSING) -> bool:
        """Whether there is such an entry."""
        check_given("has", _OWNER, name)
        wanted = to_dom_string(name)
        return any(held == wanted for held, _ in self._pairs)

    def append(self, name: Any = MISSING, value: Any = MISSING, filename: Any = None) -> None:
        """Add at the end. A Blob becomes a File, called `filename`, or else as the entry is."""
        self._pairs.append(_entry("append", name, value, filename))

    def set(self, name: Any = MISSING, value: Any = MISSING, filename: Any = None) -> None:
        """Set the first of the name, and remove its others."""
        entry = _entry("set", name, value, filename)
        places = [place for place, (held, _) in enumerate(self._pairs) if held == entry[0]]
        if not places:
            self._pairs.append(entry)
            return
        self._pairs[places[0]] = entry
        for place in reversed(places[1:]):
            del self._pairs[place]

    def delete(self, name: Any = MISSING) -> None:
        """Remove all of the name; one that is not there too."""
        check_given("delete", _OWNER, name)
        wanted = to_dom_string(name)
        self._pairs[:] = [pair for pair in self._pairs if pair[0] != wanted]

    def entries(self) -> EntryIterator:
        """Pairs of name and value, in their order."""
        return EntryIterator(by_place(self._pairs))

    def keys(self) -> KeyIterator:
        """The names, in their order, repeated ones too."""
        return KeyIterator(by_place(self._pairs))

    def values(self) -> ValueIterator:
        """The values, in their order."""
        return ValueIterator(by_place(self._pairs))

    def forEach(self, visit: Callable[..., Any] = MISSING, this: Any = None) -> None:  # noqa: ARG002
        """Call `visit(value, name, form)` for each. A Python function has to take all three."""
        check_function(_OWNER, visit)
        for name, value in by_place(self._pairs):
            visit(value, name, self)

    # What Pyodide lets Python call it by.

    def __iter__(self) -> Iterator[Any]:
        return self.entries()

    def __repr__(self) -> str:
        return str(self)


def _entry(method: str, name: Any, value: Any, filename: Any) -> Entry:
    check_given(method, _OWNER, name)
    if value is MISSING:
        raise errors.not_of_type(method, _OWNER, 2, "File or Blob or string")
    key = to_dom_string(name)
    if not isinstance(value, Blob):
        return key, to_dom_string(value)
    if filename is not None:
        return key, File.named(value, to_dom_string(filename))
    return key, value if isinstance(value, File) else File.named(value, key)
