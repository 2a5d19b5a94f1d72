"""Random valid and invalid URLs, and component values to set: for the tests of `URL`."""

import random
from typing import Any, TypeAlias

Step: TypeAlias = list[Any]

SCHEMES = [
    *("http:", "https:", "HTTP:", "file:", "ftp:", "ws:", "wss:", "foo:", "mailto:", "data:"),
    *("blob:", "javascript:", "web+x:", "", "", "", "h ttp:", "1a:", "about:", "blob:http:"),
]
SLASHES = ["//", "//", "//", "/", "", "///", "\\\\", "/\\", "\\", "////"]
CREDENTIALS = [
    *("", "", "", "u@", "u:p@", ":@", "u:@", ":p@", "a@b@", "é:ü@", "u:p:q@", "%41@", "@", "[@"),
    "u' \"@",
]
HOSTS = [
    *("example.com", "EXAMPLE.com", "a", "", "localhost", "xn--bcher-kva.de", "xn--a", "xn--"),
    *("1.2.3.4", "0x7f.1", "256", "1.2.3", "1.2.3.4.5", "09.1", "0x", "0xg", "4294967295"),
    *("4294967296", "1..2", "a.1", "a.0x1", "1.2.3.4.", "0xffffffff", "1.0xffffff", "0x1g", "1e"),
    *("[::1]", "[1:2:3:4:5:6:7:8]", "[1::8]", "[::ffff:1.2.3.4]", "[::1.2.3]", "[:1]", "[1:]"),
    *("[::", "[1:0:0:2:0:0:0:3]", "[g::]", "[1:2:3:4:5:6:1.2.3.4]", "[::1.2.3.4:5]", "[0::0]"),
    *("[1:2:3:4:5:6:7::]", "[::2:3:4:5:6:7:8]", "[0:0:0:0:0:0:0:0]", "[12345::]", "[::01.2.3.4]"),
    *("[::1.2.3.256]", "[1::2::3]", "[1:2:3:4:5:6:7:8:9]", "[::1]x", "[v1.x]", "[]", "[::1.2.3.4]"),
    *("é.de", "Bücher.de", "faß.de", "日本。jp", "a b", "a%20b", "a%41", "%65xample", "a<b", "a|b"),
    *(
        "a^b",
        "C:",
        "c|",
        "a_b",
        "-a-",
        "a..b",
        ".",
        "..",
        ".a",
        "a.",
        "ＧＯ.com",
        "%e9",
        "a\u00adb",
    ),
    *("☃.net", "0.0.0.0", "a%00b", "a\x7fb", "a!$&'()*+,;=~b", "*", "ñ%", "😀", "٣.com", "ﬁ.com"),
    *("K.com", "İ.com", "ς.com", "a\u0301.com", "\u0301a.com", "%", "xn--fa-hia.de", "…", "אa1"),
    *("xn--ls8h.la", "א.com", "aא", "א-", "אب1", "א\u06611", "a\u200db", "क्\u200dष", "\ufffd"),
    *("א\u05b0", "xn--4db", "xn--\udcff", "ẞ", "a\u2028b", "\u3164"),
]
PORTS = [
    *("", "", "", "", ":", ":80", ":443", ":8080", ":0", ":00080", ":65535", ":65536", ":a", ":8a"),
    *(":-1", ":21", ": 80", ":999999"),
]
SEGMENTS = [
    *("", "a", "b", ".", "..", "%2e", "%2E.", ".%2e", "a b", "é", "C:", "c|", "C|x", "%zz", "a;b"),
    *("a^b", "`{}", "|", '"<>', "'", "~", "[]", "\\", "a\\b", "%41", "...", ".a", "\t", "\x01"),
    *("@", ":", "*", "😀", "\x7f", "%2f", "&", "a=b", "\ud800"),
]
QUERIES = [
    *("", "", "", "?", "?a=b", "?é", "?'\"<>`{}|^", "?a?b", "?a b#", "?\\/..", "?%zz"),
    *("?a&b=c+d", "?😀\x01\x7f"),
]
FRAGMENTS = ["", "", "", "#", "#a", "#é", "# \"<>`{}|^'", "#a#b", "#\\/..?", "#%zz\x01\x7f"]
PADDINGS = ["", "", "", "", "", " ", "\t", "\n ", "\x00", "\x1f", "\u00a0"]
PREFIXES = ["http://", "https://", "foo://"]
BASES = [
    *("http://h/a/b/c?q#f", "https://u:p@h:81/x/", "file:///C:/a/b", "file://h/a/b", "foo://h/a/b"),
    *("foo:/a/b/c", "http://h", "foo://h", "file:///", "ws://h/\\a", "file:/C|/d"),
]
COMPONENTS = [
    *("href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname"),
    *("search", "hash"),
]


