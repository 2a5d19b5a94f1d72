"""Every spelling of every option, parsed once into plain values.

Options come as keywords, as one dict, or for a read as a type; `None` in their place means none.
Numbers are coerced as the runtime does, unknown names are ignored with a warning.
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
from pykvbinding.js.core.proxy import JsProxy, sent

ABSENT: Final[Any] = object()
"""The default of a positional options argument: unlike `None`, it lets keywords be the options."""

GET_OPTIONS = ("type", "cacheTtl")
PUT_OPTIONS = ("expiration", "expirationTtl", "metadata")
LIST_OPTIONS = ("limit", "prefix", "cursor")

DEFAULT_CACHE_TTL = 60
"""Seconds (seed document, "CacheTtl parameter"; unchanged by the changelog of 2026-01-30)."""


@dataclass(slots=True)
class GetOptions:
    """`cache_ttl` in seconds; both `None` where nothing was said."""

    response_type: str | None = None
    cache_ttl: int | None = None


@dataclass(slots=True)
class PutOptions:
    """`expiration` in seconds since the epoch, `expiration_ttl` in seconds, `metadata` as given."""

    expiration: int | None = None
    expiration_ttl: int | None = None
    metadata: object = None


@dataclass(slots=True)
class ListOptions:
    """`limit` is 0 or less where the default is meant."""

    limit: int = 0
    prefix: str = ""
    cursor: str = ""


def parse_key(method: str, key: object) -> str:
    """The name that the runtime makes of `key`; what is no name gives a warning.

    Raises: TypeError for what cannot be sent.
    """
    if type(key) is str:
        return merge_surrogates(key)
    check_sendable(key)
    name = to_string(sent(key))
    if not isinstance(key, SCALARS) or isinstance(key, bool):
        usage_warnings.warn(usage_warnings.key_coerced(method, key, name), "key-coerced")
    return name


def check_decodable(method: str, key: str) -> None:
    """Refuse a key with a lone surrogate, which does not survive its trip through a URL.

    Apart from the other checks of a key, because the runtime makes this one later.

    Raises: KVError, "KV GET failed: 400 Could not URL-decode key name".
    """
    if not is_encodable(key):
        raise errors.key_undecodable(method)


def parse_get(
    call: str, options: object, extra: tuple[object, ...], named: dict[str, Any]
) -> GetOptions:
    """The options of `get` and `getWithMetadata`. `call` names the call in warnings.

    Raises: KVError for a number beyond 32 bits, TypeError for what cannot be sent.
    """
    if isinstance(options, SCALARS):
        _warn_ignored(call, extra, named, "a type")
        return GetOptions(to_string(options))
    found = _gather(call, options, extra, named, GET_OPTIONS)
    parsed = GetOptions()
    if "type" in found:
        parsed.response_type = to_string(found["type"])
    if "cacheTtl" in found:
        parsed.cache_ttl = to_int32(found["cacheTtl"])
    return parsed


def parse_put(
    call: str, options: object, extra: tuple[object, ...], named: dict[str, Any]
) -> PutOptions:
    """The options of `put`.

    Raises: KVError for a number beyond 32 bits or no options, TypeError for what cannot be sent.
    """
    if isinstance(options, SCALARS):
        raise errors.options_wrong_type("put", 3, "PutOptions")
    found = _gather(call, options, extra, named, PUT_OPTIONS)
    parsed = PutOptions(metadata=found.get("metadata"))
    if "expiration" in found:
        parsed.expiration = to_int32(found["expiration"])
    if "expirationTtl" in found:
        parsed.expiration_ttl = to_int32(found["expirationTtl"])
    return parsed


def parse_list(
    call: str, options: object, extra: tuple[object, ...], named: dict[str, Any]
) -> ListOptions:
    """The options of `list`.

    Raises: KVError for a number beyond 32 bits or no options, TypeError for what cannot be sent.
    """
    if isinstance(options, SCALARS):
        raise errors.options_wrong_type("list", 1, "ListOptions")
    found = _gather(call, options, extra, named, LIST_OPTIONS)
    parsed = ListOptions()
    if "limit" in found:
        parsed.limit = to_int32(found["limit"])
    if found.get("prefix") is not None:
        parsed.prefix = to_string(found["prefix"])
    if found.get("cursor") is not None:
        parsed.cursor = to_string(found["cursor"])
    return parsed


def parse_delete(call: str, extra: tuple[object, ...], named: dict[str, Any]) -> None:
    """`delete` takes no options: whatever is there gives a warning.

    Raises: TypeError for what cannot be sent.
    """
    check_sendable(list(extra))
    check_sendable(named)
    if extra:
        usage_warnings.warn(
            usage_warnings.extra_arguments_ignored(call, len(extra)), "extra-arguments-ignored"
        )
    for name in named:
        usage_warnings.warn(usage_warnings.unknown_option(call, name, ()), "unknown-option")


def _gather(
    call: str,
    options: object,
    extra: tuple[object, ...],
    named: dict[str, Any],
    known: tuple[str, ...],
) -> Mapping[str, Any]:
    """The options under their names, from wherever they stand."""
    found: Mapping[str, Any]
    if options is ABSENT:
        check_sendable(named)
        found = {name: sent(value) for name, value in named.items()}
    else:
        check_sendable(options)
        _warn_ignored(call, extra, named, "None" if options is None else "positional options")
        found = _named(call, options)
    for name in found:
        if name not in known:
            usage_warnings.warn(usage_warnings.unknown_option(call, name, known), "unknown-option")
    return found


def _named(call: str, options: object) -> Mapping[str, Any]:
    options = sent(options)
    if options is None:
        return {}
    if isinstance(options, dict):
        return {merge_surrogates(to_string(name)): sent(value) for name, value in options.items()}
    if isinstance(options, JsProxy) and options.constructor.name == "Map":
        usage_warnings.warn(
            usage_warnings.options_in_a_map(call, list(options.to_py())), "options-in-a-map"
        )
    else:
        usage_warnings.warn(usage_warnings.options_not_a_dict(call, options), "options-not-a-dict")
    return {}


def _warn_ignored(
    call: str, extra: tuple[object, ...], named: dict[str, Any], position: str
) -> None:
    """Warn of what stands behind the positional options, where production does not look."""
    check_sendable(list(extra))
    check_sendable(named)
    if extra:
        usage_warnings.warn(
            usage_warnings.extra_arguments_ignored(call, len(extra)), "extra-arguments-ignored"
        )
    if named:
        usage_warnings.warn(
            usage_warnings.keywords_ignored(call, named, position), "keywords-ignored"
        )
