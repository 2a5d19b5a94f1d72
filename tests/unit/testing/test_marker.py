"""Validation of the arguments of `@pytest.mark.kv(…)`."""

from typing import Any

import pytest

from pykvbinding import Fault, Limits
from pykvbinding.testing.marker import ALLOWED_VALUES, MarkerOptions, parse_markers
from tests.support.assertions import exactly

FAULT = Fault(kind="put")


def parse(*marks: dict[str, Any]) -> MarkerOptions:
    return parse_markers([pytest.mark.kv(**kwargs).mark for kwargs in marks])


def test_options_are_empty_without_a_marker() -> None:
    assert parse() == MarkerOptions()


def test_parses_all_arguments() -> None:
    limits = Limits(min_cache_ttl=30)

    options = parse(
        {
            "limits": limits,
            "seed": 7,
            "data": {"a": "1"},
            "faults": [FAULT],
            "allow": ["unawaited", "unknown-option"],
        }
    )

    assert options == MarkerOptions(
        limits=limits,
        seed=7,
        data={"a": "1"},
        faults=(FAULT,),
        allow=frozenset({"unawaited", "unknown-option"}),
    )


def test_the_closest_marker_has_precedence_and_allow_is_united() -> None:
    options = parse({"seed": 1, "allow": ["unawaited"]}, {"seed": 2, "allow": ["wrangler"]})

    assert options == MarkerOptions(seed=1, allow=frozenset({"unawaited", "wrangler"}))


def test_accepts_every_allowed_value() -> None:
    assert parse({"allow": ALLOWED_VALUES}).allow == set(ALLOWED_VALUES)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        (
            {"limits": 5},
            "pytest.mark.kv(limits=5): write limits=Limits(writes_per_second_per_key=1)",
        ),
        ({"seed": "7"}, "pytest.mark.kv(seed='7'): write seed=7"),
        ({"seed": True}, "pytest.mark.kv(seed=True): write seed=7"),
        ({"data": [1]}, 'pytest.mark.kv(data=[1]): write data={"key": "value"}'),
        ({"faults": FAULT}, f'pytest.mark.kv(faults={FAULT!r}): write faults=[Fault(kind="put")]'),
        ({"faults": ["x"]}, "pytest.mark.kv(faults='x'): write faults=[Fault(kind=\"put\")]"),
        (
            {"allow": "unawaited"},
            "pytest.mark.kv(allow='unawaited'): write allow=[\"unknown-option\"]",
        ),
        ({"allow": 5}, 'pytest.mark.kv(allow=5): write allow=["unknown-option"]'),
        (
            {"sede": 5},
            "pytest.mark.kv has no argument 'sede'; "
            "its keyword arguments are limits, seed, data, faults, allow",
        ),
    ],
)
def test_rejects_an_invalid_argument_and_shows_a_valid_one(
    kwargs: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        parse(kwargs)

    assert str(caught.value) == message


def test_rejects_a_positional_argument() -> None:
    with pytest.raises(TypeError) as caught:
        parse_markers([pytest.mark.kv(5).mark])

    assert str(caught.value) == (
        "pytest.mark.kv takes no positional argument (5); "
        "its keyword arguments are limits, seed, data, faults, allow"
    )


def test_rejects_an_unknown_value_of_allow_and_lists_the_known_ones() -> None:
    message = (
        "pytest.mark.kv(allow=['unkown-option']): unknown value; "
        f"expected one of {', '.join(ALLOWED_VALUES)}"
    )

    with pytest.raises(ValueError, match=exactly(message)):
        parse({"allow": ["unkown-option"]})
