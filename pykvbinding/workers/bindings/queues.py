"""Queues: the batch that a consumer gets, what it says of each message, and what producers send."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pykvbinding.js.core.promise import Pending
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.object import JsArray, JsDate, JsObject, members
from pykvbinding.workers import errors, log


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message for `worker.queue([...])`, where its body alone does not say enough."""

    body: Any
    id: str | None = None
    """Its position in the batch, from 1, unless given."""

    timestamp: float | None = None
    """Seconds since the epoch; now, unless given."""

    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueResult:
    """What became of a batch: the ids of its messages, acknowledged or to be delivered again.

    As the platform has it: what the handler does not mention is acknowledged if it returns, and
    retried if it raises.
    """

    acked: tuple[str, ...]
    retried: tuple[str, ...]
    delays: dict[str, int]
    """Seconds until a retry, for those that ask for it."""

    exception: BaseException | None

    @property
    def outcome(self) -> str:
        """ "ok", or "exception" where the handler raised."""
        return "ok" if self.exception is None else "exception"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that a Worker has sent. Nobody receives it unless the test hands it on."""

    binding: str
    queue: str
    body: Any
    content_type: str | None
    delay_seconds: int | None


class QueueMessage(JsProxy, name="QueueMessage"):
    """One message of a batch."""

    __slots__ = ("_batch", "attempts", "body", "id", "timestamp")

    def __init__(self, batch: "QueueController", id: str, body: Any, at: JsDate, tries: int):
        self._batch = batch
        self.id: str = id
        self.body: Any = body
        self.timestamp: JsDate = at
        self.attempts: int = tries

    def ack(self) -> None:
        """Say that it is dealt with."""
        self._batch.decide(self.id, "ack", None)

    def retry(self, options: Any = None, /, **named: Any) -> None:
        """Ask for it again, after `delaySeconds`."""
        self._batch.decide(self.id, "retry", _delay(options, named))


class QueueController(JsProxy, name="QueueController"):
    """The batch: `queue`, `messages`, and what is said of all of them."""

    __slots__ = ("_all", "_decided", "_delay", "_delays", "messages", "queue")

    def __init__(self, queue: str, messages: Iterable[tuple[str, Any, float, int]]) -> None:
        self.queue: str = queue
        self.messages: JsArray = JsArray(
            [QueueMessage(self, name, body, JsDate(at), n) for name, body, at, n in messages]
        )
        self._all: str | None = None
        self._delay: int | None = None
        self._decided: dict[str, str] = {}
        self._delays: dict[str, int] = {}

    @property
    def metadata(self) -> JsObject:
        """How much waits behind this batch: nothing."""
        return _metadata()

    def ackAll(self) -> None:
        """Say of all messages that they are dealt with."""
        self._decide_all("ack", None)

    def retryAll(self, options: Any = None, /, **named: Any) -> None:
        """Ask for all messages again, after `delaySeconds`, but for those acknowledged alone."""
        self._decide_all("retry", _delay(options, named))

    def decide(self, id: str, what: str, delay: int | None) -> None:
        """Note what is said of one message; what was said first counts."""
        said = self._decided.get(id)
        if self._all is not None:
            log.warning(errors.message_decided(id, what, f"{self._all}All"))
        elif said is not None and said != what:
            log.warning(errors.message_decided(id, what, said))
        else:
            self._decided[id] = what
            if delay is not None:
                self._delays[id] = delay

    def _decide_all(self, what: str, delay: int | None) -> None:
        if self._all is not None and self._all != what:
            log.warning(errors.batch_decided(what, self._all))
            return
        self._all, self._delay = what, delay

    def result(self, exception: BaseException | None) -> QueueResult:
        """What became of the batch."""
        rest = self._all or ("ack" if exception is None else "retry")
        fates = {each.id: self._decided.get(each.id, rest) for each in self.messages}
        if self._all == "ack":
            fates = dict.fromkeys(fates, "ack")
        retried = tuple(name for name, fate in fates.items() if fate == "retry")
        delays = {name: self._delays.get(name, self._delay) for name in retried}
        return QueueResult(
            acked=tuple(name for name, fate in fates.items() if fate == "ack"),
            retried=retried,
            delays={name: delay for name, delay in delays.items() if delay is not None},
            exception=exception,
        )


class WorkerQueue(JsProxy, name="WorkerQueue"):
    """A producer: `env.QUEUE.send(body)` is recorded in `worker.sent`."""

    is_of_a_worker = True

    __slots__ = ("_binding", "_queue", "_sent")

    def __init__(self, binding: str, queue: str, sent: list[Sent]) -> None:
        self._binding = binding
        self._queue = queue
        self._sent = sent

    def send(self, body: Any = None, options: Any = None, /, **named: Any) -> Pending:
        """Send one message.

        Raises: JsException, such as "Message body cannot be undefined".
        """
        return Pending(self._send(body, {**members(options), **named}))

    async def _send(self, body: Any, options: dict[str, Any]) -> JsObject:
        self._sent.append(self._checked(body, options))
        return JsObject({"metadata": _metadata()})

    def sendBatch(self, messages: Any, options: Any = None, /, **named: Any) -> Pending:
        """Send several messages: objects with `body`, `contentType`, `delaySeconds`.

        Raises: JsException, such as "sendBatch() requires at least one message".
        """
        return Pending(self._send_batch(messages, {**members(options), **named}))

    async def _send_batch(self, messages: Any, options: dict[str, Any]) -> JsObject:
        if isinstance(messages, str | int | float) or messages is None or messages is jsnull:
            raise errors.not_a_sequence()
        sent = []
        for each in messages:
            inside = members(each)
            settings = {**options, **{name: inside[name] for name in SETTINGS if name in inside}}
            sent.append(self._checked(inside.get("body"), settings))
        if not sent:
            raise errors.no_messages()
        self._sent += sent
        return JsObject({"metadata": _metadata()})

    def _checked(self, body: Any, options: dict[str, Any]) -> Sent:
        if body is None:
            raise errors.no_message_body()
        kind = options.get("contentType")
        kind = None if kind is jsnull else kind
        if kind not in (None, "text", "json", "bytes", "v8"):
            raise errors.message_content_type(kind)
        if kind == "text" and not isinstance(body, str):
            raise errors.message_not_text(body)
        from pykvbinding.workers.install import import_workers

        return Sent(
            binding=self._binding,
            queue=self._queue,
            body=import_workers().python_from_rpc(body),
            content_type=kind,
            delay_seconds=options.get("delaySeconds"),
        )

    def metrics(self) -> Pending:
        """How much waits in the queue: nothing."""
        return Pending(_later(_metrics()))


SETTINGS = ("contentType", "delaySeconds")


async def _later(value: Any) -> Any:
    return value


def _metrics() -> JsObject:
    return JsObject({"backlogCount": 0, "backlogBytes": 0})


def _metadata() -> JsObject:
    return JsObject({"metrics": _metrics()})


def _delay(options: Any, named: dict[str, Any]) -> int | None:
    delay = {**members(options), **named}.get("delaySeconds")
    return None if delay is jsnull else delay
