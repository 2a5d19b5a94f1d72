"""`TransformStream`: what is written on one side is read, changed or not, on the other."""

from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.streams.controller import Controlled
from pykvbinding.js.streams.js_readable import ReadableStream, functions, strategy_of
from pykvbinding.js.streams.writable import CLOSE, Sink, WritableStream
from pykvbinding.js.types.error import thrown
from pykvbinding.js.types.object import members


class TransformStream(JsProxy, name="TransformStream"):
    """Two streams: `readable` gets what `transform(chunk, controller)` makes of `writable`'s.

    Without a transformer chunks pass as they are. A write is done when somebody has read what
    became of it: the writer is to run beside the reader, not before.
    """

    def __init__(
        self, transformer: Any = None, writableStrategy: Any = None, readableStrategy: Any = None
    ) -> None:
        if isinstance(transformer, str | int | float):
            raise errors.constructor_not_of_type("TransformStream", 1, "Transformer")
        found = members(transformer)
        for side in ("readableType", "writableType"):
            if found.get(side) is not None:
                raise runtime_errors.transformer_type(side)
        names = ("start", "transform", "flush", "cancel")
        start, transform, flush, cancel = functions("Transformer", found, *names)
        joint = Transform(
            transform,
            flush,
            cancel,
            strategy_of(writableStrategy, 1),
            strategy_of(readableStrategy, 0),
        )
        self._readable = ReadableStream.over(joint.source)
        self._writable = WritableStream.over(joint.sink)
        joint.begin(start)

    @property
    def readable(self) -> ReadableStream:
        """The side to read from."""
        return self._readable

    @property
    def writable(self) -> WritableStream:
        """The side to write to."""
        return self._writable


class Transform:
    """What joins the two sides: whoever reads takes the next write and has it transformed."""

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
        self.sink = _TransformSink(self, *writable)
        self.source = Controlled(self._pull, self._cancelled, *readable)
        self.controller = TransformStreamDefaultController(self)
        self._written: Deferred | None = None
        self._under_way: Deferred | None = None

    def begin(self, start: Any) -> None:
        """Call the transformer's `start`."""
        self.source.begin(start, self.controller)

    async def _pull(self, _controller: Any) -> None:
        """Transform writes until something came of one."""
        before = self.source.enqueued
        while self.source.open and self.source.enqueued == before:
            if self._under_way is not None:
                await self._under_way
            elif self.sink.queue:
                await self._take()
            else:
                self._written = Deferred()
                await self._written

    def _take(self) -> Deferred:
        """Take the first write, or the end; a promise that it was transformed, or failed."""
        item, _ = self.sink.queue[0]
        under_way = self._under_way = Deferred()
        try:
            promise = Deferred.of(self.transform(item))
        except Exception as failure:
            promise = Deferred.rejected(failure)
        promise.when_done(lambda: self._taken(item, promise, under_way))
        return under_way

    def transform(self, item: Any) -> Any:
        """Have a write transformed, which may take its time; or flush, for the end."""
        if item is CLOSE:
            return None if self._flush is None else self._flush(self.controller)
        if self._function is None:
            return self.source.enqueue(item)
        return self._function(item, self.controller)

    def _taken(self, item: Any, promise: Deferred, under_way: Deferred) -> None:
        self._under_way = None
        try:
            promise.result()
        except BaseException as failure:
            self.fail(failure)
        else:
            if item is CLOSE and self.source.open:
                self.source.close()
            self.sink.took()
        under_way.resolve()

    def written(self) -> None:
        """Something was written: for who waits; or to take ahead, where nobody need read."""
        if self._written is not None:
            self._written.resolve()
            self._written = None
            return
        while self._under_way is None and self.sink.queue and self._wanted_ahead():
            self._take()

    def _wanted_ahead(self) -> bool:
        return self.sink.queue[0][0] is CLOSE or self.source.desired_size > 0

    def fail(self, failure: BaseException) -> None:
        """Both sides fail."""
        self.source.fail(failure)
        self.sink.fail(failure)

    def stop(self, failure: BaseException) -> None:
        """The writable side fails; the write under way counts as done."""
        if self._under_way is not None:
            self.sink.took()
        self.sink.fail(failure)

    def aborted(self, reason: Any) -> Deferred:
        """Who writes gave up."""
        self.source.fail(thrown(reason))
        return Deferred.of(None if self._cancel is None else self._cancel(reason))

    def _cancelled(self, reason: Any) -> Any:
        self.sink.fail(thrown(reason))
        return None if self._cancel is None else self._cancel(reason)


class _TransformSink(Sink):
    def __init__(self, transform: Transform, high_water_mark: float, size: Any) -> None:
        super().__init__(high_water_mark, size)
        self._transform = transform

    def advance(self) -> None:
        self._transform.written()

    def aborted(self, reason: Any) -> Deferred:
        return self._transform.aborted(reason)


class TransformStreamDefaultController(JsProxy, name="TransformStreamDefaultController"):
    """What the functions of a transformer get."""

    def __init__(self, transform: Transform) -> None:
        self._transform = transform

    @property
    def desiredSize(self) -> Any:
        """How much the readable side wants ahead."""
        return self._transform.source.desired_size

    def enqueue(self, chunk: Any = None) -> None:
        """Give a chunk to who reads."""
        self._transform.source.enqueue(chunk)

    def error(self, reason: Any = None) -> None:
        """Let both sides fail with `reason`; the write under way counts as done."""
        failure = thrown(reason)
        self._transform.stop(failure)
        self._transform.source.fail(failure)

    def terminate(self) -> None:
        """End the readable side; the writable one fails."""
        if self._transform.source.open:
            self._transform.source.close()
        self._transform.stop(runtime_errors.transform_terminated())