def make_url(draw: random.Random) -> str:
    """Return a random URL, valid or invalid."""
    fraction = draw.random()
    if fraction < 0.12:
        text = make_path(draw) + make_suffix(draw)
    elif fraction < 0.2:
        text = "".join(draw.choices("htps:/\\?#@.[]% a1-\t|é", k=draw.randrange(12)))
    elif fraction < 0.3:
        text = draw.choice(SCHEMES) + make_path(draw) + make_suffix(draw)
    elif fraction < 0.5:
        text = draw.choice(PREFIXES) + draw.choice(HOSTS) + draw.choice(PORTS) + draw.choice("/ ")
    else:
        start = draw.choice(SCHEMES) + draw.choice(SLASHES) + draw.choice(CREDENTIALS)
        text = start + draw.choice(HOSTS) + draw.choice(PORTS) + make_path(draw) + make_suffix(draw)
    if draw.random() < 0.1:
        index = draw.randrange(len(text) + 1)
        text = text[:index] + draw.choice("\t\n\r ") + text[index:]
    return draw.choice(PADDINGS) + text + draw.choice(PADDINGS)


def make_path(draw: random.Random) -> str:
    slashes = ["/", "/", "/", "\\", "//", ""]
    count = draw.choice([0, 0, 1, 1, 2, 3, 5])
    return "".join(draw.choice(slashes) + draw.choice(SEGMENTS) for _ in range(count))


def make_suffix(draw: random.Random) -> str:
    return draw.choice(QUERIES) + draw.choice(FRAGMENTS)


def make_host_and_port(draw: random.Random) -> str:
    host = draw.choice(HOSTS) + draw.choice(PORTS)
    return host + draw.choice(["", "", "/x", "?x", "#x", "\\x"])


def make_set_step(draw: random.Random) -> Step:
    """Return a step that sets a component of a URL to a random value."""
    values = {
        "href": make_url(draw),
        "protocol": draw.choice([*SCHEMES, "http", "https", "file", "foo", "htt\tp", "1", "a b:"]),
        "username": draw.choice(CREDENTIALS + SEGMENTS),
        "password": draw.choice(CREDENTIALS + SEGMENTS),
        "host": draw.choice(["", "", "", "@"]) + make_host_and_port(draw),
        "hostname": make_host_and_port(draw),
        "port": draw.choice(PORTS)[1:] + draw.choice(["", "", "", "x", "/", "\t1", " "]),
        "pathname": make_path(draw),
        "search": draw.choice([*QUERIES, "a", "??", "#", "a#b"]),
        "hash": draw.choice([*FRAGMENTS, "a", "##"]),
    }
    name = draw.choice(list(values))
    return ["set", name, values[name]]


def make_url_program(draw: random.Random) -> list[Step]:
    """Return a program that constructs a URL, sets a component, and reads all components."""
    base = [draw.choice(BASES)] if draw.random() < 0.35 else []
    set_steps = [make_set_step(draw)] if draw.random() < 0.35 else []
    read = ["read", [*COMPONENTS, "searchParams"]]
    return [["new", "URL", [make_url(draw), *base]], read, *set_steps, read]
