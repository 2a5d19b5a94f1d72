"""Types with which code that runs on the platform can be annotated.

Import them under `TYPE_CHECKING`, so that the deployed Worker does not need pykvbinding:

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from pykvbinding.types import KVBinding

    async def greet(kv: "KVBinding", user: str) -> str: ...

The module imports no other module of the package until one of the result types is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, TypedDict, overload

from pykvbinding._lazy import lazy_exports

if TYPE_CHECKING:
    from array import array
    from typing import Any

    from pykvbinding.js.core.json import JsonValue
    from pykvbinding.js.core.proxy import JsProxy
    from pykvbinding.js.streams.readable import ReadableStream
    from pykvbinding.kv.result_types import (
        BulkValueWithMetadata,
        ListKey,
        ListResult,
        ValueWithMetadata,
    )

__all__ = [
    "BulkGetOptions",
    "BulkResponseType",
    "BulkValueWithMetadata",
    "GetOptions",
    "KVBinding",
    "ListKey",
    "ListOptions",
    "ListResult",
    "PutOptions",
    "ResponseType",
    "Value",
    "ValueWithMetadata",
]

__getattr__, __dir__ = lazy_exports(
    __name__, {"kv.result_types": "BulkValueWithMetadata ListKey ListResult ValueWithMetadata"}
)

ResponseType: TypeAlias = Literal["text", "json", "arrayBuffer", "stream"]
BulkResponseType: TypeAlias = Literal["text", "json"]

Value: TypeAlias = "str | bytes | memoryview | array[Any] | int | float | ReadableStream | JsProxy"
"""What `put` stores: text, a buffer, a number, a stream, or a JavaScript buffer or stream."""

Keys: TypeAlias = list[str]
"""An alias, because `list` is a method in the class below."""


class GetOptions(TypedDict, total=False):
    """Options of `get` and `getWithMetadata`; `cacheTtl` is in seconds."""

    type: ResponseType
    cacheTtl: int


class BulkGetOptions(TypedDict, total=False):
    """Options of `get` and `getWithMetadata` for a list of keys; `cacheTtl` is in seconds."""

    type: BulkResponseType
    cacheTtl: int


class PutOptions(TypedDict, total=False):
    """Options of `put`: `expiration` in seconds since the epoch, `expirationTtl` in seconds."""

    expiration: int
    expirationTtl: int
    metadata: JsonValue


class ListOptions(TypedDict, total=False):
    """Options of `list`; `limit` is 1 to 1000."""

    prefix: str
    limit: int
    cursor: str | None


class KVBinding(Protocol):
    """The platform's five methods. `KVNamespace` has them, and so has `env.KV` on the platform."""

    @overload
    async def get(self, key: str, options: Literal["text"] | None = ..., /) -> str | None: ...
    @overload
    async def get(
        self, key: str, /, *, type: Literal["text"] = ..., cacheTtl: int = ...
    ) -> str | None: ...
    @overload
    async def get(self, key: str, options: Literal["json"], /) -> JsonValue: ...
    @overload
    async def get(
        self, key: str, /, *, type: Literal["json"], cacheTtl: int = ...
    ) -> JsonValue: ...
    @overload
    async def get(self, key: str, options: Literal["arrayBuffer"], /) -> memoryview | None: ...
    @overload
    async def get(
        self, key: str, /, *, type: Literal["arrayBuffer"], cacheTtl: int = ...
    ) -> memoryview | None: ...
    @overload
    async def get(self, key: str, options: Literal["stream"], /) -> ReadableStream | None: ...
    @overload
    async def get(
        self, key: str, /, *, type: Literal["stream"], cacheTtl: int = ...
    ) -> ReadableStream | None: ...
    @overload
    async def get(
        self, key: Keys, options: Literal["text"] | None = ..., /
    ) -> dict[str, str | None]: ...
    @overload
    async def get(
        self, key: Keys, /, *, type: Literal["text"] = ..., cacheTtl: int = ...
    ) -> dict[str, str | None]: ...
    @overload
    async def get(self, key: Keys, options: Literal["json"], /) -> dict[str, JsonValue]: ...
    @overload
    async def get(
        self, key: Keys, /, *, type: Literal["json"], cacheTtl: int = ...
    ) -> dict[str, JsonValue]: ...
    @overload
    async def get(self, key: str, options: GetOptions | JsProxy, /) -> Any: ...
    @overload
    async def get(self, key: Keys, options: BulkGetOptions | JsProxy, /) -> dict[str, Any]: ...

    @overload
    async def getWithMetadata(
        self, key: str, options: Literal["text"] | None = ..., /
    ) -> ValueWithMetadata[str | None]: ...
    @overload
    async def getWithMetadata(
        self, key: str, /, *, type: Literal["text"] = ..., cacheTtl: int = ...
    ) -> ValueWithMetadata[str | None]: ...
    @overload
    async def getWithMetadata(
        self, key: str, options: Literal["json"], /
    ) -> ValueWithMetadata[JsonValue]: ...
    @overload
    async def getWithMetadata(
        self, key: str, /, *, type: Literal["json"], cacheTtl: int = ...
    ) -> ValueWithMetadata[JsonValue]: ...
    @overload
    async def getWithMetadata(
        self, key: str, options: Literal["arrayBuffer"], /
    ) -> ValueWithMetadata[memoryview | None]: ...
    @overload
    async def getWithMetadata(
        self, key: str, /, *, type: Literal["arrayBuffer"], cacheTtl: int = ...
    ) -> ValueWithMetadata[memoryview | None]: ...
    @overload
    async def getWithMetadata(
        self, key: str, options: Literal["stream"], /
    ) -> ValueWithMetadata[ReadableStream | None]: ...
    @overload
    async def getWithMetadata(
        self, key: str, /, *, type: Literal["stream"], cacheTtl: int = ...
    ) -> ValueWithMetadata[ReadableStream | None]: ...
    @overload
    async def getWithMetadata(
        self, key: Keys, options: Literal["text"] | None = ..., /
    ) -> dict[str, BulkValueWithMetadata[str] | None]: ...
    @overload
    async def getWithMetadata(
        self, key: Keys, /, *, type: Literal["text"] = ..., cacheTtl: int = ...
    ) -> dict[str, BulkValueWithMetadata[str] | None]: ...
    @overload
    async def getWithMetadata(
        self, key: Keys, options: Literal["json"], /
    ) -> dict[str, BulkValueWithMetadata[JsonValue] | None]: ...
    @overload
    async def getWithMetadata(
        self, key: Keys, /, *, type: Literal["json"], cacheTtl: int = ...
    ) -> dict[str, BulkValueWithMetadata[JsonValue] | None]: ...
    @overload
    async def getWithMetadata(
        self, key: str, options: GetOptions | JsProxy, /
    ) -> ValueWithMetadata[Any]: ...
    @overload
    async def getWithMetadata(
        self, key: Keys, options: BulkGetOptions | JsProxy, /
    ) -> dict[str, BulkValueWithMetadata[Any] | None]: ...

    @overload
    async def put(
        self, key: str, value: Value, options: PutOptions | JsProxy | None = ..., /
    ) -> None: ...
    @overload
    async def put(
        self,
        key: str,
        value: Value,
        /,
        *,
        expiration: int = ...,
        expirationTtl: int = ...,
        metadata: JsonValue = ...,
    ) -> None: ...

    async def delete(self, key: str, /) -> None:
        """Remove a key, if it exists."""
        ...

    @overload
    async def list(self, options: ListOptions | JsProxy | None = ..., /) -> ListResult: ...
    @overload
    async def list(
        self, /, *, prefix: str = ..., limit: int = ..., cursor: str | None = ...
    ) -> ListResult: ...
