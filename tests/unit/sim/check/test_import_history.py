"""Recorded histories with versions: import and checks."""

import json
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Limits
from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.check.guarantees import (
    check,
    converges,
    fresh,
    linearizable,
    monotonic_reads,
    no_lost_updates,
    read_your_writes,
)
from pykvbinding.sim.check.import_history import read_history
from pykvbinding.sim.check.result import NonMonotonicRead
from pykvbinding.sim.trace import Trace


def op(kind: str, value: str | None, at: float, asked: float | None = None, **more: Any) -> str:
    line_fields = {"kind": kind, "key": "k", "value": value, "at": at, "location": "LHR"} | more
    return json.dumps(line_fields if asked is None else line_fields | {"asked": asked})


def versions(trace: Trace) -> list[tuple[int | None, int]]:
    return [(access.version, access.latest) for event in trace.events for access in event.accesses]


def commits(trace: Trace) -> list[tuple[str | bytes | None, float | None]]:
    """Return the values, and the instants in seconds."""
    return [
        (each.value, None if each.at is None else each.at / NANOSECONDS)
        for each in trace.commits["KV", "k"]
    ]


# Recorded versions


def test_uses_recorded_versions() -> None:
    trace = read_history(
        [
            op("put", "a", 1, version=4),
            op("put", "b", 2, version=5),
            op("get", "a", 3, version=4),
        ]
    )

    assert versions(trace) == [(4, 3), (5, 4), (4, 5)]
    assert commits(trace) == [(None, None), *[("", 1)] * 3, ("a", 1), ("b", 2)]


def test_takes_the_value_of_a_version_from_a_read() -> None:
    trace = read_history([op("get", None, 1, version=2), op("get", "a", 2, version=2)])

    assert commits(trace) == [(None, None), ("", 1), ("a", 1)]


def test_a_refused_write_has_no_version() -> None:
    trace = read_history([op("put", "a", 1, version=1), op("put", "b", 1, outcome="429")])

    assert versions(trace) == [(1, 0), (None, 1)]
    assert len(commits(trace)) == 2


def test_a_version_exists_from_the_first_response_that_shows_it() -> None:
    trace = read_history(
        [op("put", "a", 9, 1, version=1), op("get", "a", 5, 2, version=1)],
    )

    assert commits(trace) == [(None, None), ("a", 5)]


def test_a_seen_version_implies_that_earlier_versions_exist() -> None:
    trace = read_history(
        [
            op("put", "a", 9, 1, version=1),
            op("put", "b", 9, 2, version=2),
            op("get", "b", 5, 3, version=2),
        ]
    )

    assert commits(trace) == [(None, None), ("a", 5), ("b", 5)]


def test_a_read_may_miss_a_concurrent_write() -> None:
    lines = [
        op("put", "a", 1, version=1),
        op("put", "b", 9, 2, version=2),
        op("get", "a", 5, 5, version=1),
    ]

    report = check(read_history(lines), fresh(within=0), fresh(versions=0), linearizable)

    assert versions(read_history(lines)) == [(1, 0), (1, 2), (2, 1)]
    assert report.broken == ()


def test_a_read_older_than_an_earlier_read_is_not_linearizable() -> None:
    trace = read_history(
        [
            op("put", "a", 1, version=1),
            op("put", "b", 9, 2, version=2),
            op("get", "b", 5, 4, version=2),
            op("get", "a", 7, 6, version=1),
        ]
    )

    assert linearizable(trace).state == "broken"


def test_writes_committed_against_real_time_are_not_linearizable() -> None:
    trace = read_history([op("put", "b", 1, version=2), op("put", "a", 3, 2, version=1)])

    assert [each.events for each in linearizable(trace).violations] == [(1, 2)]


def test_a_read_before_its_write_was_invoked_is_not_linearizable() -> None:
    trace = read_history([op("get", "a", 1, version=1), op("put", "a", 3, 2, version=1)])

    assert [each.events for each in linearizable(trace).violations] == [(2, 1)]


def test_rejects_a_version_with_two_writes() -> None:
    with pytest.raises(ValueError, match="the history has two writes of version 1 of 'k'"):
        read_history([op("put", "a", 1, version=1), op("put", "b", 2, version=1)])


