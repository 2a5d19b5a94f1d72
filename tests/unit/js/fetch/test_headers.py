"""`Headers`: order, joined values, what is refused, and what Pyodide lets Python do with them."""

from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.types.object import JsArray, JsMap, JsObject
from pykvbinding.js.url.search_params import URLSearchParams

COOKIES = [("Set-Cookie", "a=1"), ("b", "2"), ("set-cookie", "c=3"), ("B", "4")]


def pairs(headers: Headers) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers]


@pytest.mark.parametrize(
    "init",
    [
        [("A", "1"), ["b", 2]],
        (("A", "1"), ("b", 2)),
        {"A": "1", "b": 2}.items(),
        iter([("A", "1"), ("b", "2")]),
        JsArray([JsArray(["A", "1"]), JsArray(["b", 2])]),
        JsObject({"A": "1", "b": 2}),
        JsMap({"A": "1", "b": 2}),
        URLSearchParams("A=1&b=2"),
        Headers([("A", "1"), ("b", "2")]),
    ],
)
def test_headers_are_made_of_pairs_of_many_kinds(init: Any) -> None:
    assert pairs(Headers(init)) == [("a", "1"), ("b", "2")]


@pytest.mark.parametrize("init", ["text", 5, True, jsnull, object()])
def test_what_holds_no_pairs_is_refused(init: Any) -> None:
    with pytest.raises(JsException, match="parameter 1 is not of type 'Headers or Sequence or obj"):
        Headers(init)


def test_an_empty_dict_makes_empty_headers_and_any_other_is_refused_as_in_production() -> None:
    assert pairs(Headers({})) == []
    with pytest.raises(JsException, match="is not of type 'Sequence'"):
        Headers({"content-type": "text/plain"})


def test_values_of_one_name_are_joined_and_cookies_stay_apart() -> None:
    headers = Headers(COOKIES)

    assert pairs(headers) == [("b", "2, 4"), ("set-cookie", "a=1"), ("set-cookie", "c=3")]
    assert headers.getSetCookie().to_py() == headers.getAll("SET-COOKIE").to_py() == ["a=1", "c=3"]
    assert headers.get("Set-Cookie") == "a=1, c=3"


def test_a_header_that_is_not_there_is_null_and_a_default_is_not_taken() -> None:
    assert Headers().get("a") is jsnull
    assert Headers().get("a", "default") is jsnull
    assert not Headers().has("a")


def test_set_replaces_all_values_and_append_adds_one() -> None:
    headers = Headers([("a", "1"), ("A", "2")])

    headers.set("A", " x\t")
    headers.append("a", None)

    assert headers.get("a") == "x, undefined"


def test_delete_removes_all_values_of_a_name() -> None:
    headers = Headers(COOKIES)

    headers.delete("SET-Cookie")
    headers.delete("nothing")

    assert pairs(headers) == [("b", "2, 4")]


@pytest.mark.parametrize("name", ["a b", "a:", "a\n", "(", "\x7f"])
def test_no_method_takes_a_name_that_is_no_token(name: str) -> None:
    headers = Headers()

    for call in (headers.get, headers.has, headers.delete):
        with pytest.raises(JsException, match=r"^Invalid header name\.$"):
            call(name)


@pytest.mark.parametrize("name", ["", "日", "É"])
def test_the_runtime_takes_names_that_are_empty_or_beyond_ascii(name: str) -> None:
    headers = Headers([(name, "1")])

    assert headers.get(name) == "1"


def test_a_name_beyond_ascii_is_lowered_only_where_it_is_ascii() -> None:
    assert list(Headers([("KÉ", "1")]).keys()) == ["kÉ"]


@pytest.mark.parametrize("method", ["get", "getAll", "has", "delete", "set", "append"])
def test_a_missing_argument_is_refused_by_its_place(method: str) -> None:
    with pytest.raises(JsException) as refused:
        getattr(Headers(), method)()

    where = f"Failed to execute '{method}' on 'Headers': parameter 1"
    assert refused.value.message == f"{where} is not of type 'string'."


def test_a_missing_value_is_refused_and_undefined_is_a_text() -> None:
    headers = Headers()

    headers.set("a", None)

    assert headers.get("a") == "undefined"
    with pytest.raises(JsException, match="parameter 2 is not of type 'string'"):
        headers.set("a")


def test_immutable_headers_can_be_copied_and_the_copy_changed() -> None:
    headers = Headers.of([("a", "1")], immutable=True)
    copy = Headers(headers)

    copy.set("a", "2")

    assert (headers.get("a"), copy.get("a")) == ("1", "2")
    with pytest.raises(JsException, match="Can't modify immutable headers"):
        headers.set("a b", "c")
    with pytest.raises(JsException, match="Can't modify immutable headers"):
        headers.delete("a")


def test_pairs_come_as_they_were_given() -> None:
    assert Headers(COOKIES).pairs() == [(name.lower(), value) for name, value in COOKIES]


def test_for_each_hands_over_value_name_and_headers() -> None:
    headers, seen = Headers([("b", "1"), ("a", "2")]), []

    headers.forEach(lambda *given: seen.append(given))

    assert seen == [("2", "a", headers), ("1", "b", headers)]
    with pytest.raises(JsException, match="parameter 1 is not of type 'function'"):
        headers.forEach()
    with pytest.raises(TypeError, match="takes 1 positional argument but 3 were given"):
        headers.forEach(lambda value: value)


def test_python_can_ask_by_brackets_and_in() -> None:
    headers = Headers([("a", "1")])

    headers["b"] = "2"

    assert "A" in headers
    assert "x" not in headers
    assert (headers["b"], headers["x"]) == ("2", jsnull)
    assert not hasattr(headers, "__len__")
    assert not hasattr(headers, "items")


def test_del_removes_and_says_as_in_pyodide_that_nothing_was_there() -> None:
    headers = Headers([("a", "1")])

    with pytest.raises(KeyError, match="a"):
        del headers["a"]

    assert pairs(headers) == []


def test_iterators_do_not_see_later_changes() -> None:
    headers = Headers([("a", "1")])
    values = headers.values()

    headers.set("b", "2")

    assert list(values) == ["1"]
    assert dict(headers.entries()) == {"a": "1", "b": "2"}


def test_they_print_as_in_javascript() -> None:
    assert str(Headers()) == repr(Headers()) == "[object Headers]"
    assert Headers().constructor.name == "Headers"
