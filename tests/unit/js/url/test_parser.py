"""The parser of URLs: schemes, slashes, relative references, files."""

import pytest

from pykvbinding.js.url.components import Invalid
from pykvbinding.js.url.parser import parse


@pytest.mark.parametrize(
    ("text", "href"),
    [
        (" \thttp://a/\n", "http://a/"),
        ("ht\ntp://a/b\tc", "http://a/bc"),
        ("HTTPS:a", "https://a/"),
        ("http:\\\\a\\b\\..\\c", "http://a/c"),
        ("http:////a", "http://a/"),
        ("http://a/b/./../c/.", "http://a/c/"),
        ("http://a/../%2E%2e/b/%2e", "http://a/b/"),
        ("http://a?b?c#d#e", "http://a/?b?c#d#e"),
        ("http://u:p:q@@a:81", "http://u:p%3Aq%40@a:81/"),
        ("http://@a:", "http://a/"),
        ("foo://A:00012/B/../C?'", "foo://A:12/C?'"),
        ("foo:", "foo:"),
        ("foo:/a/../..", "foo:/"),
        ("foo:/.//a", "foo:/.//a"),
        ("foo:///a", "foo:///a"),
        ("foo:a b /../c", "foo:a b /../c"),
        ("foo:a  ?b", "foo:a %20?b"),
        ("foo:a  #b", "foo:a %20#b"),
        ("foo://?a", "foo://?a"),
        ("file:a", "file:///a"),
        ("file:/a", "file:///a"),
        ("file://localhost/a", "file:///a"),
        ("file://b\\a", "file://b/a"),
        ("file:///C|/../..", "file:///C:/"),
        ("file://C:/a", "file:///C:/a"),
        ("file:C|\\a", "file:///C:/a"),
        ("file:", "file:///"),
        ("file:?a", "file:///?a"),
    ],
)
def test_a_url_is_spelled_out(text: str, href: str) -> None:
    assert str(parse(text)) == href


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "a",
            "/a",
            "//a",
            "http://",
            "http:",
            "http://a b/",
            "http://a:b/",
            "http://a:65536/",
        ),
        *("http://:80/", "http://u@/", "foo://u@/", "foo://:80", "http://[::1", "1a:b", "?a", "#a"),
        *("http://a:" + "9" * 5000, "file://a b/", "http://[::1]x/", "foo://a b"),
    ],
)
def test_what_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse(text)


@pytest.mark.parametrize(
    ("base", "text", "href"),
    [
        ("http://a/b/c?d#e", "", "http://a/b/c?d"),
        ("http://a/b/c?d#e", "f", "http://a/b/f"),
        ("http://a/b/c?d#e", "?f", "http://a/b/c?f"),
        ("http://a/b/c?d#e", "#f", "http://a/b/c?d#f"),
        ("http://a/b/c", "/f", "http://a/f"),
        ("http://a/b/c", "\\f", "http://a/f"),
        ("http://u:p@a:81/b", "//f", "http://f/"),
        ("http://u:p@a:81/b", "f", "http://u:p@a:81/f"),
        ("http://a/b", "http:f", "http://a/f"),
        ("http://a/b", "https:f", "https://f/"),
        ("http://a/b", "http:\\\\f", "http://f/"),
        ("http://a/b", "../..", "http://a/"),
        ("foo://a/b/c", "../d", "foo://a/d"),
        ("foo://a/b", "//c/d", "foo://c/d"),
        ("foo://a/b", "/\\c", "foo://a/\\c"),
        ("foo://a", "b", "foo://a/b"),
        ("foo://a", "?b", "foo://a?b"),
        ("mailto:a?b", "#c", "mailto:a?b#c"),
        ("file://a/b/c", "d", "file://a/b/d"),
        ("file://a/b/c", "/d", "file://a/d"),
        ("file://a/b/c", "//d/e", "file://d/e"),
        ("file://a/b/c", "?d", "file://a/b/c?d"),
        ("file:///C:/b/c", "/d", "file:///C:/d"),
        ("file:///C:/b", "D|/e", "file:///D:/e"),
        ("file:///C:/b", "/D:/e", "file:///D:/e"),
        ("file:///C:/b", "..", "file:///C:/"),
        ("file:///a", "file:b", "file:///b"),
        ("http://a/b", "file:b", "file:///b"),
        ("file:///a", "http:b", "http://b/"),
    ],
)
def test_a_reference_is_read_beside_its_base(base: str, text: str, href: str) -> None:
    assert str(parse(text, parse(base))) == href


@pytest.mark.parametrize("text", ["", "a", "/a", "?a", "a#b"])
def test_nothing_but_a_fragment_stands_beside_an_opaque_path(text: str) -> None:
    with pytest.raises(Invalid):
        parse(text, parse("mailto:a"))
