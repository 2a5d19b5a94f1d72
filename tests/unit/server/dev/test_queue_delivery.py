"""Messages that a Worker sends to itself."""

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
    """Serve the Worker; `fails` says when a message does."""

    def serve(fails: str = "False", **queues: Any) -> Served:
        config = json.loads(CONFIG) | {"queues": {**QUEUES, **queues}}
        server: Served = start(ENTRY % fails, json.dumps(config))
        return server

    with serving(tmp_path) as start:
        yield serve


def done(server: Served) -> object:
    server.run(server.chores.finish())
    return server.session.namespaces.account.namespace("kv").peek("done")


def outcomes(server: Served) -> list[str]:
    lines = [re.sub(r" in [\d.]+ (ms|s)", "", line) for line in server.lines()]
    return [line for line in lines if line.startswith("QUEUE")]


def test_a_message_is_delivered_after_its_request(start: Start) -> None:
    server = start()

    server.get("/?1")

    assert done(server) == "0/1 "
    assert outcomes(server) == ["QUEUE jobs 1 acknowledged"]


def test_many_messages_come_in_batches(start: Start) -> None:
    server = start()

    server.get("/?12")

    assert done(server) == "".join(f"{number}/1 " for number in range(12))
    assert outcomes(server) == ["QUEUE jobs 10 acknowledged", "QUEUE jobs 2 acknowledged"]


def test_a_batch_that_fails_is_tried_again(start: Start) -> None:
    server = start("message.attempts < 3")

    server.get("/?1")

    assert done(server) == "0/3 "
    assert outcomes(server) == [
        "QUEUE jobs 1 to be retried",
        "QUEUE jobs 1 to be retried",
        "QUEUE jobs 1 acknowledged",
    ]


def test_a_batch_that_goes_on_failing_is_given_up(start: Start) -> None:
    server = start("True")

    server.get("/?1")
    written = done(server)

    lines = server.lines()
    assert written is None
    assert sum(line == "    ValueError: no" for line in lines) == 4
    assert lines[-1].startswith("    1 message of jobs is given up after 4 attempts")


def test_a_message_to_another_worker_is_told(start: Start) -> None:
    server = start(consumers=[])

    server.get("/?2")

    assert outcomes(server) == ["QUEUE jobs: 2 messages, another Worker's"]


def test_without_a_worker_nothing_is_delivered(start: Start) -> None:
    server = start()
    server.session._worker = None

    server.chores.deliver()

    assert done(server) is None


def test_the_end_waits_for_deliveries(start: Start) -> None:
    server = start("await __import__('asyncio').sleep(0.001)")

    server.get("/?1")

    assert done(server) == "0/1 "
