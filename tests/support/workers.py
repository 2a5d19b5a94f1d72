"""Workers for tests: written to a directory, or created from a function."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from pykvbinding.workers.runtime.worker import Worker

CONFIG: dict[str, Any] = {
    "name": "shop",
    "main": "src/entry.py",
    "compatibility_date": "2025-11-01",
    "compatibility_flags": ["python_workers"],
    "kv_namespaces": [{"binding": "KV", "id": "1"}],
    "vars": {"GREETING": "hello"},
}

ENTRY = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("first")
"""

COUNTER = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        count = int(await self.env.KV.get("count") or 0) + 1
        await self.env.KV.put("count", str(count))
        return Response(str(count))
"""


def project(folder: Path, entry: str = ENTRY, **settings: Any) -> Path:
    """Write a wrangler file (None omits a setting) and `src/entry.py`; return the directory."""
    config = {**CONFIG, **settings}
    config = {name: value for name, value in config.items() if value is not None}
    (folder / "src").mkdir(exist_ok=True)
    (folder / "wrangler.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "src" / "entry.py").write_text(entry, encoding="utf-8")
    return folder


def worker_of(workers: ModuleType, fetch: Callable[..., Any], **options: Any) -> Worker:
    """Return a Worker whose class has this `fetch`."""
    return Worker.load(type("Default", (workers.WorkerEntrypoint,), {"fetch": fetch}), **options)


def replying(workers: ModuleType, value: Callable[[Any, Any], Any], **options: Any) -> Worker:
    """Return a Worker that responds with `value(env, request)` as JSON."""

    async def fetch(self: Any, request: Any) -> Any:
        return workers.Response.json(value(self.env, request))

    return worker_of(workers, fetch, **options)


async def text(worker: Worker, resource: Any = "/", **request: Any) -> str:
    """Return the body of the response to a request."""
    response = await worker.fetch(resource, **request)
    body: str = await response.text()
    return body


def module_of(source: str) -> ModuleType:
    """Return a module of a Worker with this source."""
    module = ModuleType("written")
    exec(
        "from workers import *\nfrom workers import handler, WorkerEntrypoint\n" + source,
        vars(module),
    )
    return module
