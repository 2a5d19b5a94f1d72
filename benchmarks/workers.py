"""Python Workers in process: what one fetch costs, and how soon the first one is answered."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.floor import DictFake
from benchmarks.row import Row, Skipped
from benchmarks.sizes import Sizes
from benchmarks.start import run_python, with_bytecode
from benchmarks.timer import compare, drive, each, repeat, timed
from pykvbinding.workers import Worker, install

FETCH: Final = "fetch with get and put, the SDK's code"
START: Final = "start to first response of a Worker"
MISSING_SDK: Final = "`pip install 'pykvbinding[workers]'`"

FETCH_BUDGET_SECONDS: Final = 40e-6
START_BUDGET_SECONDS: Final = 0.150

KEYS_FOR_A_FETCH: Final = 25
"""A round has fewer fetches than gets: one takes longer."""

CONFIG: Final = """{
  "name": "benchmark",
  "main": "entry.py",
  "compatibility_date": "2026-04-01",
  "compatibility_flags": ["python_workers"],
  "kv_namespaces": [{ "binding": "KV", "id": "kv" }]
}
"""

ENTRY: Final = """
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        visits = int(await self.env.KV.get("visits") or 0) + 1
        await self.env.KV.put("visits", str(visits))
        return Response(str(visits))
"""

FIRST: Final = """
import asyncio
from pykvbinding.workers import Worker
async def first():
    response = await Worker.load({folder!r}).fetch("/")
    assert await response.text() == "1"
asyncio.run(first())
import time
print(time.process_time())
"""


def write_worker(folder: str) -> None:
    """A Worker that counts its visits: one get, one put."""
    Path(folder, "entry.py").write_text(ENTRY, encoding="utf-8")
    Path(folder, "wrangler.json").write_text(CONFIG, encoding="utf-8")


def has_sdk() -> bool:
    """Whether the Python Workers SDK is installed."""
    return find_spec("workers") is not None


def fetch(sizes: Sizes) -> Iterator[Row | Skipped]:
    """A fetch through a class, its env, one get and one put."""
    if not has_sdk():
        yield Skipped(name=FETCH, reason=MISSING_SDK)
        return
    fake = DictFake()
    keys = ["visits"] * max(sizes.keys // KEYS_FOR_A_FETCH, 1)
    with TemporaryDirectory() as folder, install():
        write_worker(folder)
        worker = Worker.load(folder)
        yield compare(
            FETCH,
            timed(lambda: drive(repeat(worker.fetch, len(keys)))),
            timed(lambda: drive(each(fake.get, keys))),
            against="awaited dict.get",
            rounds=sizes.rounds,
            operations=len(keys),
            budget_above_floor=FETCH_BUDGET_SECONDS,
        )


def first_response(sizes: Sizes) -> Iterator[Row | Skipped]:
    """Processor time from the start of an interpreter to the first answer of a Worker."""
    if not has_sdk():
        yield Skipped(name=START, reason=MISSING_SDK)
        return
    with TemporaryDirectory() as folder, TemporaryDirectory() as bytecode:
        write_worker(folder)
        environment = with_bytecode(bytecode)
        code = FIRST.format(folder=folder)
        run_python(code, environment)  # which leaves the bytecode behind
        yield compare(
            START,
            lambda: float(run_python(code, environment)),
            lambda: float(run_python("import time; print(time.process_time())", environment)),
            against="bare interpreter",
            rounds=sizes.starts,
            budget_above_floor=START_BUDGET_SECONDS,
        )
