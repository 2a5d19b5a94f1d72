"""`Controlled`: chunks that a controller enqueues, for whoever waits longest."""

from collections import deque
from typing import Any

from pykvbinding import errors
from pykvbinding.js.core import errors as js_errors
from pykvbinding.js.core import runtime_errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.streams.js_sources import ItemSource
from pykvbinding.js.streams.source import END
from pykvbinding.js.types.error import thrown
from pykvbinding.js.types.object import number
from pykvbinding.js.types.typed_array import as_bytes


class Controlled(ItemSource):
    """Chunks that a controller enqueues."""

    reusable = True

    def __init__(self, pull: Any, cancel: Any, high_water_mark: float, size: Any = None) -> None:
        super().__init__(())
        self._pull_function = pull
        self._cancel_function = cancel
        self._high_water_mark = high_water_mark
        self._size_of = size
        self._queue: deque[Any] = deque()
        self._waiting: deque[Deferred] = deque()
        self._started: Deferred | None = None
        self._pulling: Deferred | None = None
        self._controller: Any = None
        self.enqueued = 0
        self._close_requested = False

    def begin(self, start: Any, controller: Any) -> None:
        """Call `start`; what it raises is the stream's failure."""
        self._controller = controller
        if start is None:
            return
        try:
            answer = start(controller)
        except Exception as failure:
            self.fail(failure)
            return
        if hasattr(answer, "__await__"):
            self._started = Deferred.of(answer)
            self._started.when_done(self._has_started)

    def _has_started(self) -> None:
        try:
            self._started = self._started and self._started.result()
        except BaseException as failure:
            self.fail(failure)
        self._started = None

    async def read(self) -> Any:
        """The next chunk, `END` at the end; several may wait, and are served in their order."""
        self.disturbed = True
        if self._queue:
            return self._shift()
        if self._failure is not None:
            raise self._failure
        if self.over:
            return END
        waiting = Deferred()
        self._waiting.append(waiting)
        try:
            if self._started is not None:
                await self._started
            if self._pull_function is not None:
                await self._pull_for(waiting)
            return await waiting
        except BaseException:
            self._give_back(waiting)
            raise

    async def _pull_for(self, waiting: Deferred) -> None:
        while not waiting.done:
            if self._pulling is not None:
                await self._pulling
                continue
            before = self.enqueued
            self._pulling = Deferred()
            try:
                answer = self._pull_function(self._controller)
                if hasattr(answer, "__await__"):
                    await answer
            except Exception as failure:
                self.fail(failure)
            finally:
                self._pulling.resolve()
                self._pulling = None
            if self.enqueued == before:
                return  # what was asked for comes by itself, later

    def _give_back(self, waiting: Deferred) -> None:
        """A reader that waited was cancelled: the chunk that it got is the next one's."""
        if waiting in self._waiting:
            self._waiting.remove(waiting)
        elif self._failure is None and (chunk := waiting.result()) is not END:
            self._queue.appendleft(chunk)

    def _shift(self) -> Any:
        chunk = self._queue.popleft()
        if self._close_requested and not self._queue:
            self._end()
        return chunk

    def enqueue(self, chunk: Any) -> None:
        """Add a chunk, for who waits longest. Raises: JsException, "Unable to enqueue"."""
        if self._close_requested or self.over or self._failure is not None:
            raise runtime_errors.stream_not_open()
        self.enqueued += 1
        if self._waiting:
            self._waiting.popleft().resolve(chunk)
        else:
            self._queue.append(chunk)

    def close(self) -> None:
        """No chunk comes after those that are queued."""
        if self._close_requested or self.over or self._failure is not None:
            raise runtime_errors.stream_closed()
        self._close_requested = True
        if not self._queue:
            self._end()

    def fail(self, failure: BaseException) -> None:
        """Nothing comes any more but `failure`, unless it has come to its end."""
        if self.over or self._failure is not None:
            return
        self._fail(failure)
        self._queue.clear()
        while self._waiting:
            self._waiting.popleft().reject(failure)

    def _end(self) -> None:
        self._chunks = None
        if self._closed is not None:
            self._closed.resolve()
        while self._waiting:
            self._waiting.popleft().resolve(END)

    @property
    def open(self) -> bool:
        """Whether chunks may come."""
        return not (self._close_requested or self.over or self._failure is not None)

    @property
    def desired_size(self) -> Any:
        """How much may be enqueued until there is enough for now."""
        if self._failure is not None:
            return jsnull
        if self.over:
            return 0
        sizes = map(self._size_of, self._queue) if self._size_of else [1] * len(self._queue)
        return number(self._high_water_mark - sum(sizes))

    def release(self) -> None:
        """A reader lets go: what it still waits for is refused."""
        while self._waiting:
            self._waiting.popleft().reject(errors.stream_reader_released())

    def cancel(self, reason: object = None) -> Deferred:
        """Drop what is queued, and tell the function that wants to know."""
        self.disturbed = True
        if self._failure is not None:
            return Deferred.rejected(self._failure)
        if self.over:
            return Deferred.resolved()
        self._queue.clear()
        self._end()
        if self._cancel_function is None:
            return Deferred.resolved()
        try:
            return Deferred.of(_nothing_of(self._cancel_function(reason)))
        except Exception as failure:
            return Deferred.rejected(failure)

    def drop(self) -> None:
        """Drop the rest, because a loop was left."""
        self.disturbed = True
        if self._failure is None and not self.over:
            self._queue.clear()
            self._end()


def _nothing_of(answer: Any) -> Any:
    """The answer of a callback: only that it has come is of interest, not what it is."""
    return _ended(answer) if hasattr(answer, "__await__") else None


async def _ended(answer: Any) -> None:
    await answer


class ReadableStreamDefaultController(JsProxy, name="ReadableStreamDefaultController"):
    """What `start` and `pull` get."""

    def __init__(self, source: Controlled) -> None:
        self._source = source

    @property
    def desiredSize(self) -> Any:
        """How many chunks are wanted ahead; jsnull after a failure."""
        return self._source.desired_size

    def enqueue(self, chunk: Any = None) -> None:
        """Add a chunk. Raises: JsException, "Unable to enqueue"."""
        self._source.enqueue(chunk)

    def close(self) -> None:
        """No more chunks. Raises: JsException, "This ReadableStream is closed."."""
        self._source.close()

    def error(self, reason: Any = None) -> None:
        """Let every read fail with `reason`."""
        self._source.fail(thrown(reason))


class ReadableByteStreamController(
    ReadableStreamDefaultController, name="ReadableByteStreamController"
):
    """What `start` and `pull` get of a stream of type "bytes"."""

    byobRequest = jsnull

    def enqueue(self, chunk: Any = None) -> None:
        """Add a chunk, a buffer. Raises: JsException for anything else."""
        content = as_bytes(chunk)
        if content is None:
            owner = "ReadableByteStreamController"
            raise js_errors.not_of_type("enqueue", owner, 1, "BufferSource")
        if not content:
            raise runtime_errors.chunk_empty()
        super().enqueue(chunk)
