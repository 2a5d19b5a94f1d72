"""Tests of `Headers`: order, joined values, validation, and the members that Pyodide adds."""

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
def test_accepts_sequences_of_pairs_and_objects(init: Any) -> None:
    assert pairs(Headers(init)) == [("a", "1"), ("b", "2")]


@pytest.mark.parametrize("init", ["text", 5, True, jsnull, object()])
def test_rejects_an_init_without_pairs(init: Any) -> None:
    with pytest.raises(JsException, match="parameter 1 is not of type 'Headers or Sequence or obj"):
        Headers(init)


def test_accepts_an_empty_dict_and_rejects_any_other() -> None:
    assert pairs(Headers({})) == []
    with pytest.raises(JsException, match="is not of type 'Sequence'"):
        Headers({"content-type": "text/plain"})


def test_repeated_values_are_joined_except_cookies() -> None:
    headers = Headers(COOKIES)

    assert pairs(headers) == [("b", "2, 4"), ("set-cookie", "a=1"), ("set-cookie", "c=3")]
    assert headers.getSetCookie().to_py() == headers.getAll("SET-COOKIE").to_py() == ["a=1", "c=3"]
    assert headers.get("Set-Cookie") == "a=1, c=3"


def test_get_returns_null_for_a_missing_header_and_ignores_a_default() -> None:
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
def test_all_methods_reject_an_invalid_name(name: str) -> None:
    headers = Headers()

    for call in (headers.get, headers.has, headers.delete):
        with pytest.raises(JsException, match=r"^Invalid header name\.$"):
            call(name)


@pytest.mark.parametrize("name", ["", "日", "É"])
def test_accepts_empty_and_non_ascii_names(name: str) -> None:
    headers = Headers([(name, "1")])

    assert headers.get(name) == "1"


def test_only_the_ascii_letters_of_a_name_are_lowercased() -> None:
    assert list(Headers([("KÉ", "1")]).keys()) == ["kÉ"]


@pytest.mark.parametrize("method", ["get", "getAll", "has", "delete", "set", "append"])
def test_rejects_a_missing_name(method: str) -> None:
    with pytest.raises(JsException) as caught:
        getattr(Headers(), method)()

    prefix = f"Failed to execute '{method}' on 'Headers': parameter 1"
    assert caught.value.message == f"{prefix} is not of type 'string'."


def test_rejects_a_missing_value_and_converts_undefined_to_text() -> None:
    headers = Headers()

    headers.set("a", None)

    assert headers.get("a") == "undefined"
    with pytest.raises(JsException, match="parameter 2 is not of type 'string'"):
        headers.set("a")


def test_a_copy_of_immutable_headers_is_mutable() -> None:
    headers = Headers.of([("a", "1")], immutable=True)
    copy = Headers(headers)

    copy.set("a", "2")

    assert (headers.get("a"), copy.get("a")) == ("1", "2")
    with pytest.raises(JsException, match="Can't modify immutable headers"):
        headers.set("a b", "c")
    with pytest.raises(JsException, match="Can't modify immutable headers"):
        headers.delete("a")


def test_pairs_returns_the_pairs_in_insertion_order() -> None:
    assert Headers(COOKIES).pairs() == [(name.lower(), value) for name, value in COOKIES]


def test_foreach_passes_value_name_and_headers() -> None:
    headers, seen = Headers([("b", "1"), ("a", "2")]), []

    headers.forEach(lambda *args: seen.append(args))

    assert seen == [("2", "a", headers), ("1", "b", headers)]
    with pytest.raises(JsException, match="parameter 1 is not of type 'function'"):
        headers.forEach()
    with pytest.raises(TypeError, match="takes 1 positional argument but 3 were given"):
        headers.forEach(lambda value: value)


def test_supports_brackets_and_in() -> None:
    headers = Headers([("a", "1")])

    headers["b"] = "2"

    assert "A" in headers
    assert "x" not in headers
    assert (headers["b"], headers["x"]) == ("2", jsnull)
    assert not hasattr(headers, "__len__")
    assert not hasattr(headers, "items")


def test_del_removes_but_raises_a_keyerror_as_in_pyodide() -> None:
    headers = Headers([("a", "1")])

    with pytest.raises(KeyError, match="a"):
        del headers["a"]

    assert pairs(headers) == []


def test_iterators_do_not_reflect_later_changes() -> None:
    headers = Headers([("a", "1")])
    values = headers.values()

    headers.set("b", "2")

    assert list(values) == ["1"]
    assert dict(headers.entries()) == {"a": "1", "b": "2"}


def test_str_and_repr_are_those_of_javascript() -> None:
    assert str(Headers()) == repr(Headers()) == "[object Headers]"
    assert Headers().constructor.name == "Headers"
