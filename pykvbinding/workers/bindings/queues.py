"""Queues: the batch of a consumer, its outcome, and the binding of a producer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pykvbinding.js.core.promise import LazyPromise
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.object import JsArray, JsDate, JsObject, option_members
from pykvbinding.workers import errors, log


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message for `worker.queue([...])` with an id, a timestamp or a number of attempts."""

    body: Any
    id: str | None = None
    """By default the position in the batch, from 1."""

    timestamp: float | None = None
    """Seconds since the epoch; by default now."""

    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueResult:
    """The outcome of a batch: the ids of acknowledged and of retried messages.

    As on the platform, a message without an explicit outcome is acknowledged if the handler
    returns, and retried if it raises.
    """

    acked: tuple[str, ...]
    retried: tuple[str, ...]
    delays: dict[str, int]
    """Seconds until the retry, for messages whose retry requested a delay."""

    exception: BaseException | None

    @property
    def outcome(self) -> str:
        """ "ok", or "exception" if the handler raised."""
        return "ok" if self.exception is None else "exception"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that a Worker has sent. It is not delivered to any consumer."""

    binding: str
    queue: str
    body: Any
    content_type: str | None
    delay_seconds: int | None


class QueueMessage(JsProxy, name="QueueMessage"):
    """One message of a batch."""

    __slots__ = ("_batch", "attempts", "body", "id", "timestamp")

    def __init__(self, batch: "MessageBatch", id: str, body: Any, at: JsDate, tries: int):
        self._batch = batch
        self.id: str = id
        self.body: Any = body
        self.timestamp: JsDate = at
        self.attempts: int = tries

    def ack(self) -> None:
        """Acknowledge the message."""
        self._batch.set_outcome(self.id, "ack", None)

    def retry(self, options: Any = None, /, **kwargs: Any) -> None:
        """Request another delivery, after `delaySeconds`."""
        self._batch.set_outcome(self.id, "retry", _delay(options, kwargs))


class MessageBatch(JsProxy, name="QueueController"):
    """The batch: `queue`, `messages`, and the outcome of each message."""

    __slots__ = ("_all", "_delay", "_delays", "_outcomes", "messages", "queue")

    def __init__(self, queue: str, messages: Iterable[tuple[str, Any, float, int]]) -> None:
        self.queue: str = queue
        self.messages: JsArray = JsArray(
            [QueueMessage(self, name, body, JsDate(at), n) for name, body, at, n in messages]
        )
        self._all: str | None = None
        self._delay: int | None = None
        self._outcomes: dict[str, str] = {}
        self._delays: dict[str, int] = {}

    @property
    def metadata(self) -> JsObject:
        """The backlog of the queue, which is always empty."""
        return _metadata()

    def ackAll(self) -> None:
        """Acknowledge all messages."""
        self._set_all_outcomes("ack", None)

    def retryAll(self, options: Any = None, /, **kwargs: Any) -> None:
        """Request another delivery of all messages except those acknowledged one by one."""
        self._set_all_outcomes("retry", _delay(options, kwargs))

    def set_outcome(self, id: str, outcome: str, delay: int | None) -> None:
        """Record the outcome of one message. Only the first call has an effect."""
        earlier = self._outcomes.get(id)
        if self._all is not None:
            log.warning(errors.message_decided(id, outcome, f"{self._all}All"))
        elif earlier is not None and earlier != outcome:
            log.warning(errors.message_decided(id, outcome, earlier))
        else:
            self._outcomes[id] = outcome
            if delay is not None:
                self._delays[id] = delay

    def _set_all_outcomes(self, outcome: str, delay: int | None) -> None:
        if self._all is not None and self._all != outcome:
            log.warning(errors.batch_decided(outcome, self._all))
            return
        self._all, self._delay = outcome, delay

    def result(self, exception: BaseException | None) -> QueueResult:
        """Return the outcome of the batch."""
        default = self._all or ("ack" if exception is None else "retry")
        outcomes = {
            message.id: self._outcomes.get(message.id, default) for message in self.messages
        }
        if self._all == "ack":
            outcomes = dict.fromkeys(outcomes, "ack")
        retried = tuple(name for name, outcome in outcomes.items() if outcome == "retry")
        delays = {name: self._delays.get(name, self._delay) for name in retried}
        return QueueResult(
            acked=tuple(name for name, outcome in outcomes.items() if outcome == "ack"),
            retried=retried,
            delays={name: delay for name, delay in delays.items() if delay is not None},
            exception=exception,
        )


class WorkerQueue(JsProxy, name="WorkerQueue"):
    """A producer: `env.QUEUE.send(body)` is recorded in `worker.sent_messages`."""

    is_worker_binding = True

    __slots__ = ("_binding", "_queue", "_sent")

    def __init__(self, binding: str, queue: str, sent: list[SentMessage]) -> None:
        self._binding = binding
        self._queue = queue
        self._sent = sent

    def send(self, body: Any = None, options: Any = None, /, **kwargs: Any) -> LazyPromise:
        """Send one message.

        Raises: JsException, such as "Message body cannot be undefined".
        """
        return LazyPromise(self._send(body, {**option_members(options), **kwargs}))

    async def _send(self, body: Any, options: dict[str, Any]) -> JsObject:
        self._sent.append(self._make_message(body, options))
        return JsObject({"metadata": _metadata()})

    def sendBatch(self, messages: Any, options: Any = None, /, **kwargs: Any) -> LazyPromise:
        """Send several messages: objects with `body`, `contentType` and `delaySeconds`.

        Raises: JsException, such as "sendBatch() requires at least one message".
        """
        return LazyPromise(self._send_batch(messages, {**option_members(options), **kwargs}))

    async def _send_batch(self, messages: Any, options: dict[str, Any]) -> JsObject:
        if isinstance(messages, str | int | float) or messages is None or messages is jsnull:
            raise errors.not_a_sequence()
        sent = []
        for message in messages:
            properties = option_members(message)
            settings = {
                **options,
                **{name: properties[name] for name in MESSAGE_OPTIONS if name in properties},
            }
            sent.append(self._make_message(properties.get("body"), settings))
        if not sent:
            raise errors.no_messages()
        self._sent += sent
        return JsObject({"metadata": _metadata()})

    def _make_message(self, body: Any, options: dict[str, Any]) -> SentMessage:
        if body is None:
            raise errors.no_message_body()
        content_type = options.get("contentType")
        content_type = None if content_type is jsnull else content_type
        if content_type not in (None, "text", "json", "bytes", "v8"):
            raise errors.message_content_type(content_type)
        if content_type == "text" and not isinstance(body, str):
            raise errors.message_not_text(body)
        from pykvbinding.workers.install import import_workers

        return SentMessage(
            binding=self._binding,
            queue=self._queue,
            body=import_workers().python_from_rpc(body),
            content_type=content_type,
            delay_seconds=options.get("delaySeconds"),
        )

    def metrics(self) -> LazyPromise:
        """Return the backlog of the queue, which is always empty."""
        return LazyPromise(_return(_metrics()))


MESSAGE_OPTIONS = ("contentType", "delaySeconds")


async def _return(value: Any) -> Any:
    return value


def _metrics() -> JsObject:
    return JsObject({"backlogCount": 0, "backlogBytes": 0})


def _metadata() -> JsObject:
    return JsObject({"metrics": _metrics()})


def _delay(options: Any, kwargs: dict[str, Any]) -> int | None:
    delay = {**option_members(options), **kwargs}.get("delaySeconds")
    return None if delay is jsnull else delay
