"""Requests to a store: the arguments of an operation, parsed, checked and encoded.

The checks are in the order of the runtime, so a call with two errors is rejected for the same one.
"""

from dataclasses import dataclass
from typing import Any

from pykvbinding import errors, usage_warnings
from pykvbinding.clock import Clock
from pykvbinding.js.core.coercion import check_sendable, replace_surrogates
from pykvbinding.js.core.proxy import to_python_value
from pykvbinding.js.streams.readable import Source
from pykvbinding.kv.codec import check_value, encode_metadata, encode_value
from pykvbinding.kv.cursor import decode_cursor
from pykvbinding.kv.options import (
    DEFAULT_CACHE_TTL,
    ParsedGetOptions,
    ParsedPutOptions,
    check_decodable,
    parse_delete,
    parse_get,
    parse_key,
    parse_list,
    parse_put,
)
from pykvbinding.kv.validation import (
    check_bulk_key,
    check_bulk_key_count,
    check_cache_ttl,
    check_expiration,
    check_expiration_ttl,
    check_key,
    check_length,
    check_list_limit,
    check_metadata,
)
from pykvbinding.limits import Limits
from pykvbinding.storage.record import Value

Args = tuple[object, ...]
"""Positional arguments after the options: ignored, as in JavaScript."""

Kwargs = dict[str, Any]


@dataclass(slots=True)
class GetRequest:
    """A read of one key; `cache_ttl` is in seconds. An unknown type fails if the key exists."""

    key: str
    response_type: str
    cache_ttl: int


@dataclass(slots=True)
class BulkGetRequest:
    """A read of several keys, in order, with duplicates.

    The service checks keys one at a time, so an invalid key fails after the reads before it:
    `keys` ends before the invalid key, and `error` is raised after the reads.
    """

    keys: list[str]
    response_type: str
    cache_ttl: int
    error: errors.KVError | None


@dataclass(slots=True)
class PutRequest:
    """A write of one key. The chunks of a stream are not read yet.

    `now` is the time of the checks, `None` if no check used the time.
    """

    key: str
    value: Value | Source
    metadata: str | None
    expiration: int | None
    now: int | None


@dataclass(slots=True)
class ListRequest:
    """A read of one page: names that start with `prefix` and are greater than `after`."""

    prefix: str
    after: str | None
    limit: int


def parse_get_request(
    method: str, key: object, options: object, args: Args, kwargs: Kwargs, limits: Limits
) -> GetRequest | BulkGetRequest:
    """Parse the arguments of `get` or `getWithMetadata`.

    Raises: KVError if the runtime or the service rejects the call.
    """
    key = to_python_value(key)
    if isinstance(key, list):
        check_sendable(key)
        parsed = parse_get(usage_warnings.format_bulk_call(method), options, args, kwargs)
        return _parse_bulk_get(method, key, parsed, limits)
    name = parse_key(method, key)
    parsed = parse_get(usage_warnings.format_call(method, name), options, args, kwargs)
    check_key("GET", name, limits)
    check_decodable("GET", name)
    if parsed.cache_ttl is not None:
        check_cache_ttl("GET", parsed.cache_ttl, limits)
    response_type = "text" if parsed.response_type is None else parsed.response_type
    return GetRequest(name, response_type, _cache_ttl(parsed))


def _cache_ttl(parsed: ParsedGetOptions) -> int:
    return DEFAULT_CACHE_TTL if parsed.cache_ttl is None else parsed.cache_ttl


def _parse_bulk_get(
    method: str, given: list[object], parsed: ParsedGetOptions, limits: Limits
) -> BulkGetRequest:
    names = [replace_surrogates(parse_key(method, key)) for key in given]
    response_type = parsed.response_type or "text"  # to the service, "" means not set
    if response_type not in ("text", "json"):
        raise errors.bulk_type_invalid(response_type)
    check_bulk_key_count(len(names), limits)
    request = BulkGetRequest([], response_type, _cache_ttl(parsed), None)
    try:
        for name in names:
            check_bulk_key(name, limits)
            if parsed.cache_ttl is not None:
                check_cache_ttl("GET_BULK", parsed.cache_ttl, limits)
            request.keys.append(name)
    except errors.KVError as error:
        request.error = error
    return request


def parse_put_request(
    key: object,
    value: object,
    options: object,
    args: Args,
    kwargs: Kwargs,
    limits: Limits,
    clock: Clock,
) -> PutRequest:
    """Parse the arguments of `put`.

    Raises: KVError if the runtime or the service rejects the call, except for a stream's length.
    """
    name = parse_key("put", key)
    check_sendable(value)
    parsed = parse_put(usage_warnings.format_call("put", name), options, args, kwargs)
    check_key("PUT", name, limits)
    metadata = encode_metadata(name, parsed.metadata)
    stored = encode_value(name, value)
    check_decodable("PUT", name)
    expires = parsed.expiration is not None or parsed.expiration_ttl is not None
    now = clock.now_seconds() if expires else None
    expiration = None if now is None else _expiration(parsed, limits, now)
    if metadata is not None:
        check_metadata(metadata, limits)
    if not isinstance(stored, Source):
        check_value(stored, limits)
    return PutRequest(name, stored, metadata, expiration, now)


def _expiration(parsed: ParsedPutOptions, limits: Limits, now: int) -> int:
    """Return the expiration in seconds. With an expirationTtl, expiration is not checked."""
    if parsed.expiration_ttl is not None:
        check_expiration_ttl(parsed.expiration_ttl, limits)
        return now + parsed.expiration_ttl
    assert parsed.expiration is not None  # the caller checked it
    check_expiration(parsed.expiration, now, limits)
    return parsed.expiration


def parse_delete_request(key: object, args: Args, kwargs: Kwargs, limits: Limits) -> str:
    """Parse the arguments of `delete`, and return its key.

    Raises: KVError if the runtime or the service rejects the call.
    """
    name = parse_key("delete", key)
    parse_delete(usage_warnings.format_call("delete", name), args, kwargs)
    check_key("DELETE", name, limits)
    check_decodable("DELETE", name)
    return name


def parse_list_request(options: object, args: Args, kwargs: Kwargs, limits: Limits) -> ListRequest:
    """Parse the arguments of `list`.

    Raises: KVError if the runtime or the service rejects the call.
    """
    parsed = parse_list(usage_warnings.format_call("list"), options, args, kwargs)
    prefix = replace_surrogates(parsed.prefix)
    check_list_limit(parsed.limit, limits)
    check_length("GET", prefix, limits)
    after = _after(parsed.cursor) if parsed.cursor else None
    return ListRequest(prefix, after, parsed.limit if parsed.limit > 0 else limits.list_limit())


def _after(cursor: str) -> str:
    try:
        return decode_cursor(cursor)
    except ValueError:
        raise errors.cursor_invalid() from None
