"""V8's messages for invalid JSON, to the letter."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.js.core.json_errors import explain_syntax_error

PROPERTY = settings(deadline=None, max_examples=400)

# The message of `JSON.parse` in workerd for each text.
MESSAGES = [
    ("", "Unexpected end of JSON input"),
    ("{", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
    ("[", "Unexpected end of JSON input"),
    ("[1", "Expected ',' or ']' after array element in JSON at position 2 (line 1 column 3)"),
    ("[1,", "Unexpected end of JSON input"),
    ('{"a"', "Expected ':' after property name in JSON at position 4 (line 1 column 5)"),
    ('{"a":', "Unexpected end of JSON input"),
    ('{"a":1', "Expected ',' or '}' after property value in JSON at position 6 (line 1 column 7)"),
    ('{"a":1,', "Expected double-quoted property name in JSON at position 7 (line 1 column 8)"),
    ('"abc', "Unterminated string in JSON at position 4 (line 1 column 5)"),
    ('"\\', "Unexpected end of JSON input"),
    ('"\\x"', "Bad escaped character in JSON at position 2 (line 1 column 3)"),
    ('"\\u12G4"', "Bad Unicode escape in JSON at position 5 (line 1 column 6)"),
    ('"\\u12', "Bad Unicode escape in JSON at position 5 (line 1 column 6)"),
    ('"a\nb"', "Bad control character in string literal in JSON at position 2 (line 1 column 3)"),
    ("nul", "Unexpected end of JSON input"),
    ("nulx", "Unexpected token 'x', \"nulx\" is not valid JSON"),
    ("truely", "Unexpected non-whitespace character after JSON at position 4 (line 1 column 5)"),
    ("-", "No number after minus sign in JSON at position 1 (line 1 column 2)"),
    ("-a", "No number after minus sign in JSON at position 1 (line 1 column 2)"),
    ("-01", "Unexpected number in JSON at position 2 (line 1 column 3)"),
    ("01", "Unexpected number in JSON at position 1 (line 1 column 2)"),
    ("1.", "Unterminated fractional number in JSON at position 2 (line 1 column 3)"),
    ("1.x", "Unterminated fractional number in JSON at position 2 (line 1 column 3)"),
    ("1e", "Exponent part is missing a number in JSON at position 2 (line 1 column 3)"),
    ("1e+", "Exponent part is missing a number in JSON at position 3 (line 1 column 4)"),
    ("1e+x", "Exponent part is missing a number in JSON at position 3 (line 1 column 4)"),
    (".5", "Unexpected token '.', \".5\" is not valid JSON"),
    ("+1", "Unexpected token '+', \"+1\" is not valid JSON"),
    ("NaN", '"NaN" is not valid JSON'),
    ("Infinity", '"Infinity" is not valid JSON'),
    ("undefined", '"undefined" is not valid JSON'),
    ("[object Object]", '"[object Object]" is not valid JSON'),
    ("-Infinity", "No number after minus sign in JSON at position 1 (line 1 column 2)"),
    ("{a:1}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
    ("{'a':1}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
    ('{"a" 1}', "Expected ':' after property name in JSON at position 5 (line 1 column 6)"),
    (
        '{"a":1 "b"}',
        "Expected ',' or '}' after property value in JSON at position 7 (line 1 column 8)",
    ),
    ("[1 2]", "Expected ',' or ']' after array element in JSON at position 3 (line 1 column 4)"),
    ('[1 "a"]', "Expected ',' or ']' after array element in JSON at position 3 (line 1 column 4)"),
    ('"a" "b"', "Unexpected non-whitespace character after JSON at position 4 (line 1 column 5)"),
    ("1 2", "Unexpected non-whitespace character after JSON at position 2 (line 1 column 3)"),
    ("{} {}", "Unexpected non-whitespace character after JSON at position 3 (line 1 column 4)"),
    ("[1}", "Expected ',' or ']' after array element in JSON at position 2 (line 1 column 3)"),
    ("{]", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
    ('{"a":}', 'Unexpected token \'}\', "{"a":}" is not valid JSON'),
    ('{"a":]', 'Unexpected token \']\', "{"a":]" is not valid JSON'),
    ("[,]", "Unexpected token ',', \"[,]\" is not valid JSON"),
    ("[1,,2]", "Unexpected token ',', \"[1,,2]\" is not valid JSON"),
    ("{,}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
    ('{"a":1,}', "Expected double-quoted property name in JSON at position 7 (line 1 column 8)"),
    ("\xa01", "Unexpected token '\xa0', \"\xa01\" is not valid JSON"),
    ("\U0001f600", "Unexpected token '\ud83d', \"\U0001f600\" is not valid JSON"),
    ("x\U0001f600", "Unexpected token 'x', \"x\U0001f600\" is not valid JSON"),
    ("aaaaaaaaaaaaaaaaaaaaaaaaaaa", "Unexpected token 'a', \"aaaaaaaaaa\"... is not valid JSON"),
    (
        "[1,2,3,4,5,6,7,8,9,10,x,1,2,3,4,5,6,7]",
        "Unexpected token 'x', ...\",7,8,9,10,x,1,2,3,4,\"... is not valid JSON",
    ),
    (
        "[1,2,3,4,5,6,7,8,9,10,1,2,3,4,5,6,x]",
        "Unexpected token 'x', ...\"2,3,4,5,6,x]\" is not valid JSON",
    ),
    ("\n\r\n x", "Unexpected token 'x', \"\n\r\n x\" is not valid JSON"),
    (
        "[1,\n2,\n\n x y z aaaaaaaaaa]",
        "Unexpected token 'x', \"[1,\n2,\n\n x y z aaaa\"... is not valid JSON",
    ),
    ('{"a":"\\q"}', "Bad escaped character in JSON at position 7 (line 1 column 8)"),
    ('"\x01"', "Bad control character in string literal in JSON at position 1 (line 1 column 2)"),
    ('"\x7f"x', "Unexpected non-whitespace character after JSON at position 3 (line 1 column 4)"),
    ('["\U0001f600", x]', 'Unexpected token \'x\', "["\U0001f600", x]" is not valid JSON'),
    (
        '["\U0001f600"] x',
        "Unexpected non-whitespace character after JSON at position 7 (line 1 column 8)",
    ),
    (
        '["\U0001f600" 1]',
        "Expected ',' or ']' after array element in JSON at position 6 (line 1 column 7)",
    ),
    ("1e5x", "Unexpected non-whitespace character after JSON at position 3 (line 1 column 4)"),
    ('{"a":tru}', 'Unexpected token \'}\', "{"a":tru}" is not valid JSON'),
    ('{"a":trux}', 'Unexpected token \'x\', "{"a":trux}" is not valid JSON'),
    ('"\\u"', "Bad Unicode escape in JSON at position 3 (line 1 column 4)"),
    ('"\\ud83d', "Unterminated string in JSON at position 7 (line 1 column 8)"),
    ('{"a":1}}', "Unexpected non-whitespace character after JSON at position 7 (line 1 column 8)"),
    ("]", "Unexpected token ']', \"]\" is not valid JSON"),
    ("}", "Unexpected token '}', \"}\" is not valid JSON"),
    (":", "Unexpected token ':', \":\" is not valid JSON"),
    (",", "Unexpected token ',', \",\" is not valid JSON"),
    ('"', "Unterminated string in JSON at position 1 (line 1 column 2)"),
    ("'", "Unexpected token ''', \"'\" is not valid JSON"),
    ("//", "Unexpected token '/', \"//\" is not valid JSON"),
    (
        '{"a":"b"c}',
        "Expected ',' or '}' after property value in JSON at position 8 (line 1 column 9)",
    ),
    ("{1:2}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
    ('{"a":01}', "Unexpected number in JSON at position 6 (line 1 column 7)"),
    ("[-]", "No number after minus sign in JSON at position 2 (line 1 column 3)"),
    ("[1.]", "Unterminated fractional number in JSON at position 3 (line 1 column 4)"),
    ('{"a":-}', "No number after minus sign in JSON at position 6 (line 1 column 7)"),
    ('["a",]', 'Unexpected token \']\', "["a",]" is not valid JSON'),
    ('{"k":[}', 'Unexpected token \'}\', "{"k":[}" is not valid JSON'),
    (
        '{"\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600'
        '\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600":x'
        "}",
        "Unexpected token 'x', "
        '..."\U0001f600\U0001f600\U0001f600\U0001f600":x}" is not valid JSON',
    ),
    (
        '["\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600'
        '\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600",'
        "x]",
        "Unexpected token 'x', "
        '..."\U0001f600\U0001f600\U0001f600\U0001f600",x]" is not valid JSON',
    ),
    ("\ud800", "Unexpected token '\ud800', \"\ud800\" is not valid JSON"),
    (
        '["\ud800" x]',
        "Expected ',' or ']' after array element in JSON at position 5 (line 1 column 6)",
    ),
    (" ", "Unexpected end of JSON input"),
    ('n"', "Unexpected string in JSON at position 1 (line 1 column 2)"),
    ("fa2", "Unexpected number in JSON at position 2 (line 1 column 3)"),
    ("n-1", "Unexpected number in JSON at position 1 (line 1 column 2)"),
    ('[1,\n"a"', "Expected ',' or ']' after array element in JSON at position 7 (line 2 column 4)"),
]


@pytest.mark.parametrize(("text", "message"), MESSAGES, ids=lambda text: ascii(text)[:40])
def test_the_message_is_that_of_v8(text: str, message: str) -> None:
    assert explain_syntax_error(text) == message


LINES = [
    ("[\n1 x]", "(line 2 column 3)"),
    ("[\r1 x]", "(line 2 column 3)"),
    ("[\r\n1 x]", "(line 2 column 3)"),
    ("[\n\r1 x]", "(line 3 column 3)"),
    ("\n\n[1 x]", "(line 3 column 4)"),
    ('["\u2028" x]', "(line 1 column 6)"),
]


@pytest.mark.parametrize(("text", "location"), LINES, ids=ascii)
def test_counts_lines_at_every_line_break(text: str, location: str) -> None:
    assert str(explain_syntax_error(text)).endswith(location)


def test_an_error_in_deep_nesting_is_found_without_recursion() -> None:
    text = "[" * 100_000 + "x"

    message = explain_syntax_error(text)

    assert message == "Unexpected token 'x', ...\"[[[[[[[[[[x\" is not valid JSON"


def test_valid_json_has_no_message() -> None:
    text = '{"a": [1, -0.5e+3, "\\u00e9", true, false, null, {}, []]}'

    assert explain_syntax_error(text) is None


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
PIECES = st.text(
    "{}[],:\"\\'/ \n\r\t\x00\x7f\u00a0\ufeff\u0661\ud83d\ude000129.eE+-truefalsnxN", max_size=4
)


@st.composite
def corrupted_json(draw: st.DrawFn) -> str:
    """Valid JSON with one range replaced."""
    text = json.dumps(draw(VALUES), ensure_ascii=draw(st.booleans()))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(start + 3, len(text))))
    return text[:start] + draw(PIECES) + text[end:]


def _reject(name: str) -> Any:
    raise ValueError(name)


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_reject)
    except ValueError:
        return False
    return True


@PROPERTY
@given(corrupted_json().filter(lambda text: not _is_json(text)))
def test_every_rejected_text_has_a_message(text: str) -> None:
    assert explain_syntax_error(text)
