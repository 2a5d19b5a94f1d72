"""Messages that a Worker sends to its own queue."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.dev_server import CONFIG, Served, Start, serving

ENTRY = """
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        for number in range(int(request.url.rpartition("?")[2] or 1)):
            await self.env.JOBS.send({"number": number})
        return Response("sent")

    async def queue(self, batch, env, ctx):
        for message in batch.messages:
            done = await self.env.KV.get("done") or ""
            if %s:
                raise ValueError("no")
            await self.env.KV.put("done", f"{done}{message.body['number']}/{message.attempts} ")
"""

QUEUES = {
    "producers": [{"binding": "JOBS", "queue": "jobs"}],
    "consumers": [{"queue": "jobs"}],
}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Serve the Worker; `fails` is the condition under which a message fails."""

    def serve(fails: str = "False", **queues: Any) -> Served:
        config = json.loads(CONFIG) | {"queues": {**QUEUES, **queues}}
        server: Served = start(ENTRY % fails, json.dumps(config))
        return server

    with serving(tmp_path) as start:
        yield serve


def done(server: Served) -> object:
    server.run(server.tasks.finish())
    return server.project.namespaces.account.namespace("kv").peek("done")


def outcomes(server: Served) -> list[str]:
    lines = [re.sub(r" in [\d.]+ (ms|s)", "", line) for line in server.lines()]
    return [line for line in lines if line.startswith("QUEUE")]


def test_delivers_a_message_after_its_request(start: Start) -> None:
    server = start()

    server.get("/?1")

    assert done(server) == "0/1 "
    assert outcomes(server) == ["QUEUE jobs 1 acknowledged"]


def test_delivers_many_messages_in_batches(start: Start) -> None:
    server = start()

    server.get("/?12")

    assert done(server) == "".join(f"{number}/1 " for number in range(12))
    assert outcomes(server) == ["QUEUE jobs 10 acknowledged", "QUEUE jobs 2 acknowledged"]


def test_retries_a_failing_batch(start: Start) -> None:
    server = start("message.attempts < 3")

    server.get("/?1")

    assert done(server) == "0/3 "
    assert outcomes(server) == [
        "QUEUE jobs 1 to be retried",
        "QUEUE jobs 1 to be retried",
        "QUEUE jobs 1 acknowledged",
    ]


def test_drops_a_batch_after_the_last_attempt(start: Start) -> None:
    server = start("True")

    server.get("/?1")
    written = done(server)

    lines = server.lines()
    assert written is None
    assert sum(line == "    ValueError: no" for line in lines) == 4
    assert lines[-1].startswith("    Dropped 1 message of jobs after 4 attempts")


def test_logs_a_message_for_another_worker(start: Start) -> None:
    server = start(consumers=[])

    server.get("/?2")

    assert outcomes(server) == ["QUEUE jobs: 2 messages, another Worker's"]


def test_delivers_nothing_without_a_worker(start: Start) -> None:
    server = start()
    server.project._worker = None

    server.tasks.deliver()

    assert done(server) is None


def test_finish_waits_for_deliveries(start: Start) -> None:
    server = start("await __import__('asyncio').sleep(0.001)")

    server.get("/?1")

    assert done(server) == "0/1 "
