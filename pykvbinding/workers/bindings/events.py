"""The arguments of `scheduled` and `queue` handlers."""

from collections.abc import Iterable
from types import ModuleType
from typing import Any

from pykvbinding.clock import Clock
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.workers.bindings.queues import Message, MessageBatch


class ScheduledController(JsProxy, name="ScheduledController"):
    """The argument of `scheduled`. `scheduledTime` is in milliseconds since the epoch."""

    __slots__ = ("cron", "is_not_retried", "scheduledTime")

    def __init__(self, cron: str, milliseconds: int) -> None:
        self.cron: str = cron
        self.scheduledTime: int = milliseconds
        self.is_not_retried: bool = False

    def noRetry(self) -> None:
        """Disable the retry after a failure of the handler."""
        self.is_not_retried = True


def make_batch(
    workers: ModuleType, messages: Iterable[Any], queue: str, clock: Clock
) -> MessageBatch:
    """Return a batch of `messages`: Message objects, or bodies."""
    now = clock.now_nanoseconds() // 1_000_000
    batch = []
    for number, item in enumerate(messages, 1):
        message = item if isinstance(item, Message) else Message(body=item)
        at = now if message.timestamp is None else int(message.timestamp * 1000)
        body = workers.python_to_rpc(message.body)
        batch.append((message.id or str(number), body, at, message.attempts))
    return MessageBatch(queue, batch)
