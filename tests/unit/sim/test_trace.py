"""The values that a trace is made of."""

import pytest

from pykvbinding.sim.trace import Event, Look, Trace


@pytest.mark.parametrize(
    ("version", "latest", "is_stale"),
    [(1, 2, True), (2, 2, False), (3, 2, False), (None, 2, False)],
)
def test_a_look_is_stale_if_there_was_a_newer_version(
    version: int | None, latest: int, is_stale: bool
) -> None:
    look = Look(key="k", version=version, latest=latest, value=None)

    assert look.is_stale is is_stale


def test_an_event_outside_of_invocations_is_the_tests_own() -> None:
    event = Event(number=1, kind="get", at=0, asked=0)

    assert event.invocation == 0
    assert event.session is None
    assert event.outcome == "ok"


def test_two_traces_share_nothing() -> None:
    first, second = Trace(), Trace()

    first.events.append(Event(number=1, kind="get", at=0, asked=0))

    assert second.events == []
