"""A local server without a port: tests call its application, and read its log."""

import asyncio
import io
import re
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from pykvbinding.server.dev.app import App
from pykvbinding.server.dev.log import Log
from pykvbinding.server.dev.main import PeriodicTasks
from pykvbinding.server.dev.project import DevOptions, WorkerProject
from pykvbinding.server.terminal import Terminal
from pykvbinding.workers.install import installed, uninstall

CONFIG = """{
  "name": "hello",
  "main": "src/entry.py",
  "compatibility_date": "2026-11-01",
  "compatibility_flags": ["python_workers"],
  "kv_namespaces": [{ "binding": "KV", "id": "kv" }],
  "vars": { "GREETING": "Hello" }
}"""

ENTRY = """
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        visits = int(await self.env.KV.get("visits") or 0) + 1
        await self.env.KV.put("visits", str(visits))
        return Response(f"{self.env.GREETING}, visit {visits}")
"""


HEAD = "from workers import Response, WorkerEntrypoint\nimport js\n"


@dataclass
class Reply:
    """The response that a client receives: lower-case header names, the body in chunks."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


class Served:
    """A served project in its own event loop, which a test drives."""

    def __init__(self, **options: Any) -> None:
        self.written = io.StringIO()
        self.project = WorkerProject(DevOptions(**options))
        self.loop = asyncio.new_event_loop()
        several = len(self.project.locations) > 1
        self.terminal = Terminal(self.written, {})
        self.log = Log(self.terminal)
        self.log.set_own_files(self.project.is_user_file, shows_location=several)
        self._listening = self.log.capture_logging()
        self._listening.__enter__()
        self.project.start()
        self.tasks = PeriodicTasks(self.project, self.log)
        self.app = App(self.project, self.log, "127.0.0.1", self.tasks.refresh, self.tasks.deliver)

    def close(self) -> None:
        self._listening.__exit__(None, None, None)
        self.loop.close()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(coroutine)

    def get(self, target: str = "/", **headers: Any) -> Reply:
        return self.ask("GET", target, **headers)

    def ask(
        self, method: str, target: str = "/", *, body: Iterable[bytes] = (b"",), **headers: Any
    ) -> Reply:
        reply: Reply = self.run(self.exchange(method, target, body=body, **headers))
        return reply

    async def exchange(
        self,
        method: str,
        target: str = "/",
        *,
        body: Iterable[bytes] = (b"",),
        gone: asyncio.Event | None = None,
        **headers: Any,
    ) -> Reply:
        """Send one request; `gone` is set when the client disconnects."""
        path, _, query = target.partition("?")
        all_headers = {"host": "localhost:8787"}
        all_headers |= {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "http_version": "1.1",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in all_headers.items()],
            "client": ("127.0.0.1", 5000),
            "server": ("127.0.0.1", 8787),
        }
        reply, parts = Reply(), list(body)

        async def receive() -> dict[str, Any]:
            if parts:
                await asyncio.sleep(0)
                part = parts.pop(0)
                return {"type": "http.request", "body": part, "more_body": bool(parts)}
            await (gone or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            await asyncio.sleep(0)
            if message["type"] == "http.response.start":
                reply.status = message["status"]
                reply.headers = [(n.decode(), v.decode("latin-1")) for n, v in message["headers"]]
            elif message["body"]:
                reply.chunks.append(message["body"])

        await self.app(scope, receive, send)
        return reply

    def lines(self) -> list[str]:
        """Return the lines written since the last call."""
        text = self.written.getvalue()
        self.written.seek(0)
        self.written.truncate()
        return text.splitlines()


Start: TypeAlias = Callable[..., Served]
"""Serves a Worker with this code, configuration and options."""


@contextmanager
def serving(folder: Path) -> Iterator[Start]:
    """Serve Workers in a directory; afterwards close the servers and uninstall."""
    with ExitStack() as stack:

        def start(entry: str | None = ENTRY, config: str = CONFIG, **options: Any) -> Served:
            if entry is not None:
                write_project(folder, entry, config)
            server = Served(path=folder, **options)
            stack.callback(server.close)
            return server

        yield start
    if installed():
        uninstall()


def handler(*lines: str) -> str:
    """Return a Worker whose `fetch` has these lines."""
    body = "\n".join(f"        {line}" for line in lines)
    return (
        f"{HEAD}\n\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request):\n{body}\n"
    )


def timeless(lines: list[str]) -> list[str]:
    """Return the lines with every duration replaced by one millisecond."""
    return [re.sub(r"in [\d.]+ (ms|s)", "in 1 ms", line) for line in lines]


def write_project(folder: Path, entry: str = ENTRY, config: str = CONFIG) -> Path:
    """Write the files of a Worker."""
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src/entry.py").write_text(entry)
    (folder / "wrangler.json").write_text(config)
    return folder
