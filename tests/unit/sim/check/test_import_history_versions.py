"""Recorded histories without versions: what is concluded from values, and what is refused."""

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


def test_versions_are_concluded_from_values_that_are_unique() -> None:
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


def test_one_operation_without_a_version_has_all_of_its_key_concluded() -> None:
    trace = read_history([op("put", "a", 1, version=7), op("get", "a", 2)])

    assert versions(trace) == [(1, 0), (1, 1)]


def test_what_was_read_and_never_written_was_there_before() -> None:
    trace = read_history([op("get", "old", 1), op("put", "a", 2), op("get", "old", 3)])

    assert versions(trace) == [(0, 0), (1, 0), (0, 1)]
    assert commits(trace) == [("old", None), ("a", 2)]


def test_an_answer_of_nothing_may_be_of_a_later_delete() -> None:
    lines = [op("put", "a", 1), op("delete", None, 2), op("get", None, 3), op("get", None, 3)]

    trace = read_history([line.replace("}", ', "session": "s"}') for line in lines])

    assert check(trace, read_your_writes, monotonic_reads, fresh(within=0)).broken == ()


def test_after_a_value_from_before_nothing_is_of_a_delete() -> None:
    trace = read_history([op("get", "old", 1), op("delete", None, 2), op("get", None, 3)])

    assert versions(trace) == [(0, 0), (1, 0), (1, 1)]


def test_a_failed_write_counts_if_somebody_has_read_its_value() -> None:
    failed = [op("put", "a", 1), op("put", "b", 2, outcome="500")]

    assert versions(read_history(failed)) == [(1, 0), (None, 1)]
    assert versions(read_history([*failed, op("get", "b", 3)])) == [(1, 0), (2, 1), (2, 2)]


def test_a_failed_write_that_was_repeated_counts_once() -> None:
    lines = [op("put", "a", 1, outcome="500"), op("put", "a", 2), op("get", "a", 3)]

    assert versions(read_history(lines)) == [(None, 0), (1, 0), (1, 1)]


def test_a_write_whose_answer_never_came_may_have_taken_effect_until_the_end() -> None:
    lines = [op("put", "a", None, 1), op("get", "a", 7)]  # type: ignore[arg-type]

    trace = read_history(lines)

    assert [(event.kind, event.at, event.outcome) for event in trace.events] == [
        ("get", 7 * NANOSECONDS, "ok"),
        ("put", 7 * NANOSECONDS, "(in flight)"),
    ]
    assert versions(trace) == [(1, 1), (1, 0)]
    assert commits(trace) == [(None, None), ("a", 7)]


def test_a_read_without_an_answer_has_told_nothing() -> None:
    trace = read_history(
        [op("get", None, None, 1), op("get", None, 2, outcome="500")],  # type: ignore[arg-type]
    )

    assert versions(trace) == [(None, 0)]


def test_a_failed_read_has_told_nothing_where_versions_are_concluded() -> None:
    trace = read_history([op("put", "a", 1), op("get", None, 2, outcome="500"), op("get", "a", 3)])

    assert versions(trace) == [(1, 0), (None, 1), (1, 1)]


def test_one_writer_may_be_a_session_on_its_way_or_one_location() -> None:
    here = op("put", "a", 1, session="s", location="LHR")
    there = op("put", "b", 2, session="s", location="NRT")
    other = op("put", "b", 2, session="t", location="LHR")

    assert versions(read_history([here, there])) == [(1, 0), (2, 1)]
    assert versions(read_history([here, other])) == [(1, 0), (2, 1)]


def test_writes_at_one_instant_are_in_the_order_of_their_lines() -> None:
    trace = read_history([op("put", "a", 1), op("put", "b", 1), op("get", "a", 1)])

    assert [version for version, _ in versions(trace)] == [1, 2, 1]


@pytest.mark.parametrize(
    "second", [op("put", "b", 3, 2, location="NRT"), op("put", "b", 3, 0.5), op("put", "b", 3, 0)]
)
def test_writes_whose_order_nobody_knows_are_refused(second: str) -> None:
    text = (
        "which version of 'k' came first cannot be told: it was written twice at once, or by "
        "several sessions from several locations. Record the versions of its operations"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        read_history([op("put", "a", 1, 0.5), second])


def test_a_value_that_was_written_twice_matters_only_if_it_was_read() -> None:
    twice = [op("put", "a", 1), op("put", "a", 2)]

    assert versions(read_history(twice)) == [(1, 0), (2, 1)]
    text = (
        "which version of 'k' was read as 'a' cannot be told: it was written twice. "
        "Record the versions of its operations, or write values that are unique"
    )
    with pytest.raises(ValueError, match=exactly(text)):
        read_history([*twice, op("get", "a", 3)])


@pytest.mark.parametrize("other", ["newer", None])
def test_two_answers_that_nobody_has_written_are_refused(other: str | None) -> None:
    text = (
        f"'k' was read as {' and as '.join(sorted(map(repr, ['old', other])))}, and nobody has "
        "written that. Record its writes, too, or the versions of its operations"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        read_history([op("get", "old", 1), op("get", other, 2)])


def test_rejects_one_version_that_was_written_twice() -> None:
    text = "version 1 of 'k' was written twice, by what was recorded"

    with pytest.raises(ValueError, match=exactly(text)):
        read_history([op("put", "a", 1, version=1), op("put", "b", 2, version=1)])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["put", "get", "delete"]), st.integers(0, 3))))
def test_what_is_concluded_is_what_was_counted(program: list[tuple[str, int]]) -> None:
    """One writer, unique values, fresh and stale reads: both ways blame the same reads."""
    values: list[str | None] = [None]
    lines: list[dict[str, Any]] = []
    for at, (kind, older) in enumerate(program, 1):
        if kind == "get":
            version = max(len(values) - 1 - older, 0)
        else:
            values.append(f"v{at}" if kind == "put" else None)
            version = len(values) - 1
        told = {"kind": kind, "key": "k", "value": values[version], "at": at, "session": "s"}
        lines.append(told | {"version": version})
    counted = read_history([json.dumps(line) for line in lines])
    concluded = read_history([json.dumps(line | {"version": None}) for line in lines])

    for guarantee in (read_your_writes, fresh(within=1), linearizable, converges(within=0)):
        blamed = [each.events[-1] for each in guarantee(counted).violations]
        assert [each.events[-1] for each in guarantee(concluded).violations] == blamed
