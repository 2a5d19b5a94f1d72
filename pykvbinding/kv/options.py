"""Parsing of options, in every form, to plain values.

Options are keywords, one dict, or for a read a type; a positional `None` means no options.
Numbers are coerced as the runtime does, and unknown names are ignored with a warning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pykvbinding import errors, usage_warnings
from pykvbinding.js.core.coercion import (
    SCALARS,
    check_sendable,
    is_encodable,
    merge_surrogates,
    to_int32,
    to_string,
)
from pykvbinding.js.core.proxy import JsProxy, to_python_value

ABSENT: Final[Any] = object()
"""Sentinel: no positional options were passed, so keywords are the options."""

GET_OPTIONS = ("type", "cacheTtl")
PUT_OPTIONS = ("expiration", "expirationTtl", "metadata")
LIST_OPTIONS = ("limit", "prefix", "cursor")

DEFAULT_CACHE_TTL = 60
"""In seconds (seed document, "CacheTtl parameter"; not changed by the changelog of 2026-01-30)."""


@dataclass(slots=True)
class ParsedGetOptions:
    """Options of a read: `cache_ttl` is in seconds; each is `None` if not set."""

    response_type: str | None = None
    cache_ttl: int | None = None


@dataclass(slots=True)
class ParsedPutOptions:
    """Options of `put`: `expiration` in seconds since the epoch, `expiration_ttl` in seconds."""

    expiration: int | None = None
    expiration_ttl: int | None = None
    metadata: object = None


@dataclass(slots=True)
class ParsedListOptions:
    """Options of `list`: a `limit` of 0 or less means the default."""

    limit: int = 0
    prefix: str = ""
    cursor: str = ""


def parse_key(method: str, key: object) -> str:
    """Convert `key` to a str as the runtime does, with a warning if it is not a str or a number.

    Raises: TypeError if `key` cannot be sent.
    """
    if type(key) is str:
        return merge_surrogates(key)
    check_sendable(key)
    name = to_string(to_python_value(key))
    if not isinstance(key, SCALARS) or isinstance(key, bool):
        usage_warnings.warn(usage_warnings.key_coerced(method, key, name), "key-coerced")
    return name


def check_decodable(method: str, key: str) -> None:
    """Reject a key with a lone surrogate, which cannot be encoded in a URL.

    Separate from the other checks of a key, because the runtime does this check later.

    Raises: KVError, "KV GET failed: 400 Could not URL-decode key name".
    """
    if not is_encodable(key):
        raise errors.key_undecodable(method)


def parse_get(
    call_prefix: str, options: object, args: tuple[object, ...], kwargs: dict[str, Any]
) -> ParsedGetOptions:
    """Parse the options of `get` and `getWithMetadata`. Warnings start with `call_prefix`.

    Raises: KVError if a number exceeds 32 bits, TypeError if an argument cannot be sent.
    """
    if isinstance(options, SCALARS):
        _warn_about_ignored(call_prefix, args, kwargs, "a type")
        return ParsedGetOptions(to_string(options))
    collected = _collect(call_prefix, options, args, kwargs, GET_OPTIONS)
    parsed = ParsedGetOptions()
    if "type" in collected:
        parsed.response_type = to_string(collected["type"])
    if "cacheTtl" in collected:
        parsed.cache_ttl = to_int32(collected["cacheTtl"])
    return parsed


def parse_put(
    call_prefix: str, options: object, args: tuple[object, ...], kwargs: dict[str, Any]
) -> ParsedPutOptions:
    """Parse the options of `put`.

    Raises: KVError if a number exceeds 32 bits or `options` is a scalar, TypeError if an argument
    cannot be sent.
    """
    if isinstance(options, SCALARS):
        raise errors.options_wrong_type("put", 3, "PutOptions")
    collected = _collect(call_prefix, options, args, kwargs, PUT_OPTIONS)
    parsed = ParsedPutOptions(metadata=collected.get("metadata"))
    if "expiration" in collected:
        parsed.expiration = to_int32(collected["expiration"])
    if "expirationTtl" in collected:
        parsed.expiration_ttl = to_int32(collected["expirationTtl"])
    return parsed


def parse_list(
    call_prefix: str, options: object, args: tuple[object, ...], kwargs: dict[str, Any]
) -> ParsedListOptions:
    """Parse the options of `list`.

    Raises: KVError if a number exceeds 32 bits or `options` is a scalar, TypeError if an argument
    cannot be sent.
    """
    if isinstance(options, SCALARS):
        raise errors.options_wrong_type("list", 1, "ListOptions")
    collected = _collect(call_prefix, options, args, kwargs, LIST_OPTIONS)
    parsed = ParsedListOptions()
    if "limit" in collected:
        parsed.limit = to_int32(collected["limit"])
    if collected.get("prefix") is not None:
        parsed.prefix = to_string(collected["prefix"])
    if collected.get("cursor") is not None:
        parsed.cursor = to_string(collected["cursor"])
    return parsed


def parse_delete(call_prefix: str, args: tuple[object, ...], kwargs: dict[str, Any]) -> None:
    """Warn about every option of `delete`, which takes none.

    Raises: TypeError if an argument cannot be sent.
    """
    check_sendable(list(args))
    check_sendable(kwargs)
    if args:
        usage_warnings.warn(
            usage_warnings.extra_arguments_ignored(call_prefix, len(args)),
            "extra-arguments-ignored",
        )
    for name in kwargs:
        usage_warnings.warn(usage_warnings.unknown_option(call_prefix, name, ()), "unknown-option")


def _collect(
    call_prefix: str,
    options: object,
    args: tuple[object, ...],
    kwargs: dict[str, Any],
    known: tuple[str, ...],
) -> Mapping[str, Any]:
    """Return the options by name, from the keywords or the positional argument."""
    collected: Mapping[str, Any]
    if options is ABSENT:
        check_sendable(kwargs)
        collected = {name: to_python_value(value) for name, value in kwargs.items()}
    else:
        check_sendable(options)
        _warn_about_ignored(
            call_prefix, args, kwargs, "None" if options is None else "positional options"
        )
        collected = _options_from(call_prefix, options)
    for name in collected:
        if name not in known:
            usage_warnings.warn(
                usage_warnings.unknown_option(call_prefix, name, known), "unknown-option"
            )
    return collected


def _options_from(call_prefix: str, options: object) -> Mapping[str, Any]:
    options = to_python_value(options)
    if options is None:
        return {}
    if isinstance(options, dict):
        return {
            merge_surrogates(to_string(name)): to_python_value(value)
            for name, value in options.items()
        }
    if isinstance(options, JsProxy) and options.constructor.name == "Map":
        usage_warnings.warn(
            usage_warnings.options_in_a_map(call_prefix, list(options.to_py())), "options-in-a-map"
        )
    else:
        usage_warnings.warn(
            usage_warnings.options_not_a_dict(call_prefix, options), "options-not-a-dict"
        )
    return {}


def _warn_about_ignored(
    call_prefix: str, args: tuple[object, ...], kwargs: dict[str, Any], position: str
) -> None:
    """Warn about arguments after the positional options, which production ignores."""
    check_sendable(list(args))
    check_sendable(kwargs)
    if args:
        usage_warnings.warn(
            usage_warnings.extra_arguments_ignored(call_prefix, len(args)),
            "extra-arguments-ignored",
        )
    if kwargs:
        usage_warnings.warn(
            usage_warnings.keywords_ignored(call_prefix, kwargs, position), "keywords-ignored"
        )
