"""A pending operation: its name in a schedule, and its deviations."""

import asyncio
from typing import Any

from pykvbinding import EdgeNetwork
from pykvbinding.sim.run.invocation import Invocation
from pykvbinding.sim.run.pending import PendingOperation, first_write_per_key
from pykvbinding.sim.schedule import OperationToken
from tests.support.handlers import look, store


def make_turn(**more: Any) -> PendingOperation:
    loop = asyncio.new_event_loop()
    loop.close()
    invocation = Invocation(None, 3, "visit", "LHR", "#3")
    wakeup = asyncio.Future[None](loop=loop)
    return PendingOperation(invocation, "get", "KV", ("k",), 0, wakeup, **more)


def test_a_default_operation_is_named_by_its_invocation() -> None:
    operation = make_turn(versions_behind=[0])

    assert operation.name == "3"
    assert operation.deviations() == ()
    assert str(operation.token()) == "3"


def test_a_concurrent_operation_has_an_index() -> None:
    assert make_turn(index=2).name == "3:2"


def test_lists_every_deviation() -> None:
    operation = make_turn(
        index=2,
        versions_behind=[0, 1],
        location="NRT",
        accepted=True,
        failed=True,
        tombstones=True,
        reordered=True,
        out_of_order=True,
    )

    told = operation.deviations()

    assert told == ("order", "stale", "accepted", "failed", "roamed", "tombstones", "overtakes")
    assert operation.token() == OperationToken(
        invocation=3,
        index=2,
        versions_behind=(0, 1),
        location="NRT",
        accepted=True,
        failed=True,
        tombstones=True,
        reordered=True,
    )
    assert str(operation.token()) == "3:2@NRT~0,1!?%<"


def test_the_trace_has_the_deviations_of_each_operation() -> None:
    net = EdgeNetwork("LHR", "NRT", schedule="1 3 2~1")
    net.start(store)
    net.start(look, at="NRT")
    net.start(look, at="NRT")
    net.run()

    assert [event.deviations for event in net.trace.events] == [(), ("order",), ("stale",)]
    assert [event.token for event in net.trace.events] == ["1", "3", "2~1"]


def test_without_races_only_the_first_write_of_a_key_is_pending() -> None:
    def operation(number: int, kind: str, *keys: str, namespace_id: str = "") -> PendingOperation:
        operation = make_turn(namespace_id=namespace_id)
        operation.invocation.number, operation.kind, operation.keys = number, kind, keys
        return operation

    later, first = operation(2, "put", "a"), operation(1, "delete", "a")
    again, read = operation(1, "put", "a"), operation(2, "get", "a", "b")
    other, elsewhere = operation(2, "put", "b"), operation(3, "put", "a", namespace_id="another")

    left = first_write_per_key([later, first, again, read, other, elsewhere])

    assert left == [first, read, other, elsewhere]
