"""Tests of `URL`: its components, their setters, and `searchParams`."""

import subprocess
import sys
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.url.search_params import URLSearchParams
from pykvbinding.js.url.url import URL, parse_url
from tests.support.paths import ROOT

WHOLE = "https://u:p@example.com:8080/a/b?c=d#e"


def test_all_components_can_be_read() -> None:
    url = URL(WHOLE)

    assert (url.href, url.origin) == (WHOLE, "https://example.com:8080")
    assert (url.protocol, url.username, url.password) == ("https:", "u", "p")
    assert (url.host, url.hostname, url.port) == ("example.com:8080", "example.com", "8080")
    assert (url.pathname, url.search, url.hash) == ("/a/b", "?c=d", "#e")
    assert str(url) == repr(url) == url.toString() == url.toJSON() == WHOLE


def test_missing_components_are_empty() -> None:
    url = URL("foo:bar?#")

    assert (url.host, url.hostname, url.port, url.username) == ("", "", "", "")
    assert (url.search, url.hash, url.href) == ("", "", "foo:bar?#")


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("http://a:80/", "http://a"),
        ("blob:https://a:1/b", "https://a:1"),
        ("blob:file:///a", "null"),
        ("blob:nothing", "null"),
        ("blob:ws://a", "null"),
        ("file:///a", "null"),
        ("foo://a", "null"),
    ],
)
def test_only_some_schemes_have_an_origin(text: str, origin: str) -> None:
    assert URL(text).origin == origin


@pytest.mark.parametrize(
    ("component", "value", "expected"),
    [
        ("href", "http://b", "http://b/"),
        ("protocol", "http", "http://u:p@example.com:8080/a/b?c=d#e"),
        ("protocol", "ftp:more", "ftp://u:p@example.com:8080/a/b?c=d#e"),
        ("protocol", "foo", WHOLE),
        ("protocol", "file", WHOLE),
        ("protocol", "h ttp", WHOLE),
        ("protocol", "\u212a", WHOLE),
        ("username", "é:", "https://%C3%A9%3A:p@example.com:8080/a/b?c=d#e"),
        ("password", "", "https://u@example.com:8080/a/b?c=d#e"),
        ("host", "b", "https://u:p@b:8080/a/b?c=d#e"),
        ("host", "b:443/x", "https://u:p@b/a/b?c=d#e"),
        ("host", "b:99999", "https://u:p@b:8080/a/b?c=d#e"),
        ("host", "a b", WHOLE),
        ("host", "", WHOLE),
        ("host", ":1", WHOLE),
        ("hostname", "[::1]", "https://u:p@[::1]:8080/a/b?c=d#e"),
        ("hostname", "b:1", WHOLE),
        ("port", 90, "https://u:p@example.com:90/a/b?c=d#e"),
        ("port", "9\t0x", "https://u:p@example.com:90/a/b?c=d#e"),
        ("port", "", "https://u:p@example.com/a/b?c=d#e"),
        ("port", None, WHOLE),
        ("port", "70000", WHOLE),
        ("pathname", "x y?#", "https://u:p@example.com:8080/x%20y%3F%23?c=d#e"),
        ("pathname", "", "https://u:p@example.com:8080/?c=d#e"),
        ("search", "??'#\n", "https://u:p@example.com:8080/a/b??%27%23#e"),
        ("search", "", "https://u:p@example.com:8080/a/b#e"),
        ("hash", "#`", "https://u:p@example.com:8080/a/b?c=d#%60"),
        ("hash", "", "https://u:p@example.com:8080/a/b?c=d"),
    ],
)
def test_setting_a_component_ignores_invalid_values(
    component: str, value: Any, expected: str
) -> None:
    url = URL(WHOLE)

    setattr(url, component, value)

    assert url.href == expected


