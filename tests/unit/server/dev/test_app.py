"""Responses that a client gets from the local server."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dev_server import Start, handler, serving, timeless


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path) as start:
        yield start


def test_responds_and_logs_the_operations(start: Start) -> None:
    server = start()

    first, second = server.get("/"), server.get("/a?b=c")

    assert (first.status, first.text) == (200, "Hello, visit 1")
    assert second.text == "Hello, visit 2"
    assert timeless(server.lines()) == [
        "GET / 200 in 1 ms",
        '    KV.get("visits")   None   MISS',
        '    KV.put("visits")   1 B',
        "GET /a?b=c 200 in 1 ms",
        '    KV.get("visits")   1 B   MISS',
        '    KV.put("visits")   1 B',
    ]


def test_sends_headers_unchanged_and_cookies_separately(start: Start) -> None:
    server = start(
        handler(
            "response = Response('hi', headers={'x-one': '1', 'x-latin': 'ü'})",
            "response.js_object.headers.append('set-cookie', 'a=1')",
            "response.js_object.headers.append('set-cookie', 'b=2')",
            "return response",
        )
    )

    reply = server.get("/")

    assert [value for name, value in reply.headers if name == "set-cookie"] == ["a=1", "b=2"]
    assert reply.header("x-one") == "1"
    assert reply.header("x-latin") == "ü"
    assert reply.header("content-length") == "2"
    assert reply.header("content-type") == "text/plain;charset=UTF-8"


def test_request_has_body_url_headers_and_cf(start: Start) -> None:
    server = start(
        handler(
            "told = [request.method, request.url, request.headers['x-one'], await request.text()]",
            "return Response.json([*told, request.js_object.cf.colo])",
        )
    )

    reply = server.ask("POST", "/a%20b?c=d", body=[b"gr\xc3\xbc\xc3\x9fe"], x_one="1")

    assert json.loads(reply.body) == [
        "POST",
        "http://localhost:8787/a%20b?c=d",
        "1",
        "grüße",
        "LHR",
    ]


def test_body_in_several_messages_is_a_stream(start: Start) -> None:
    server = start(
        handler(
            "sizes = [len(chunk.to_bytes()) async for chunk in request.js_object.body]",
            "return Response.json(sizes)",
        )
    )

    reply = server.ask("PUT", "/", body=[b"", b"abc", b"", b"de"])

    assert json.loads(reply.body) == [3, 2]


def test_stores_a_body_in_several_messages(start: Start) -> None:
    server = start(
        handler("await self.env.KV.put('k', request.js_object.body)", "return Response(None)")
    )

    server.ask("PUT", "/", body=[b"first, ", b"second"])

    assert server.project.namespaces.account.namespace("kv").peek("k") == b"first, second"


def test_passes_bytes_unchanged(start: Start) -> None:
    server = start(handler("return Response(await request.bytes())"))
    every = bytes(range(256))

    reply = server.ask("POST", "/", body=[every])

    assert reply.body == every
    assert reply.header("content-length") == "256"


STREAM = handler(
    "import asyncio",
    "async def pull(controller):",
    "    await asyncio.sleep(0)",
    "    self.count = getattr(self, 'count', 0) + 1",
    "    if self.count > 3:",
    "        controller.close()",
    "    else:",
    "        controller.enqueue(to_js(f'chunk {self.count};'.encode()))",
    "from pyodide.ffi import create_proxy, to_js",
    "stream = js.ReadableStream.new(pull=create_proxy(pull))",
    "return Response(stream)",
)


def test_sends_a_stream_chunk_by_chunk(start: Start) -> None:
    server = start(STREAM)

    reply = server.get("/")

    assert reply.chunks == [b"chunk 1;", b"chunk 2;", b"chunk 3;"]
    assert reply.header("content-length") is None


def test_cancels_a_stream_when_the_client_disconnects(start: Start) -> None:
    server = start(
        handler(
            "import asyncio",
            "from pyodide.ffi import create_proxy, to_js",
            "async def pull(controller):",
            "    await asyncio.sleep(0)",
            "    controller.enqueue(to_js(b'again'))",
            "async def cancel(reason):",
            "    await self.env.KV.put('cancelled', 'yes')",
            "stream = js.ReadableStream.new(pull=create_proxy(pull), cancel=create_proxy(cancel))",
            "return Response(stream)",
        )
    )

    async def leave() -> None:
        gone = asyncio.Event()
        asking = asyncio.ensure_future(server.exchange("GET", "/", gone=gone))
        for _ in range(20):
            await asyncio.sleep(0)
        gone.set()
        await asyncio.wait_for(asking, 5)

    server.run(leave())

    assert server.project.namespaces.account.namespace("kv").peek("cancelled") == "yes"


def test_logs_a_failing_stream(start: Start) -> None:
    server = start(
        handler(
            "from pyodide.ffi import create_proxy, to_js",
            "async def pull(controller):",
            "    if hasattr(self, 'begun'):",
            "        raise ValueError('halfway')",
            "    self.begun = True",
            "    controller.enqueue(to_js(b'begin'))",
            "return Response(js.ReadableStream.new(pull=create_proxy(pull)))",
        )
    )

    with pytest.raises(Exception, match="halfway"):
        server.get("/")

    written = "\n".join(server.lines())
    assert "GET / 200" in written
    assert "halfway" in written


def test_head_response_has_headers_and_no_body(start: Start) -> None:
    server = start(handler("return Response('four', headers={'x-one': '1'})"))

    reply = server.ask("HEAD", "/")

    assert (reply.status, reply.body, reply.header("x-one")) == (200, b"", "1")
    assert reply.header("content-length") == "4"


def test_head_request_does_not_read_a_stream(start: Start) -> None:
    server = start(STREAM)

    assert server.ask("HEAD", "/").chunks == []


@pytest.mark.parametrize("status", [204, 304])
def test_null_body_statuses_have_no_body(status: int, start: Start) -> None:
    server = start(handler(f"return Response(None, status={status})"))

    reply = server.get("/")

    assert (reply.status, reply.body, reply.header("content-length")) == (status, b"", None)


def test_empty_response_has_no_length(start: Start) -> None:
    server = start(handler("return Response(None, status=302, headers={'location': '/x'})"))

    reply = server.get("/")

    assert (reply.status, reply.header("content-length")) == (302, "0")
    assert reply.header("location") == "/x"


@pytest.mark.parametrize("accepts", ["gzip, deflate", "br;q=1.0, gzip;q=0.8", "*"])
def test_compresses_a_body_by_its_encoding(accepts: str, start: Start) -> None:
    server = start(handler("return Response('a' * 1000, headers={'content-encoding': 'gzip'})"))

    reply = server.get("/", accept_encoding=accepts)

    assert reply.header("content-encoding") == "gzip"
    assert gzip.decompress(reply.body) == b"a" * 1000
    assert reply.header("content-length") == str(len(reply.body))


@pytest.mark.parametrize(
    ("encoding", "accepts"), [("gzip", "identity"), ("gzip", "gzip;q=0"), ("br", "br")]
)
def test_does_not_compress_if_the_client_does_not_accept_it(
    encoding: str, accepts: str, start: Start
) -> None:
    server = start(
        handler(f"return Response('hello', headers={{'content-encoding': '{encoding}'}})")
    )

    reply = server.get("/", accept_encoding=accepts)

    assert (reply.text, reply.header("content-encoding")) == ("hello", None)


def test_compressed_stream_can_be_read_incrementally(start: Start) -> None:
    server = start(
        STREAM.replace(
            "return Response(stream)",
            "return Response(stream, headers={'content-encoding': 'gzip'})",
        )
    )

    reply = server.get("/", accept_encoding="gzip")

    assert gzip.decompress(reply.body) == b"chunk 1;chunk 2;chunk 3;"
    assert len(reply.chunks) == 4


def test_does_not_compress_an_encoded_body(start: Start) -> None:
    packed = gzip.compress(b"hello")
    server = start(
        handler(
            f"packed = bytes({list(packed)})",
            "from pyodide.ffi import to_js",
            "headers = js.Headers.new([('content-encoding', 'gzip')])",
            "return js.Response.new(to_js(packed), headers=headers, encodeBody='manual')",
        )
    )

    reply = server.get("/", accept_encoding="gzip")

    assert reply.body == packed


def test_request_may_name_a_location(start: Start) -> None:
    server = start(handler("return Response(request.js_object.cf.colo)"), locations=("LHR", "NRT"))

    assert server.get("/").text == "LHR"
    assert server.get("/", pykvbinding_at="nrt").text == "NRT"
    assert server.get("/", host="nrt.localhost:8787").text == "NRT"
    assert server.get("/", pykvbinding_at="CDG").text == (
        "CDG is not one of the locations: LHR, NRT"
    )
    assert timeless(server.lines())[:2] == ["GET / 200 in 1 ms at LHR", "GET / 200 in 1 ms at NRT"]


def test_rejects_an_unknown_method(start: Start) -> None:
    assert start().ask("BREW", "/").status == 501


def test_rejects_an_invalid_url(start: Start) -> None:
    assert start().get("/", host="exa mple").status == 400
