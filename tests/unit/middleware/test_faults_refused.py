"""`Fault`: rules that are rejected because they match nothing or have no effect."""

from typing import Any

import pytest

from pykvbinding import VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.middleware.faults import Fault, Faults
from tests.support.assertions import exactly

KINDS = 'expected "get" (one key or several), "put", "delete" or "list"'
PATTERN = 'pass one pattern, as in "user:*"'
ORDINAL = "pass a whole number; 1 is the first matching operation"
PROBABILITY = "pass a number from 0 (never) to 1 (always)"
SECONDS = "pass a number of seconds, 0 or more"
STATUS = (
    'pass a status with its reason, as in "503 Service Unavailable", a KVError, or None for a '
    "delay only"
)
NO_EFFECT = "Fault(error=None) without delay_seconds has no effect; pass an error or a delay"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"kind": "read"}, f"Fault: unknown operation kind 'read'; {KINDS}"),
        ({"kind": 1}, f"Fault: unknown operation kind 1; {KINDS}"),
        ({"key": b"k"}, f"Fault(key=b'k'): {PATTERN}"),
        ({"nth": 0}, f"Fault(nth=0): {ORDINAL}"),
        ({"nth": True}, f"Fault(nth=True): {ORDINAL}"),
        ({"nth": 1.5}, f"Fault(nth=1.5): {ORDINAL}"),
        ({"probability": -0.1}, f"Fault(probability=-0.1): {PROBABILITY}"),
        ({"probability": 1.1}, f"Fault(probability=1.1): {PROBABILITY}"),
        ({"probability": float("nan")}, f"Fault(probability=nan): {PROBABILITY}"),
        ({"probability": True}, f"Fault(probability=True): {PROBABILITY}"),
        ({"probability": "0.5"}, f"Fault(probability='0.5'): {PROBABILITY}"),
        ({"delay_seconds": -1}, f"Fault(delay_seconds=-1): {SECONDS}"),
        ({"delay_seconds": float("inf")}, f"Fault(delay_seconds=inf): {SECONDS}"),
        ({"delay_seconds": None}, f"Fault(delay_seconds=None): {SECONDS}"),
        ({"error": "Internal Server Error"}, f"Fault(error='Internal Server Error'): {STATUS}"),
        ({"error": "503"}, f"Fault(error='503'): {STATUS}"),
        ({"error": 503}, f"Fault(error=503): {STATUS}"),
        ({"error": ValueError("text")}, f"Fault(error=ValueError('text')): {STATUS}"),
        ({"error": None}, NO_EFFECT),
        ({"error": None, "delay_seconds": 0}, NO_EFFECT),
    ],
)
def test_rejects_an_invalid_rule(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=exactly(text)):
        Fault(**options)


def test_rejects_a_rule_that_is_not_a_fault(clock: VirtualClock) -> None:
    text = (
        "expected a Fault, got '503 Service Unavailable'; for example "
        'Fault(kind="put", key="user:*", nth=2, error="503 Service Unavailable")'
    )

    with pytest.raises(TypeError, match=exactly(text)):
        Faults([], SeededChoice(0), clock).add("503 Service Unavailable")  # type: ignore[arg-type]
