"""`WritableStream`, its writer, and the sinks behind it: `Sink` and `FunctionSink`."""

from collections import deque
from typing import TYPE_CHECKING, Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.streams.js_readable import functions, strategy_of
from pykvbinding.js.types.error import thrown
from pykvbinding.js.types.object import members, number

CLOSE = object()
"""What stands in the queue of a sink for the end."""


class WritableStream(JsProxy, name="WritableStream"):
    """A stream that hands what is written to `write(chunk, controller)`.

    `start(controller)`, `close()` and `abort(reason)` are called at their times; all four may be
    asynchronous.
    """

    def __init__(self, sink: Any = None, strategy: Any = None) -> None:
        if isinstance(sink, str | int | float):
            raise errors.constructor_not_of_type("WritableStream", 1, "UnderlyingSink")
        made = FunctionSink(members(sink), *strategy_of(strategy, 1))
        self._sink: Sink = made
        self._writer: WritableStreamDefaultWriter | None = None
        made.begin()

    @classmethod
    def over(cls, sink: "Sink") -> "WritableStream":
        """A stream into `sink`."""
        made = cls.__new__(cls)
        made._sink = sink
        made._writer = None
        return made

    @property
    def locked(self) -> bool:
        """Whether a writer holds it."""
        return self._writer is not None

    def getWriter(self) -> "WritableStreamDefaultWriter":
        """A writer that holds the stream until `releaseLock()`.

        Raises: JsException, "This WritableStream is currently locked to a writer."
        """
        self._check_free()
        self._writer = WritableStreamDefaultWriter(self, self._sink)
        return self._writer

    def abort(self, reason: Any = None) -> Deferred:
        """Give up. Raises: JsException if a writer holds the stream."""
        self._check_free()
        return self._sink.abort(reason)

    def close(self) -> Deferred:
        """Nothing more is written. Raises: JsException if a writer holds the stream."""
        self._check_free()
        return self._sink.close()

    def _check_free(self) -> None:
        if self.locked:
            raise runtime_errors.writable_locked()


class WritableStreamDefaultWriter(JsProxy, name="WritableStreamDefaultWriter"):
    """What `getWriter()` returns."""

    def __init__(self, stream: WritableStream, sink: "Sink") -> None:
        self._stream: WritableStream | None = stream
        self._sink = sink

    @property
    def closed(self) -> Deferred:
        """A promise of the end: rejected when writing fails."""
        return self._sink.closed if self._stream is not None else _released()

    @property
    def ready(self) -> Deferred:
        """A promise that another chunk is wanted."""
        return self._sink.ready if self._stream is not None else _released()

    @property
    def desiredSize(self) -> Any:
        """How much is wanted now; jsnull after a failure.

        Raises: JsException, "This WritableStream writer has been released."
        """
        self._check_held()
        return self._sink.desired_size

    def write(self, chunk: Any = None) -> Deferred:
        """Write a chunk; the promise is fulfilled when it has been taken."""
        return self._sink.write(chunk) if self._stream is not None else _released()

    def close(self) -> Deferred:
        """Nothing more is written; the promise is fulfilled when all has been taken."""
        return self._sink.close() if self._stream is not None else _released()

    def abort(self, reason: Any = None) -> Deferred:
        """Give up: what was not yet taken is dropped."""
        return self._sink.abort(reason) if self._stream is not None else _released()

    def releaseLock(self) -> None:
        """Let the stream go; a second call does nothing."""
        if self._stream is not None:
            self._stream._writer = None
            self._stream = None

    def _check_held(self) -> None:
        if self._stream is None:
            raise runtime_errors.writer_released()


def _released() -> Deferred:
    return Deferred.rejected(runtime_errors.writer_released())


