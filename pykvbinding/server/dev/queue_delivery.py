"""Queues of a local server: delivers messages to a Worker that consumes its own queue."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from pykvbinding.server.dev.log import Log, RequestLogEntry
from pykvbinding.server.dev.namespaces import current_operations
from pykvbinding.server.dev.project import WorkerProject

if TYPE_CHECKING:
    from pykvbinding.workers.bindings.queues import Message, QueueResult, SentMessage
    from pykvbinding.workers.runtime.worker import Worker

MAX_ATTEMPTS: Final = 4
"""The first attempt and three retries, the default of `max_retries`."""

MAX_BATCH_SIZE: Final = 10
"""The default of `max_batch_size`."""


class QueueDelivery:
    """Delivers the messages that the Worker has sent, when polled.

    Delays and batch timeouts are ignored. A message for a queue of another Worker is only logged.
    """

    def __init__(self, project: WorkerProject, log: Log) -> None:
        self._project = project
        self._log = log
        self._running: set[asyncio.Task[None]] = set()

    def poll(self) -> None:
        """Start to deliver messages that were sent since the last call."""
        worker = self._project.worker
        if worker is None or not worker.sent_messages:
            return
        sent, worker.sent_messages[:] = list(worker.sent_messages), []
        for queue in dict.fromkeys(message.queue for message in sent):
            messages = [message for message in sent if message.queue == queue]
            if queue in self._project.config.consumers:
                task = asyncio.ensure_future(self._deliver(worker, queue, messages))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            else:
                self._log.messages_not_delivered(queue, len(messages), "another Worker's")

    async def finished(self) -> None:
        """Wait until all deliveries are done."""
        while self._running:
            await asyncio.wait(self._running)

    async def _deliver(self, worker: "Worker", queue: str, sent: "Sequence[SentMessage]") -> None:
        from pykvbinding.workers.bindings.queues import Message

        messages = [Message(body=message.body, id=f"{n}") for n, message in enumerate(sent, 1)]
        for start in range(0, len(messages), MAX_BATCH_SIZE):
            batch = messages[start : start + MAX_BATCH_SIZE]
            for attempt in range(1, MAX_ATTEMPTS + 1):
                result = await self._attempt(worker, queue, batch)
                batch = [
                    Message(body=message.body, id=message.id, attempts=attempt + 1)
                    for message in batch
                    if message.id in result.retried
                ]
                if not batch:
                    break
            else:
                self._log.messages_dropped(queue, len(batch), MAX_ATTEMPTS)

    async def _attempt(
        self, worker: "Worker", queue: str, batch: "Sequence[Message]"
    ) -> "QueueResult":
        record = RequestLogEntry(self._log, "QUEUE", queue, self._project.location)
        token = current_operations.set(record.operations)
        try:
            result = await worker.queue(batch, queue=queue)
        finally:
            current_operations.reset(token)
        outcome = [f"{len(result.acked)} acknowledged"] if result.acked else []
        outcome += [f"{len(result.retried)} to be retried"] if result.retried else []
        errors = [] if result.exception is None else [result.exception]
        record.ended(", ".join(outcome), errors)
        return result
