"""`js.JSON`, beyond the comparison with Pyodide: compared with `json`; V8's messages."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.errors import JsException
from pykvbinding.js.types.date import JsDate
from pykvbinding.js.types.json import parse, stringify
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.js.types.to_js import from_json

TEXTS = st.text('ab"\\/\n\x00é😀', max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


@given(JSON, st.none() | st.integers(1, 10) | st.just("\t"))
def test_stringify_matches_the_json_module(value: Any, space: Any) -> None:
    separators = (",", ":") if space is None else (",", ": ")
    expected = json.dumps(value, indent=space, separators=separators, ensure_ascii=False)

    assert stringify(from_json(value), None, space) == expected


@given(JSON)
def test_parse_reads_the_output_of_stringify(value: Any) -> None:
    text = stringify(from_json(value))

    assert stringify(parse(text)) == text


def test_parse_rejects_invalid_json_with_a_syntax_error() -> None:
    with pytest.raises(JsException) as caught:
        parse("{bad")

    assert (caught.value.name, type(caught.value)) == ("SyntaxError", JsException)


def test_stringify_calls_to_json() -> None:
    holder = JsObject({"day": JsDate(0), "own": JsObject({"toJSON": lambda name: f"a {name}"})})

    assert stringify(holder) == '{"day":"1970-01-01T00:00:00.000Z","own":"a own"}'


def test_the_indentation_is_at_most_ten_characters() -> None:
    assert stringify(JsArray([1]), None, "x" * 20) == f"[\n{'x' * 10}1\n]"
    assert stringify(JsArray([JsArray([]), 1e21]), None, 1) == "[\n [],\n 1e+21\n]"


@pytest.mark.parametrize(
    ("length", "steps"),
    [
        (1, ["--- property 'a' closes the circle"]),
        (
            2,
            [
                "|     property 'a' -> object with constructor 'Array'",
                "--- index 0 closes the circle",
            ],
        ),
        (
            5,
            [
                "|     property 'a' -> object with constructor 'Array'",
                "|     index 0 -> object with constructor 'Object'",
                "|     ...",
                "|     index 0 -> object with constructor 'Object'",
                "--- property 'a' closes the circle",
            ],
        ),
    ],
)
def test_the_error_of_a_cycle_describes_its_steps(length: int, steps: list[str]) -> None:
    outer = JsObject({})
    holder: Any = outer
    for index in range(length):
        item: Any = outer if index == length - 1 else JsObject({}) if index % 2 else JsArray([])
        holder.push(item) if isinstance(holder, JsArray) else setattr(holder, "a", item)
        holder = item

    with pytest.raises(JsException) as caught:
        stringify(outer)

    assert caught.value.message.split("\n    ") == [
        "Converting circular structure to JSON",
        "--> starting at object with constructor 'Object'",
        *steps,
    ]
