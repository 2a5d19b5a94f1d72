"""Values that a trace consists of."""

import pytest

from pykvbinding.sim.trace import Event, KeyAccess, Trace


@pytest.mark.parametrize(
    ("version", "latest", "is_stale"),
    [(1, 2, True), (2, 2, False), (3, 2, False), (None, 2, False)],
)
def test_an_access_is_stale_if_a_newer_version_existed(
    version: int | None, latest: int, is_stale: bool
) -> None:
    access = KeyAccess(key="k", version=version, latest=latest, value=None)

    assert access.is_stale is is_stale


def test_an_event_without_an_invocation_belongs_to_the_test() -> None:
    event = Event(number=1, kind="get", at=0, invoked=0)

    assert event.invocation == 0
    assert event.session is None
    assert event.outcome == "ok"


def test_traces_do_not_share_events() -> None:
    first, second = Trace(), Trace()

    first.events.append(Event(number=1, kind="get", at=0, invoked=0))

    assert second.events == []
