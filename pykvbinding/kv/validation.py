"""Checks of keys, options and sizes against `Limits`.

Each function raises the `KVError` of the runtime or the service, or returns `None`.
"""

from pykvbinding import errors
from pykvbinding.limits import Limits


def check_key(method: str, key: str, limits: Limits) -> None:
    """Reject a key that the runtime rejects.

    A lone surrogate counts as three bytes; `check_decodable` rejects it after this check.

    Raises: KVError.
    """
    if key.isascii() and 2 < len(key) <= limits.max_key_bytes:
        return
    if key == "":
        raise errors.key_empty()
    if key in (".", ".."):
        raise errors.key_is_dot_segment(key)
    length_bytes = len(key.encode("utf-8", "surrogatepass"))
    if length_bytes > limits.max_key_bytes:
        raise errors.key_too_long(method, length_bytes, limits.max_key_bytes)


def check_bulk_key_count(count: int, limits: Limits) -> None:
    """Reject a bulk read of no keys or of too many.

    Raises: KVError.
    """
    if limits.max_keys_per_get is not None and count > limits.max_keys_per_get:
        raise errors.bulk_too_many_keys(limits.max_keys_per_get)
    if count < 1:
        raise errors.bulk_no_keys()


def check_bulk_key(key: str, limits: Limits) -> None:
    """Reject a key of a bulk read that the service rejects.

    Raises: KVError.
    """
    if key == "":
        raise errors.bulk_key_empty()
    if key in (".", ".."):
        raise errors.bulk_key_is_dot_segment(key)
    check_length("GET_BULK", key, limits)


def check_length(method: str, name: str, limits: Limits) -> None:
    """Reject a key or a prefix that is too long.

    Raises: KVError.
    """
    length_bytes = len(name.encode())
    if length_bytes > limits.max_key_bytes:
        raise errors.key_too_long(method, length_bytes, limits.max_key_bytes)


def check_cache_ttl(method: str, cache_ttl: int, limits: Limits) -> None:
    """Reject a cacheTtl below the minimum.

    Raises: KVError.
    """
    if cache_ttl < limits.min_cache_ttl:
        raise errors.cache_ttl_too_short(method, cache_ttl, limits.min_cache_ttl)


def check_expiration_ttl(ttl_seconds: int, limits: Limits) -> None:
    """Reject an expirationTtl that is not positive or is below the minimum.

    Raises: KVError.
    """
    if ttl_seconds <= 0:
        raise errors.expiration_ttl_not_positive(ttl_seconds)
    if ttl_seconds < limits.min_expiration_ttl:
        raise errors.expiration_ttl_too_short(ttl_seconds, limits.min_expiration_ttl)


def check_expiration(expiration: int, now: int, limits: Limits) -> None:
    """Reject an expiration in the past or too soon after `now`.

    Raises: KVError.
    """
    if expiration <= now:
        raise errors.expiration_past(expiration)
    if expiration < now + limits.min_expiration_ttl:
        raise errors.expiration_too_soon(expiration, limits.min_expiration_ttl)


def check_metadata(metadata: str, limits: Limits) -> None:
    """Reject metadata whose JSON text is too long.

    Raises: KVError.
    """
    length_bytes = len(metadata.encode())
    if length_bytes > limits.max_metadata_bytes:
        raise errors.metadata_too_long(length_bytes, limits.max_metadata_bytes)


def check_value_length(length_bytes: int, limits: Limits) -> None:
    """Reject a value that is too long.

    Raises: KVError.
    """
    if length_bytes > limits.max_value_bytes:
        raise errors.value_too_long(length_bytes, limits.max_value_bytes)


def check_bulk_size(total_bytes: int, limits: Limits) -> None:
    """Reject a bulk read whose values are too large together.

    Raises: KVError.
    """
    if limits.max_bytes_per_get is not None and total_bytes > limits.max_bytes_per_get:
        raise errors.bulk_too_large(limits.max_bytes_per_get)


def check_list_limit(limit: int, limits: Limits) -> None:
    """Reject a list limit that is too large.

    Raises: KVError.
    """
    if limits.max_keys_per_list is not None and limit > limits.max_keys_per_list:
        raise errors.list_limit_too_large(limit, limits.max_keys_per_list)
