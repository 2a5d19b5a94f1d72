"""What `@pytest.mark.kv(…)` may say, and what it may not."""

from typing import Any

import pytest

from pykvbinding import Fault, Limits
from pykvbinding.testing.marker import ALLOWABLE, Asked, asked_of
from tests.support.assertions import exactly

FAULT = Fault(kind="put")


def asked(*marks: dict[str, Any]) -> Asked:
    return asked_of([pytest.mark.kv(**arguments).mark for arguments in marks])


def test_without_a_marker_nothing_is_asked() -> None:
    assert asked() == Asked()


def test_everything_may_be_asked_at_once() -> None:
    limits = Limits(min_cache_ttl=30)

    found = asked(
        {
            "limits": limits,
            "seed": 7,
            "data": {"a": "1"},
            "faults": [FAULT],
            "allow": ["unawaited", "unknown-option"],
        }
    )

    assert found == Asked(
        limits=limits,
        seed=7,
        data={"a": "1"},
        faults=(FAULT,),
        allow=frozenset({"unawaited", "unknown-option"}),
    )


def test_the_closest_marker_wins_and_what_is_allowed_adds_up() -> None:
    found = asked({"seed": 1, "allow": ["unawaited"]}, {"seed": 2, "allow": ["wrangler"]})

    assert found == Asked(seed=1, allow=frozenset({"unawaited", "wrangler"}))


def test_every_name_that_can_be_allowed_is_allowed() -> None:
    assert asked({"allow": ALLOWABLE}).allow == set(ALLOWABLE)


@pytest.mark.parametrize(
    ("arguments", "text"),
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
            "pytest.mark.kv has no argument 'sede'; it has limits, seed, data, faults, allow",
        ),
    ],
)
def test_a_wrong_argument_is_refused_with_the_right_one(
    arguments: dict[str, Any], text: str
) -> None:
    with pytest.raises(TypeError) as caught:
        asked(arguments)

    assert str(caught.value) == text


def test_an_argument_by_position_is_refused() -> None:
    with pytest.raises(TypeError) as caught:
        asked_of([pytest.mark.kv(5).mark])

    assert str(caught.value) == (
        "pytest.mark.kv has no argument at a position (5); it has limits, seed, data, faults, allow"
    )


def test_what_cannot_be_allowed_is_refused_with_all_that_can() -> None:
    text = (
        "pytest.mark.kv(allow=['unkown-option']): there is nothing of that name to allow; "
        f"there are {', '.join(ALLOWABLE)}"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        asked({"allow": ["unkown-option"]})
