"""Recorded histories without versions: inference from values, and errors."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.check.guarantees import (
    check,
    converges,
    fresh,
    linearizable,
    monotonic_reads,
    read_your_writes,
)
from pykvbinding.sim.check.import_history import read_history
from tests.support.assertions import exactly
from tests.unit.sim.check.test_import_history import commits, op, versions


def test_infers_versions_from_unique_values() -> None:
    trace = read_history(
        [
            op("get", None, 0),
            op("put", "a", 1),
            op("put", "b", 2),
            op("get", "a", 3),
            op("delete", None, 4),
            op("get", "b", 5),
        ]
    )

    assert versions(trace) == [(0, 0), (1, 0), (2, 1), (1, 2), (3, 2), (2, 3)]


def test_one_missing_version_makes_the_whole_key_inferred() -> None:
    trace = read_history([op("put", "a", 1, version=7), op("get", "a", 2)])

    assert versions(trace) == [(1, 0), (1, 1)]


def test_a_value_read_but_never_written_is_the_initial_value() -> None:
    trace = read_history([op("get", "old", 1), op("put", "a", 2), op("get", "old", 3)])

    assert versions(trace) == [(0, 0), (1, 0), (0, 1)]
    assert commits(trace) == [("old", None), ("a", 2)]


def test_a_read_of_nothing_can_be_of_a_later_delete() -> None:
    lines = [op("put", "a", 1), op("delete", None, 2), op("get", None, 3), op("get", None, 3)]

    trace = read_history([line.replace("}", ', "session": "s"}') for line in lines])

    assert check(trace, read_your_writes, monotonic_reads, fresh(within=0)).broken == ()


def test_a_read_of_nothing_is_of_a_delete_if_there_was_an_initial_value() -> None:
    trace = read_history([op("get", "old", 1), op("delete", None, 2), op("get", None, 3)])

    assert versions(trace) == [(0, 0), (1, 0), (1, 1)]


def test_a_failed_write_counts_if_its_value_was_read() -> None:
    failed = [op("put", "a", 1), op("put", "b", 2, outcome="500")]

    assert versions(read_history(failed)) == [(1, 0), (None, 1)]
    assert versions(read_history([*failed, op("get", "b", 3)])) == [(1, 0), (2, 1), (2, 2)]


def test_a_repeated_failed_write_counts_once() -> None:
    lines = [op("put", "a", 1, outcome="500"), op("put", "a", 2), op("get", "a", 3)]

    assert versions(read_history(lines)) == [(None, 0), (1, 0), (1, 1)]


def test_a_write_without_a_response_may_take_effect_until_the_end() -> None:
    lines = [op("put", "a", None, 1), op("get", "a", 7)]  # type: ignore[arg-type]

    trace = read_history(lines)

    assert [(event.kind, event.at, event.outcome) for event in trace.events] == [
        ("get", 7 * NANOSECONDS, "ok"),
        ("put", 7 * NANOSECONDS, "(in flight)"),
    ]
    assert versions(trace) == [(1, 1), (1, 0)]
    assert commits(trace) == [(None, None), ("a", 7)]


def test_ignores_a_read_without_a_response() -> None:
    trace = read_history(
        [op("get", None, None, 1), op("get", None, 2, outcome="500")],  # type: ignore[arg-type]
    )

    assert versions(trace) == [(None, 0)]


def test_ignores_a_failed_read_when_inferring_versions() -> None:
    trace = read_history([op("put", "a", 1), op("get", None, 2, outcome="500"), op("get", "a", 3)])

    assert versions(trace) == [(1, 0), (None, 1), (1, 1)]


def test_accepts_writes_of_one_session_or_of_one_location() -> None:
    here = op("put", "a", 1, session="s", location="LHR")
    there = op("put", "b", 2, session="s", location="NRT")
    other = op("put", "b", 2, session="t", location="LHR")

    assert versions(read_history([here, there])) == [(1, 0), (2, 1)]
    assert versions(read_history([here, other])) == [(1, 0), (2, 1)]


def test_writes_at_one_instant_keep_the_order_of_their_lines() -> None:
    trace = read_history([op("put", "a", 1), op("put", "b", 1), op("get", "a", 1)])

    assert [version for version, _ in versions(trace)] == [1, 2, 1]


@pytest.mark.parametrize(
    "second", [op("put", "b", 3, 2, location="NRT"), op("put", "b", 3, 0.5), op("put", "b", 3, 0)]
)
def test_rejects_writes_in_unknown_order(second: str) -> None:
    text = (
        "cannot order the versions of 'k': its writes overlap, or several sessions wrote it from "
        "several locations. Record the versions of its operations"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        read_history([op("put", "a", 1, 0.5), second])


def test_rejects_a_repeated_value_only_if_it_was_read() -> None:
    twice = [op("put", "a", 1), op("put", "a", 2)]

    assert versions(read_history(twice)) == [(1, 0), (2, 1)]
    text = (
        "cannot infer which version of 'k' was read as 'a': the value was written more than once. "
        "Record the versions of its operations, or write unique values"
    )
    with pytest.raises(ValueError, match=exactly(text)):
        read_history([*twice, op("get", "a", 3)])


@pytest.mark.parametrize("other", ["newer", None])
def test_rejects_two_values_that_were_never_written(other: str | None) -> None:
    text = (
        f"'k' was read as {' and as '.join(sorted(map(repr, ['old', other])))}, but no recorded "
        "operation wrote that. Record its writes too, or the versions of its operations"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        read_history([op("get", "old", 1), op("get", other, 2)])


def test_rejects_a_version_that_was_written_twice() -> None:
    text = "the history has two writes of version 1 of 'k'"

    with pytest.raises(ValueError, match=exactly(text)):
        read_history([op("put", "a", 1, version=1), op("put", "b", 2, version=1)])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["put", "get", "delete"]), st.integers(0, 3))))
def test_inferred_versions_equal_recorded_versions(program: list[tuple[str, int]]) -> None:
    """One writer, unique values, fresh and stale reads: both ways report the same reads."""
    values: list[str | None] = [None]
    lines: list[dict[str, Any]] = []
    for at, (kind, older) in enumerate(program, 1):
        if kind == "get":
            version = max(len(values) - 1 - older, 0)
        else:
            values.append(f"v{at}" if kind == "put" else None)
            version = len(values) - 1
        line_fields = {"kind": kind, "key": "k", "value": values[version], "at": at, "session": "s"}
        lines.append(line_fields | {"version": version})
    pluralize = read_history([json.dumps(line) for line in lines])
    concluded = read_history([json.dumps(line | {"version": None}) for line in lines])

    for guarantee in (read_your_writes, fresh(within=1), linearizable, converges(within=0)):
        blamed = [each.events[-1] for each in guarantee(pluralize).violations]
        assert [each.events[-1] for each in guarantee(concluded).violations] == blamed
