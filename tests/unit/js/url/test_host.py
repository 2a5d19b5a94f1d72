"""Hosts of URLs: domains, addresses, and what is none."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.url.host import parse_host


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
def test_a_host_is_spelled_out(text: str, host: str) -> None:
    assert parse_host(text, special=True) == host


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
def test_what_is_no_host_is_none(text: str) -> None:
    assert parse_host(text, special=True) is None


@pytest.mark.parametrize(
    ("text", "host"), [("A%zzé", "A%zz%C3%A9"), ("1", "1"), ("[::1]", "[::1]"), ("a b", None)]
)
def test_a_host_of_another_scheme_is_hardly_looked_at(text: str, host: str | None) -> None:
    assert parse_host(text, special=False) == host


@given(st.integers(0, 2**32 - 1))
def test_a_number_is_an_address(number: int) -> None:
    address = str(ipaddress.IPv4Address(number))

    assert parse_host(str(number), special=True) == address
    assert parse_host(hex(number), special=True) == address
    assert parse_host(address, special=True) == address


@given(st.lists(st.integers(0, 2**16 - 1) | st.just(0), min_size=8, max_size=8))
def test_an_ipv6_address_is_written_shortest(pieces: list[int]) -> None:
    spelled = ":".join(f"{piece:04X}" for piece in pieces)

    host = parse_host(f"[{spelled}]", special=True)

    assert host is not None
    assert ipaddress.IPv6Address(host[1:-1]) == ipaddress.IPv6Address(spelled)
    assert parse_host(host, special=True) == host
    assert len(host[1:-1]) <= len(ipaddress.IPv6Address(spelled).compressed)
