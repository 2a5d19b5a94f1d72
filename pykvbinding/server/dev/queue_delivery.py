"""Queues of a local server: what a Worker sends to a queue that it also consumes is delivered."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from pykvbinding.server.dev.log import Log, Record
from pykvbinding.server.dev.namespaces import OPERATIONS
from pykvbinding.server.dev.project import Session

if TYPE_CHECKING:
    from pykvbinding.workers.bindings.queues import Message, QueueResult, Sent
    from pykvbinding.workers.runtime.worker import Worker

MOST_ATTEMPTS: Final = 4
"""The first one and three retries, as a consumer has it that says nothing of `max_retries`."""

MOST_IN_A_BATCH: Final = 10
"""As a consumer has it that says nothing of `max_batch_size`."""


class Deliveries:
    """Takes up what the Worker has sent, whenever it is asked to look.

    Delays are not waited for, nor is a batch to fill. A message to a queue of another Worker is
    told in the log, and that is all.
    """

    def __init__(self, session: Session, log: Log) -> None:
        self._session = session
        self._log = log
        self._running: set[asyncio.Task[None]] = set()

    def look(self) -> None:
        """Begin to deliver what has been sent since the last look."""
        worker = self._session.worker
        if worker is None or not worker.sent_messages:
            return
        sent, worker.sent_messages[:] = list(worker.sent_messages), []
        for queue in dict.fromkeys(each.queue for each in sent):
            messages = [each for each in sent if each.queue == queue]
            if queue in self._session.config.consumers:
                task = asyncio.ensure_future(self._deliver(worker, queue, messages))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            else:
                self._log.delivered(queue, len(messages), "another Worker's")

    async def finished(self) -> None:
        """Return when everything that was begun has ended."""
        while self._running:
            await asyncio.wait(self._running)

    async def _deliver(self, worker: "Worker", queue: str, sent: "Sequence[Sent]") -> None:
        from pykvbinding.workers.bindings.queues import Message

        messages = [Message(body=each.body, id=f"{n}") for n, each in enumerate(sent, 1)]
        for start in range(0, len(messages), MOST_IN_A_BATCH):
            batch = messages[start : start + MOST_IN_A_BATCH]
            for attempt in range(1, MOST_ATTEMPTS + 1):
                result = await self._attempt(worker, queue, batch)
                batch = [
                    Message(body=each.body, id=each.id, attempts=attempt + 1)
                    for each in batch
                    if each.id in result.retried
                ]
                if not batch:
                    break
            else:
                self._log.given_up(queue, len(batch), MOST_ATTEMPTS)

    async def _attempt(
        self, worker: "Worker", queue: str, batch: "Sequence[Message]"
    ) -> "QueueResult":
        record = Record(self._log, "QUEUE", queue, self._session.location)
        token = OPERATIONS.set(record.operations)
        try:
            result = await worker.queue(batch, queue=queue)
        finally:
            OPERATIONS.reset(token)
        outcome = [f"{len(result.acked)} acknowledged"] if result.acked else []
        outcome += [f"{len(result.retried)} to be retried"] if result.retried else []
        errors = [] if result.exception is None else [result.exception]
        record.ended(", ".join(outcome), errors)
        return result
