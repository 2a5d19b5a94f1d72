"""`ControlledSource`: the queue behind a stream whose chunks a controller enqueues."""

from collections import deque
from typing import Any

from pykvbinding import errors
from pykvbinding.js.core import errors as js_errors
from pykvbinding.js.core import runtime_errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.streams.js_sources import ItemSource
from pykvbinding.js.streams.source import END
from pykvbinding.js.types.error import to_exception
from pykvbinding.js.types.object import normalize_number
from pykvbinding.js.types.typed_array import as_bytes


class ControlledSource(ItemSource):
    """The chunks that a controller enqueues. Pending reads get them in the order of the reads."""

    reusable = True

    def __init__(self, pull: Any, cancel: Any, high_water_mark: float, size: Any = None) -> None:
        super().__init__(())
        self._pull_function = pull
        self._cancel_function = cancel
        self._high_water_mark = high_water_mark
        self._size = size
        self._queue: deque[Any] = deque()
        self._read_requests: deque[Deferred] = deque()
        self._start_promise: Deferred | None = None
        self._pulling: Deferred | None = None
        self._controller: Any = None
        self.enqueued: int = 0
        self._close_requested = False

    def begin(self, start: Any, controller: Any) -> None:
        """Call `start`. If it raises an exception, the stream fails with it."""
        self._controller = controller
        if start is None:
            return
        try:
            result = start(controller)
        except Exception as error:
            self.fail(error)
            return
        if hasattr(result, "__await__"):
            self._start_promise = Deferred.of(result)
            self._start_promise.add_done_callback(self._finish_start)

    def _finish_start(self) -> None:
        try:
            self._start_promise = self._start_promise and self._start_promise.result()
        except BaseException as error:
            self.fail(error)
        self._start_promise = None

    async def read(self) -> Any:
        """Return the next chunk, or `END` at the end; several calls may be pending."""
        self.disturbed: bool = True
        if self._queue:
            return self._dequeue()
        if self._failure is not None:
            raise self._failure
        if self.exhausted:
            return END
        request = Deferred()
        self._read_requests.append(request)
        try:
            if self._start_promise is not None:
                await self._start_promise
            if self._pull_function is not None:
                await self._pull_for(request)
            return await request
        except BaseException:
            self._requeue(request)
            raise

    async def _pull_for(self, request: Deferred) -> None:
        while not request.done:
            if self._pulling is not None:
                await self._pulling
                continue
            before = self.enqueued
            self._pulling = Deferred()
            try:
                result = self._pull_function(self._controller)
                if hasattr(result, "__await__"):
                    await result
            except Exception as error:
                self.fail(error)
            finally:
                self._pulling.resolve()
                self._pulling = None
            if self.enqueued == before:
                return  # a later `enqueue` resolves the request

    def _requeue(self, request: Deferred) -> None:
        """Remove a cancelled request; a chunk that it has got goes back to the queue."""
        if request in self._read_requests:
            self._read_requests.remove(request)
        elif self._failure is None and (chunk := request.result()) is not END:
            self._queue.appendleft(chunk)

    def _dequeue(self) -> Any:
        chunk = self._queue.popleft()
        if self._close_requested and not self._queue:
            self._end()
        return chunk

    def enqueue(self, chunk: Any) -> None:
        """Add a chunk, for the oldest pending read. Raises: JsException, "Unable to enqueue"."""
        if self._close_requested or self.exhausted or self._failure is not None:
            raise runtime_errors.stream_not_open()
        self.enqueued += 1
        if self._read_requests:
            self._read_requests.popleft().resolve(chunk)
        else:
            self._queue.append(chunk)

    def close(self) -> None:
        """End the stream after the queued chunks.

        Raises: JsException, "This ReadableStream is closed."
        """
        if self._close_requested or self.exhausted or self._failure is not None:
            raise runtime_errors.stream_closed()
        self._close_requested = True
        if not self._queue:
            self._end()

    def fail(self, error: BaseException) -> None:
        """Drop the queue and make every read raise `error`, unless the stream has ended."""
        if self.exhausted or self._failure is not None:
            return
        self._fail(error)
        self._queue.clear()
        while self._read_requests:
            self._read_requests.popleft().reject(error)

    def _end(self) -> None:
        self._chunks = None
        if self._closed is not None:
            self._closed.resolve()
        while self._read_requests:
            self._read_requests.popleft().resolve(END)

    @property
    def can_enqueue(self) -> bool:
        """True until the stream is closed, ends or fails."""
        return not (self._close_requested or self.exhausted or self._failure is not None)

    @property
    def desired_size(self) -> Any:
        """The high water mark minus the size of the queue: 0 at the end, jsnull after a failure."""
        if self._failure is not None:
            return jsnull
        if self.exhausted:
            return 0
        sizes = map(self._size, self._queue) if self._size else [1] * len(self._queue)
        return normalize_number(self._high_water_mark - sum(sizes))

    def release(self) -> None:
        """Reject the pending reads, because their reader released the stream."""
        while self._read_requests:
            self._read_requests.popleft().reject(errors.stream_reader_released())

    def cancel(self, reason: object = None) -> Deferred:
        """Drop the queue, and call the `cancel` function of the stream."""
        self.disturbed = True
        if self._failure is not None:
            return Deferred.rejected(self._failure)
        if self.exhausted:
            return Deferred.resolved()
        self._queue.clear()
        self._end()
        if self._cancel_function is None:
            return Deferred.resolved()
        try:
            return Deferred.of(_discard_result(self._cancel_function(reason)))
        except Exception as error:
            return Deferred.rejected(error)

    def drop(self) -> None:
        """Drop the remaining chunks without a call of `cancel`, when an `async for` is left."""
        self.disturbed = True
        if self._failure is None and not self.exhausted:
            self._queue.clear()
            self._end()


def _discard_result(result: Any) -> Any:
    """Return an awaitable of `None` for an awaitable result of a callback; else `None`."""
    return _await_only(result) if hasattr(result, "__await__") else None


async def _await_only(result: Any) -> None:
    await result


class ReadableStreamDefaultController(JsProxy, name="ReadableStreamDefaultController"):
    """The controller that `start` and `pull` get as their argument."""

    def __init__(self, source: ControlledSource) -> None:
        self._source = source

    @property
    def desiredSize(self) -> Any:
        """The size of the chunks still wanted in the queue; jsnull after a failure."""
        return self._source.desired_size

    def enqueue(self, chunk: Any = None) -> None:
        """Add a chunk. Raises: JsException, "Unable to enqueue"."""
        self._source.enqueue(chunk)

    def close(self) -> None:
        """End the stream. Raises: JsException, "This ReadableStream is closed."."""
        self._source.close()

    def error(self, reason: Any = None) -> None:
        """Make every read fail with `reason`."""
        self._source.fail(to_exception(reason))


class ReadableByteStreamController(
    ReadableStreamDefaultController, name="ReadableByteStreamController"
):
    """The controller that `start` and `pull` of a stream of type "bytes" get."""

    byobRequest = jsnull

    def enqueue(self, chunk: Any = None) -> None:
        """Add a chunk. Raises: JsException if `chunk` is not a buffer, or is empty."""
        content = as_bytes(chunk)
        if content is None:
            owner = "ReadableByteStreamController"
            raise js_errors.not_of_type("enqueue", owner, 1, "BufferSource")
        if not content:
            raise runtime_errors.chunk_empty()
        super().enqueue(chunk)
