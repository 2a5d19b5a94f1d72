"""The trace store: the trace contains every operation with its keys, reads and effects."""

import asyncio
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env, Fault, KVError
from tests.support.handlers import look, names, operations, remove, staged, store


async def do_everything(env: Env) -> None:
    await env.KV.put("k", "v")
    await env.KV.get("k", cacheTtl=90)
    await env.KV.get(["k", "l"])
    await env.KV.list(prefix="k")
    await env.KV.delete("m")


@pytest.mark.parametrize("schedule", [None, ""])
def test_the_trace_contains_every_operation(schedule: str | None) -> None:
    net = staged(do_everything, schedule=schedule)
    events = net.trace.events

    assert [event.kind for event in events] == ["put", "get", "get", "list", "delete"]
    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert [event.cache_ttl for event in events] == [None, 90, 60, None, None]
    assert [event.prefix for event in events] == [None, None, None, "k", None]
    assert {event.location for event in events} == {"LHR"}
    assert {event.session for event in events} == {"#1"}
    assert {event.outcome for event in events} == {"ok"}


def test_the_trace_contains_an_observation_of_each_key() -> None:
    net = staged(do_everything, schedule="")
    accesses = [
        [(each.key, each.version, each.latest, each.value) for each in event.accesses]
        for event in net.trace.events
    ]

    assert accesses == [
        [("k", 1, 0, "v")],
        [("k", 1, 1, "v")],
        [("k", 1, 1, "v"), ("l", 0, 0, None)],
        [("k", 1, 1, "v")],
        [("m", 1, 0, None)],
    ]


def test_a_rejected_write_has_no_version() -> None:
    net = staged(store, store, schedule="")
    refused = net.trace.events[-1]

    assert refused.outcome == "KV PUT failed: 429 Too Many Requests"
    assert (refused.accesses[0].version, refused.accesses[0].latest) == (None, 1)


@pytest.mark.parametrize("read", [look, names])
def test_the_trace_records_a_failed_read(read: Any) -> None:
    net = EdgeNetwork("LHR", "NRT")
    net.partition("NRT")
    invocation = net.start(read, at="NRT")
    net.run()

    assert invocation.error is not None
    assert net.trace.events[0].outcome == str(invocation.error)
    assert net.trace.events[0].accesses == ()


def test_the_trace_records_a_failed_bulk_read() -> None:
    net = EdgeNetwork("LHR")
    net.partition()

    async def look_at_two(env: Env) -> None:
        await env.KV.get(["a", "b"])

    invocation = net.start(look_at_two)
    net.run()

    assert net.trace.events[0].outcome == str(invocation.error)


def test_a_fault_before_the_store_is_not_scheduled() -> None:
    net = EdgeNetwork("LHR", faults=[Fault(kind="put")], schedule="")
    invocation = net.start(store)
    net.run()

    assert isinstance(invocation.error, KVError)
    assert net.trace.events == []


def test_an_operation_records_when_it_was_invoked() -> None:
    net = staged(look, store, schedule="1 +5 2")

    assert [event.at - event.invoked for event in operations(net)] == [0, 5_000_000_000]


def test_a_version_superseded_before_the_trace_has_no_age() -> None:
    net = EdgeNetwork("LHR", "NRT")
    net.namespace().seed({"k": "old"})
    asyncio.run(look(net.env("NRT")))
    net.clock.advance(1)
    net.start(store, at="LHR")
    net.start(look, at="NRT")
    net.run()
    seen = net.trace.events[-1].accesses[0]

    assert seen.value == "old"
    assert seen.is_stale
    assert seen.age == 0


def test_an_expired_version_has_no_value() -> None:
    async def write(env: Env) -> None:
        await env.KV.put("k", "v", expirationTtl=60)

    net = EdgeNetwork("LHR", schedule="")
    net.start(write)
    net.run()
    net.clock.advance(60)
    net.start(look)
    net.run()

    assert net.trace.events[-1].accesses[0].value is None


def test_a_deletion_is_a_version() -> None:
    net = EdgeNetwork("LHR", schedule="1 2!")
    net.start(store)
    net.start(remove)
    net.run()

    assert [commit.value for commit in net.trace.commits["KV", "k"]] == [None, "1", None]
    assert [commit.event for commit in net.trace.commits["KV", "k"]] == [None, 1, 2]
