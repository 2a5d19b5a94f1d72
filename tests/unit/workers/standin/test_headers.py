"""`headers` of a request or response in Python, with our own `workers` and the SDK's."""

from types import ModuleType
from typing import Any

import pytest

from tests.support import workers_fixture as standing_in

workers = standing_in.workers

PAIRS = [("B", "2"), ("Set-Cookie", "a=1; Path=/"), ("a", " 1 "), ("set-cookie", "b=2")]


def headers_of(workers: ModuleType, pairs: list[tuple[str, str]] = PAIRS) -> Any:
    return workers.Response(None, headers=pairs).headers


def test_names_have_no_case(workers: ModuleType) -> None:
    headers = headers_of(workers)

    assert headers["b"] == headers["B"] == headers.get("B") == "2"
    assert "b" in headers
    assert "B" in headers


def test_an_absent_name_is_none(workers: ModuleType) -> None:
    headers = headers_of(workers)

    assert headers["nope"] is None
    assert headers.get("nope") is None
    assert headers.get("nope", "else") == "else"
    assert headers.get_all("nope") is None
    assert headers.get_all("nope", []) == []
    assert "nope" not in headers


def test_every_cookie_is_there(workers: ModuleType) -> None:
    headers = headers_of(workers)

    assert headers["set-cookie"] == "a=1; Path=/"
    assert headers.get_all("Set-Cookie") == ["a=1; Path=/", "b=2"]


def test_cookies_come_first_and_the_rest_by_name(workers: ModuleType) -> None:
    headers = headers_of(workers)

    assert headers.keys() == list(headers) == ["Set-Cookie", "Set-Cookie", "a", "b"]
    assert headers.values() == ["a=1; Path=/", "b=2", "1", "2"]
    assert headers.items() == list(zip(headers.keys(), headers.values(), strict=True))
    assert len(headers) == 4
    assert dict(headers.items()) == {"Set-Cookie": "b=2", "a": "1", "b": "2"}
    assert dict(headers) == {"Set-Cookie": "a=1; Path=/", "a": "1", "b": "2"}


def test_assignment_adds_and_del_removes_in_a_copy(workers: ModuleType) -> None:
    response = workers.Response(None, headers={"a": "1"})
    headers = response.headers

    headers["a"] = "2"
    headers["c"] = "3"
    assert headers.get_all("A") == ["1", "2"]
    del headers["A"]
    del headers["nope"]

    assert headers.items() == [("c", "3")]
    assert response.headers.items() == [("a", "1")]


def test_a_value_is_replaced_in_its_place(workers: ModuleType) -> None:
    headers = headers_of(workers)

    headers.replace_header("A", "one")

    assert headers.items()[2:] == [("a", "one"), ("b", "2")]
    with pytest.raises(KeyError):
        headers.replace_header("nope", "x")


def test_a_header_with_parameters_is_added(workers: ModuleType) -> None:
    headers = headers_of(workers, [])

    headers.add_header("Content-Disposition", "attachment", filename="a.txt")
    headers.add_header("X-Plain", "1")

    assert headers.items() == [
        ("Content-Disposition", 'attachment; filename="a.txt"'),
        ("X-Plain", "1"),
    ]


def test_it_is_parsed_as_a_message_is(workers: ModuleType) -> None:
    headers = headers_of(workers, [("content-type", "text/HTML; charset=utf-8"), ("a", "1")])

    assert headers.get_content_type() == "text/html"
    assert headers.get_content_charset() == "utf-8"
    assert headers.get_param("charset") == "utf-8"
    assert str(headers) == "a: 1\ncontent-type: text/HTML; charset=utf-8\n\n"
    with pytest.raises(AttributeError, match=r"has no attribute 'get_everything'$"):
        headers.get_everything()


def test_it_is_a_mapping(workers: ModuleType) -> None:
    from collections.abc import Mapping

    assert isinstance(headers_of(workers), Mapping)
    assert headers_of(workers) == headers_of(workers)
    assert not headers_of(workers, [])
