"""`Pipes`: a stream that is read into another, `pipeTo` and `pipeThrough`."""

from typing import Any, Protocol

from pykvbinding import errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy, to_python_value


class Readable(Protocol):
    """What a pipe needs of the reader at its source."""

    async def read(self) -> Any:
        """The next chunk."""
        ...

    def cancel(self, reason: object = None) -> Any:
        """Give up on the rest."""
        ...

    def releaseLock(self) -> None:
        """Let the stream go."""
        ...


class Pipes:
    """The methods of a readable stream that hand its chunks on."""

    __slots__ = ()

    def pipeTo(self, destination: Any, options: object = None, **named: Any) -> Deferred:
        """Write every chunk to a WritableStream; goes on whether or not it is awaited.

        `preventClose`, `preventAbort` and `preventCancel` leave the other stream as it is when
        this one ends, fails, or cannot write. `signal` is looked at before each chunk, as workerd
        does.

        Raises: KVError if either stream is locked.
        """
        if _name(destination) != "WritableStream":
            raise errors.stream_wrong_argument("pipeTo", "WritableStream")
        reader = self.getReader()  # type: ignore[attr-defined]
        self._source.disturbed = True  # type: ignore[attr-defined]
        return Deferred.of(_pipe(reader, _writer(reader, destination), _found(options, named)))

    def pipeThrough(self, transform: Any, options: object = None, **named: Any) -> Any:
        """Pipe into the writable side of `transform`; returns its readable side.

        Raises: KVError if either stream is locked.
        """
        if not isinstance(transform, JsProxy | dict):
            raise errors.stream_wrong_argument("pipeThrough", "Transform")
        sides = [_side(transform, name) for name in ("readable", "writable")]
        for side, name, wanted in zip(
            sides, ("readable", "writable"), ("ReadableStream", "WritableStream"), strict=True
        ):
            if _name(side) != wanted:
                raise errors.stream_wrong_side(name, wanted)
        readable, writable = sides
        self.pipeTo(writable, options, **named)
        return readable


def _name(value: Any) -> str:
    return value.constructor.name if isinstance(value, JsProxy) else ""


def _side(transform: Any, name: str) -> Any:
    return transform.get(name) if isinstance(transform, dict) else getattr(transform, name, None)


def _writer(reader: Readable, destination: Any) -> Any:
    try:
        return destination.getWriter()
    except Exception:
        reader.releaseLock()
        raise


def _found(options: object, named: dict[str, Any]) -> dict[str, Any]:
    """The options, from wherever they stand. A signal is no plain value: it stays as it is."""
    found = named if options is None else to_python_value(options)
    return found if isinstance(found, dict) else {}


async def _pipe(reader: Readable, writer: Any, options: dict[str, Any]) -> None:
    try:
        while True:
            await _stop_if_aborted(reader, writer, options)
            await _ready(reader, writer, options)
            try:
                answer = await reader.read()
            except Exception as error:
                if not options.get("preventAbort"):
                    await writer.abort(reason_of(error))
                raise
            if answer.done:
                if not options.get("preventClose"):
                    await writer.close()
                return
            writer.write(answer.value)
    finally:
        reader.releaseLock()
        writer.releaseLock()


async def _ready(reader: Readable, writer: Any, options: dict[str, Any]) -> None:
    """Wait until the destination takes another chunk."""
    try:
        await writer.ready
    except Exception as error:
        if not options.get("preventCancel"):
            await reader.cancel(reason_of(error))
        raise


async def _stop_if_aborted(reader: Readable, writer: Any, options: dict[str, Any]) -> None:
    signal = options.get("signal")
    if signal is None or not signal.aborted:
        return
    if not options.get("preventAbort"):
        await writer.abort(signal.reason)
    if not options.get("preventCancel"):
        await reader.cancel(signal.reason)
    signal.throwIfAborted()


def reason_of(error: BaseException) -> Any:
    """What JavaScript was thrown as `error`: itself, or the value that is no Error."""
    return getattr(error, "reason", error)
