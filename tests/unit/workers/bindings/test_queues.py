"""Queues: outcomes of a batch, and messages of a producer."""

from types import ModuleType
from typing import Any

import pytest

from pykvbinding import VirtualClock
from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.workers.bindings.events import make_batch
from pykvbinding.workers.bindings.queues import Message, MessageBatch, SentMessage, WorkerQueue
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import project, text
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")


def batch_of(*ids: str) -> MessageBatch:
    return MessageBatch("jobs", [(name, f"body {name}", 1000, 1) for name in ids])


# Consumers.


def test_default_outcome_depends_on_the_handler() -> None:
    batch = batch_of("1", "2")

    assert batch.result(None).acked == ("1", "2")
    assert batch.result(ValueError("boom")).retried == ("1", "2")
    assert batch.result(ValueError("boom")).outcome == "exception"


def test_messages_acknowledged_before_an_exception_stay_acknowledged() -> None:
    batch = batch_of("1", "2")
    batch.messages[0].ack()

    result = batch.result(ValueError("boom"))

    assert (result.acked, result.retried) == (("1",), ("2",))


def test_first_outcome_of_a_message_counts(caplog: pytest.LogCaptureFixture) -> None:
    batch = batch_of("1", "2", "3")
    batch.messages[0].retry(JsObject({"delaySeconds": 5}))
    batch.messages[0].ack()
    batch.messages[1].ack()
    batch.messages[1].retry(delaySeconds=7)
    batch.messages[2].retry(delaySeconds=jsnull)
    batch.messages[2].retry()

    result = batch.result(None)

    assert (result.acked, result.retried, result.delays) == (("2",), ("1", "3"), {"1": 5})
    assert [record.message for record in caplog.records] == [
        "Received a call to ack() on message 1 after retry() was already called. "
        "Calling ack() on a message after calling retry() has no effect.",
        "Received a call to retry() on message 2 after ack() was already called. "
        "Calling retry() on a message after calling ack() has no effect.",
    ]


def test_first_outcome_of_a_batch_counts(caplog: pytest.LogCaptureFixture) -> None:
    batch = batch_of("1", "2")
    batch.ackAll()
    batch.retryAll(delaySeconds=3)
    batch.messages[0].retry()

    result = batch.result(ValueError("boom"))

    assert (result.acked, result.retried) == (("1", "2"), ())
    assert [record.message for record in caplog.records] == [
        "Received a call to retryAll() after ackAll() was already called. "
        "Calling retryAll() after calling ackAll() has no effect.",
        "Received a call to retry() on message 1 after ackAll() was already called. "
        "Calling retry() on a message after calling ackAll() has no effect.",
    ]


def test_retry_all_excludes_acknowledged_messages(
    caplog: pytest.LogCaptureFixture,
) -> None:
    batch = batch_of("1", "2", "3")
    batch.messages[0].ack()
    batch.messages[1].retry(delaySeconds=1)
    batch.retryAll(JsObject({"delaySeconds": 3}))
    batch.retryAll()
    batch.ackAll()

    result = batch.result(None)

    assert (result.acked, result.retried) == (("1",), ("2", "3"))
    assert result.delays == {"2": 1}
    assert "ackAll() after retryAll()" in caplog.records[0].message


def test_batch_has_the_platform_class() -> None:
    batch = batch_of("1")
    message = batch.messages[0]

    assert (batch.queue, batch.constructor.name) == ("jobs", "QueueController")
    assert (message.id, message.body, message.attempts) == ("1", "body 1", 1)
    assert message.timestamp.getTime() == 1000
    assert batch.metadata.metrics.backlogCount == 0


def test_bodies_become_messages(workers: ModuleType) -> None:  # noqa: F811
    clock = VirtualClock(5)

    batch = make_batch(
        workers,
        ["text", {"a": 1}, Message(body=None, id="mine", timestamp=1.5, attempts=3)],
        "jobs",
        clock,
    )

    shown = [(m.id, m.timestamp.getTime(), m.attempts) for m in batch.messages]
    assert shown == [("1", 5000, 1), ("2", 5000, 1), ("mine", 1500, 3)]
    assert [batch.messages[0].body, batch.messages[1].body.a] == ["text", 1]
    assert batch.messages[2].body is jsnull


# Producers.


@pytest.fixture
def sent() -> list[SentMessage]:
    return []


@pytest.fixture
def queue(sent: list[SentMessage]) -> WorkerQueue:
    return WorkerQueue("Q", "jobs", sent)


async def test_send_records_a_message(queue: WorkerQueue, sent: list[SentMessage]) -> None:
    response = await queue.send(JsObject({"a": 1}))
    await queue.send("text", JsObject({"contentType": "text", "delaySeconds": 5}))
    await queue.send(1, contentType=jsnull)

    assert response.metadata.metrics.backlogBytes == 0
    assert [each.body for each in sent] == [{"a": 1}, "text", 1]
    assert (sent[1].content_type, sent[1].delay_seconds) == ("text", 5)
    assert (sent[0].binding, sent[0].queue, sent[0].content_type) == ("Q", "jobs", None)
    assert (await queue.metrics()).backlogCount == 0


async def test_send_batch_records_messages(queue: WorkerQueue, sent: list[SentMessage]) -> None:
    messages = JsArray([JsObject({"body": 1}), JsObject({"body": "x", "delaySeconds": 5})])

    await queue.sendBatch(messages, delaySeconds=9)

    assert [(each.body, each.delay_seconds) for each in sent] == [(1, 9), ("x", 5)]


@pytest.mark.parametrize(
    ("method", "arguments", "text"),
    [
        ("send", [], "Message body cannot be undefined"),
        ("send", ["x", {"contentType": "zip"}], "Unsupported queue message content type: zip"),
        (
            "send",
            [JsObject({}), {"contentType": "text"}],
            'Content Type "text" requires a value of type string, but received: object',
        ),
        (
            "send",
            [5, {"contentType": "text"}],
            'Content Type "text" requires a value of type string, but received: number',
        ),
        (
            "send",
            [True, {"contentType": "text"}],
            'Content Type "text" requires a value of type string, but received: boolean',
        ),
        ("sendBatch", [JsArray([])], "sendBatch() requires at least one message"),
        (
            "sendBatch",
            [5],
            "Failed to execute 'sendBatch' on 'WorkerQueue': parameter 1 is not of type "
            "'Sequence'.",
        ),
        ("sendBatch", [JsArray([JsObject({})])], "Message body cannot be undefined"),
    ],
)
async def test_rejects_invalid_messages_with_the_runtime_text(
    queue: WorkerQueue, sent: list[SentMessage], method: str, arguments: list[Any], text: str
) -> None:
    with pytest.raises(JsException) as caught:
        await getattr(queue, method)(*arguments)

    assert (caught.value.name, caught.value.message) == ("TypeError", text)
    assert sent == []


async def test_handler_can_send_messages(tmp_path: Any) -> None:
    source = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        await self.env.Q.send({"a": [1, None]}, delaySeconds=3)
        await self.env.Q.sendBatch([{"body": "x"}])
        return Response("sent")
"""
    producers = {"producers": [{"binding": "Q", "queue": "jobs"}]}
    worker = Worker.load(project(tmp_path, source, queues=producers))

    assert await text(worker) == "sent"
    assert [(each.body, each.delay_seconds) for each in worker.sent_messages] == [
        ({"a": [1, None]}, 3),
        ("x", None),
    ]
