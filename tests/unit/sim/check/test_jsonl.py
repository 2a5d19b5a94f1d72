"""The lines of a recorded history: every field in each form, and what is wrong with one."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pykvbinding.sim.check.jsonl import Glimpse, Row, read_rows

NOON = "2026-01-30T12:00:00.000001Z"
NOON_NANOSECONDS = 1_769_774_400_000_001_000

ON_ITS_OWN = "Write a JSON object on a line of its own"
AN_INSTANT = 'seconds since the epoch or "2026-01-30T12:00:00Z"'
BEFORE_AT = "the instant at which it was called, not after `at`"
WHOLE = "a whole number"
AS_LONG = "a list as long as `keys`"


def row(**fields: Any) -> Row:
    """The one row of a history with one line."""
    told = {"kind": "get", "key": "k", "at": 1} | fields
    return next(read_rows([json.dumps(told)], "session"))


def test_a_line_tells_all_of_an_operation() -> None:
    told = row(
        asked=0.5, value="v", version=3, session="ana", invocation=7, location="LHR",
        binding="SESSIONS", outcome="500", cache_ttl=90,
    )  # fmt: skip

    assert told == Row(
        kind="get", asked=500_000_000, at=1_000_000_000, session="ana", invocation="7",
        location="LHR", binding="SESSIONS", outcome="500", cache_ttl=90,
        glimpses=[Glimpse("k", "v", 3)],
    )  # fmt: skip


def test_most_of_it_may_be_left_out() -> None:
    assert row() == Row(
        kind="get", asked=1_000_000_000, at=1_000_000_000, session=None, invocation=None,
        location=None, binding="KV", outcome="ok", cache_ttl=None,
        glimpses=[Glimpse("k", None, None)],
    )  # fmt: skip


def test_the_names_of_our_own_history_do_as_well() -> None:
    line = json.dumps(
        {
            "kind": "get", "key": "", "keys": ["a", "b"], "namespace": "SESSIONS",
            "invoked_nanoseconds": 1, "returned_nanoseconds": 2, "version": [1, None],
            "value": ["x", None], "cache_ttl_seconds": 60, "outcome": "ok",
        }
    )  # fmt: skip

    told = next(read_rows([line], "session"))

    assert (told.asked, told.at, told.binding, told.cache_ttl) == (1, 2, "SESSIONS", 60)
    assert told.glimpses == [Glimpse("a", "x", 1), Glimpse("b", None, None)]


def test_seconds_are_exact_to_the_nanosecond() -> None:
    line = '{"kind": "get", "key": "k", "at": 1700000000.123456789}'

    assert next(read_rows([line], "session")).at == 1_700_000_000_123_456_789


def test_an_instant_may_be_a_text_with_a_time_zone() -> None:
    assert row(at=NOON).at == NOON_NANOSECONDS
    assert row(at="2026-01-30T13:00:00.000001+01:00").at == NOON_NANOSECONDS


def test_an_answer_that_never_came_has_no_instant() -> None:
    told = row(asked=1, at=None)

    assert (told.at, told.is_acknowledged) == (None, False)
    assert row().is_acknowledged
    assert not row(outcome="KV GET failed: 500 Internal Server Error").is_acknowledged


@pytest.mark.parametrize(("kind", "expected"), [("put", True), ("delete", True), ("get", False)])
def test_puts_and_deletes_are_writes(kind: str, expected: bool) -> None:
    assert row(kind=kind).is_write is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("v", "v"), (None, None), ({"base64": "AP8="}, b"\x00\xff"), ({"b": 1.5, "a": [1]}, None)],
)
def test_a_value_is_text_or_bytes_or_what_a_log_has_parsed(value: object, expected: object) -> None:
    expected = '{"a": [1], "b": 1.5}' if isinstance(value, dict) and "b" in value else expected

    assert row(value=value).glimpses[0].value == expected


@pytest.mark.parametrize("name", ["prefix", "key"])
def test_a_list_has_a_prefix_and_no_keys(name: str) -> None:
    line = json.dumps({"kind": "list", name: "user:", "at": 1, "value": ["user:1"]})

    told = next(read_rows([line], "session"))

    assert (told.prefix, told.glimpses) == ("user:", [])


def test_another_field_can_tell_the_session() -> None:
    line = '{"kind": "get", "key": "k", "at": 1, "user": 7, "session": "x"}'

    assert next(read_rows([line], "user")).session == "7"


def test_a_source_is_a_path_or_a_text_or_lines(tmp_path: Path) -> None:
    text = '{"kind": "get", "key": "k", "at": 1}\n\n{"kind": "get", "key": "l", "at": 2}\n'
    path = tmp_path / "prod.jsonl"
    path.write_text(text, encoding="utf-8")
    sources: list[str | Path | Iterable[str]] = [path, str(path), text, iter(text.split("\n"))]

    for source in sources:
        assert [each.at for each in read_rows(source, "session")] == [10**9, 2 * 10**9]


@pytest.mark.parametrize("source", ["", "\n", []])
def test_an_empty_history_is_one(source: str | list[str]) -> None:
    assert list(read_rows(source, "session")) == []


def test_what_is_wrong_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "prod.jsonl"
    path.write_text('\n{"kind": "get",', encoding="utf-8")

    with pytest.raises(
        ValueError, match=r"prod\.jsonl:2 is no operation: Expecting property"
    ) as caught:
        list(read_rows(path, "session"))

    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("line", "why"),
    [("get k", r"Expecting value: line 1 column 1 \(char 0\)"), ("7", "it is no object")],
)
def test_a_line_that_is_no_object_is_refused(line: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^line 1 is no operation: {why}\\. {ON_ITS_OWN}$"):
        list(read_rows([line], "session"))


@pytest.mark.parametrize(
    ("line", "what", "right"),
    [
        ('{"key": "k", "at": 1}', "kind is None", "one of get, put, delete, list"),
        ('{"kind": "get", "key": "k"}', "at is None", AN_INSTANT),
        ('{"kind": "get", "key": "k", "asked": 1}', "at is None", AN_INSTANT),
        ('{"kind": "get", "key": "k", "at": null}', "asked is None", AN_INSTANT),
        ('{"kind": "get", "key": "k", "at": 1, "asked": null}', "asked is None", BEFORE_AT),
        ('{"kind": "get", "key": "k", "at": 1, "asked": 2}', "asked is 2", BEFORE_AT),
        ('{"kind": "get", "key": "k", "at": "soon"}', "at is 'soon'", AN_INSTANT),
        ('{"kind": "get", "key": "k", "at": "2026-01-30"}', "at is '2026-01-30'", AN_INSTANT),
        ('{"kind": "get", "key": "k", "at": true}', "at is True", AN_INSTANT),
        ('{"kind": "get", "key": "k", "at": NaN}', "at is nan", AN_INSTANT),
        ('{"kind": "get", "at": 1}', "key is None", "a text"),
        ('{"kind": "get", "key": "k", "at": 1, "version": -1}', "version is -1", WHOLE),
        ('{"kind": "get", "key": "k", "at": 1, "version": "1"}', "version is '1'", WHOLE),
        ('{"kind": "get", "keys": ["k"], "at": 1, "value": "v"}', "value is 'v'", AS_LONG),
        ('{"kind": "get", "keys": ["k"], "at": 1, "version": []}', "version is []", AS_LONG),
        ('{"kind": "get", "key": "k", "at": 1, "cache_ttl": "x"}', "cache_ttl is 'x'", "a number"),
        (
            '{"kind": "get", "key": "k", "at": 1, "value": {"base64": 1}}',
            "value is {'base64': 1}",
            "bytes in base64",
        ),
        (
            '{"kind": "get", "key": "k", "at": 1, "value": {"base64": "?"}}',
            "value is {'base64': '?'}",
            "bytes in base64",
        ),
        (
            '{"kind": "get", "key": "k", "returned_nanoseconds": "x"}',
            "returned_nanoseconds is 'x'",
            WHOLE,
        ),
    ],
)
def test_a_field_with_a_wrong_value_is_refused(line: str, what: str, right: str) -> None:
    with pytest.raises(ValueError, match="line 1") as caught:
        list(read_rows([line], "session"))

    assert str(caught.value) == f"line 1: {what}; it has to be {right}"
