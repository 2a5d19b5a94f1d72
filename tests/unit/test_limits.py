"""The platform's numbers: each one is permitted, and one step beyond it is refused."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from functools import partial
from typing import Any

import pytest

from pykvbinding import KVError, Limits
from pykvbinding import limits as module
from pykvbinding.limits import Usual

NOW = 1_700_000_000
MAX_VALUE = 25 * 1024 * 1024
MINIMUM = 60

Check = Callable[[Limits], None]

DEFAULTS = {
    "max_key_bytes": 512,
    "max_value_bytes": MAX_VALUE,
    "max_metadata_bytes": 1024,
    "max_keys_per_get": 100,
    "max_bytes_per_get": MAX_VALUE,
    "max_keys_per_list": 1000,
    "min_expiration_ttl": 60,
    "min_cache_ttl": 60,
    "writes_per_second_per_key": Usual.USUAL,
    "max_operations_per_invocation": 1000,
    "max_namespaces": 1000,
    "reads_per_day": None,
    "writes_per_day": None,
    "deletes_per_day": None,
    "lists_per_day": None,
    "max_stored_bytes": None,
}
QUOTAS = {
    "reads_per_day": 100_000,
    "writes_per_day": 1000,
    "deletes_per_day": 1000,
    "lists_per_day": 1000,
    "max_stored_bytes": 1_000_000_000,
}
NEVER_NONE = (
    "max_key_bytes",
    "max_value_bytes",
    "max_metadata_bytes",
    "min_expiration_ttl",
    "min_cache_ttl",
)


def refusal(check: Check, limits: Limits | None = None) -> tuple[str, str, int | None]:
    """The name, the message and the status with which `check` refuses."""
    with pytest.raises(KVError) as caught:
        check(limits or Limits())
    return caught.value.name, caught.value.message, caught.value.status


def given(name: str, limit: object) -> dict[str, Any]:
    return {name: limit}


def test_the_defaults_are_the_documented_limits() -> None:
    assert {field.name: getattr(Limits(), field.name) for field in fields(Limits)} == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_limit_can_be_set(name: str) -> None:
    assert getattr(Limits(**{name: 7}), name) == 7


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_limit_may_be_0(name: str) -> None:
    assert getattr(Limits(**{name: 0}), name) == 0


@pytest.mark.parametrize("name", DEFAULTS)
def test_no_limit_may_be_negative(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^Limits\({name}=-1\): a limit is 0 or more$"):
        Limits(**{name: -1})


@pytest.mark.parametrize("wrong", ["60", 60.0, True, None], ids=repr)
def test_a_limit_is_a_whole_number(wrong: object) -> None:
    with pytest.raises(TypeError) as caught:
        Limits(max_key_bytes=wrong)  # type: ignore[arg-type]

    hint = "give a whole number, as in Limits(max_key_bytes=60)"
    assert str(caught.value) == f"Limits(max_key_bytes={wrong!r}): {hint}"


@pytest.mark.parametrize("name", NEVER_NONE)
def test_sizes_and_minima_always_have_a_number(name: str) -> None:
    text = f"Limits({name}=None): give a whole number, as in Limits({name}=60)"

    with pytest.raises(TypeError) as caught:
        Limits(**given(name, None))

    assert str(caught.value) == text


@pytest.mark.parametrize("name", [name for name in DEFAULTS if name not in NEVER_NONE])
def test_any_other_limit_may_be_none(name: str) -> None:
    assert getattr(Limits(**given(name, None)), name) is None


@pytest.mark.parametrize("name", [name for name in DEFAULTS if name != "writes_per_second_per_key"])
def test_only_the_write_rate_may_be_what_is_usual(name: str) -> None:
    with pytest.raises(TypeError, match=rf"^Limits\({name}=<Usual\.USUAL: "):
        Limits(**given(name, Usual.USUAL))


# Plans


def test_the_free_plan_is_the_paid_one_with_quotas() -> None:
    free = Limits.free()

    assert {field.name: getattr(free, field.name) for field in fields(Limits)} == DEFAULTS | QUOTAS


def test_without_limits_the_sizes_alone_are_left() -> None:
    unlimited = Limits.unlimited()

    assert {field.name: getattr(unlimited, field.name) for field in fields(Limits)} == {
        **dict.fromkeys(DEFAULTS),
        "max_key_bytes": 512,
        "max_value_bytes": MAX_VALUE,
        "max_metadata_bytes": 1024,
        "min_expiration_ttl": 0,
        "min_cache_ttl": 0,
    }


@pytest.mark.parametrize("plan", [Limits.free, Limits.unlimited], ids=["free", "unlimited"])
@pytest.mark.parametrize("name", DEFAULTS)
def test_every_number_of_a_plan_can_be_another(plan: Callable[..., Limits], name: str) -> None:
    assert getattr(plan(**{name: 7}), name) == 7


@pytest.mark.parametrize("plan", [Limits.free, Limits.unlimited], ids=["free", "unlimited"])
def test_a_plan_has_no_unknown_limit(plan: Callable[..., Limits]) -> None:
    with pytest.raises(TypeError):
        plan(max_keys=1)


@pytest.mark.parametrize(
    ("most", "limit"), [(None, 1000), (1000, 1000), (1001, 1000), (999, 999), (1, 1)]
)
def test_a_list_without_a_limit_has_a_thousand_keys_if_so_many_are_allowed(
    most: int | None, limit: int
) -> None:
    assert Limits(max_keys_per_list=most).list_limit() == limit


@pytest.mark.parametrize(
    ("rate", "usual", "result"),
    [
        (Usual.USUAL, None, None),
        (Usual.USUAL, 1, 1),
        (None, 1, None),
        (5, 1, 5),
        (0, 1, 0),
        (5, None, 5),
    ],
)
def test_the_write_rate_is_the_usual_one_where_nobody_has_said(
    rate: int | Usual | None, usual: int | None, result: int | None
) -> None:
    assert Limits(writes_per_second_per_key=rate).write_rate(usual=usual) == result


def test_limits_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Limits().max_key_bytes = 1  # type: ignore[misc]


def test_limits_are_given_by_name_only() -> None:
    with pytest.raises(TypeError):
        Limits(512)  # type: ignore[call-arg]


def test_an_unknown_limit_is_refused() -> None:
    with pytest.raises(TypeError):
        Limits(max_keys=1)  # type: ignore[call-arg]


EXACT: list[tuple[str, Check]] = [
    ("key", partial(module.check_key, "PUT", "k" * 512)),
    ("key of one letter", partial(module.check_key, "PUT", "k")),
    ("key of three dots", partial(module.check_key, "PUT", "...")),
    ("key of many bytes a letter", partial(module.check_key, "PUT", "\U0001f511" * 128)),
    ("key of lone surrogates", partial(module.check_key, "PUT", "\ud800" * 170 + "kk")),
    ("count", partial(module.check_many_keys_count, 100)),
    ("count of one", partial(module.check_many_keys_count, 1)),
    ("key of many", partial(module.check_key_of_many, "é" * 256)),
    ("prefix", partial(module.check_length, "GET", "é" * 256)),
    ("empty prefix", partial(module.check_length, "GET", "")),
    ("cacheTtl", partial(module.check_cache_ttl, "GET", MINIMUM)),
    ("expirationTtl", partial(module.check_expiration_ttl, MINIMUM)),
    ("expiration", partial(module.check_expiration, NOW + MINIMUM, NOW)),
    ("metadata", partial(module.check_metadata, "é" * 512)),
    ("value", partial(module.check_value_length, MAX_VALUE)),
    ("bytes of many", partial(module.check_bytes_of_many, MAX_VALUE)),
    ("list", partial(module.check_list_limit, 1000)),
]
BOUNDLESS: list[tuple[str, Check]] = [
    ("count", partial(module.check_many_keys_count, 10**6)),
    ("bytes of many", partial(module.check_bytes_of_many, 10**12)),
    ("list", partial(module.check_list_limit, 10**6)),
]


@pytest.mark.parametrize(
    "check", [check for _, check in BOUNDLESS], ids=[name for name, _ in BOUNDLESS]
)
def test_where_there_is_no_limit_everything_is_permitted(check: Check) -> None:
    check(Limits.unlimited())


def test_a_read_of_no_keys_is_refused_even_without_limits() -> None:
    check = partial(module.check_many_keys_count, 0)

    assert refusal(check, Limits.unlimited())[2] == 400


@pytest.mark.parametrize("check", [check for _, check in EXACT], ids=[name for name, _ in EXACT])
def test_what_meets_the_limit_is_permitted(check: Check) -> None:
    check(Limits())


def key_too_long(method: str, length_bytes: int) -> str:
    reason = f"UTF-8 encoded length of {length_bytes} exceeds key length limit of 512."
    return f"KV {method} failed: 414 {reason}"


BEYOND: list[tuple[Check, int, str]] = [
    (partial(module.check_key, "PUT", "k" * 513), 414, key_too_long("PUT", 513)),
    (partial(module.check_key, "GET", "é" * 256 + "k"), 414, key_too_long("GET", 513)),
    (partial(module.check_key, "DELETE", "\ud800" * 171), 414, key_too_long("DELETE", 513)),
    (partial(module.check_key_of_many, "é" * 257), 414, key_too_long("GET_BULK", 514)),
    (partial(module.check_length, "GET", "é" * 257), 414, key_too_long("GET", 514)),
    (
        partial(module.check_many_keys_count, 101),
        400,
        "KV GET_BULK failed: 400 You can request a maximum of 100 keys",
    ),
    (
        partial(module.check_many_keys_count, 0),
        400,
        "KV GET_BULK failed: 400 You must request a minimum of 1 key",
    ),
    (
        partial(module.check_key_of_many, ""),
        400,
        "KV GET_BULK failed: 400 Key names must not be empty",
    ),
    (
        partial(module.check_key_of_many, ".."),
        400,
        'KV GET_BULK failed: 400 Illegal key name "..". Please use a different name.',
    ),
    (
        partial(module.check_key_of_many, "."),
        400,
        'KV GET_BULK failed: 400 Illegal key name ".". Please use a different name.',
    ),
    (
        partial(module.check_cache_ttl, "GET", 59),
        400,
        "KV GET failed: 400 Invalid cache_ttl of 59. Cache TTL must be at least 60.",
    ),
    (
        partial(module.check_expiration_ttl, 59),
        400,
        "KV PUT failed: 400 Invalid expiration_ttl of 59. Expiration TTL must be at least 60.",
    ),
    (
        partial(module.check_expiration_ttl, 1),
        400,
        "KV PUT failed: 400 Invalid expiration_ttl of 1. Expiration TTL must be at least 60.",
    ),
    (
        partial(module.check_expiration_ttl, 0),
        400,
        "KV PUT failed: 400 Invalid expiration_ttl of 0. Please specify integer greater than 0.",
    ),
    (
        partial(module.check_expiration, NOW + 59, NOW),
        400,
        "KV PUT failed: 400 Invalid expiration of 1700000059. "
        "Expiration times must be at least 60 seconds in the future.",
    ),
    (
        partial(module.check_expiration, NOW + 1, NOW),
        400,
        "KV PUT failed: 400 Invalid expiration of 1700000001. "
        "Expiration times must be at least 60 seconds in the future.",
    ),
    (
        partial(module.check_expiration, NOW, NOW),
        400,
        "KV PUT failed: 400 Invalid expiration of 1700000000. Please specify integer greater than "
        "the current number of seconds since the UNIX epoch.",
    ),
    (
        partial(module.check_metadata, "é" * 512 + "k"),
        413,
        "KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024.",
    ),
    (
        partial(module.check_value_length, MAX_VALUE + 1),
        413,
        "KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.",
    ),
    (
        partial(module.check_bytes_of_many, MAX_VALUE + 1),
        413,
        "KV GET_BULK failed: 413 Total size of request exceeds the limit of 25MB",
    ),
    (
        partial(module.check_list_limit, 1001),
        400,
        "KV GET failed: 400 Invalid key_count_limit of 1001. "
        "Please specify an integer less than 1000.",
    ),
]


@pytest.mark.parametrize(
    ("check", "status", "message"), BEYOND, ids=[message for _, _, message in BEYOND]
)
def test_what_goes_beyond_the_limit_is_refused(check: Check, status: int, message: str) -> None:
    assert refusal(check) == ("Error", message, status)


def test_an_empty_key_is_refused_before_any_request() -> None:
    check = partial(module.check_key, "PUT", "")

    assert refusal(check) == ("TypeError", "Key name cannot be empty.", None)


@pytest.mark.parametrize("key", [".", ".."])
def test_a_key_of_dots_is_refused_before_any_request(key: str) -> None:
    check = partial(module.check_key, "PUT", key)

    assert refusal(check) == ("TypeError", f'"{key}" is not allowed as a key name.', None)


def test_dots_are_refused_as_dots_even_if_they_are_too_long() -> None:
    check = partial(module.check_key, "PUT", "..")

    assert refusal(check, Limits(max_key_bytes=1))[0] == "TypeError"


def test_a_short_key_may_be_too_long_for_a_small_limit() -> None:
    check = partial(module.check_key, "PUT", "kk")

    assert refusal(check, Limits(max_key_bytes=1))[2] == 414


def test_a_limit_of_many_bytes_is_shown_in_mebibytes() -> None:
    check = partial(module.check_bytes_of_many, MAX_VALUE)

    reason = "Total size of request exceeds the limit of 1.5MB"
    message = f"KV GET_BULK failed: 413 {reason}"
    assert refusal(check, Limits(max_bytes_per_get=1572864)) == ("Error", message, 413)
