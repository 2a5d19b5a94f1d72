"""JSON.parse and JSON.stringify: numbers, names and texts match JavaScript."""

import json
from array import array
from datetime import UTC, datetime, timedelta, timezone
from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import KVError
from pykvbinding.js.core.coercion import MAX_SAFE_INTEGER
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.js.core.json import JsonParser, JsonSerializer, JsonValue, replace_infinities
from tests.support.ids import stable

PROPERTY = settings(deadline=None)
ANY_TEXT = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=8)
NAMES = ANY_TEXT | st.integers(0, 2**33).map(str)
SAFE = st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
EXACT = st.none() | st.booleans() | SAFE | ANY_TEXT


def _nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
        max_leaves=12,
    )


def _text(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _as_javascript(value: Any) -> Any:
    """Return the value after a round trip through JavaScript."""
    if isinstance(value, float):
        if not isfinite(value):
            return None
        safe = value == int(value) and abs(value) <= MAX_SAFE_INTEGER
        return int(value) if safe else value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_as_javascript(item) for item in value]
    if isinstance(value, dict):
        return {_text(name): _as_javascript(item) for name, item in value.items()}
    return value


def _bytes_of_text(text: str) -> int:
    length = 2
    for letter in _text(text):
        if letter in '"\\\b\f\n\r\t':
            length += 2
        elif letter < " " or "\ud800" <= letter <= "\udfff":
            length += 6
        else:
            length += len(letter.encode())
    return length


def _bytes_of_json(value: Any) -> int:
    """Return the length of the JSON text in UTF-8, counted without serializing."""
    if isinstance(value, str):
        return _bytes_of_text(value)
    if isinstance(value, list):
        return 1 + sum(_bytes_of_json(item) + 1 for item in value) + (not value)
    if isinstance(value, dict):
        members = {_text(name): item for name, item in value.items()}
        lengths = [_bytes_of_text(n) + _bytes_of_json(i) + 2 for n, i in members.items()]
        return 1 + sum(lengths) + (not lengths)
    return len(json.dumps(value))


def _same(left: Any, right: Any) -> bool:
    """Return whether two values are equal, including the types of numbers."""
    if isinstance(left, list):
        return isinstance(right, list) and all(map(_same, left, right)) and len(left) == len(right)
    if isinstance(left, dict):
        same = isinstance(right, dict) and left.keys() == right.keys()
        return same and all(_same(left[name], right[name]) for name in left)
    return type(left) is type(right) and bool(left == right)


@PROPERTY
@given(_nested(EXACT | st.floats()))
def test_a_round_trip_yields_the_value_that_javascript_has(value: Any) -> None:
    text = JsonSerializer().stringify(value)

    assert text is not None
    assert _same(_as_javascript(value), JsonParser().parse(text))


@PROPERTY
@given(_nested(EXACT))
def test_the_text_has_the_counted_length(value: Any) -> None:
    text = JsonSerializer().stringify(value)

    assert text is not None
    assert len(text.encode()) == _bytes_of_json(value)


@PROPERTY
@given(_nested(EXACT))
def test_another_parser_reads_the_same_value(value: Any) -> None:
    text = JsonSerializer().stringify(value)

    assert text is not None
    assert json.loads(text) == _as_javascript(value)


