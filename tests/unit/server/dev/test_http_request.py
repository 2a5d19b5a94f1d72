"""HTTP requests as the Worker receives them."""

from typing import Any

import pytest

from pykvbinding.server.dev.http_request import IncomingRequest, is_local, parse_request

SEVERAL = ("LHR", "NRT")


def scope(target: str = "/", *, client: bool = True, **headers: str) -> dict[str, Any]:
    path, _, query = target.partition("?")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "http_version": "1.1",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in named.items()],
        "client": ("127.0.0.1", 5000) if client else None,
        "server": ("127.0.0.1", 8787),
    }


def read(
    target: str = "/", locations: tuple[str, ...] = ("LHR",), **headers: Any
) -> IncomingRequest:
    headers.setdefault("host", "localhost:8787")
    return parse_request(scope(target, **headers), locations, locations[0], 31)


def test_url_is_that_of_the_client() -> None:
    incoming = read("/a%20b/%E6%9D%B1?q=1&q=%2F")

    assert incoming.url == "http://localhost:8787/a%20b/%E6%9D%B1?q=1&q=%2F"
    assert incoming.target == "/a%20b/%E6%9D%B1?q=1&q=%2F"
    assert incoming.path == "/a%20b/%E6%9D%B1"


def test_host_defaults_to_the_address_of_the_server() -> None:
    bare = scope("/")
    nowhere = scope("/") | {"server": None}
    socket = scope("/") | {"server": ("/tmp/socket", None)}

    urls = [parse_request(each, ("LHR",), "LHR", 1).url for each in (bare, nowhere, socket)]

    assert urls == ["http://127.0.0.1:8787/", "http://localhost/", "http:///tmp/socket/"]


def test_raw_path_is_optional() -> None:
    without = scope("/a") | {"raw_path": None}

    assert parse_request(without, ("LHR",), "LHR", 1).path == "/a"


def test_headers_keep_their_order_before_those_of_the_platform() -> None:
    incoming = read("/", x_one="1", cookie="a=1", accept_encoding="gzip, br")

    assert incoming.headers == [
        ("x-one", "1"),
        ("cookie", "a=1"),
        ("host", "localhost:8787"),
        ("accept-encoding", "br, gzip"),
        ("cf-connecting-ip", "127.0.0.1"),
        ("cf-ipcountry", "GB"),
        ("cf-ray", "000000000000001f-LHR"),
        ("cf-visitor", '{"scheme":"http"}'),
        ("x-forwarded-proto", "http"),
        ("x-real-ip", "127.0.0.1"),
    ]
    assert incoming.accept_encoding == "gzip, br"


def test_repeated_headers_stay_separate() -> None:
    repeated = scope("/")
    repeated["headers"] = [(b"x", b"1"), (b"x", b"2")]

    incoming = parse_request(repeated, ("LHR",), "LHR", 1)

    assert incoming.headers[:2] == [("x", "1"), ("x", "2")]


def test_client_may_set_its_address() -> None:
    incoming = read("/", cf_connecting_ip="203.0.113.7")

    values = [value for name, value in incoming.headers if name == "cf-connecting-ip"]
    assert values == ["203.0.113.7"]


def test_address_defaults_to_this_machine() -> None:
    incoming = read("/", client=False)

    assert dict(incoming.headers)["x-real-ip"] == "127.0.0.1"


def test_cf_has_location_and_connection() -> None:
    cf = read("/", accept_encoding="gzip").cf

    assert cf["colo"] == "LHR"
    assert cf["httpProtocol"] == "HTTP/1.1"
    assert cf["clientAcceptEncoding"] == "gzip"
    assert cf["tlsVersion"] == "TLSv1.3"


@pytest.mark.parametrize(
    "headers",
    [
        {"pykvbinding_at": "NRT"},
        {"pykvbinding_at": "nrt"},
        {"host": "nrt.localhost:8787"},
        {"host": "NRT.localhost:8787"},
        {"host": "lhr.localhost:8787", "pykvbinding_at": "NRT"},
    ],
)
def test_request_may_name_its_location(headers: dict[str, str]) -> None:
    incoming = read("/", SEVERAL, cookie="a=1", **headers)

    assert incoming.location == "NRT"
    assert incoming.cf["colo"] == "NRT"
    assert dict(incoming.headers)["host"] == "localhost:8787"
    assert incoming.url == "http://localhost:8787/"
    assert "pykvbinding-at" not in dict(incoming.headers)


def test_reports_an_unknown_location() -> None:
    incoming = read("/", SEVERAL, pykvbinding_at="CDG")

    assert incoming.location == "LHR"
    assert incoming.wrong_location == "CDG"


@pytest.mark.parametrize("host", ["shop.localhost:8787", "nrt.example.com"])
def test_other_hosts_are_passed_to_the_worker(host: str) -> None:
    incoming = read("/", SEVERAL, host=host)

    assert incoming.location == "LHR"
    assert dict(incoming.headers)["host"] == host


def test_hosts_are_unchanged_with_one_location() -> None:
    incoming = read("/", host="lhr.localhost:8787", pykvbinding_at="NRT")

    assert incoming.url == "http://lhr.localhost:8787/"
    assert dict(incoming.headers)["pykvbinding-at"] == "NRT"


@pytest.mark.parametrize(
    ("headers", "local"),
    [
        ({"host": "localhost:8787"}, True),
        ({"host": "127.0.0.1:8787"}, True),
        ({"host": "[::1]:8787"}, True),
        ({"host": "LOCALHOST"}, True),
        ({"host": "192.168.1.7:8787"}, True),
        ({"host": "evil.example"}, False),
        ({"host": "localhost.evil.example"}, False),
        ({"host": "localhost:8787", "origin": "http://localhost:3000"}, True),
        ({"host": "localhost:8787", "origin": "https://evil.example"}, False),
        ({"host": "localhost:8787", "origin": "null"}, False),
    ],
)
def test_handlers_are_restricted_to_this_machine(headers: dict[str, str], local: bool) -> None:
    assert is_local(read("/", ("LHR",), **headers), "192.168.1.7") == local
