"""`TransformStream`: chunks written to one side are transformed and read from the other."""

from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.streams.controller import ControlledSource
from pykvbinding.js.streams.js_readable import ReadableStream, get_callbacks, read_strategy
from pykvbinding.js.streams.writable import CLOSE, Sink, WritableStream
from pykvbinding.js.types.error import to_exception
from pykvbinding.js.types.object import option_members


class TransformStream(JsProxy, name="TransformStream"):
    """A writable and a readable stream with a transformation between them.

    `transform(chunk, controller)` is called for each chunk written to `writable`, and enqueues the
    chunks of `readable`. Without a transformer, chunks pass unchanged. The promise of a write is
    fulfilled when its result is read: the writer must run concurrently with the reader.
    """

    def __init__(
        self, transformer: Any = None, writableStrategy: Any = None, readableStrategy: Any = None
    ) -> None:
        if isinstance(transformer, str | int | float):
            raise errors.constructor_not_of_type("TransformStream", 1, "Transformer")
        underlying = option_members(transformer)
        for side in ("readableType", "writableType"):
            if underlying.get(side) is not None:
                raise runtime_errors.transformer_type(side)
        names = ("start", "transform", "flush", "cancel")
        start, transform, flush, cancel = get_callbacks("Transformer", underlying, *names)
        joined = Transform(
            transform,
            flush,
            cancel,
            read_strategy(writableStrategy, 1),
            read_strategy(readableStrategy, 0),
        )
        self._readable = ReadableStream.of_source(joined.source)
        self._writable = WritableStream.of_sink(joined.sink)
        joined.begin(start)

    @property
    def readable(self) -> ReadableStream:
        """The stream of the transformed chunks."""
        return self._readable

    @property
    def writable(self) -> WritableStream:
        """The stream to write to."""
        return self._writable


class Transform:
    """The connection of the two sides: a read takes the next written chunk and transforms it."""

    def __init__(
        self,
        transform: Any,
        flush: Any,
        cancel: Any,
        writable: tuple[float, Any],
        readable: tuple[float, Any],
    ) -> None:
        self._function = transform
        self._flush = flush
        self._cancel = cancel
        self.sink: _TransformSink = _TransformSink(self, *writable)
        self.source: ControlledSource = ControlledSource(self._pull, self._on_cancel, *readable)
        self.controller: TransformStreamDefaultController = TransformStreamDefaultController(self)
        self._write_waiter: Deferred | None = None
        self._transforming: Deferred | None = None

    def begin(self, start: Any) -> None:
        """Call the transformer's `start`."""
        self.source.begin(start, self.controller)

    async def _pull(self, _controller: Any) -> None:
        """Transform written chunks until one of them produces a chunk."""
        before = self.source.enqueued
        while self.source.can_enqueue and self.source.enqueued == before:
            if self._transforming is not None:
                await self._transforming
            elif self.sink.queue:
                await self._transform_next()
            else:
                self._write_waiter = Deferred()
                await self._write_waiter

    def _transform_next(self) -> Deferred:
        """Transform the first item of the queue; the promise is fulfilled on success or failure."""
        item, _ = self.sink.queue[0]
        transforming = self._transforming = Deferred()
        try:
            promise = Deferred.of(self.transform(item))
        except Exception as error:
            promise = Deferred.rejected(error)
        promise.add_done_callback(lambda: self._finish_transform(item, promise, transforming))
        return transforming

    def transform(self, item: Any) -> Any:
        """Call `transform` for a chunk, or `flush` for the end; the result may be awaitable."""
        if item is CLOSE:
            return None if self._flush is None else self._flush(self.controller)
        if self._function is None:
            return self.source.enqueue(item)
        return self._function(item, self.controller)

    def _finish_transform(self, item: Any, promise: Deferred, transforming: Deferred) -> None:
        self._transforming = None
        try:
            promise.result()
        except BaseException as error:
            self.fail(error)
        else:
            if item is CLOSE and self.source.can_enqueue:
                self.source.close()
            self.sink.finish_write()
        transforming.resolve()

    def on_write(self) -> None:
        """Wake a pending read after a write; without one, transform as far as is wanted ahead."""
        if self._write_waiter is not None:
            self._write_waiter.resolve()
            self._write_waiter = None
            return
        while self._transforming is None and self.sink.queue and self._can_transform_ahead():
            self._transform_next()

    def _can_transform_ahead(self) -> bool:
        return self.sink.queue[0][0] is CLOSE or self.source.desired_size > 0

    def fail(self, error: BaseException) -> None:
        """Make both sides fail."""
        self.source.fail(error)
        self.sink.fail(error)

    def error_writable(self, error: BaseException) -> None:
        """Make the writable side fail; the promise of the write in progress is fulfilled."""
        if self._transforming is not None:
            self.sink.finish_write()
        self.sink.fail(error)

    def on_abort(self, reason: Any) -> Deferred:
        """Make the readable side fail, and call `cancel`, when the writer aborts."""
        self.source.fail(to_exception(reason))
        return Deferred.of(None if self._cancel is None else self._cancel(reason))

    def _on_cancel(self, reason: Any) -> Any:
        self.sink.fail(to_exception(reason))
        return None if self._cancel is None else self._cancel(reason)


class _TransformSink(Sink):
    def __init__(self, transform: Transform, high_water_mark: float, size: Any) -> None:
        super().__init__(high_water_mark, size)
        self._transform = transform

    def advance(self) -> None:
        self._transform.on_write()

    def on_abort(self, reason: Any) -> Deferred:
        return self._transform.on_abort(reason)


class TransformStreamDefaultController(JsProxy, name="TransformStreamDefaultController"):
    """The controller that the functions of a transformer get."""

    def __init__(self, transform: Transform) -> None:
        self._transform = transform

    @property
    def desiredSize(self) -> Any:
        """The desired size of the readable side."""
        return self._transform.source.desired_size

    def enqueue(self, chunk: Any = None) -> None:
        """Add a chunk to the readable side."""
        self._transform.source.enqueue(chunk)

    def error(self, reason: Any = None) -> None:
        """Make both sides fail with `reason`; the promise of the write in progress is fulfilled."""
        error = to_exception(reason)
        self._transform.error_writable(error)
        self._transform.source.fail(error)

    def terminate(self) -> None:
        """End the readable side, and make the writable side fail."""
        if self._transform.source.can_enqueue:
            self._transform.source.close()
        self._transform.error_writable(runtime_errors.transform_terminated())
