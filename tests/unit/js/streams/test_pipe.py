"""pipeTo and pipeThrough: chunks, ends, failures and refusals pass from one stream to another."""

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


class Noted:
    """A WritableStream that notes what happens to it."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.told: list[Any] = []
        functions = {"write": self.write, "close": self.close, "abort": self.abort}
        sink = JsObject({name: create_proxy(function) for name, function in functions.items()})
        self.failure = failure
        self.stream = WritableStream(sink)

    def write(self, chunk: Any, controller: Any) -> None:
        self.told.append(chunk)
        if self.failure is not None:
            raise self.failure

    def close(self) -> None:
        self.told.append("closed")

    def abort(self, reason: Any) -> None:
        self.told.append(["aborted", reason])


def _failing(chunks: list[Any], reason: Any) -> tuple[streams.ReadableStream, list[Any]]:
    """A stream that fails behind its chunks with `reason`; and what it was cancelled with."""
    told: list[Any] = []
    rest = list(chunks)

    def pull(controller: Any) -> None:
        if rest:
            controller.enqueue(rest.pop(0))
        else:
            controller.error(reason)

    functions = {"pull": create_proxy(pull), "cancel": create_proxy(told.append)}
    return streams.ReadableStream(JsObject(functions)), told


async def test_every_chunk_is_written_and_the_end_closes() -> None:
    noted = Noted()
    source = ReadableStream([b"a", b"b"])

    await source.pipeTo(noted.stream)

    assert noted.told == [b"a", b"b", "closed"]
    assert (source.locked, source.disturbed, noted.stream.locked) == (False, True, False)


async def test_the_end_need_not_close() -> None:
    noted = Noted()

    await ReadableStream([b"a"]).pipeTo(noted.stream, preventClose=True)

    assert noted.told == [b"a"]


async def test_a_failure_aborts_with_what_was_thrown() -> None:
    noted = Noted()
    source, _ = _failing([b"a"], "why")

    with pytest.raises(JsException, match=r"^why$"):
        await source.pipeTo(noted.stream)

    assert noted.told == [b"a", ["aborted", "why"]]


async def test_a_failure_need_not_abort() -> None:
    noted = Noted()
    error = ZeroDivisionError("no")
    source, _ = _failing([], error)

    with pytest.raises(ZeroDivisionError):
        await source.pipeTo(noted.stream, JsObject({"preventAbort": True}))

    assert noted.told == []


@pytest.mark.parametrize("prevented", [True, False])
async def test_a_write_that_fails_cancels_the_source_unless_that_is_prevented(
    prevented: bool,
) -> None:
    error = ZeroDivisionError("full")
    noted = Noted(error)
    source, cancelled = _failing([b"a", b"b", b"c"], None)

    with pytest.raises(ZeroDivisionError):
        await source.pipeTo(noted.stream, {"preventCancel": prevented})

    assert noted.told == [b"a"]
    assert cancelled == ([] if prevented else [error])


async def test_a_signal_stops_the_pipe_at_both_ends() -> None:
    noted, controller = Noted(), AbortController()
    controller.abort("enough")
    source, cancelled = _failing([b"a"], None)

    with pytest.raises(JsException, match=r"^enough$"):
        await source.pipeTo(noted.stream, signal=controller.signal)

    assert (noted.told, cancelled) == ([["aborted", "enough"]], ["enough"])


async def test_a_signal_may_spare_both_ends() -> None:
    noted, signal = Noted(), AbortSignal.abort("enough")
    source, cancelled = _failing([b"a"], None)

    with pytest.raises(JsException, match=r"^enough$"):
        await source.pipeTo(noted.stream, signal=signal, preventAbort=True, preventCancel=True)

    assert (noted.told, cancelled) == ([], [])


async def test_a_signal_that_is_not_given_stops_nothing() -> None:
    noted = Noted()

    await ReadableStream([b"a"]).pipeTo(noted.stream, signal=AbortController().signal)

    assert noted.told == [b"a", "closed"]


async def test_a_stream_out_of_kv_passes_through_a_transform() -> None:
    kv = KVNamespace()
    await kv.put("key", "abc")
    stored = await kv.get("key", "stream")
    assert stored is not None

    await kv.put("copy", stored.pipeThrough(TransformStream()))

    assert await kv.get("copy") == "abc"


async def test_the_sides_of_a_transform_may_come_in_a_dict() -> None:
    transform = TransformStream()
    sides = {"readable": transform.readable, "writable": transform.writable}

    assert ReadableStream([]).pipeThrough(sides) is transform.readable


def test_what_is_no_stream_is_refused() -> None:
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


def test_a_destination_that_is_locked_leaves_the_source_free() -> None:
    noted, source = Noted(), ReadableStream([])
    noted.stream.getWriter()

    with pytest.raises(JsException, match="This WritableStream is currently locked to a writer"):
        source.pipeTo(noted.stream)

    assert not source.locked
