"""The `ReadableStream` of JavaScript: chunks of any type, produced by callbacks.

It is a subclass of `pykvbinding.js.streams.readable.ReadableStream` with another source, so
`KVNamespace.put` accepts it.
"""

from collections.abc import AsyncIterable, Iterable
from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.streams import readable as stream
from pykvbinding.js.streams.controller import (
    ControlledSource,
    ReadableByteStreamController,
    ReadableStreamDefaultController,
)
from pykvbinding.js.streams.js_sources import BodySource, BranchSource, ItemSource
from pykvbinding.js.streams.source import Source, split_chunks
from pykvbinding.js.types.object import AttributeMapping, option_members


class ReadableStream(stream.ReadableStream, name="ReadableStream"):
    """A stream whose chunks `start(controller)` and `pull(controller)` enqueue.

    `cancel(reason)` is called when a reader cancels the stream. The functions may be asynchronous.
    `pull` is called when a read finds the queue empty; production also calls it once before the
    first read.

    >>> stream = ReadableStream({"start": lambda controller: controller.close()})
    >>> stream.locked
    False
    """

    def __init__(self, source: Any = None, strategy: Any = None) -> None:
        super().__init__()
        if not _is_object(source):
            raise errors.constructor_not_of_type("ReadableStream", 1, "UnderlyingSource")
        underlying = option_members(source)
        stream_type = underlying.get("type")
        if stream_type not in (None, "", "bytes"):
            raise runtime_errors.stream_type(str(stream_type))
        start, pull, cancel = get_callbacks(
            "UnderlyingSource", underlying, "start", "pull", "cancel"
        )
        is_byte_stream = stream_type == "bytes"
        high_water_mark, size = read_strategy(strategy, 0 if is_byte_stream else 1)
        self._source: ControlledSource = ControlledSource(pull, cancel, high_water_mark, size)
        controller_class = (
            ReadableByteStreamController if is_byte_stream else ReadableStreamDefaultController
        )
        self._source.begin(start, controller_class(self._source))

    @classmethod
    def of_source(cls, source: Source) -> "ReadableStream":
        """Return a stream of the chunks of `source`."""
        instance = cls.__new__(cls)
        stream.ReadableStream.__init__(instance)
        instance._source = source  # type: ignore[assignment]
        return instance

    @classmethod
    def from_bytes(cls, content: bytes) -> "ReadableStream":
        """Return a stream of these bytes, as the body of a request or a response."""
        return cls.of_source(BodySource(split_chunks(content)))

    @classmethod
    def from_(cls, items: Any) -> "ReadableStream":
        """Return a stream of the items of an iterable or an async iterable.

        Raises: JsException if `items` is a string or cannot be iterated.
        """
        if isinstance(items, str) or not isinstance(items, AsyncIterable | Iterable):
            raise errors.not_of_type("from", "ReadableStream", 1, "AsyncGenerator")
        return cls.of_source(ItemSource(items))

    def tee(self) -> tuple[stream.ReadableStream, stream.ReadableStream]:
        """Return two streams of the same chunks; this stream stays locked.

        Raises: KVError, "This ReadableStream is currently locked to a reader,"
        """
        tee, source = self._tee(), self._source
        return (
            ReadableStream.of_source(BranchSource(tee.branch(0), source)),
            ReadableStream.of_source(BranchSource(tee.branch(1), source)),
        )


def _is_object(value: Any) -> bool:
    return not isinstance(value, str | int | float)


def get_callbacks(owner: str, underlying: Any, *names: str) -> list[Any]:
    """Return the callbacks `names` of an underlying source, sink or transformer; `None` if absent.

    A Python function that was passed without `create_proxy` raises an error when it is called, as
    Pyodide has destroyed its proxy by then. Only `start` works, because it is called at once.

    Raises: JsException if a member is not a function.
    """
    callbacks = [underlying.get(name) for name in names]
    for name, callback in zip(names, callbacks, strict=True):
        if callback is not None and not callable(callback):
            raise runtime_errors.field_type(name, owner, "function")
    if isinstance(underlying, AttributeMapping):  # of a proxy: its members are proxies too
        return callbacks
    return [
        callback if name == "start" else _expire_borrowed(callback)
        for name, callback in zip(names, callbacks, strict=True)
    ]


def _expire_borrowed(callback: Any) -> Any:
    return callback if callback is None or isinstance(callback, JsProxy) else _raise_destroyed


def _raise_destroyed(*args: Any) -> None:  # noqa: ARG001
    raise errors.borrowed_proxy_destroyed(
        "at the end of a function call. Try using create_proxy or create_once_callable."
    )


def read_strategy(strategy: Any, default: float) -> tuple[float, Any]:
    """Return the high water mark of a queuing strategy, and its `size` function or `None`."""
    options = option_members(strategy)
    high_water_mark = options.get("highWaterMark")
    return default if high_water_mark is None else high_water_mark, options.get("size")
