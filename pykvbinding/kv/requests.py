"""What an operation asks of a store: its arguments parsed, checked and encoded, once.

The checks come in the order of the runtime, so a call with two faults is refused for the same one.
"""

from dataclasses import dataclass
from typing import Any

from pykvbinding import errors, usage_warnings
from pykvbinding.clock import Clock
from pykvbinding.js.core.coercion import check_sendable, replace_surrogates
from pykvbinding.js.core.proxy import sent
from pykvbinding.js.streams.readable import Source
from pykvbinding.kv.codec import check_value, encode_metadata, encode_value
from pykvbinding.kv.cursor import decode_cursor
from pykvbinding.kv.options import (
    DEFAULT_CACHE_TTL,
    GetOptions,
    PutOptions,
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

Extra = tuple[object, ...]
"""Positional arguments beyond the options: ignored, as in JavaScript."""

Named = dict[str, Any]


@dataclass(slots=True)
class Read:
    """One key to read. `cache_ttl` is in seconds. An unknown type shows only on a found key."""

    key: str
    response_type: str
    cache_ttl: int


@dataclass(slots=True)
class ReadMany:
    """Several keys to read, in order, duplicates included.

    The service goes key by key, so a refused one counts only after those before it were read:
    `keys` ends before it, and `refusal` says why.
    """

    keys: list[str]
    response_type: str
    cache_ttl: int
    refusal: errors.KVError | None


@dataclass(slots=True)
class Write:
    """One key to write. A stream's chunks are still to be read.

    `now` is the instant of the checks, `None` if nothing depended on the time.
    """

    key: str
    value: Value | Source
    metadata: str | None
    expiration: int | None
    now: int | None


@dataclass(slots=True)
class Listing:
    """One page to read: names that start with `prefix`, greater than `after`."""

    prefix: str
    after: str | None
    limit: int


def read_request(
    method: str, key: object, options: object, extra: Extra, named: Named, limits: Limits
) -> Read | ReadMany:
    """What `get` or `getWithMetadata` asks.

    Raises: KVError for what the runtime or the service refuses.
    """
    key = sent(key)
    if isinstance(key, list):
        check_sendable(key)
        parsed = parse_get(usage_warnings.call_of_many(method), options, extra, named)
        return _read_many(method, key, parsed, limits)
    name = parse_key(method, key)
    parsed = parse_get(usage_warnings.call(method, name), options, extra, named)
    check_key("GET", name, limits)
    check_decodable("GET", name)
    if parsed.cache_ttl is not None:
        check_cache_ttl("GET", parsed.cache_ttl, limits)
    response_type = "text" if parsed.response_type is None else parsed.response_type
    return Read(name, response_type, _cache_ttl(parsed))


def _cache_ttl(parsed: GetOptions) -> int:
    return DEFAULT_CACHE_TTL if parsed.cache_ttl is None else parsed.cache_ttl


def _read_many(method: str, given: list[object], parsed: GetOptions, limits: Limits) -> ReadMany:
    names = [replace_surrogates(parse_key(method, key)) for key in given]
    response_type = parsed.response_type or "text"  # the service takes "" for nothing said
    if response_type not in ("text", "json"):
        raise errors.many_type_invalid(response_type)
    check_bulk_key_count(len(names), limits)
    request = ReadMany([], response_type, _cache_ttl(parsed), None)
    try:
        for name in names:
            check_bulk_key(name, limits)
            if parsed.cache_ttl is not None:
                check_cache_ttl("GET_BULK", parsed.cache_ttl, limits)
            request.keys.append(name)
    except errors.KVError as refusal:
        request.refusal = refusal
    return request


def write_request(
    key: object,
    value: object,
    options: object,
    extra: Extra,
    named: Named,
    limits: Limits,
    clock: Clock,
) -> Write:
    """What `put` asks.

    Raises: KVError for what the runtime or the service refuses, but for the length of a stream.
    """
    name = parse_key("put", key)
    check_sendable(value)
    parsed = parse_put(usage_warnings.call("put", name), options, extra, named)
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
    return Write(name, stored, metadata, expiration, now)


def _expiration(parsed: PutOptions, limits: Limits, now: int) -> int:
    """The second at which a write expires: expirationTtl wins, then expiration is not looked at."""
    if parsed.expiration_ttl is not None:
        check_expiration_ttl(parsed.expiration_ttl, limits)
        return now + parsed.expiration_ttl
    assert parsed.expiration is not None  # or nobody would ask
    check_expiration(parsed.expiration, now, limits)
    return parsed.expiration


def delete_request(key: object, extra: Extra, named: Named, limits: Limits) -> str:
    """The key that `delete` removes.

    Raises: KVError for what the runtime or the service refuses.
    """
    name = parse_key("delete", key)
    parse_delete(usage_warnings.call("delete", name), extra, named)
    check_key("DELETE", name, limits)
    check_decodable("DELETE", name)
    return name


def list_request(options: object, extra: Extra, named: Named, limits: Limits) -> Listing:
    """The page that `list` asks for.

    Raises: KVError for what the runtime or the service refuses.
    """
    parsed = parse_list(usage_warnings.call("list"), options, extra, named)
    prefix = replace_surrogates(parsed.prefix)
    check_list_limit(parsed.limit, limits)
    check_length("GET", prefix, limits)
    after = _after(parsed.cursor) if parsed.cursor else None
    return Listing(prefix, after, parsed.limit if parsed.limit > 0 else limits.list_limit())


def _after(cursor: str) -> str:
    try:
        return decode_cursor(cursor)
    except ValueError:
        raise errors.cursor_invalid() from None
