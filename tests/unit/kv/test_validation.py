"""Checks against limits: the exact limit is accepted, and one more is rejected."""

from collections.abc import Callable
from functools import partial

import pytest

from pykvbinding import KVError, Limits
from pykvbinding.kv import validation

NOW = 1_700_000_000
MAX_VALUE = 25 * 1024 * 1024
MINIMUM = 60

Check = Callable[[Limits], None]


def refusal(check: Check, limits: Limits | None = None) -> tuple[str, str, int | None]:
    """Return the name, the message and the status of the error that `check` raises."""
    with pytest.raises(KVError) as caught:
        check(limits or Limits())
    return caught.value.name, caught.value.message, caught.value.status


EXACT: list[tuple[str, Check]] = [
    ("key", partial(validation.check_key, "PUT", "k" * 512)),
    ("key of one letter", partial(validation.check_key, "PUT", "k")),
    ("key of three dots", partial(validation.check_key, "PUT", "...")),
    ("key of many bytes a letter", partial(validation.check_key, "PUT", "\U0001f511" * 128)),
    ("key of lone surrogates", partial(validation.check_key, "PUT", "\ud800" * 170 + "kk")),
    ("count", partial(validation.check_bulk_key_count, 100)),
    ("count of one", partial(validation.check_bulk_key_count, 1)),
    ("key of many", partial(validation.check_bulk_key, "é" * 256)),
    ("prefix", partial(validation.check_length, "GET", "é" * 256)),
    ("empty prefix", partial(validation.check_length, "GET", "")),
    ("cacheTtl", partial(validation.check_cache_ttl, "GET", MINIMUM)),
    ("expirationTtl", partial(validation.check_expiration_ttl, MINIMUM)),
    ("expiration", partial(validation.check_expiration, NOW + MINIMUM, NOW)),
    ("metadata", partial(validation.check_metadata, "é" * 512)),
    ("value", partial(validation.check_value_length, MAX_VALUE)),
    ("bytes of many", partial(validation.check_bulk_size, MAX_VALUE)),
    ("list", partial(validation.check_list_limit, 1000)),
]
BOUNDLESS: list[tuple[str, Check]] = [
    ("count", partial(validation.check_bulk_key_count, 10**6)),
    ("bytes of many", partial(validation.check_bulk_size, 10**12)),
    ("list", partial(validation.check_list_limit, 10**6)),
]


@pytest.mark.parametrize(
    "check", [check for _, check in BOUNDLESS], ids=[name for name, _ in BOUNDLESS]
)
def test_accepts_everything_without_limits(check: Check) -> None:
    check(Limits.unlimited())


def test_rejects_a_bulk_read_without_keys_even_without_limits() -> None:
    check = partial(validation.check_bulk_key_count, 0)

    assert refusal(check, Limits.unlimited())[2] == 400


@pytest.mark.parametrize("check", [check for _, check in EXACT], ids=[name for name, _ in EXACT])
def test_accepts_exactly_the_limit(check: Check) -> None:
    check(Limits())


def key_too_long(method: str, length_bytes: int) -> str:
    reason = f"UTF-8 encoded length of {length_bytes} exceeds key length limit of 512."
    return f"KV {method} failed: 414 {reason}"


