"""`PipeMethods`: `pipeTo` and `pipeThrough`, which write the chunks of a stream to another."""

from typing import Any, Protocol

from pykvbinding import errors
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy, to_python_value


class Readable(Protocol):
    """The methods of a reader that a pipe calls."""

    async def read(self) -> Any:
        """Return the next chunk."""
        ...

    def cancel(self, reason: object = None) -> Any:
        """Cancel the stream."""
        ...

    def releaseLock(self) -> None:
        """Unlock the stream."""
        ...


class PipeMethods:
    """The methods of a readable stream that pipe its chunks to a writable stream."""

    __slots__ = ()

    def pipeTo(self, destination: Any, options: object = None, **kwargs: Any) -> Deferred:
        """Write every chunk to a WritableStream; the pipe runs whether or not it is awaited.

        With `preventClose` and `preventAbort` the destination is neither closed when this stream
        ends nor aborted when it fails; with `preventCancel` this stream is not cancelled when a
        write fails. `signal` is checked before each chunk, as in workerd.

        Raises: KVError if this stream is locked; JsException if `destination` is.
        """
        if _class_name(destination) != "WritableStream":
            raise errors.stream_wrong_argument("pipeTo", "WritableStream")
        reader = self.getReader()  # type: ignore[attr-defined]
        self._source.disturbed = True  # type: ignore[attr-defined]
        return Deferred.of(
            _pipe(reader, _acquire_writer(reader, destination), _read_options(options, kwargs))
        )

    def pipeThrough(self, transform: Any, options: object = None, **kwargs: Any) -> Any:
        """Pipe into the writable side of `transform`, and return its readable side.

        Raises: KVError if this stream is locked; JsException if the writable side is.
        """
        if not isinstance(transform, JsProxy | dict):
            raise errors.stream_wrong_argument("pipeThrough", "Transform")
        sides = [_get_side(transform, name) for name in ("readable", "writable")]
        for side, name, expected in zip(
            sides, ("readable", "writable"), ("ReadableStream", "WritableStream"), strict=True
        ):
            if _class_name(side) != expected:
                raise errors.stream_wrong_side(name, expected)
        readable, writable = sides
        self.pipeTo(writable, options, **kwargs)
        return readable


def _class_name(value: Any) -> str:
    return value.constructor.name if isinstance(value, JsProxy) else ""


def _get_side(transform: Any, name: str) -> Any:
    return transform.get(name) if isinstance(transform, dict) else getattr(transform, name, None)


def _acquire_writer(reader: Readable, destination: Any) -> Any:
    try:
        return destination.getWriter()
    except Exception:
        reader.releaseLock()
        raise


def _read_options(options: object, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the options, which are one object or keyword arguments. A signal is not converted."""
    values = kwargs if options is None else to_python_value(options)
    return values if isinstance(values, dict) else {}


async def _pipe(reader: Readable, writer: Any, options: dict[str, Any]) -> None:
    try:
        while True:
            await _stop_if_aborted(reader, writer, options)
            await _wait_until_ready(reader, writer, options)
            try:
                result = await reader.read()
            except Exception as error:
                if not options.get("preventAbort"):
                    await writer.abort(to_reason(error))
                raise
            if result.done:
                if not options.get("preventClose"):
                    await writer.close()
                return
            writer.write(result.value)
    finally:
        reader.releaseLock()
        writer.releaseLock()


async def _wait_until_ready(reader: Readable, writer: Any, options: dict[str, Any]) -> None:
    """Wait until the destination accepts another chunk."""
    try:
        await writer.ready
    except Exception as error:
        if not options.get("preventCancel"):
            await reader.cancel(to_reason(error))
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


def to_reason(error: BaseException) -> Any:
    """Return the value that JavaScript sees thrown: the error, or the value that it wraps."""
    return getattr(error, "reason", error)