TEXTS: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (7, "7"),
    (MAX_SAFE_INTEGER, "9007199254740991"),
    (1.0, "1"),
    (-0.0, "0"),
    (4.5, "4.5"),
    (1e21, "1e+21"),
    ("", '""'),
    ('"\\/', '"\\"\\\\/"'),
    ("\b\t\n\f\r\u0001\u001f", '"\\b\\t\\n\\f\\r\\u0001\\u001f"'),
    ("\u007fé\u2028\u2029", '"\u007fé\u2028\u2029"'),
    ("\ud83d\ude00", '"😀"'),
    ("\ud800é\udfff", '"\\ud800é\\udfff"'),
    ([], "[]"),
    ([1, [None, "a"]], '[1,[null,"a"]]'),
    ({}, "{}"),
    ({"a": {"b": [1]}}, '{"a":{"b":[1]}}'),
    ({"\ud800": 1, "é": 2}, '{"\\ud800":1,"é":2}'),
    ({1: "a", 1.5: "b"}, '{"1":"a","1.5":"b"}'),
    ({None: 1, True: 2}, '{"undefined":1,"true":2}'),
    ({1: "a", "1": "b"}, '{"1":"b"}'),
    (
        {"b": 1, "10": 2, "9": 3, "-1": 4, "01": 5, "4294967295": 6, "4294967294": 7},
        '{"9":3,"10":2,"4294967294":7,"b":1,"-1":4,"01":5,"4294967295":6}',
    ),
    (datetime(1970, 1, 1, tzinfo=UTC), '"1970-01-01T00:00:00.000Z"'),
    (
        datetime(2024, 3, 1, 1, 0, 0, 7_999, tzinfo=timezone(timedelta(hours=2))),
        '"2024-02-29T23:00:00.007Z"',
    ),
]


@pytest.mark.parametrize(("value", "text"), TEXTS, ids=ascii)
def test_stringify_matches_javascript(value: Any, text: str) -> None:
    serializer = JsonSerializer()

    assert serializer.stringify(value) == text
    assert serializer.lossy_values == []


LOSSY: list[tuple[Any, str | None, list[tuple[str, str]]]] = [
    (nan, "null", [("NaN", "null")]),
    ([inf, -inf], "[null,null]", [("Infinity", "null"), ("-Infinity", "null")]),
    ({"a": {1}}, '{"a":{}}', [("a set", "{}")]),
    (object(), "{}", [("a object", "{}")]),
    (b"\x01\x02", '{"0":1,"1":2}', [("bytes", 'an object of "index": number')]),
    (b"", "{}", [("bytes", 'an object of "index": number')]),
    (memoryview(b"\x03"), '{"0":3}', [("memoryview", 'an object of "index": number')]),
    (array("d", [0.5]), '{"0":0.5}', [("array", 'an object of "index": number')]),
    (print, None, [("a builtin_function_or_method", "nothing")]),
    ([print], "[null]", [("a builtin_function_or_method", "nothing")]),
    ({"f": print, "g": 1}, '{"g":1}', [("a builtin_function_or_method", "nothing")]),
]


@pytest.mark.parametrize(
    ("value", "text", "lossy"), LOSSY, ids=lambda case: stable(ascii)(case)[:30]
)
def test_stringify_collects_lossy_values(
    value: Any, text: str | None, lossy: list[tuple[str, str]]
) -> None:
    serializer = JsonSerializer()

    assert serializer.stringify(value) == text
    assert serializer.lossy_values == lossy


@pytest.mark.parametrize("value", [2**53, -(2**53), [2**64], {"a": 10**400}], ids=str)
def test_stringify_rejects_a_bigint(value: Any) -> None:
    with pytest.raises(KVError) as caught:
        JsonSerializer().stringify(value)

    assert caught.value.name == "TypeError"
    assert str(caught.value) == "Do not know how to serialize a BigInt"


NUMBERS: list[tuple[str, float]] = [
    ("0", 0),
    ("-0", 0),
    ("-0.0", 0),
    ("1.0", 1),
    ("1e3", 1000),
    ("-12e-1", -1.2),
    ("999999999999999", 999999999999999),
    ("9007199254740991", MAX_SAFE_INTEGER),
    ("-9007199254740991", -MAX_SAFE_INTEGER),
    ("9007199254740992", 9007199254740992.0),
    ("9007199254740993", 9007199254740992.0),
    ("1e16", 1e16),
    ("1e400", inf),
    ("-1e400", -inf),
    ("9" * 5000, inf),
]


@pytest.mark.parametrize(("text", "number"), NUMBERS, ids=lambda case: str(case)[:20])
def test_parse_returns_an_int_for_a_safe_integer_and_a_float_otherwise(
    text: str, number: float
) -> None:
    result = JsonParser().parse(text)

    assert result == number
    assert type(result) is type(number)


