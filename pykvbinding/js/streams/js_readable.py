"""The `ReadableStream` of JavaScript: chunks of any kind, made by Python functions.

It is a `pykvbinding.js.streams.readable.ReadableStream` over another source, so
`KVNamespace.put` takes it.
"""

from collections.abc import AsyncIterable, Iterable
from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.streams import readable as stream
from pykvbinding.js.streams.controller import (
    Controlled,
    ReadableByteStreamController,
    ReadableStreamDefaultController,
)
from pykvbinding.js.streams.js_sources import BodySource, BranchSource, ItemSource
from pykvbinding.js.streams.source import Source, cut
from pykvbinding.js.types.object import Attributes, members


class ReadableStream(stream.ReadableStream, name="ReadableStream"):
    """A stream that `start(controller)` and `pull(controller)` fill; `cancel(reason)` ends it.

    The functions may be asynchronous. `pull` is called when somebody reads and nothing is there:
    production calls it once ahead.

    >>> stream = ReadableStream({"start": lambda controller: controller.close()})
    >>> stream.locked
    False
    """

    def __init__(self, source: Any = None, strategy: Any = None) -> None:
        super().__init__()
        if not _holds_members(source):
            raise errors.constructor_not_of_type("ReadableStream", 1, "UnderlyingSource")
        found = members(source)
        kind = found.get("type")
        if kind not in (None, "", "bytes"):
            raise runtime_errors.stream_type(str(kind))
        start, pull, cancel = functions("UnderlyingSource", found, "start", "pull", "cancel")
        over_bytes = kind == "bytes"
        high_water_mark, size = strategy_of(strategy, 0 if over_bytes else 1)
        self._source: Controlled = Controlled(pull, cancel, high_water_mark, size)
        maker = ReadableByteStreamController if over_bytes else ReadableStreamDefaultController
        self._source.begin(start, maker(self._source))

    @classmethod
    def over(cls, source: Source) -> "ReadableStream":
        """A stream of what `source` yields."""
        made = cls.__new__(cls)
        stream.ReadableStream.__init__(made)
        made._source = source  # type: ignore[assignment]
        return made

    @classmethod
    def of_bytes(cls, content: bytes) -> "ReadableStream":
        """The body of a request or a response."""
        return cls.over(BodySource(cut(content)))

    @classmethod
    def from_(cls, items: Any) -> "ReadableStream":
        """`ReadableStream.from`: the items of an iterable, which may be asynchronous."""
        if isinstance(items, str) or not isinstance(items, AsyncIterable | Iterable):
            raise errors.not_of_type("from", "ReadableStream", 1, "AsyncGenerator")
        return cls.over(ItemSource(items))

    def tee(self) -> tuple[stream.ReadableStream, stream.ReadableStream]:
        """Two streams of the same chunks; this one stays locked.

        Raises: KVError, "This ReadableStream is currently locked to a reader,"
        """
        tee, source = self._tee(), self._source
        return (
            ReadableStream.over(BranchSource(tee.branch(0), source)),
            ReadableStream.over(BranchSource(tee.branch(1), source)),
        )


def _holds_members(value: Any) -> bool:
    return not isinstance(value, str | int | float)


def functions(owner: str, found: Any, *names: str) -> list[Any]:
    """The functions among the members of an object, `None` for those that are not there.

    Python functions without `create_proxy` are gone when they are called, but for `start`, which
    is called at once.
    """
    held = [found.get(name) for name in names]
    for name, function in zip(names, held, strict=True):
        if function is not None and not callable(function):
            raise runtime_errors.wrong_field(name, owner, "function")
    if isinstance(found, Attributes):  # of a proxy: so are they
        return held
    return [
        function if name == "start" else _kept(function)
        for name, function in zip(names, held, strict=True)
    ]


def _kept(function: Any) -> Any:
    return function if function is None or isinstance(function, JsProxy) else _destroyed


def _destroyed(*arguments: Any) -> None:  # noqa: ARG001
    raise errors.borrowed_proxy_destroyed(
        "at the end of a function call. Try using create_proxy or create_once_callable."
    )


def strategy_of(strategy: Any, default: float) -> tuple[float, Any]:
    """The high water mark of a queuing strategy, and its function for the size of a chunk."""
    found = members(strategy)
    high_water_mark = found.get("highWaterMark")
    return default if high_water_mark is None else high_water_mark, found.get("size")
