"""Lines of a recorded history: every field in each form, and errors."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pykvbinding.sim.check.jsonl import HistoryLine, KeyValueVersion, read_lines

NOON = "2026-01-30T12:00:00.000001Z"
NOON_NANOSECONDS = 1_769_774_400_000_001_000

ON_ITS_OWN = "Write one JSON object per line"
AN_INSTANT = 'seconds since the epoch or "2026-01-30T12:00:00Z"'
BEFORE_AT = "the instant at which it was called, not after `at`"
WHOLE = "an integer"
AS_LONG = "a list as long as `keys`"


def row(**fields: Any) -> HistoryLine:
    """Parse a history of one line."""
    parsed = {"kind": "get", "key": "k", "at": 1} | fields
    return next(read_lines([json.dumps(parsed)], "session"))


def test_parses_all_fields() -> None:
    parsed = row(
        asked=0.5, value="v", version=3, session="ana", invocation=7, location="LHR",
        binding="SESSIONS", outcome="500", cache_ttl=90,
    )  # fmt: skip

    assert parsed == HistoryLine(
        kind="get", invoked=500_000_000, at=1_000_000_000, session="ana", invocation="7",
        location="LHR", binding="SESSIONS", outcome="500", cache_ttl=90,
        keys=[KeyValueVersion("k", "v", 3)],
    )  # fmt: skip


def test_most_fields_are_optional() -> None:
    assert row() == HistoryLine(
        kind="get", invoked=1_000_000_000, at=1_000_000_000, session=None, invocation=None,
        location=None, binding="KV", outcome="ok", cache_ttl=None,
        keys=[KeyValueVersion("k", None, None)],
    )  # fmt: skip


def test_accepts_the_field_names_of_history_to_jsonl() -> None:
    line = json.dumps(
        {
            "kind": "get", "key": "", "keys": ["a", "b"], "namespace": "SESSIONS",
            "invoked_nanoseconds": 1, "returned_nanoseconds": 2, "version": [1, None],
            "value": ["x", None], "cache_ttl_seconds": 60, "outcome": "ok",
        }
    )  # fmt: skip

    parsed = next(read_lines([line], "session"))

    assert (parsed.invoked, parsed.at, parsed.binding, parsed.cache_ttl) == (
        1,
        2,
        "SESSIONS",
        60,
    )
    assert parsed.keys == [KeyValueVersion("a", "x", 1), KeyValueVersion("b", None, None)]


def test_seconds_are_exact_to_the_nanosecond() -> None:
    line = '{"kind": "get", "key": "k", "at": 1700000000.123456789}'

    assert next(read_lines([line], "session")).at == 1_700_000_000_123_456_789


def test_accepts_an_iso_instant_with_a_time_zone() -> None:
    assert row(at=NOON).at == NOON_NANOSECONDS
    assert row(at="2026-01-30T13:00:00.000001+01:00").at == NOON_NANOSECONDS


def test_a_missing_response_has_no_instant() -> None:
    parsed = row(asked=1, at=None)

    assert (parsed.at, parsed.is_acknowledged) == (None, False)
    assert row().is_acknowledged
    assert not row(outcome="KV GET failed: 500 Internal Server Error").is_acknowledged


@pytest.mark.parametrize(("kind", "expected"), [("put", True), ("delete", True), ("get", False)])
def test_puts_and_deletes_are_writes(kind: str, expected: bool) -> None:
    assert row(kind=kind).is_write is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("v", "v"), (None, None), ({"base64": "AP8="}, b"\x00\xff"), ({"b": 1.5, "a": [1]}, None)],
)
def test_a_value_is_text_bytes_or_parsed_json(value: object, expected: object) -> None:
    expected = '{"a": [1], "b": 1.5}' if isinstance(value, dict) and "b" in value else expected

    assert row(value=value).keys[0].value == expected


@pytest.mark.parametrize("name", ["prefix", "key"])
def test_a_list_has_a_prefix_and_no_keys(name: str) -> None:
    line = json.dumps({"kind": "list", name: "user:", "at": 1, "value": ["user:1"]})

    parsed = next(read_lines([line], "session"))

    assert (parsed.prefix, parsed.keys) == ("user:", [])


def test_another_field_can_hold_the_session() -> None:
    line = '{"kind": "get", "key": "k", "at": 1, "user": 7, "session": "x"}'

    assert next(read_lines([line], "user")).session == "7"


def test_accepts_a_path_a_text_or_lines(tmp_path: Path) -> None:
    text = '{"kind": "get", "key": "k", "at": 1}\n\n{"kind": "get", "key": "l", "at": 2}\n'
    path = tmp_path / "prod.jsonl"
    path.write_text(text, encoding="utf-8")
    sources: list[str | Path | Iterable[str]] = [path, str(path), text, iter(text.split("\n"))]

    for source in sources:
        assert [each.at for each in read_lines(source, "session")] == [10**9, 2 * 10**9]


@pytest.mark.parametrize("source", ["", "\n", []])
def test_accepts_an_empty_history(source: str | list[str]) -> None:
    assert list(read_lines(source, "session")) == []


def test_errors_name_the_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "prod.jsonl"
    path.write_text('\n{"kind": "get",', encoding="utf-8")

    with pytest.raises(
        ValueError, match=r"prod\.jsonl:2 is not an operation: Expecting property"
    ) as caught:
        list(read_lines(path, "session"))

    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("line", "reason"),
    [("get k", r"Expecting value: line 1 column 1 \(char 0\)"), ("7", "not a JSON object")],
)
def test_rejects_a_line_that_is_not_a_json_object(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^line 1 is not an operation: {reason}\\. {ON_ITS_OWN}$"):
        list(read_lines([line], "session"))


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
        ('{"kind": "get", "at": 1}', "key is None", "a string"),
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
def test_rejects_a_field_with_an_invalid_value(line: str, what: str, right: str) -> None:
    with pytest.raises(ValueError, match="line 1") as caught:
        list(read_lines([line], "session"))

    assert str(caught.value) == f"line 1: {what}; expected {right}"
