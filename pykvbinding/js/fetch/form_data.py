"""`FormData`: the entries of a form, which are strings and files."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.types.iterator import (
    EntryIterator,
    KeyIterator,
    MapLike,
    ValueIterator,
    iterate_by_index,
)
from pykvbinding.js.types.object import JsArray
from pykvbinding.js.types.webidl import MISSING, check_function, require_arguments, to_dom_string

Entry: TypeAlias = tuple[str, str | File]

_OWNER = "FormData"


class FormData(MapLike, name=_OWNER):
    """The entries of a form, in insertion order; a value is a string or a File.

    As in Pyodide, `form["a"]` and `"a" in form` call `get` and `has`, iteration yields pairs, and
    there is no `len()`.

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
        """Return a form that owns the list `pairs`. O(1)."""
        form = cls.__new__(cls)
        form._pairs = pairs
        return form

    def pairs(self) -> list[Entry]:
        """Return the list of the entries itself; callers must not modify it."""
        return self._pairs

    # Members of JavaScript.

    def get(self, name: Any = MISSING, *_: Any) -> Any:
        """Return the first value, or jsnull; a second argument is ignored, not a default."""
        require_arguments("get", _OWNER, name)
        name_string = to_dom_string(name)
        return next((value for key, value in self._pairs if key == name_string), jsnull)

    def getAll(self, name: Any = MISSING) -> JsArray:
        """Return all values of a name."""
        require_arguments("getAll", _OWNER, name)
        name_string = to_dom_string(name)
        return JsArray([value for key, value in self._pairs if key == name_string])

    def has(self, name: Any = MISSING) -> bool:
        """Return whether an entry `name` exists."""
        require_arguments("has", _OWNER, name)
        name_string = to_dom_string(name)
        return any(key == name_string for key, _ in self._pairs)

    def append(self, name: Any = MISSING, value: Any = MISSING, filename: Any = None) -> None:
        """Add an entry at the end. A Blob becomes a File named `filename`, or else `name`."""
        self._pairs.append(_make_entry("append", name, value, filename))

    def set(self, name: Any = MISSING, value: Any = MISSING, filename: Any = None) -> None:
        """Replace the first entry `name`, or add one, and remove its other entries."""
        entry = _make_entry("set", name, value, filename)
        indexes = [index for index, (key, _) in enumerate(self._pairs) if key == entry[0]]
        if not indexes:
            self._pairs.append(entry)
            return
        self._pairs[indexes[0]] = entry
        for index in reversed(indexes[1:]):
            del self._pairs[index]

    def delete(self, name: Any = MISSING) -> None:
        """Remove all entries `name`, if any."""
        require_arguments("delete", _OWNER, name)
        name_string = to_dom_string(name)
        self._pairs[:] = [pair for pair in self._pairs if pair[0] != name_string]

    def entries(self) -> EntryIterator:
        """Iterate over the pairs of name and value."""
        return EntryIterator(iterate_by_index(self._pairs))

    def keys(self) -> KeyIterator:
        """Iterate over the names; a repeated name is yielded several times."""
        return KeyIterator(iterate_by_index(self._pairs))

    def values(self) -> ValueIterator:
        """Iterate over the values."""
        return ValueIterator(iterate_by_index(self._pairs))

    def forEach(self, callback: Callable[..., Any] = MISSING, this: Any = None) -> None:  # noqa: ARG002
        """Call `callback(value, name, form)` for each entry, always with three arguments."""
        check_function(_OWNER, callback)
        for name, value in iterate_by_index(self._pairs):
            callback(value, name, self)

    # Members that Pyodide adds for Python.

    def __iter__(self) -> Iterator[Any]:
        return self.entries()

    def __repr__(self) -> str:
        return str(self)


def _make_entry(method: str, name: Any, value: Any, filename: Any) -> Entry:
    require_arguments(method, _OWNER, name)
    if value is MISSING:
        raise errors.not_of_type(method, _OWNER, 2, "File or Blob or string")
    key = to_dom_string(name)
    if not isinstance(value, Blob):
        return key, to_dom_string(value)
    if filename is not None:
        return key, File.of_blob(value, to_dom_string(filename))
    return key, value if isinstance(value, File) else File.of_blob(value, key)