class Sink:
    """Chunks that were written and wait to be taken, one after another, by `advance`."""

    def __init__(self, high_water_mark: float, size: Any = None) -> None:
        self._high_water_mark = high_water_mark
        self._size_of = size
        self.queue: deque[tuple[Any, Deferred]] = deque()
        self.closed = Deferred()
        self.failure: BaseException | None = None
        self._closing = False
        self._ready: Deferred | None = None

    if TYPE_CHECKING:

        def advance(self) -> None:
            """Take from the queue what can be taken now; `took` is told after each."""

        def aborted(self, reason: Any) -> Deferred:
            """Somebody gave up: tell who wants to know."""

    def write(self, chunk: Any) -> Deferred:
        """Queue a chunk; a promise that it was taken."""
        if self.failure is not None:
            return Deferred.rejected(self.failure)
        if self._closing:
            return Deferred.rejected(runtime_errors.writable_closed())
        return self._queued(chunk)

    def close(self) -> Deferred:
        """Queue the end; a promise that it was reached."""
        if self.failure is not None:
            return Deferred.rejected(self.failure)
        if self._closing:
            error = runtime_errors.writable_closing
            if self.closed.done:
                error = runtime_errors.writable_closed
            return Deferred.rejected(error())
        self._closing = True
        return self._queued(CLOSE)

    def _queued(self, item: Any) -> Deferred:
        promise = Deferred()
        self.queue.append((item, promise))
        self.advance()
        return promise

    def took(self) -> None:
        """The first of the queue is done with."""
        if not self.queue:
            return  # it was dropped when the stream failed
        item, promise = self.queue.popleft()
        promise.resolve()
        if item is CLOSE:
            self.closed.resolve()
        if self._ready is not None and self.desired_size > 0:
            self._ready.resolve()

    def fail(self, failure: BaseException) -> None:
        """Nothing can be written any more."""
        if self.failure is not None or self.closed.done:
            return
        self.failure = failure
        queued, self.queue = self.queue, deque()
        for _, promise in queued:
            promise.reject(failure)
        self.closed.reject(failure)
        if self._ready is not None:
            self._ready.reject(failure)

    def abort(self, reason: Any) -> Deferred:
        """Drop the queue, and refuse what comes."""
        if self.failure is not None or self.closed.done:
            return Deferred.resolved()
        self.fail(thrown(reason))
        return self.aborted(reason)

    @property
    def ready(self) -> Deferred:
        """A promise that another chunk is wanted."""
        if self.failure is not None:
            return Deferred.rejected(self.failure)
        if self._closing or self.desired_size > 0:
            return Deferred.resolved()
        if self._ready is None or self._ready.done:
            self._ready = Deferred()
        return self._ready

    @property
    def desired_size(self) -> Any:
        """How much is wanted now."""
        if self.failure is not None:
            return jsnull
        if self.closed.done:
            return 0
        chunks = [item for item, _ in self.queue if item is not CLOSE]
        sizes = map(self._size_of, chunks) if self._size_of else [1] * len(chunks)
        return number(self._high_water_mark - sum(sizes))


class FunctionSink(Sink):
    """A sink of functions, called one at a time."""

    def __init__(self, found: Any, high_water_mark: float, size: Any) -> None:
        super().__init__(high_water_mark, size)
        names = ("start", "write", "close", "abort")
        self._start, self._write, self._close, self._abort = functions(
            "UnderlyingSink", found, *names
        )
        self._controller = WritableStreamDefaultController(self)
        self._busy = False

    def begin(self) -> None:
        """Call `start`."""
        if self._start is not None:
            self._call(self._start, (self._controller,), lambda: None)

    def advance(self) -> None:
        """Call the functions for what is queued, until one of them makes us wait."""
        while self.queue and not self._busy:
            item, _ = self.queue[0]
            if item is CLOSE:
                self._call(self._close, (), self.took)
            else:
                self._call(self._write, (item, self._controller), self.took)

    def _call(self, function: Any, arguments: tuple[Any, ...], then: Any) -> None:
        self._busy = True
        try:
            answer = None if function is None else function(*arguments)
        except Exception as failure:
            self._busy = False
            self.fail(failure)
            return
        promise = Deferred.of(answer)
        promise.when_done(lambda: self._answered(promise, then))

    def _answered(self, promise: Deferred, then: Any) -> None:
        self._busy = False
        try:
            promise.result()
        except BaseException as failure:
            self.fail(failure)
            return
        then()
        self.advance()

    def aborted(self, reason: Any) -> Deferred:
        """Call `abort`."""
        if self._abort is None:
            return Deferred.resolved()
        try:
            return Deferred.of(self._abort(reason))
        except Exception as failure:
            return Deferred.rejected(failure)


class WritableStreamDefaultController(JsProxy, name="WritableStreamDefaultController"):
    """What the functions of a sink get."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def error(self, reason: Any = None) -> None:
        """Let every write fail with `reason`."""
        self._sink.fail(thrown(reason))
