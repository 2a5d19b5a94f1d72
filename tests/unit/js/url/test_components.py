"""`Parts`: what the pieces of a URL are by themselves."""

import pytest

from pykvbinding.js.url.components import Invalid, Parts, split_port
from pykvbinding.js.url.parser import parse


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("a", ("a", "", "")),
        ("a:1", ("a", ":", "1")),
        ("a:1:2", ("a", ":", "1:2")),
        ("[::1]:80", ("[::1]", ":", "80")),
        ("[::1", ("[::1", "", "")),
        ("[::1]x", ("[::1]x", "", "")),
    ],
)
def test_a_port_stands_behind_the_brackets(place: str, expected: tuple[str, str, str]) -> None:
    assert split_port(place) == expected


def test_a_copy_is_apart_from_the_original() -> None:
    parts = parse("http://u@a:1/b?c#d")
    copy = parts.copy()

    copy.read_path("e")

    assert (str(parts), str(copy)) == ("http://u@a:1/b?c#d", "http://u@a:1/e?c#d")


def test_the_port_of_the_scheme_is_none() -> None:
    parts = Parts("wss")

    parts.read_port("0443")

    assert parts.port is None
    with pytest.raises(Invalid):
        parts.read_port("65536")


def test_segments_leave_out_the_last() -> None:
    assert parse("http://a/b/c").segments() == ["b"]
    assert parse("file:///C:/").segments() == ["C:"]
    assert parse("foo://a").segments() == []