@pytest.mark.parametrize(
    ("before", "component", "value", "expected"),
    [
        ("file:///a", "port", "1", "file:///a"),
        ("file:///a", "port", "", "file:///a"),
        ("file:///a", "username", "u", "file:///a"),
        ("file:///a", "password", "p", "file:///a"),
        ("file:///a", "protocol", "http", "file:///a"),
        ("file:///a", "host", "b:1", "file:///a"),
        ("file:///a", "host", "b", "file://b/a"),
        ("file://b/a", "host", "localhost", "file:///a"),
        ("file://b/a", "protocol", "http", "http://b/a"),
        ("http://b/a", "protocol", "file", "file://b/a"),
        ("http://b:443/a", "protocol", "https", "https://b/a"),
        ("mailto:a", "host", "b", "mailto:a"),
        ("mailto:a", "pathname", "b", "mailto:a"),
        ("foo://a/b", "pathname", "", "foo://a"),
        ("foo://a/b", "pathname", "//c", "foo://a//c"),
        ("foo:/a", "pathname", "//c", "foo:/.//c"),
        ("foo:/a", "pathname", "", "foo:/"),
        ("foo://a:1/b", "host", "", "foo://a:1/b"),
        ("foo://a/b", "host", "", "foo:///b"),
    ],
)
def test_the_scheme_determines_which_components_can_be_set(
    before: str, component: str, value: str, expected: str
) -> None:
    url = URL(before)

    setattr(url, component, value)

    assert url.href == expected


def test_changing_searchparams_updates_the_url() -> None:
    url = URL("http://a/?b=c~&d=e#f")

    url.searchParams.append("g", "h i")
    url.searchParams.delete("d")

    assert url.href == "http://a/?b=c%7E&g=h+i#f"
    url.searchParams.clear()
    assert url.href == "http://a/#f"


def test_changing_the_url_updates_searchparams() -> None:
    url = URL("http://a/?b=c")
    params = url.searchParams

    url.search = "d=e"
    first = str(params)
    url.href = "http://a/?f=g"

    assert (first, str(params)) == ("d=e", "f=g")
    assert url.searchParams is params


def test_changing_copied_parameters_does_not_change_the_url() -> None:
    url = URL("http://a/?b=c")
    copy = URLSearchParams(url.searchParams)

    copy.append("d", "e")

    assert url.search == "?b=c"


@pytest.mark.parametrize("base", [None, "http://a/b/c", URL("http://a/b/c")])
def test_canparse_parse_and_new_agree(base: Any) -> None:
    for text in ("d", "http://e/", "http://a b/", 5):
        parsed = URL.parse(text, base)

        assert URL.canParse(text, base) is (parsed is not jsnull)
        if parsed is not jsnull:
            assert parsed.href == URL(text, base).href


@pytest.mark.parametrize(("url", "base"), [("a", None), ("/a", jsnull), ("a", "b"), ("//", "b:")])
def test_rejects_an_invalid_url(url: str, base: Any) -> None:
    with pytest.raises(JsException, match=r"^Invalid URL string\.$"):
        URL(url, base)


def test_rejects_missing_arguments() -> None:
    with pytest.raises(JsException, match="constructor parameter 1 is not of type 'USVString'"):
        URL()
    for method in (URL.canParse, URL.parse):
        with pytest.raises(JsException, match="parameter 1 is not of type 'USVString'"):
            method()


def test_object_urls_are_not_implemented_as_in_workerd() -> None:
    for method in (URL.createObjectURL, URL.revokeObjectURL):
        with pytest.raises(JsException, match="is not implemented"):
            method("blob:a")


@pytest.mark.parametrize(
    ("text", "base", "href"),
    [
        ("http://localhost:8787/a?b=c#d", None, "http://localhost:8787/a?b=c#d"),
        ("http://localhost", None, "http://localhost/"),
        (" http://É.de ", None, "http://xn--9ca.de/"),
        ("/x", "http://localhost/a", "http://localhost/x"),
        ("http://a/\ud800", None, "http://a/%EF%BF%BD"),
        ("/x", None, None),
        ("x", "y", None),
    ],
)
def test_parse_url_normalizes_or_returns_none(
    text: str, base: str | None, href: str | None
) -> None:
    assert parse_url(text, base) == href


def test_a_missing_ada_url_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ada_url", None)

    with pytest.raises(ModuleNotFoundError) as caught:
        URL("http://a/")

    assert str(caught.value) == ("Parsing a URL needs ada-url: pip install 'pykvbinding[workers]'")


def test_ada_url_is_imported_when_a_url_is_parsed() -> None:
    program = (
        "import sys\n"
        "from pykvbinding.js.url.url import parse_url\n"
        "from pykvbinding.js.fetch.request import Request\n"
        "print('ada_url' in sys.modules, parse_url('http://a'), 'ada_url' in sys.modules)"
    )

    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout

    assert output == "False http://a/ True\n"
