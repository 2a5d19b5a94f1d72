"""`Limits`: its defaults, its plans, and the values that it accepts."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from pykvbinding import Limits
from pykvbinding.limits import Unset

MAX_VALUE = 25 * 1024 * 1024

DEFAULTS = {
    "max_key_bytes": 512,
    "max_value_bytes": MAX_VALUE,
    "max_metadata_bytes": 1024,
    "max_keys_per_get": 100,
    "max_bytes_per_get": MAX_VALUE,
    "max_keys_per_list": 1000,
    "min_expiration_ttl": 60,
    "min_cache_ttl": 60,
    "writes_per_second_per_key": Unset.UNSET,
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


def keywords(name: str, limit: object) -> dict[str, Any]:
    return {name: limit}


def test_the_defaults_are_the_documented_limits() -> None:
    assert {field.name: getattr(Limits(), field.name) for field in fields(Limits)} == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_limit_can_be_set(name: str) -> None:
    assert getattr(Limits(**{name: 7}), name) == 7


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_limit_can_be_0(name: str) -> None:
    assert getattr(Limits(**{name: 0}), name) == 0


@pytest.mark.parametrize("name", DEFAULTS)
def test_rejects_a_negative_limit(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^Limits\({name}=-1\): a limit must be 0 or more$"):
        Limits(**{name: -1})


@pytest.mark.parametrize("wrong", ["60", 60.0, True, None], ids=repr)
def test_rejects_a_limit_that_is_not_an_integer(wrong: object) -> None:
    with pytest.raises(TypeError) as caught:
        Limits(max_key_bytes=wrong)  # type: ignore[arg-type]

    hint = "pass an integer, as in Limits(max_key_bytes=60)"
    assert str(caught.value) == f"Limits(max_key_bytes={wrong!r}): {hint}"


@pytest.mark.parametrize("name", NEVER_NONE)
def test_rejects_none_for_sizes_and_minima(name: str) -> None:
    text = f"Limits({name}=None): pass an integer, as in Limits({name}=60)"

    with pytest.raises(TypeError) as caught:
        Limits(**keywords(name, None))

    assert str(caught.value) == text


@pytest.mark.parametrize("name", [name for name in DEFAULTS if name not in NEVER_NONE])
def test_every_other_limit_can_be_none(name: str) -> None:
    assert getattr(Limits(**keywords(name, None)), name) is None


@pytest.mark.parametrize("name", [name for name in DEFAULTS if name != "writes_per_second_per_key"])
def test_rejects_unset_except_for_the_write_rate(name: str) -> None:
    with pytest.raises(TypeError, match=rf"^Limits\({name}=<Unset\.UNSET: "):
        Limits(**keywords(name, Unset.UNSET))


# Plans


def test_the_free_plan_is_the_paid_plan_with_quotas() -> None:
    free = Limits.free()

    assert {field.name: getattr(free, field.name) for field in fields(Limits)} == DEFAULTS | QUOTAS


def test_unlimited_keeps_only_the_size_limits() -> None:
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
def test_every_limit_of_a_plan_can_be_overridden(plan: Callable[..., Limits], name: str) -> None:
    assert getattr(plan(**{name: 7}), name) == 7


@pytest.mark.parametrize("plan", [Limits.free, Limits.unlimited], ids=["free", "unlimited"])
def test_a_plan_rejects_an_unknown_limit(plan: Callable[..., Limits]) -> None:
    with pytest.raises(TypeError):
        plan(max_keys=1)


@pytest.mark.parametrize(
    ("maximum", "limit"), [(None, 1000), (1000, 1000), (1001, 1000), (999, 999), (1, 1)]
)
def test_the_default_page_size_is_a_thousand_or_the_limit(maximum: int | None, limit: int) -> None:
    assert Limits(max_keys_per_list=maximum).list_limit() == limit


@pytest.mark.parametrize(
    ("rate", "default", "result"),
    [
        (Unset.UNSET, None, None),
        (Unset.UNSET, 1, 1),
        (None, 1, None),
        (5, 1, 5),
        (0, 1, 0),
        (5, None, 5),
    ],
)
def test_the_write_rate_is_the_default_if_it_is_not_set(
    rate: int | Unset | None, default: int | None, result: int | None
) -> None:
    assert Limits(writes_per_second_per_key=rate).write_rate(default=default) == result


def test_limits_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Limits().max_key_bytes = 1  # type: ignore[misc]


def test_limits_are_keyword_only() -> None:
    with pytest.raises(TypeError):
        Limits(512)  # type: ignore[call-arg]


def test_rejects_an_unknown_limit() -> None:
    with pytest.raises(TypeError):
        Limits(max_keys=1)  # type: ignore[call-arg]
