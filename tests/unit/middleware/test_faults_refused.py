"""`Fault`: rules that are refused because they can meet nothing or do nothing."""

from typing import Any

import pytest

from pykvbinding import VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.middleware.faults import Fault, Faults
from tests.support.assertions import exactly

NO_KIND = 'no kind of operation; they are "get" (of one key or several), "put", "delete" and "list"'
PATTERN = 'give one pattern, as in "user:*"'
ORDINAL = "give a whole number; 1 is the first operation it meets"
PROBABILITY = "give a number from 0 (never) to 1 (always)"
SECONDS = "give a number of seconds, 0 or more"
STATUS = (
    'give a status and its reason, as in "503 Service Unavailable", or a KVError, or None for a '
    "delay alone"
)
NO_EFFECT = (
    "Fault(error=None) without delay_seconds does nothing; "
    "give it an error to raise or a delay to make"
)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"kind": "read"}, f"Fault: 'read' is {NO_KIND}"),
        ({"kind": 1}, f"Fault: 1 is {NO_KIND}"),
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
def test_a_rule_that_can_mean_nothing_is_refused(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=exactly(text)):
        Fault(**options)


def test_what_is_no_fault_is_refused(clock: VirtualClock) -> None:
    text = (
        "'503 Service Unavailable' is no fault; write "
        'Fault(kind="put", key="user:*", nth=2, error="503 Service Unavailable")'
    )

    with pytest.raises(TypeError, match=exactly(text)):
        Faults([], SeededChoice(0), clock).add("503 Service Unavailable")  # type: ignore[arg-type]
