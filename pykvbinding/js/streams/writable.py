"""`WritableStream`, its writer, and the sinks behind it: `Sink` and `FunctionSink`."""

from collections import deque
from typing import TYPE_CHECKING, Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.streams.js_readable import get_callbacks, read_strategy
from pykvbinding.js.types.error import to_exception
from pykvbinding.js.types.object import normalize_number, option_members

CLOSE = object()
"""Sentinel in the queue of a sink: the end of the stream."""


class WritableStream(JsProxy, name="WritableStream"):
    """A stream that calls `write(chunk, controller)` for each chunk.

    `start(controller)` is called by the constructor, `close()` after the last chunk, and
    `abort(reason)` when the stream is aborted. The four functions may be asynchronous.
    """

    def __init__(self, sink: Any = None, strategy: Any = None) -> None:
        if isinstance(sink, str | int | float):
            raise errors.constructor_not_of_type("WritableStream", 1, "UnderlyingSink")
        callback_sink = FunctionSink(option_members(sink), *read_strategy(strategy, 1))
        self._sink: Sink = callback_sink
        self._writer: WritableStreamDefaultWriter | None = None
        callback_sink.begin()

    @classmethod
    def of_sink(cls, sink: "Sink") -> "WritableStream":
        """Return a stream that writes to `sink`."""
        stream = cls.__new__(cls)
        stream._sink = sink
        stream._writer = None
        return stream

    @property
    def locked(self) -> bool:
        """True if the stream has a writer."""
        return self._writer is not None

    def getWriter(self) -> "WritableStreamDefaultWriter":
        """Return a writer, which locks the stream until `releaseLock()`.

        Raises: JsException, "This WritableStream is currently locked to a writer."
        """
        self._check_unlocked()
        self._writer = WritableStreamDefaultWriter(self, self._sink)
        return self._writer

    def abort(self, reason: Any = None) -> Deferred:
        """Drop the queued chunks and make writes fail. Raises: JsException if locked."""
        self._check_unlocked()
        return self._sink.abort(reason)

    def close(self) -> Deferred:
        """End the stream after the queued chunks. Raises: JsException if it is locked."""
        self._check_unlocked()
        return self._sink.close()

    def _check_unlocked(self) -> None:
        if self.locked:
            raise runtime_errors.writable_locked()


class WritableStreamDefaultWriter(JsProxy, name="WritableStreamDefaultWriter"):
    """The writer that `getWriter()` returns."""

    def __init__(self, stream: WritableStream, sink: "Sink") -> None:
        self._stream: WritableStream | None = stream
        self._sink = sink

    @property
    def closed(self) -> Deferred:
        """A promise that is fulfilled when the stream is closed, and rejected if it fails."""
        return self._sink.closed if self._stream is not None else _reject_released()

    @property
    def ready(self) -> Deferred:
        """A promise that is fulfilled when the queue is below the high water mark."""
        return self._sink.ready if self._stream is not None else _reject_released()

    @property
    def desiredSize(self) -> Any:
        """The size of the chunks still wanted in the queue; jsnull after a failure.

        Raises: JsException, "This WritableStream writer has been released."
        """
        self._check_held()
        return self._sink.desired_size

    def write(self, chunk: Any = None) -> Deferred:
        """Write a chunk; the promise is fulfilled when the sink has processed it."""
        return self._sink.write(chunk) if self._stream is not None else _reject_released()

    def close(self) -> Deferred:
        """End the stream; the promise is fulfilled when the sink has processed all chunks."""
        return self._sink.close() if self._stream is not None else _reject_released()

    def abort(self, reason: Any = None) -> Deferred:
        """Drop the queued chunks and make writes fail."""
        return self._sink.abort(reason) if self._stream is not None else _reject_released()

    def releaseLock(self) -> None:
        """Unlock the stream; a second call does nothing."""
        if self._stream is not None:
            self._stream._writer = None
            self._stream = None

    def _check_held(self) -> None:
        if self._stream is None:
            raise runtime_errors.writer_released()


def _reject_released() -> Deferred:
    return Deferred.rejected(runtime_errors.writer_released())


