"""Tests of `pipeTo` and `pipeThrough`: chunks, end, failures, options and invalid arguments."""

from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding import KVError, KVNamespace, ReadableStream
from pykvbinding.errors import JsException
from pykvbinding.js.fetch.abort import AbortController, AbortSignal
from pykvbinding.js.streams import js_readable as streams
from pykvbinding.js.streams.transform import TransformStream
from pykvbinding.js.streams.writable import WritableStream
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.py_proxy import create_proxy


class RecordingSink:
    """A WritableStream that records its chunks, its close and its abort."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.events: list[Any] = []
        callbacks = {"write": self.write, "close": self.close, "abort": self.abort}
        underlying = JsObject(
            {name: create_proxy(callback) for name, callback in callbacks.items()}
        )
        self.failure = failure
        self.stream = WritableStream(underlying)

    def write(self, chunk: Any, controller: Any) -> None:
        self.events.append(chunk)
        if self.failure is not None:
            raise self.failure

    def close(self) -> None:
        self.events.append("closed")

    def abort(self, reason: Any) -> None:
        self.events.append(["aborted", reason])


def _failing_source(chunks: list[Any], reason: Any) -> tuple[streams.ReadableStream, list[Any]]:
    """Return a stream that fails after its chunks, and the list of the reasons of `cancel`."""
    reasons: list[Any] = []
    rest = list(chunks)

    def pull(controller: Any) -> None:
        if rest:
            controller.enqueue(rest.pop(0))
        else:
            controller.error(reason)

    functions = {"pull": create_proxy(pull), "cancel": create_proxy(reasons.append)}
    return streams.ReadableStream(JsObject(functions)), reasons


async def test_pipeto_writes_every_chunk_and_closes_the_destination() -> None:
    sink = RecordingSink()
    source = ReadableStream([b"a", b"b"])

    await source.pipeTo(sink.stream)

    assert sink.events == [b"a", b"b", "closed"]
    assert (source.locked, source.disturbed, sink.stream.locked) == (False, True, False)


async def test_preventclose_leaves_the_destination_open() -> None:
    sink = RecordingSink()

    await ReadableStream([b"a"]).pipeTo(sink.stream, preventClose=True)

    assert sink.events == [b"a"]


async def test_a_failing_source_aborts_the_destination_with_the_thrown_value() -> None:
    sink = RecordingSink()
    source, _ = _failing_source([b"a"], "why")

    with pytest.raises(JsException, match=r"^why$"):
        await source.pipeTo(sink.stream)

    assert sink.events == [b"a", ["aborted", "why"]]


async def test_preventabort_does_not_abort_the_destination() -> None:
    sink = RecordingSink()
    error = ZeroDivisionError("no")
    source, _ = _failing_source([], error)

    with pytest.raises(ZeroDivisionError):
        await source.pipeTo(sink.stream, JsObject({"preventAbort": True}))

    assert sink.events == []


@pytest.mark.parametrize("prevented", [True, False])
async def test_a_failing_write_cancels_the_source_unless_prevented(
    prevented: bool,
) -> None:
    error = ZeroDivisionError("full")
    sink = RecordingSink(error)
    source, cancelled = _failing_source([b"a", b"b", b"c"], None)

    with pytest.raises(ZeroDivisionError):
        await source.pipeTo(sink.stream, {"preventCancel": prevented})

    assert sink.events == [b"a"]
    assert cancelled == ([] if prevented else [error])


async def test_a_signal_aborts_the_destination_and_cancels_the_source() -> None:
    sink, controller = RecordingSink(), AbortController()
    controller.abort("enough")
    source, cancelled = _failing_source([b"a"], None)

    with pytest.raises(JsException, match=r"^enough$"):
        await source.pipeTo(sink.stream, signal=controller.signal)

    assert (sink.events, cancelled) == ([["aborted", "enough"]], ["enough"])


async def test_the_options_also_apply_to_a_signal() -> None:
    sink, signal = RecordingSink(), AbortSignal.abort("enough")
    source, cancelled = _failing_source([b"a"], None)

    with pytest.raises(JsException, match=r"^enough$"):
        await source.pipeTo(sink.stream, signal=signal, preventAbort=True, preventCancel=True)

    assert (sink.events, cancelled) == ([], [])


async def test_a_signal_that_is_not_aborted_has_no_effect() -> None:
    sink = RecordingSink()

    await ReadableStream([b"a"]).pipeTo(sink.stream, signal=AbortController().signal)

    assert sink.events == [b"a", "closed"]


async def test_a_stream_of_kv_can_be_piped_through_a_transform() -> None:
    kv = KVNamespace()
    await kv.put("key", "abc")
    stored = await kv.get("key", "stream")
    assert stored is not None

    await kv.put("copy", stored.pipeThrough(TransformStream()))

    assert await kv.get("copy") == "abc"


async def test_the_sides_of_a_transform_may_be_in_a_dict() -> None:
    transform = TransformStream()
    sides = {"readable": transform.readable, "writable": transform.writable}

    assert ReadableStream([]).pipeThrough(sides) is transform.readable


def test_rejects_invalid_destinations_and_transforms() -> None:
    stream = ReadableStream([])

    calls: list[tuple[Callable[[], Any], str]] = [
        (lambda: stream.pipeTo(5), "'pipeTo' on 'ReadableStream': parameter 1"),
        (lambda: stream.pipeThrough(5), "'pipeThrough' on 'ReadableStream': parameter 1"),
        (lambda: stream.pipeThrough({}), "'readable' field on 'Transform'"),
        (
            lambda: stream.pipeThrough(JsObject({"readable": ReadableStream()})),
            "'writable' field on 'Transform'",
        ),
    ]

    for call, message in calls:
        with pytest.raises(KVError, match=message):
            call()
    assert not stream.locked


def test_a_locked_destination_leaves_the_source_unlocked() -> None:
    sink, source = RecordingSink(), ReadableStream([])
    sink.stream.getWriter()

    with pytest.raises(JsException, match="This WritableStream is currently locked to a writer"):
        source.pipeTo(sink.stream)

    assert not source.locked