# Invocations and sessions


def test_an_operation_without_an_invocation_is_its_own_invocation() -> None:
    trace = read_history([op("get", None, 1), op("put", "a", 2), op("get", None, 3)])

    assert [event.invocation for event in trace.events] == [1, 2, 3]
    assert [span.name for span in trace.invocations] == ["get", "put", "get"]
    assert check(trace, no_lost_updates, read_your_writes).verdicts[1].state == "nothing exercised"


def test_invocations_are_numbered_in_order_of_appearance() -> None:
    trace = read_history(
        [
            op("get", None, 1, invocation="req-9", session="ana"),
            op("get", None, 2, 1.5, invocation="req-4"),
            op("put", "a", 3, 2, invocation="req-9"),
        ]
    )

    assert [event.invocation for event in trace.events] == [1, 2, 1]
    first, second = trace.invocations
    assert (first.name, first.session, first.started, first.ended) == (
        "req-9", "ana", NANOSECONDS, 3 * NANOSECONDS,
    )  # fmt: skip
    assert (second.name, second.session, second.location) == ("req-4", "", "LHR")


def test_finds_lost_updates_in_a_recorded_history() -> None:
    trace = read_history(
        [
            op("get", None, 1, invocation="a", version=0),
            op("put", "1", 2, invocation="b", version=1),
            op("put", "1", 4, invocation="a", version=2),
        ]
    )

    assert no_lost_updates(trace).violations[0].text == (
        'a ① put "k" = "1" over version 1, which it had never read. Version 1 is by b ②.'
    )


def test_events_are_ordered_by_response() -> None:
    trace = read_history([op("get", None, 3, 1), op("get", None, 2), op("get", None, 2)])

    assert [(event.number, event.at) for event in trace.events] == [
        (1, 2 * NANOSECONDS),
        (2, 2 * NANOSECONDS),
        (3, 3 * NANOSECONDS),
    ]
    assert trace.start == NANOSECONDS


def test_lists_are_kept_without_versions() -> None:
    trace = read_history('{"kind": "list", "prefix": "k", "at": 1, "value": ["k"]}\n')

    assert (trace.events[0].kind, trace.events[0].prefix, trace.events[0].accesses) == (
        "list",
        "k",
        (),
    )
    assert trace.locations == ()


def test_an_empty_history_is_valid() -> None:
    assert read_history("") == Trace()


# Histories of a network


async def stale_network() -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", limits=Limits(writes_per_second_per_key=None))
    await net.kv("NRT").get("k")
    await net.kv("LHR").put("k", "a")
    await net.kv("LHR").put("k", b"\x00")
    await net.kv("NRT").get(["k", "l"])
    net.clock.advance(61)
    await net.kv("NRT").get("k")
    await net.kv("NRT").list()
    return net


async def test_reads_the_history_of_a_network() -> None:
    net = await stale_network()

    trace = read_history(net.history.to_jsonl(), session="location")

    assert [event.kind for event in trace.events] == ["get", "put", "put", "get", "get", "list"]
    assert [access.version for event in trace.events[:5] for access in event.accesses] == [
        0,
        1,
        2,
        0,
        0,
        2,
    ]
    assert trace.locations == ("NRT", "LHR")
    report = check(trace, fresh, converges, monotonic_reads, read_your_writes)
    assert [verdict.state for verdict in report] == [
        "not refuted",
        "not refuted",
        "not refuted",
        "nothing exercised",
    ]
    assert linearizable(trace).state == "broken"


async def test_describes_a_non_monotonic_read_of_a_recorded_history() -> None:
    lines = [
        op("put", "a", 1, location="LHR"),
        op("put", "b", 2, location="LHR"),
        op("get", "b", "2026-01-30T12:00:00Z", session="ana", location="LHR"),  # type: ignore[arg-type]
        op("get", "a", "2026-01-30T12:00:01Z", session="ana", location="NRT"),  # type: ignore[arg-type]
    ]

    with pytest.raises(NonMonotonicRead) as caught:
        check(read_history(lines), monotonic_reads)

    assert str(caught.value) == (
        'get ④ read "k" = "a" (version 1), although get ③ of session "ana" had read version 2 '
        "before."
    )
