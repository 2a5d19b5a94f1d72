"""Types of the results of `list` and `getWithMetadata`: dicts with attributes that are annotated.

At run time they are `JsDict`s: the annotations cost nothing.
"""

from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from pykvbinding.js.core.js_dict import JsDict

if TYPE_CHECKING:
    from pykvbinding.js.core.json import JsonValue

T = TypeVar("T")


class ListKey(JsDict):
    """A key of a page: `name`, and `expiration` and `metadata` if they are set.

    >>> key = ListKey(name="a")
    >>> key.name, key["name"], "expiration" in key
    ('a', 'a', False)
    """

    __slots__ = ()

    if TYPE_CHECKING:
        name: str
        expiration: int
        metadata: JsonValue

        @overload
        def __getitem__(self, key: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, key: Literal["expiration"], /) -> int: ...
        @overload
        def __getitem__(self, key: str, /) -> Any: ...
        def __getitem__(self, key: str, /) -> Any: ...


class ListResult(JsDict):
    """A page: `keys`, `list_complete`, `cacheStatus`, and `cursor` unless the list is complete.

    `keys` is an item only, because a dict has a method of that name.

    >>> page = ListResult(keys=[ListKey(name="a")], list_complete=True, cacheStatus=None)
    >>> page["keys"][0].name, page.list_complete
    ('a', True)
    """

    __slots__ = ()

    if TYPE_CHECKING:
        list_complete: bool
        cursor: str
        cacheStatus: str | None  # noqa: N815 -- the platform's name

        @overload
        def __getitem__(self, key: Literal["keys"], /) -> list[ListKey]: ...
        @overload
        def __getitem__(self, key: Literal["list_complete"], /) -> bool: ...
        @overload
        def __getitem__(self, key: Literal["cursor"], /) -> str: ...
        @overload
        def __getitem__(self, key: Literal["cacheStatus"], /) -> str | None: ...
        @overload
        def __getitem__(self, key: str, /) -> Any: ...
        def __getitem__(self, key: str, /) -> Any: ...


class ValueWithMetadata(JsDict, Generic[T]):
    """The result of `getWithMetadata` for one key: `value`, `metadata` and `cacheStatus`.

    `value` is None if the key is missing.

    >>> entry = ValueWithMetadata(value="v", metadata=None, cacheStatus="HIT")
    >>> entry.value, entry["metadata"], entry.cacheStatus
    ('v', None, 'HIT')
    """

    __slots__ = ()

    def __class_getitem__(cls, parameters: Any, /) -> Any:
        # The alias that dict returns would add an item `__orig_class__` to each instance.
        return cls

    if TYPE_CHECKING:
        value: T
        metadata: JsonValue
        cacheStatus: str | None  # noqa: N815 -- the platform's name

        @overload
        def __getitem__(self, key: Literal["value"], /) -> T: ...
        @overload
        def __getitem__(self, key: Literal["cacheStatus"], /) -> str | None: ...
        @overload
        def __getitem__(self, key: str, /) -> Any: ...
        def __getitem__(self, key: str, /) -> Any: ...


class BulkValueWithMetadata(JsDict, Generic[T]):
    """A value of a bulk `getWithMetadata`: `value` and `metadata`, which is None if not set.

    >>> BulkValueWithMetadata(value="v", metadata=None).value
    'v'
    """

    __slots__ = ()

    def __class_getitem__(cls, parameters: Any, /) -> Any:
        # The alias that dict returns would add an item `__orig_class__` to each instance.
        return cls

    if TYPE_CHECKING:
        value: T
        metadata: JsonValue

        @overload
        def __getitem__(self, key: Literal["value"], /) -> T: ...
        @overload
        def __getitem__(self, key: str, /) -> Any: ...
        def __getitem__(self, key: str, /) -> Any: ...
