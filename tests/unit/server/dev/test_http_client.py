"""`fetch` of a Worker on a local server: real responses over the loopback interface."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.dev_server import Served, Start, handler, serving


class Echo(BaseHTTPRequestHandler):
    """Responds with a description of the request."""

    def do_GET(self) -> None:
        kind, _, rest = self.path.lstrip("/").partition("/")
        if kind.isdecimal() and 300 <= int(kind) < 400:
            self.send_response(int(kind))
            self.send_header("Location", rest if "://" in rest else f"/{rest}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(int(kind) if kind.isdecimal() else 200)
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        told = [self.command, self.path, self.headers.get("x-one"), body]
        told.append(self.headers.get("authorization"))
        content = b"" if kind == "204" else json.dumps(told).encode()
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Serve a Worker whose `fetch` has these lines."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving(tmp_path) as start:
        yield lambda *lines: start(handler("from workers import fetch", *lines))


def asking(url: str, **options: object) -> str:
    named = "".join(f", {name}={value!r}" for name, value in options.items())
    return f"answer = await fetch({url!r}{named})"


TELL = "return Response.json([answer.status, await answer.text()])"


def told(server: Served) -> Any:
    status, text = json.loads(server.get("/").body)
    return status, json.loads(text) if text else None


def test_worker_gets_the_response_of_a_server(start: Start, site: str) -> None:
    server = start(asking(f"{site}/a?b=c", headers={"x-one": "1", "accept-encoding": "br"}), TELL)

    assert told(server) == (200, ["GET", "/a?b=c", "1", "", None])


def test_sends_a_body(start: Start, site: str) -> None:
    server = start(asking(f"{site}/a", method="POST", body="grüße"), TELL)

    assert told(server) == (200, ["POST", "/a", None, "grüße", None])


def test_accepts_any_status(start: Start, site: str) -> None:
    assert told(start(asking(f"{site}/404/x"), TELL)) == (404, ["GET", "/404/x", None, "", None])


def test_accepts_a_response_without_body(start: Start, site: str) -> None:
    assert told(start(asking(f"{site}/204"), TELL)) == (204, None)


def test_keeps_cookies_separate(start: Start, site: str) -> None:
    server = start(
        asking(f"{site}/a"),
        "cookies = list(answer.js_object.headers.getSetCookie())",
        "return Response.json(cookies)",
    )

    assert json.loads(server.get("/").body) == ["a=1", "b=2"]


def test_follows_redirects(start: Start, site: str) -> None:
    server = start(asking(f"{site}/302/307/a", method="PUT", body="x"), TELL)

    assert told(server) == (200, ["PUT", "/a", None, "x", None])


@pytest.mark.parametrize("status", [301, 302, 303])
def test_redirected_post_becomes_a_get(status: int, start: Start, site: str) -> None:
    server = start(asking(f"{site}/{status}/a", method="POST", body="x"), TELL)

    assert told(server) == (200, ["GET", "/a", None, "", None])


def test_redirects_can_be_returned(start: Start, site: str) -> None:
    server = start(asking(f"{site}/302/a", redirect="manual"), TELL)

    assert told(server) == (302, None)


def test_limits_the_number_of_redirects(start: Start, site: str) -> None:
    reply = start(asking(f"{site}/{'302/' * 25}a"), TELL).get("/")

    assert "Too many redirects." in reply.text


def test_missing_server_is_an_error(start: Start) -> None:
    server = start(asking("http://127.0.0.1:1/"), TELL)

    reply = server.get("/")

    assert "Network connection lost." in reply.text
    assert any("fetch('http://127.0.0.1:1/'): " in line for line in server.lines())


def test_rejects_file_urls(start: Start, site: str) -> None:
    reply = start(asking(f"{site}/302/file:///etc/hosts"), TELL).get("/")

    assert reply.status == 500
    assert "Fetch API cannot load: file:///etc/hosts" in reply.text


@pytest.mark.parametrize(("host", "kept"), [("127.0.0.1", "secret"), ("localhost", None)])
def test_redirect_to_another_host_drops_the_authorization(
    host: str, kept: str | None, start: Start, site: str
) -> None:
    target = f"{site}/302/{site.replace('127.0.0.1', host)}/a"

    server = start(asking(target, headers={"authorization": "secret"}), TELL)

    assert told(server)[1][-1] == kept
