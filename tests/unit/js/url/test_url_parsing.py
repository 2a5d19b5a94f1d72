"""Tests of URL parsing against results of workerd: schemes, slashes, hosts, references."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.url.url import URL, parse_url


def host_of(text: str, scheme: str = "http") -> str | None:
    """Return the normalized host; `None` if the URL is invalid."""
    href = parse_url(f"{scheme}://{text}/")
    return None if href is None else URL(href).hostname


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
def test_a_url_is_normalized(text: str, href: str) -> None:
    assert parse_url(text) == href


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
def test_an_invalid_url_is_none(text: str) -> None:
    assert parse_url(text) is None


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
def test_a_reference_is_resolved_against_its_base(base: str, text: str, href: str) -> None:
    assert parse_url(text, base) == href


@pytest.mark.parametrize("text", ["", "a", "/a", "?a", "a#b"])
def test_an_opaque_path_is_a_base_of_fragments_only(text: str) -> None:
    assert parse_url(text, "mailto:a") is None


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Example.COM", "example.com"),
        ("a%41", "aa"),
        ("É.de", "xn--9ca.de"),
        ("a_b.c", "a_b.c"),
        ("a..b", "a..b"),
        ("1.2.3.4.", "1.2.3.4"),
        ("0x7F.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("256", "0.0.1.0"),
        ("1.0x20003", "1.2.0.3"),
        ("0x", "0.0.0.0"),
        ("1.a", "1.a"),
        ("[1:2::8]", "[1:2::8]"),
        ("[1:0:0:4:0:0:0:8]", "[1:0:0:4::8]"),
        ("[0:0::]", "[::]"),
        ("[::FFFF:1.2.3.4]", "[::ffff:102:304]"),
        ("[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:0]"),
        ("[1:2:3:4:5:6:1.2.3.4]", "[1:2:3:4:5:6:102:304]"),
    ],
)
def test_a_host_is_normalized(text: str, host: str) -> None:
    assert host_of(text) == host


@pytest.mark.parametrize(
    "text",
    [
        *("a b", "a<b", "a%00", "%", "%zz", "a\x7f", "\u00ad", "1.2.3.4.5", "256.1", "1.256.1.1"),
        *("4294967296", "0x100000000", "08.1", "1.08", "a.1", "1..2", "0xg.0x1", "9" * 5000),
        *("[::1", "[]", "[:]", "[:::]", "[1]", "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "[g::]", "[%1]"),
        *("[12345::]", "[::1.2.3]", "[::1.2.3.256]", "[::01.2.3.4]", "[1.2.3.4]", "[::1.2.3.4:5]"),
        *("[1.2.3.4::]", "[1:2:3:4::5:6:7:8]", "[:1]", "[1:]", "[::1]x"),
    ],
)
def test_an_invalid_host_makes_the_url_invalid(text: str) -> None:
    assert host_of(text) is None


@pytest.mark.parametrize(
    ("text", "host"), [("A%zzé", "A%zz%C3%A9"), ("1", "1"), ("[::1]", "[::1]"), ("a b", None)]
)
def test_a_host_of_a_scheme_that_is_not_special_is_opaque(text: str, host: str | None) -> None:
    assert host_of(text, "foo") == host


@given(st.integers(0, 2**32 - 1))
def test_a_number_is_an_ipv4_address(number: int) -> None:
    address = str(ipaddress.IPv4Address(number))

    assert host_of(str(number)) == address
    assert host_of(hex(number)) == address
    assert host_of(address) == address


@given(st.lists(st.integers(0, 2**16 - 1) | st.just(0), min_size=8, max_size=8))
def test_an_ipv6_address_is_compressed(pieces: list[int]) -> None:
    text = ":".join(f"{piece:04X}" for piece in pieces)

    host = host_of(f"[{text}]")

    assert host is not None
    assert ipaddress.IPv6Address(host[1:-1]) == ipaddress.IPv6Address(text)
    assert host_of(host) == host
    assert len(host[1:-1]) <= len(ipaddress.IPv6Address(text).compressed)


@pytest.mark.parametrize(
    ("domain", "ascii_domain"),
    [
        ("Bücher.DE", "xn--bcher-kva.de"),
        ("faß.de", "xn--fa-hia.de"),
        ("ẞ", "xn--zca"),
        ("ς", "xn--3xa"),
        ("日本。jp", "xn--wgv71a.jp"),
        ("ＧＯ.com", "go.com"),
        ("①.a", "1.a"),
        ("a\u00adb", "ab"),
        ("é..b", "xn--9ca..b"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("क्\u200dष", "xn--11b2ezcw70k"),
        ("אב", "xn--4dbc"),
        ("א\u05b0", "xn--7cb7d"),
        ("xn--", "xn--"),
        ("xn--a", "xn--a"),
        ("xn--zn7c", "xn--zn7c"),
        ("xn--a-4s", "xn--a-4s"),
    ],
)
def test_a_domain_is_mapped_to_ascii(domain: str, ascii_domain: str) -> None:
    assert host_of(domain) == ascii_domain


@pytest.mark.parametrize(
    "domain",
    [
        *("XN--é", "xn--bcher-KVA\ufffd", "xn--ß", "xn--a\u0301", "1אב", "aא"),
        *(
            "a\u200db",
            "\u200da",
            "\u0301a",
            "a\ufffdb",
            "a\ufffcb",
            "a\ue000",
            "a\u2028b",
            "a\u0378",
        ),
        *("…", "a…b", "㏂", "⒈", "אa", "aאb", "א-", "א\u06611", "אa\u05b0"),
    ],
)
def test_an_invalid_domain_makes_the_url_invalid(domain: str) -> None:
    assert host_of(domain) is None
