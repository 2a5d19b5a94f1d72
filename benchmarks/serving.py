"""Workers over HTTP: `python -m pykvbinding dev` beside bare uvicorn and beside `wrangler dev`."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Final

from benchmarks.miniflare import VARIABLE
from benchmarks.row import Row, Skipped
from benchmarks.sizes import Sizes
from benchmarks.start import ROOT, with_bytecode
from benchmarks.timer import Contestant, compare
from benchmarks.workers import write_worker

HOST: Final = "127.0.0.1"
PATIENCE_SECONDS: Final = 60
POLL_SECONDS: Final = 0.0005

START: Final = "dev: start to first response"
REQUEST: Final = "dev: request with get and put"

BARE: Final = """
import sys, uvicorn
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"1"})
uvicorn.run(app, port=int(sys.argv[1]), interface="asgi3", lifespan="off", ws="none", \
log_config=None)
"""

WRANGLER_CONFIG: Final = """{
  "name": "benchmark",
  "main": "entry.mjs",
  "compatibility_date": "2026-04-01",
  "kv_namespaces": [{ "binding": "KV", "id": "kv" }]
}
"""

WRANGLER_ENTRY: Final = """export default {
  async fetch(request, { KV }) {
    const visits = Number((await KV.get("visits")) ?? 0) + 1;
    await KV.put("visits", String(visits));
    return new Response(String(visits));
  },
};
"""


class Command:
    """A server that is started with the number of a port at its end."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str], folder: str | None = None
    ) -> None:
        self._command = command
        self._environment = environment
        self._folder = folder

    def start(self) -> float:
        """Start it and stop it again: the seconds until the first response."""
        begin = perf_counter()
        with self.running():
            return perf_counter() - begin

    @contextmanager
    def running(self) -> Iterator[HTTPConnection]:
        """A connection to it, on which one request has been answered."""
        with socket.create_server((HOST, 0)) as probe:
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [*self._command, str(port)],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with closing(_first_response(port, process)) as connection:
                yield connection
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_SECONDS)


def serving(sizes: Sizes) -> Iterator[Row | Skipped]:
    """Wall-clock time: what a user waits for."""
    if any(find_spec(name) is None for name in ("click", "uvicorn", "workers")):
        yield Skipped(name=START, reason="`pip install 'pykvbinding[server]'`")
        return
    with TemporaryDirectory() as folder, TemporaryDirectory() as bytecode:
        write_worker(folder)
        environment = with_bytecode(bytecode) | {"PYTHONPATH": str(ROOT)}
        ours = Command([*PYTHON, "-m", "pykvbinding", "dev", folder, "--port"], environment)
        bare = Command([*PYTHON, "-c", BARE], environment)
        ours.start(), bare.start()  # which leave the bytecode behind
        yield from _beside("", ours, bare, "bare uvicorn", sizes, sizes.starts)
        yield from _wrangler(ours, sizes)


PYTHON: Final = (sys.executable,)


def _wrangler(ours: Command, sizes: Sizes) -> Iterator[Row | Skipped]:
    node = shutil.which("node")
    node_modules = Path(os.environ.get(VARIABLE) or "tests/node_modules").resolve()
    script = node_modules / "wrangler" / "bin" / "wrangler.js"
    if node is None:
        yield Skipped(name="wrangler dev", reason="node is not installed")
        return
    if not script.is_file():
        reason = f"`npm ci --prefix tests`, or set {VARIABLE}"
        yield Skipped(name="wrangler dev", reason=reason)
        return
    quiet = {"CI": "1", "CLOUDFLARE_CF_FETCH_ENABLED": "false", "WRANGLER_SEND_METRICS": "false"}
    with TemporaryDirectory() as folder:
        Path(folder, "entry.mjs").write_text(WRANGLER_ENTRY, encoding="utf-8")
        Path(folder, "wrangler.json").write_text(WRANGLER_CONFIG, encoding="utf-8")
        theirs = Command([node, str(script), "dev", "--port"], os.environ | quiet, folder)
        against = f"wrangler dev {_version(node_modules)}"
        yield from _beside(" beside wrangler", ours, theirs, against, sizes, sizes.peer_rounds)


def _beside(
    suffix: str, ours: Command, theirs: Command, against: str, sizes: Sizes, starts: int
) -> Iterator[Row]:
    yield compare(f"{START}{suffix}", ours.start, theirs.start, against=against, rounds=starts)
    requests = sizes.peer_operations
    with ours.running() as here, theirs.running() as there:
        yield compare(
            f"{REQUEST}{suffix}",
            _requests(here, requests),
            _requests(there, requests),
            against=against,
            rounds=sizes.peer_rounds,
            operations=requests,
        )


def _requests(connection: HTTPConnection, times: int) -> Contestant:
    """A contestant that makes so many requests on one connection, one after another."""

    def play() -> float:
        connection.close()  # servers give up one that is idle; the next request opens another
        _get(connection)
        begin = perf_counter()
        for _ in range(times):
            _get(connection)
        return perf_counter() - begin

    return play


def _first_response(port: int, process: subprocess.Popen[bytes]) -> HTTPConnection:
    """A connection on which the server has answered, as soon as it does."""
    deadline = perf_counter() + PATIENCE_SECONDS
    while process.poll() is None and perf_counter() < deadline:
        connection = HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
        try:
            _get(connection)
        except (OSError, HTTPException):
            connection.close()
            sleep(POLL_SECONDS)
        else:
            return connection
    raise RuntimeError("a server has not answered")


def _get(connection: HTTPConnection) -> None:
    connection.request("GET", "/")
    with connection.getresponse() as response:
        text = response.read()
    if response.status != 200:
        raise RuntimeError(text.decode())


def _version(node_modules: Path) -> str:
    import json

    package = node_modules / "wrangler" / "package.json"
    version: str = json.loads(package.read_text(encoding="utf-8"))["version"]
    return version