BEYOND: list[tuple[Check, int, str]] = [
    (partial(validation.check_key, "PUT", "k" * 513), 414, key_too_long("PUT", 513)),
    (partial(validation.check_key, "GET", "é" * 256 + "k"), 414, key_too_long("GET", 513)),
    (partial(validation.check_key, "DELETE", "\ud800" * 171), 414, key_too_long("DELETE", 513)),
    (partial(validation.check_bulk_key, "é" * 257), 414, key_too_long("GET_BULK", 514)),
    (partial(validation.check_length, "GET", "é" * 257), 414, key_too_long("GET", 514)),
    (
        partial(validation.check_bulk_key_count, 101),
        400,
        "KV GET_BULK failed: 400 You can request a maximum of 100 keys",
    ),
    (
        partial(validation.check_bulk_key_count, 0),
        400,
        "KV GET_BULK failed: 400 You must request a minimum of 1 key",
    ),
    (
        partial(validation.check_bulk_key, ""),
        400,
        "KV GET_BULK failed: 400 Key names must not be empty",
    ),
    (
        partial(validation.check_bulk_key, ".."),
        400,
        'KV GET_BULK failed: 400 Illegal key name "..". Please use a different name.',
    ),
    (
        partial(validation.check_bulk_key, "."),
        400,
        'KV GET_BULK failed: 400 Illegal key name ".". Please use a different name.',
    ),
    (
        partial(validation.check_cache_ttl, "GET", 59),
        400,
        "KV GET failed: 400 Invalid cache_ttl of 59. Cache TTL must be at least 60.",
    ),
    (
        partial(validation.check_expiration_ttl, 59),
        400,
        "KV PUT failed: 400 Invalid expiration_ttl of 59. Expiration TTL must be at least 60.",
    ),
    (
        partial(validation.check_expiration_ttl, 1),
        400,
        "KV PUT failed: 400 Invalid expiration_ttl of 1. Expiration TTL must be at least 60.",
    ),
    (
        partial(validation.check_expiration_ttl, 0),
        400,
        "KV PUT failed: 400 Invalid expiration_ttl of 0. Please specify integer greater than 0.",
    ),
    (
        partial(validation.check_expiration, NOW + 59, NOW),
        400,
        "KV PUT failed: 400 Invalid expiration of 1700000059. "
        "Expiration times must be at least 60 seconds in the future.",
    ),
    (
        partial(validation.check_expiration, NOW + 1, NOW),
        400,
        "KV PUT failed: 400 Invalid expiration of 1700000001. "
        "Expiration times must be at least 60 seconds in the future.",
    ),
    (
        partial(validation.check_expiration, NOW, NOW),
        400,
        "KV PUT failed: 400 Invalid expiration of 1700000000. Please specify integer greater than "
        "the current number of seconds since the UNIX epoch.",
    ),
    (
        partial(validation.check_metadata, "é" * 512 + "k"),
        413,
        "KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024.",
    ),
    (
        partial(validation.check_value_length, MAX_VALUE + 1),
        413,
        "KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.",
    ),
    (
        partial(validation.check_bulk_size, MAX_VALUE + 1),
        413,
        "KV GET_BULK failed: 413 Total size of request exceeds the limit of 25MB",
    ),
    (
        partial(validation.check_list_limit, 1001),
        400,
        "KV GET failed: 400 Invalid key_count_limit of 1001. "
        "Please specify an integer less than 1000.",
    ),
]


@pytest.mark.parametrize(
    ("check", "status", "message"), BEYOND, ids=[message for _, _, message in BEYOND]
)
def test_rejects_one_more_than_the_limit(check: Check, status: int, message: str) -> None:
    assert refusal(check) == ("Error", message, status)


def test_rejects_an_empty_key_without_a_status() -> None:
    check = partial(validation.check_key, "PUT", "")

    assert refusal(check) == ("TypeError", "Key name cannot be empty.", None)


@pytest.mark.parametrize("key", [".", ".."])
def test_rejects_a_dot_segment_without_a_status(key: str) -> None:
    check = partial(validation.check_key, "PUT", key)

    assert refusal(check) == ("TypeError", f'"{key}" is not allowed as a key name.', None)


def test_rejects_a_dot_segment_before_its_length() -> None:
    check = partial(validation.check_key, "PUT", "..")

    assert refusal(check, Limits(max_key_bytes=1))[0] == "TypeError"


def test_rejects_a_short_key_over_a_small_limit() -> None:
    check = partial(validation.check_key, "PUT", "kk")

    assert refusal(check, Limits(max_key_bytes=1))[2] == 414


def test_a_size_limit_is_shown_in_mebibytes() -> None:
    check = partial(validation.check_bulk_size, MAX_VALUE)

    reason = "Total size of request exceeds the limit of 1.5MB"
    message = f"KV GET_BULK failed: 413 {reason}"
    assert refusal(check, Limits(max_bytes_per_get=1572864)) == ("Error", message, 413)
