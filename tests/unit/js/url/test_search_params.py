"""Tests of `URLSearchParams`: parsing, changes, serialization, and the mapping interface."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.types.object import JsMap, JsObject
from pykvbinding.js.url.search_params import URLSearchParams, read_form, write_form

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("init", "text"),
    [
        (None, ""),
        ("?a=b", "a=b"),
        ("a=b&&c&=d&e=f=g", "a=b&c=&=d&e=f%3Dg"),
        ("a=%20+%zz%C3%A9", "a=++%25zz%C3%A9"),
        (5, "5="),
        (jsnull, "null="),
        (True, "true="),
        ([("a", 1), ("b", None)], "a=1&b=undefined"),
        ({"a": "b"}.items(), "a=b"),
        (JsObject({"a": 1, "1": 2}), "1=2&a=1"),
        (JsMap({"a": "b"}), "a=b"),
        (Headers([("b", "1"), ("a", "2")]), "a=2&b=1"),
        (URLSearchParams("a=1&a=2"), "a=1&a=2"),
    ],
)
def test_accepts_texts_pairs_and_objects(init: Any, text: str) -> None:
    assert str(URLSearchParams(init)) == text


def test_rejects_a_dict_which_iterates_over_its_keys() -> None:
    with pytest.raises(JsException, match="is not of type 'Sequence'"):
        URLSearchParams({"a": "b"})


def test_get_getall_and_has_find_values_by_name() -> None:
    params = URLSearchParams("a=1&b=2&a=3")

    assert (params.get("a"), params.get("c"), params.get("c", "default")) == ("1", jsnull, jsnull)
    assert params.getAll("a").to_py() == ["1", "3"]
    assert (params.has("a"), params.has("a", "3"), params.has("a", "2")) == (True, True, False)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda params: params.set("a", "x"), "a=x&b=2"),
        (lambda params: params.set("c", "x"), "a=1&b=2&a=3&c=x"),
        (lambda params: params.append("b", None), "a=1&b=2&a=3&b=undefined"),
        (lambda params: params.delete("a"), "b=2"),
        (lambda params: params.delete("a", "3"), "a=1&b=2"),
        (lambda params: params.sort(), "a=1&a=3&b=2"),
        (lambda params: params.clear(), ""),
        (lambda params: params.update({"a": "x"}), "a=x&b=2"),
        (lambda params: params.__setitem__("b", "x"), "a=1&b=x&a=3"),
    ],
)
def test_changes_keep_the_order(change: Any, expected: str) -> None:
    params = URLSearchParams("a=1&b=2&a=3")

    change(params)

    assert params.toString() == expected


def test_names_are_sorted_by_utf16_code_units() -> None:
    params = URLSearchParams("\uffff=1&😀=2&z=3")

    params.sort()

    assert list(params) == ["z", "😀", "\uffff"]


def test_is_a_mapping_of_names_to_first_values_in_python() -> None:
    params = URLSearchParams("a=1&b=2&a=3")

    assert list(params) == ["a", "b", "a"]
    assert (len(params), params.size) == (3, 3)
    assert list(params.items()) == [("a", "1"), ("b", "2"), ("a", "1")]
    assert dict(params) == {"a": "1", "b": "2"}
    assert params["c"] is jsnull
    assert ("a" in params, "c" in params) == (True, False)
    assert not URLSearchParams()


def test_entries_reflect_changes_during_iteration() -> None:
    params, seen = URLSearchParams("a=1&b=2&c=3"), []

    for name, _ in params.entries():
        seen.append(name)
        params.delete(name)

    assert seen == ["a", "c"]


def test_del_and_pop_remove_but_raise_a_keyerror_as_in_pyodide() -> None:
    params = URLSearchParams("a=1&b=2")

    with pytest.raises(KeyError, match="a"):
        del params["a"]
    with pytest.raises(KeyError, match="b"):
        params.pop("b")

    assert str(params) == repr(params) == ""


def test_foreach_passes_value_name_and_parameters() -> None:
    params, seen = URLSearchParams("a=1"), []

    params.forEach(lambda *args: seen.append(args))

    assert seen == [("1", "a", params)]
    with pytest.raises(JsException, match="parameter 1 is not of type 'function'"):
        params.forEach(5)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["get", "getAll", "has", "delete", "set", "append"])
def test_rejects_a_missing_argument(method: str) -> None:
    with pytest.raises(JsException, match="parameter 1 is not of type 'USVString'"):
        getattr(URLSearchParams(), method)()


def test_equality_is_identity() -> None:
    params = URLSearchParams("a=1")

    assert params == params
    assert params != URLSearchParams("a=1")
    assert len({params, params}) == 1


@given(st.lists(st.tuples(TEXT, TEXT)))
def test_a_serialized_form_parses_to_the_same(pairs: list[tuple[str, str]]) -> None:
    serialized = str(URLSearchParams(pairs))

    parsed = URLSearchParams(serialized)

    assert [tuple(pair) for pair in parsed.entries()] == pairs
    assert serialized.isascii()


@pytest.mark.parametrize(
    ("text", "value"),
    [("a", "a"), ("%41%c3%A9", "Aé"), ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%ff", "\ufffd")],
)
def test_an_invalid_percent_escape_is_kept(text: str, value: str) -> None:
    assert read_form(f"x={text}") == [("x", value)]


@given(TEXT)
def test_a_serialized_value_parses_to_the_same(text: str) -> None:
    assert read_form(write_form([("x", text)])) == [("x", text)]
