"""The ReadableStream of JavaScript: how it is made, who holds it, what `put` takes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pykvbinding import KVNamespace
from pykvbinding.errors import JsException
from pykvbinding.js.globals.callables import JsClass
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.js.types.py_proxy import create_proxy
from tests.support.streams import bytes_of, controlled, everything, refused, stream_of

LOCKED = "This ReadableStream is currently locked to a reader."


async def test_chunks_of_any_kind_are_read_in_their_order() -> None:
    stream, controller = controlled()
    controller.enqueue("a")
    controller.enqueue(5)
    controller.close()

    assert await everything(stream) == ["a", 5]
    assert not stream.locked


async def test_a_stream_is_made_as_the_js_module_makes_it() -> None:
    published = JsClass(ReadableStream)

    stream = published.new(start=lambda controller: controller.close())

    assert await everything(stream) == []
    assert (stream.constructor.name, str(stream)) == ("ReadableStream", "[object ReadableStream]")


def test_a_locked_stream_is_refused() -> None:
    stream, _ = controlled()
    stream.getReader()

    assert refused(stream.getReader) == f"TypeError: {LOCKED}"
    assert refused(stream.cancel) == f"TypeError: {LOCKED}"
    assert refused(stream.tee) == f"TypeError: {LOCKED[:-1]},"


async def test_a_stream_is_made_of_items() -> None:
    async def items() -> AsyncIterator[int]:
        yield 1
        yield 2

    assert await everything(ReadableStream.from_(JsArray([1, "a"]))) == [1, "a"]
    assert await everything(ReadableStream.from_(items())) == [1, 2]
    assert refused(lambda: ReadableStream.from_(5)) == (
        "TypeError: Failed to execute 'from' on 'ReadableStream': parameter 1 is not of type "
        "'AsyncGenerator'."
    )


async def test_put_takes_a_stream_of_buffers() -> None:
    kv = KVNamespace()
    stream = stream_of(start=lambda c: (c.enqueue(bytes_of("a")), c.enqueue(b"b"), c.close()))

    await kv.put("key", stream)

    assert await kv.get("key") == "ab"
    assert stream.locked


async def test_put_takes_the_rest_of_a_stream_and_refuses_what_is_no_buffer() -> None:
    kv = KVNamespace()
    stream = stream_of(start=lambda c: (c.enqueue("text"), c.enqueue(b"b"), c.close()))
    reader = stream.getReader()
    await reader.read()
    reader.releaseLock()

    await kv.put("key", stream)
    with pytest.raises(JsException, match="This ReadableStream did not return bytes"):
        await kv.put("key", ReadableStream.from_(["text"]))

    assert await kv.get("key") == "b"


async def test_put_lets_go_of_a_stream_that_is_over() -> None:
    kv = KVNamespace()
    stream, controller = controlled()
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
def test_what_is_no_source_is_refused(source: Any, message: str) -> None:
    assert refused(lambda: ReadableStream(source)) == f"TypeError: {message}"


async def test_a_python_function_without_a_proxy_is_gone_when_it_is_called() -> None:
    stream = ReadableStream(JsObject({"pull": lambda controller: controller.close()}))

    with pytest.raises(JsException, match="This borrowed proxy was automatically destroyed"):
        await stream.getReader().read()


def test_the_proxy_of_an_object_is_no_source_because_it_has_a_type() -> None:
    assert refused(lambda: ReadableStream(create_proxy({}))) == (
        'TypeError: "dict" is not a valid type of ReadableStream.'
    )
