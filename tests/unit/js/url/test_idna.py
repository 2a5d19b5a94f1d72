"""Domain names beyond ASCII, as the runtime maps them."""

import pytest

from pykvbinding.js.url.idna import to_ascii


@pytest.mark.parametrize(
    ("domain", "ascii_domain"),
    [
        ("Bücher.DE", "xn--bcher-kva.de"),
        ("faß.de", "xn--fa-hia.de"),
        ("ẞ", "xn--zca"),
        ("ς", "xn--3xa"),
        ("日本。jp", "xn--wgv71a.jp"),
        ("ＧＯ.com", "go.com"),
        ("①", "1"),
        ("a\u00adb", "ab"),
        ("é..b", "xn--9ca..b"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("XN--é", None),
        ("क्\u200dष", "xn--11b2ezcw70k"),
        ("אב", "xn--4dbc"),
        ("א\u05b0", "xn--7cb7d"),
        ("1אב", "xn--1-0hcd"),
        ("aא", "xn--a-0hc"),
    ],
)
def test_a_domain_is_spelled_in_ascii(domain: str, ascii_domain: str | None) -> None:
    assert to_ascii(domain) == ascii_domain


@pytest.mark.parametrize(
    "domain",
    [
        *("xn--", "xn--a", "xn--bcher-KVA\ufffd", "xn--ß", "xn--a\u0301", "xn--zn7c", "xn--a-4s"),
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
def test_what_no_domain_can_hold_is_refused(domain: str) -> None:
    assert to_ascii(domain) is None
