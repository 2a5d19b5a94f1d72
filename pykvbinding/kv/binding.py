"""`KVNamespace`: the binding with the platform's five methods, and `namespace` for the test."""

import sys
from collections.abc import Iterator
from typing import Any, Literal, NoReturn, TypeAlias, overload

from pykvbinding import errors
from pykvbinding.clock import Clock, SystemClock
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.js.core.json import JsonValue
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.streams.readable import ReadableStream, Source
from pykvbinding.kv.codec import Decoder, as_text, read_stream
from pykvbinding.kv.namespace import Namespace
from pykvbinding.kv.options import ABSENT, DEFAULT_CACHE_TTL
from pykvbinding.kv.requests import (
    BulkGetRequest,
    parse_delete_request,
    parse_get_request,
    parse_list_request,
    parse_put_request,
)
from pykvbinding.kv.result_types import BulkValueWithMetadata, ListResult, ValueWithMetadata
from pykvbinding.kv.results import (
    bulk_result,
    get_result,
    get_with_metadata_result,
    list_result,
)
from pykvbinding.limits import Limits
from pykvbinding.storage.record import Record
from pykvbinding.storage.store import Store
from pykvbinding.types import BulkGetOptions, GetOptions, ListOptions, PutOptions, Value

Keys: TypeAlias = list[str]
"""An alias, because `list` is a method in the class below."""


