"""Tests of the ReadableStream of JavaScript: construction, locks, and use by `put`."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pykvbinding import KVNamespace
from pykvbinding.errors import JsException
from pykvbinding.js.globals.callables import JsClass
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.js.types.py_proxy import create_proxy
from tests.support.streams import bytes_of, catch_error, controlled_stream, read_all, stream_of

LOCKED = "This ReadableStream is currently locked to a reader."


async def test_chunks_of_any_type_are_read_in_order() -> None:
    stream, controller = controlled_stream()
    controller.enqueue("a")
    controller.enqueue(5)
    controller.close()

    assert await read_all(stream) == ["a", 5]
    assert not stream.locked


async def test_the_js_module_constructs_a_stream() -> None:
    js_class = JsClass(ReadableStream)

    stream = js_class.new(start=lambda controller: controller.close())

    assert await read_all(stream) == []
    assert (stream.constructor.name, str(stream)) == ("ReadableStream", "[object ReadableStream]")


def test_a_locked_stream_rejects_readers_cancel_and_tee() -> None:
    stream, _ = controlled_stream()
    stream.getReader()

    assert catch_error(stream.getReader) == f"TypeError: {LOCKED}"
    assert catch_error(stream.cancel) == f"TypeError: {LOCKED}"
    assert catch_error(stream.tee) == f"TypeError: {LOCKED[:-1]},"


async def test_from_makes_a_stream_of_an_iterable() -> None:
    async def items() -> AsyncIterator[int]:
        yield 1
        yield 2

    assert await read_all(ReadableStream.from_(JsArray([1, "a"]))) == [1, "a"]
    assert await read_all(ReadableStream.from_(items())) == [1, 2]
    assert catch_error(lambda: ReadableStream.from_(5)) == (
        "TypeError: Failed to execute 'from' on 'ReadableStream': parameter 1 is not of type "
        "'AsyncGenerator'."
    )


async def test_put_accepts_a_stream_of_buffers() -> None:
    kv = KVNamespace()
    stream = stream_of(start=lambda c: (c.enqueue(bytes_of("a")), c.enqueue(b"b"), c.close()))

    await kv.put("key", stream)

    assert await kv.get("key") == "ab"
    assert stream.locked


async def test_put_stores_the_remaining_chunks_and_rejects_text() -> None:
    kv = KVNamespace()
    stream = stream_of(start=lambda c: (c.enqueue("text"), c.enqueue(b"b"), c.close()))
    reader = stream.getReader()
    await reader.read()
    reader.releaseLock()

    await kv.put("key", stream)
    with pytest.raises(JsException, match="This ReadableStream did not return bytes"):
        await kv.put("key", ReadableStream.from_(["text"]))

    assert await kv.get("key") == "b"


async def test_put_does_not_lock_a_closed_stream() -> None:
    kv = KVNamespace()
    stream, controller = controlled_stream()
    controller.close()

    await kv.put("key", stream)

    assert await kv.get("key") == ""
    assert not stream.locked


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            5,
            "Failed to construct 'ReadableStream': constructor parameter 1 is not of type "
            "'UnderlyingSource'.",
        ),
        (JsObject({"type": "foo"}), '"foo" is not a valid type of ReadableStream.'),
        (
            JsObject({"start": 5}),
            "Incorrect type for the 'start' field on 'UnderlyingSource': the provided value is "
            "not of type 'function'.",
        ),
    ],
)
def test_rejects_an_invalid_source(source: Any, message: str) -> None:
    assert catch_error(lambda: ReadableStream(source)) == f"TypeError: {message}"


async def test_a_callback_without_create_proxy_raises_when_called() -> None:
    stream = ReadableStream(JsObject({"pull": lambda controller: controller.close()}))

    with pytest.raises(JsException, match="This borrowed proxy was automatically destroyed"):
        await stream.getReader().read()


def test_rejects_the_proxy_of_a_dict_because_of_its_type() -> None:
    assert catch_error(lambda: ReadableStream(create_proxy({}))) == (
        'TypeError: "dict" is not a valid type of ReadableStream.'
    )
