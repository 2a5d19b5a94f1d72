"""JSON.parse and JSON.stringify: numbers, names and text as JavaScript has them."""

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
from pykvbinding.js.core.json import Json, Reader, Writer, without_infinities
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
    """What `value` is once it has been through JavaScript."""
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
    """The length of the JSON text in UTF-8, counted without writing it."""
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
    """Equal, the types of numbers included."""
    if isinstance(left, list):
        return isinstance(right, list) and all(map(_same, left, right)) and len(left) == len(right)
    if isinstance(left, dict):
        same = isinstance(right, dict) and left.keys() == right.keys()
        return same and all(_same(left[name], right[name]) for name in left)
    return type(left) is type(right) and bool(left == right)


@PROPERTY
@given(_nested(EXACT | st.floats()))
def test_a_json_value_comes_back_as_javascript_has_it(value: Any) -> None:
    text = Writer().stringify(value)

    assert text is not None
    assert _same(_as_javascript(value), Reader().parse(text))


@PROPERTY
@given(_nested(EXACT))
def test_the_text_is_as_long_as_counted(value: Any) -> None:
    text = Writer().stringify(value)

    assert text is not None
    assert len(text.encode()) == _bytes_of_json(value)


@PROPERTY
@given(_nested(EXACT))
def test_the_text_means_the_same_to_another_parser(value: Any) -> None:
    text = Writer().stringify(value)

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
def test_stringify_writes_what_javascript_writes(value: Any, text: str) -> None:
    writer = Writer()

    assert writer.stringify(value) == text
    assert writer.changed == []


CHANGED: list[tuple[Any, str | None, list[tuple[str, str]]]] = [
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
    ("value", "text", "changed"), CHANGED, ids=lambda case: stable(ascii)(case)[:30]
)
def test_stringify_collects_what_does_not_come_back(
    value: Any, text: str | None, changed: list[tuple[str, str]]
) -> None:
    writer = Writer()

    assert writer.stringify(value) == text
    assert writer.changed == changed


@pytest.mark.parametrize("value", [2**53, -(2**53), [2**64], {"a": 10**400}], ids=str)
def test_stringify_refuses_a_bigint(value: Any) -> None:
    with pytest.raises(KVError) as caught:
        Writer().stringify(value)

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
def test_parse_reads_a_safe_integer_as_int_and_any_other_number_as_float(
    text: str, number: float
) -> None:
    result = Reader().parse(text)

    assert result == number
    assert type(result) is type(number)


@pytest.mark.parametrize(
    ("text", "lost"),
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
def test_integers_that_lose_digits_are_noted(text: str, lost: list[str]) -> None:
    reader = Reader()

    reader.parse(text)

    assert reader.lost == lost


def test_a_reader_forgets_what_the_value_before_lost() -> None:
    reader = Reader()
    reader.parse("9007199254740993")

    reader.parse("1")

    assert reader.lost == []


def test_objects_are_dicts_with_attributes_at_every_depth() -> None:
    value = Reader().parse('{"a": [{"b": {}}]}')

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
def test_names_keep_the_last_value_and_the_order_of_javascript(
    text: str, pairs: list[tuple[str, Json]]
) -> None:
    value = Reader().parse(text)

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
def test_parse_reads_what_json_spells(text: str, value: Json) -> None:
    assert Reader().parse(text) == value


REFUSED = [
    ("NaN", '"NaN" is not valid JSON'),
    ("Infinity", '"Infinity" is not valid JSON'),
    ("-Infinity", "No number after minus sign in JSON at position 1 (line 1 column 2)"),
    ("[NaN]", "Unexpected token 'N', \"[NaN]\" is not valid JSON"),
    ("\ufeff1", "Unexpected token '\ufeff', \"\ufeff1\" is not valid JSON"),
    ("\u00a01", "Unexpected token '\u00a0', \"\u00a01\" is not valid JSON"),
    ("", "Unexpected end of JSON input"),
    ("\u0661", "Unexpected token '\u0661', \"\u0661\" is not valid JSON"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=ascii)
def test_parse_refuses_what_only_python_takes_for_json(text: str, message: str) -> None:
    with pytest.raises(KVError) as caught:
        Reader().parse(text)

    assert (caught.value.name, str(caught.value)) == ("SyntaxError", message)
    assert caught.value.status is None
    assert caught.value.__suppress_context__


def test_a_second_trip_through_json_turns_infinities_into_none() -> None:
    value = Reader().parse('{"a": [1e400, {"b": -1e400}, 1.5, "x", null, true], "c": 1}')

    again = without_infinities(value)

    assert again == {"a": [None, {"b": None}, 1.5, "x", None, True], "c": 1}
    assert type(again.a[1]) is JsDict


def test_text_that_is_nested_too_deep_and_never_closed_is_a_syntax_error() -> None:
    with pytest.raises(KVError, match=r"^Unexpected end of JSON input$"):
        Reader().parse("[" * 100_000)


def test_json_that_is_nested_too_deep_for_python_says_so() -> None:
    with pytest.raises(RecursionError):
        Reader().parse("[" * 100_000 + "]" * 100_000)