class Sink:
    """The queue of a writable stream. A subclass processes its items, one by one, in `advance`."""

    def __init__(self, high_water_mark: float, size: Any = None) -> None:
        self._high_water_mark = high_water_mark
        self._size = size
        self.queue: deque[tuple[Any, Deferred]] = deque()
        self.closed: Deferred = Deferred()
        self.failure: BaseException | None = None
        self._closing = False
        self._ready: Deferred | None = None

    if TYPE_CHECKING:

        def advance(self) -> None:
            """Process the queue as far as possible; call `finish_write` after each item."""

        def on_abort(self, reason: Any) -> Deferred:
            """Call the user's callback after an abort."""

    def write(self, chunk: Any) -> Deferred:
        """Queue a chunk, and return a promise of its processing."""
        if self.failure is not None:
            return Deferred.rejected(self.failure)
        if self._closing:
            return Deferred.rejected(runtime_errors.writable_closed())
        return self._enqueue(chunk)

    def close(self) -> Deferred:
        """Queue the end, and return a promise of its processing."""
        if self.failure is not None:
            return Deferred.rejected(self.failure)
        if self._closing:
            error = runtime_errors.writable_closing
            if self.closed.done:
                error = runtime_errors.writable_closed
            return Deferred.rejected(error())
        self._closing = True
        return self._enqueue(CLOSE)

    def _enqueue(self, item: Any) -> Deferred:
        promise = Deferred()
        self.queue.append((item, promise))
        self.advance()
        return promise

    def finish_write(self) -> None:
        """Remove the first item of the queue, which has been processed."""
        if not self.queue:
            return  # `fail` has dropped it
        item, promise = self.queue.popleft()
        promise.resolve()
        if item is CLOSE:
            self.closed.resolve()
        if self._ready is not None and self.desired_size > 0:
            self._ready.resolve()

    def fail(self, error: BaseException) -> None:
        """Reject the promises of all queued and later writes with `error`."""
        if self.failure is not None or self.closed.done:
            return
        self.failure = error
        queued, self.queue = self.queue, deque()
        for _, promise in queued:
            promise.reject(error)
        self.closed.reject(error)
        if self._ready is not None:
            self._ready.reject(error)

    def abort(self, reason: Any) -> Deferred:
        """Drop the queue and make writes fail, unless the stream has been closed or has failed."""
        if self.failure is not None or self.closed.done:
            return Deferred.resolved()
        self.fail(to_exception(reason))
        return self.on_abort(reason)

    @property
    def ready(self) -> Deferred:
        """A promise that is fulfilled when the queue is below the high water mark."""
        if self.failure is not None:
            return Deferred.rejected(self.failure)
        if self._closing or self.desired_size > 0:
            return Deferred.resolved()
        if self._ready is None or self._ready.done:
            self._ready = Deferred()
        return self._ready

    @property
    def desired_size(self) -> Any:
        """The high water mark minus the size of the queue: 0 at the end, jsnull after a failure."""
        if self.failure is not None:
            return jsnull
        if self.closed.done:
            return 0
        chunks = [item for item, _ in self.queue if item is not CLOSE]
        sizes = map(self._size, chunks) if self._size else [1] * len(chunks)
        return normalize_number(self._high_water_mark - sum(sizes))


class FunctionSink(Sink):
    """A sink that calls the user's functions, one call at a time."""

    def __init__(self, underlying: Any, high_water_mark: float, size: Any) -> None:
        super().__init__(high_water_mark, size)
        names = ("start", "write", "close", "abort")
        self._start, self._write, self._close, self._abort = get_callbacks(
            "UnderlyingSink", underlying, *names
        )
        self._controller = WritableStreamDefaultController(self)
        self._busy = False

    def begin(self) -> None:
        """Call `start`."""
        if self._start is not None:
            self._call(self._start, (self._controller,), lambda: None)

    def advance(self) -> None:
        """Call the functions for the queued items, until one returns an unfinished awaitable."""
        while self.queue and not self._busy:
            item, _ = self.queue[0]
            if item is CLOSE:
                self._call(self._close, (), self.finish_write)
            else:
                self._call(self._write, (item, self._controller), self.finish_write)

    def _call(self, function: Any, args: tuple[Any, ...], on_done: Any) -> None:
        self._busy = True
        try:
            result = None if function is None else function(*args)
        except Exception as error:
            self._busy = False
            self.fail(error)
            return
        promise = Deferred.of(result)
        promise.add_done_callback(lambda: self._finish_call(promise, on_done))

    def _finish_call(self, promise: Deferred, on_done: Any) -> None:
        self._busy = False
        try:
            promise.result()
        except BaseException as error:
            self.fail(error)
            return
        on_done()
        self.advance()

    def on_abort(self, reason: Any) -> Deferred:
        """Call `abort`."""
        if self._abort is None:
            return Deferred.resolved()
        try:
            return Deferred.of(self._abort(reason))
        except Exception as error:
            return Deferred.rejected(error)


class WritableStreamDefaultController(JsProxy, name="WritableStreamDefaultController"):
    """The controller that the functions of a sink get."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def error(self, reason: Any = None) -> None:
        """Make every write fail with `reason`."""
        self._sink.fail(to_exception(reason))
