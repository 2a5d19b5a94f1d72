"""`js.JSON`, beyond what is compared with Pyodide: against `json`, and V8's words."""

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
def test_it_writes_what_python_writes(value: Any, space: Any) -> None:
    separators = (",", ":") if space is None else (",", ": ")
    expected = json.dumps(value, indent=space, separators=separators, ensure_ascii=False)

    assert stringify(from_json(value), None, space) == expected


@given(JSON)
def test_what_is_written_is_read(value: Any) -> None:
    text = stringify(from_json(value))

    assert stringify(parse(text)) == text


def test_a_text_that_is_no_json_is_refused_in_the_words_of_v8() -> None:
    with pytest.raises(JsException) as caught:
        parse("{bad")

    assert (caught.value.name, type(caught.value)) == ("SyntaxError", JsException)


def test_a_value_says_itself_what_is_written_of_it() -> None:
    holder = JsObject({"day": JsDate(0), "own": JsObject({"toJSON": lambda name: f"a {name}"})})

    assert stringify(holder) == '{"day":"1970-01-01T00:00:00.000Z","own":"a own"}'


def test_an_indent_is_ten_characters_at_most() -> None:
    assert stringify(JsArray([1]), None, "x" * 20) == f"[\n{'x' * 10}1\n]"
    assert stringify(JsArray([JsArray([]), 1e21]), None, 1) == "[\n [],\n 1e+21\n]"


@pytest.mark.parametrize(
    ("deep", "told"),
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
def test_the_way_around_a_circle_is_told(deep: int, told: list[str]) -> None:
    outer = JsObject({})
    inner: Any = outer
    for level in range(deep):
        item: Any = outer if level == deep - 1 else JsObject({}) if level % 2 else JsArray([])
        inner.push(item) if isinstance(inner, JsArray) else setattr(inner, "a", item)
        inner = item

    with pytest.raises(JsException) as caught:
        stringify(outer)

    assert caught.value.message.split("\n    ") == [
        "Converting circular structure to JSON",
        "--> starting at object with constructor 'Object'",
        *told,
    ]
