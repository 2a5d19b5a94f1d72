"""The log of a local server, and responses if a handler fails."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dev_server import Start, handler, serving, timeless


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path) as start:
        yield start


BOOM = handler("return helper(await self.env.KV.get('k'))") + (
    "\n\ndef helper(found):\n    raise ValueError(f'found {found}')\n"
)


def test_shows_an_exception_with_the_frames_of_the_user(start: Start) -> None:
    server = start(BOOM)

    reply = server.get("/")

    traceback = reply.text.splitlines()
    assert (reply.status, reply.header("content-type")) == (500, "text/plain;charset=UTF-8")
    assert traceback[0] == "Traceback (most recent call last):"
    assert [line for line in traceback if "File" in line] == [
        '  File "src/entry.py", line 7, in fetch',
        '  File "src/entry.py", line 11, in helper',
    ]
    assert traceback[-1] == "ValueError: found None"
    assert timeless(server.lines()) == [
        "GET / 500 in 1 ms",
        '    KV.get("k")   None   MISS',
        *(f"    {line}" for line in traceback),
    ]


def test_browser_gets_a_page(start: Start) -> None:
    server = start(BOOM)

    reply = server.get("/", accept="text/html,*/*")

    assert (reply.status, reply.header("content-type")) == (500, "text/html;charset=UTF-8")
    assert "<h1>ValueError: found None</h1>" in reply.text
    assert "error code: 1101" in reply.text


def test_reports_an_invalid_result_with_the_runtime_text(start: Start) -> None:
    server = start(handler("return 'just text'"))

    reply = server.get("/")

    assert reply.status == 500
    assert "did not resolve to 'Response'" in reply.text


def test_shows_operations_after_the_response_separately(start: Start) -> None:
    server = start(
        handler(
            "import asyncio",
            "async def write():",
            "    for _ in range(20):",
            "        await asyncio.sleep(0)",
            "    await self.env.KV.put('later', '1')",
            "self.ctx.waitUntil(write())",
            "return Response('soon')",
        )
    )

    assert server.get("/").text == "soon"

    assert timeless(server.lines()) == [
        "GET / 200 in 1 ms",
        "    after the response, in 1 ms:",
        '    KV.put("later")   1 B',
    ]


def test_shows_an_exception_after_the_response(start: Start) -> None:
    server = start(
        handler(
            "async def fail():",
            "    raise ValueError('too late')",
            "self.ctx.waitUntil(fail())",
            "return Response('soon')",
        )
    )

    assert server.get("/").status == 200

    lines = timeless(server.lines())
    assert lines[:2] == ["GET / 200 in 1 ms", "    after the response, in 1 ms:"]
    assert lines[-1] == "    ValueError: too late"
    assert lines.count("    ValueError: too late") == 1


def test_writes_the_output_of_the_worker(start: Start) -> None:
    server = start(
        handler(
            "js.console.log('a', 1)",
            "js.console.warn('careful')",
            "js.console.error('two\\nlines')",
            "return Response('')",
        )
    )

    server.get("/")

    assert server.lines()[:4] == ["    a 1", "    careful", "    two", "    lines"]


def test_writes_a_usage_warning_with_its_line(start: Start) -> None:
    server = start(
        handler("await self.env.KV.put('k', 'v', expiration_ttl=60)", "return Response('')")
    )

    server.get("/")

    (line, *_) = server.lines()
    assert line.startswith("    src/entry.py:7: ")
    assert "expirationTtl" in line


def test_concurrent_requests_have_separate_operations(start: Start) -> None:
    server = start(
        handler(
            "import asyncio",
            "for n in range(3):",
            "    await self.env.KV.get(request.url[-1] + str(n))",
            "    await asyncio.sleep(0)",
            "return Response('')",
        )
    )

    async def both() -> None:
        await asyncio.gather(server.exchange("GET", "/a"), server.exchange("GET", "/b"))

    server.run(both())

    lines = [line.strip().split("   ")[0] for line in timeless(server.lines())]
    assert lines == [
        "GET /a 200 in 1 ms",
        *(f'KV.get("a{n}")' for n in range(3)),
        "GET /b 200 in 1 ms",
        *(f'KV.get("b{n}")' for n in range(3)),
    ]