@pytest.mark.parametrize(
    ("text", "inexact"),
    [
        ("9007199254740991", []),
        ("9007199254740992", []),
        ("9007199254740993", ["9007199254740993"]),
        ("[-9007199254740993, 9007199254740995]", ["-9007199254740993", "9007199254740995"]),
        ("100000000000000000000", []),
        ("9007199254740993.0", []),
        ("9" * 400, ["9" * 400]),
    ],
    ids=lambda case: str(case)[:20],
)
def test_collects_inexact_integers(text: str, inexact: list[str]) -> None:
    parser = JsonParser()

    parser.parse(text)

    assert parser.inexact_integers == inexact


def test_parse_discards_the_inexact_integers_of_the_previous_text() -> None:
    parser = JsonParser()
    parser.parse("9007199254740993")

    parser.parse("1")

    assert parser.inexact_integers == []


def test_objects_are_js_dicts_at_every_depth() -> None:
    value = JsonParser().parse('{"a": [{"b": {}}]}')

    assert type(value) is JsDict
    assert type(value.a[0].b) is JsDict


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ('{"a":1,"b":2,"a":3}', [("a", 3), ("b", 2)]),
        ('{"b":1,"10":2,"9":3,"01":4}', [("9", 3), ("10", 2), ("b", 1), ("01", 4)]),
        ('{"__proto__":1,"b":2}', [("__proto__", 1), ("b", 2)]),
        ("{}", []),
    ],
)
def test_a_duplicate_name_keeps_the_last_value_in_javascript_order(
    text: str, pairs: list[tuple[str, JsonValue]]
) -> None:
    value = JsonParser().parse(text)

    assert list(value.items()) == pairs


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (' \t\r\n"a" ', "a"),
        ('"\\u00e9\\/\\b"', "é/\b"),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\ud800"', "\ud800"),
        ('"\x7f\u2028"', "\x7f\u2028"),
        ("[true,false,null]", [True, False, None]),
    ],
    ids=ascii,
)
def test_parse_reads_json(text: str, value: JsonValue) -> None:
    assert JsonParser().parse(text) == value


REJECTED = [
    ("NaN", '"NaN" is not valid JSON'),
    ("Infinity", '"Infinity" is not valid JSON'),
    ("-Infinity", "No number after minus sign in JSON at position 1 (line 1 column 2)"),
    ("[NaN]", "Unexpected token 'N', \"[NaN]\" is not valid JSON"),
    ("\ufeff1", "Unexpected token '\ufeff', \"\ufeff1\" is not valid JSON"),
    ("\u00a01", "Unexpected token '\u00a0', \"\u00a01\" is not valid JSON"),
    ("", "Unexpected end of JSON input"),
    ("\u0661", "Unexpected token '\u0661', \"\u0661\" is not valid JSON"),
]


@pytest.mark.parametrize(("text", "message"), REJECTED, ids=ascii)
def test_parse_rejects_texts_that_only_python_accepts(text: str, message: str) -> None:
    with pytest.raises(KVError) as caught:
        JsonParser().parse(text)

    assert (caught.value.name, str(caught.value)) == ("SyntaxError", message)
    assert caught.value.status is None
    assert caught.value.__suppress_context__


def test_replaces_infinities_by_none() -> None:
    value = JsonParser().parse('{"a": [1e400, {"b": -1e400}, 1.5, "x", null, true], "c": 1}')

    result = replace_infinities(value)

    assert result == {"a": [None, {"b": None}, 1.5, "x", None, True], "c": 1}
    assert type(result.a[1]) is JsDict


def test_deeply_nested_text_without_an_end_is_a_syntax_error() -> None:
    with pytest.raises(KVError, match=r"^Unexpected end of JSON input$"):
        JsonParser().parse("[" * 100_000)


def test_json_nested_too_deep_for_python_raises_recursion_error() -> None:
    with pytest.raises(RecursionError):
        JsonParser().parse("[" * 100_000 + "]" * 100_000)
