"""A turn tells how a schedule names it, and what about it is not ordinary."""

import asyncio
from typing import Any

from pykvbinding import EdgeNetwork
from pykvbinding.sim.run.invocation import Invocation
from pykvbinding.sim.run.pending import Turn, without_races
from pykvbinding.sim.schedule import Move
from tests.support.handlers import look, store


def make_turn(**more: Any) -> Turn:
    loop = asyncio.new_event_loop()
    loop.close()
    invocation = Invocation(None, 3, "visit", "LHR", "#3")
    alarm = asyncio.Future[None](loop=loop)
    return Turn(invocation, "get", "KV", ("k",), 0, alarm, **more)


def test_an_ordinary_turn_is_named_by_its_invocation() -> None:
    turn = make_turn(older=[0])

    assert turn.name == "3"
    assert turn.deviations() == ()
    assert str(turn.token()) == "3"


def test_one_of_several_in_flight_is_counted() -> None:
    assert make_turn(nth=2).name == "3:2"


def test_everything_that_is_not_ordinary_is_told() -> None:
    turn = make_turn(
        nth=2,
        older=[0, 1],
        location="NRT",
        accepted=True,
        failed=True,
        tombstones=True,
        overtakes=True,
        out_of_order=True,
    )

    told = turn.deviations()

    assert told == ("order", "stale", "accepted", "failed", "roamed", "tombstones", "overtakes")
    assert turn.token() == Move(
        invocation=3,
        nth=2,
        older=(0, 1),
        location="NRT",
        accepted=True,
        failed=True,
        tombstones=True,
        overtakes=True,
    )
    assert str(turn.token()) == "3:2@NRT~0,1!?%<"


def test_the_trace_has_the_deviations_of_each_operation() -> None:
    net = EdgeNetwork("LHR", "NRT", schedule="1 3 2~1")
    net.start(store)
    net.start(look, at="NRT")
    net.start(look, at="NRT")
    net.run()

    assert [event.deviations for event in net.trace.events] == [(), ("order",), ("stale",)]
    assert [event.token for event in net.trace.events] == ["1", "3", "2~1"]


def test_without_races_the_writes_of_a_key_wait_for_each_other() -> None:
    def turn(number: int, kind: str, *keys: str, space: str = "") -> Turn:
        turn = make_turn(space=space)
        turn.invocation.number, turn.kind, turn.keys = number, kind, keys
        return turn

    later, first = turn(2, "put", "a"), turn(1, "delete", "a")
    again, read = turn(1, "put", "a"), turn(2, "get", "a", "b")
    other, elsewhere = turn(2, "put", "b"), turn(3, "put", "a", space="another")

    left = without_races([later, first, again, read, other, elsewhere])

    assert left == [first, read, other, elsewhere]
