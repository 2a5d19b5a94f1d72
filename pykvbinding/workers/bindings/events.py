"""What a cron trigger and a batch of messages hand to a handler."""

from collections.abc import Iterable
from types import ModuleType
from typing import Any

from pykvbinding.clock import Clock
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.workers.bindings.queues import Message, QueueController


class ScheduledController(JsProxy, name="ScheduledController"):
    """What `scheduled` gets. `scheduledTime` is in milliseconds since the epoch."""

    __slots__ = ("cron", "is_not_retried", "scheduledTime")

    def __init__(self, cron: str, milliseconds: int) -> None:
        self.cron: str = cron
        self.scheduledTime: int = milliseconds
        self.is_not_retried: bool = False

    def noRetry(self) -> None:
        """Ask for no second try if the handler fails."""
        self.is_not_retried = True


def make_batch(
    workers: ModuleType, messages: Iterable[Any], queue: str, clock: Clock
) -> QueueController:
    """The batch of these messages, or bodies of messages."""
    now = clock.now_nanoseconds() // 1_000_000
    batch = []
    for number, each in enumerate(messages, 1):
        message = each if isinstance(each, Message) else Message(body=each)
        at = now if message.timestamp is None else int(message.timestamp * 1000)
        body = workers.python_to_rpc(message.body)
        batch.append((message.id or str(number), body, at, message.attempts))
    return QueueController(queue, batch)