class KVNamespace:
    """A Workers KV namespace, as handlers use it on `env.KV`.

    >>> import asyncio
    >>> kv = KVNamespace()
    >>> asyncio.run(kv.put("greeting", "hello", expirationTtl=60))
    >>> asyncio.run(kv.get("greeting"))
    'hello'

    Each method takes its options as keywords or as one dict, with the platform's names, and runs
    when it is awaited. `namespace` is the test's interface: `seed`, `peek`, `dump`, …
    """

    namespace: Namespace

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
        title: str = "KV",
        id: str | None = None,
    ) -> None:
        clock = SystemClock() if clock is None else clock
        limits = Limits() if limits is None else limits
        # Like `wrangler dev`, which stores the data of a binding without an id under its name.
        namespace = Namespace(
            title=title, id=title if id is None else id, clock=clock, limits=limits
        )
        store: Store = namespace.store
        if limits.depend_on_history:
            # Not at the top: most namespaces have no layers, and need no layer's module.
            from pykvbinding.middleware.chain import build_limits_chain

            store = build_limits_chain(namespace, limits, clock)
        self._attach(namespace, store)

    def _attach(self, namespace: Namespace, store: Store) -> None:
        self.namespace = namespace
        self._store = store
        self._limits = namespace.limits
        self._clock = namespace.clock
        self._decoder = Decoder()
        self._max_key_bytes = namespace.limits.max_key_bytes
        self._max_value_bytes = namespace.limits.max_value_bytes
        self._max_keys_per_get = _or_unlimited(namespace.limits.max_keys_per_get)
        self._max_bytes_per_get = _or_unlimited(namespace.limits.max_bytes_per_get)
        # Short-circuit: without layers, call the engine, which is synchronous.
        self._engine = namespace.store.engine if store is namespace.store else None
        self._lookup = None if self._engine is None else self._engine.lookup

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

    async def get(self, key: Any, options: Any = ABSENT, /, *args: Any, **kwargs: Any) -> Any:
        """Return the value of a key, or a dict of values for a list of keys; `None` if missing.

        `type` is "text" (str, the default), "json", "arrayBuffer" (memoryview) or "stream"
        (ReadableStream); a list of 1 to 100 keys takes "text" or "json". `cacheTtl` is in seconds.

        Raises: KVError, such as "KV GET failed: 414 UTF-8 encoded length of 513 exceeds …"
        """
        if options is ABSENT and not kwargs:
            if type(key) is str:
                lookup = self._lookup
                if lookup is not None:
                    record = lookup(key)
                    if record is not None:  # so its key was checked when it was put
                        expiration = record.expiration
                        if expiration is not None and expiration <= self._clock.now_seconds():
                            return None
                        value = record.value
                        return value if type(value) is str else as_text(value)
                    if key.isascii() and 2 < len(key) <= self._max_key_bytes:
                        return None
                elif key.isascii() and 2 < len(key) <= self._max_key_bytes:
                    record = (await self._store.get(key, DEFAULT_CACHE_TTL)).record
                    if record is None:
                        return None
                    value = record.value
                    return value if type(value) is str else as_text(value)
            elif type(key) is list:
                values = self._get_bulk_plain(key)
                if values is not None:
                    return values
        request = parse_get_request("get", key, options, args, kwargs, self._limits)
        if isinstance(request, BulkGetRequest):
            return await self._get_bulk("get", request)
        result = await self._store.get(request.key, request.cache_ttl)
        return get_result(request, result, self._decoder)

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

    async def getWithMetadata(
        self, key: Any, options: Any = ABSENT, /, *args: Any, **kwargs: Any
    ) -> Any:
        """As `get`, but return `value`, `metadata` and `cacheStatus` for one key.

        For a list of keys, return a dict with `value` and `metadata` for each key, `None` if the
        key is missing.

        Raises: KVError, as `get`.
        """
        request = parse_get_request("getWithMetadata", key, options, args, kwargs, self._limits)
        if isinstance(request, BulkGetRequest):
            return await self._get_bulk("getWithMetadata", request)
        result = await self._store.get(request.key, request.cache_ttl)
        return get_with_metadata_result(request, result, self._decoder)

    def _get_bulk_plain(self, keys: Keys) -> JsDict | None:
        """Bulk read in one pass; `None` if any key or value needs the general implementation.

        An existing key was checked when it was put.
        """
        lookup = self._lookup
        if lookup is None or not 0 < len(keys) <= self._max_keys_per_get:
            return None
        max_key_bytes = self._max_key_bytes
        # If no value exceeds its equal share, the total is within the limit and needs no sum.
        equal_share_bytes = self._max_bytes_per_get // len(keys)
        result: dict[str, str | None] = {}
        for key in keys:
            if type(key) is not str or key.isdecimal():
                return None
            record = lookup(key)
            if record is not None:
                value = record.value
                if record.expiration is not None or type(value) is not str:
                    return None
                if not value.isascii() or len(value) > equal_share_bytes:
                    return None
                result[key] = value
            elif key.isascii() and 2 < len(key) <= max_key_bytes:
                result[key] = None
            else:
                return None
        return None if "__proto__" in result else JsDict(result)

    async def _get_bulk(self, method: str, request: BulkGetRequest) -> JsDict:
        distinct = list(dict.fromkeys(request.keys))
        results = await self._store.get_many(distinct, request.cache_ttl) if distinct else {}
        records = {key: result.record for key, result in results.items()}
        return bulk_result(method, request, records, self._decoder, self._limits)

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

    async def put(
        self, key: Any, value: Any, options: Any = ABSENT, /, *args: Any, **kwargs: Any
    ) -> None:
        """Store a value under a key, replacing any other.

        `value` is str, bytes, another buffer, or a ReadableStream; numbers are stored as text.
        `expiration` is in seconds since the epoch, `expirationTtl` in seconds from now (60 or
        more), `metadata` any JSON value (at most 1024 bytes).

        Raises: KVError, such as "KV PUT failed: 413 Value length of 26214401 exceeds limit …"
        """
        if (
            options is ABSENT
            and not kwargs
            and type(value) is str
            and value.isascii()
            and len(value) <= self._max_value_bytes
            and type(key) is str
        ):
            engine = self._engine
            if engine is not None:
                old = engine.lookup(key)
                if old is None:
                    if key.isascii() and 2 < len(key) <= self._max_key_bytes:
                        engine.insert_plain(key, Record(value))
                        return
                elif old.expiration is None and old.metadata is None:
                    engine.overwrite_plain(
                        key, Record(value)
                    )  # its key was checked when it was put
                    return
            elif key.isascii() and 2 < len(key) <= self._max_key_bytes:
                await self._store.put(key, Record(value))
                return
        request = parse_put_request(key, value, options, args, kwargs, self._limits, self._clock)
        stored = request.value
        if isinstance(stored, Source):
            stored = await read_stream(stored, self._limits)
        record = Record(stored, request.metadata, request.expiration)
        if self._engine is None:
            await self._store.put(request.key, record)
            return
        if request.now is not None:
            self._engine.evict_expired(request.now)
        self._engine.write(request.key, record)

    async def delete(self, key: str, /, *args: Any, **kwargs: Any) -> None:
        """Remove a key, if it exists.

        Raises: KVError, such as "Key name cannot be empty."
        """
        await self._store.delete(parse_delete_request(key, args, kwargs, self._limits))

    @overload
    async def list(self, options: ListOptions | JsProxy | None = ..., /) -> ListResult: ...
    @overload
    async def list(
        self, /, *, prefix: str = ..., limit: int = ..., cursor: str | None = ...
    ) -> ListResult: ...

    async def list(self, options: Any = ABSENT, /, *args: Any, **kwargs: Any) -> ListResult:
        """Return one page of keys, in the order of their UTF-8 bytes.

        `prefix` selects keys, `limit` is 1 to 1000 (the default), and `cursor` is that of the
        previous page. The page has `keys` (each with `name`, and `expiration` and `metadata` if
        set), `list_complete`, `cacheStatus`, and a `cursor` unless the list is complete.

        Raises: KVError, such as "KV GET failed: 400 Invalid key_count_limit of 1001. …"
        """
        request = parse_list_request(options, args, kwargs, self._limits)
        page = await self._store.list(request.prefix, request.after, request.limit)
        return list_result(page, self._decoder)

    def __iter__(self) -> Iterator[NoReturn]:
        raise errors.not_iterable()

    def __len__(self) -> int:
        raise errors.no_len()

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<KVNamespace {self.namespace.title!r}>"

    def __str__(self) -> str:
        return "[object KvNamespace]"


def _or_unlimited(limit: int | None) -> int:
    return sys.maxsize if limit is None else limit


def bind(namespace: Namespace, store: Store) -> KVNamespace:
    """Return a binding to a namespace. `store` is the head of a chain that ends at its store."""
    kv = KVNamespace.__new__(KVNamespace)
    kv._attach(namespace, store)
    return kv
