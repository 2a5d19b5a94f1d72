"""Helpers for tests of JavaScript's streams: construction, reading and expected errors."""

from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.py_proxy import create_proxy
from pykvbinding.js.types.typed_array import Uint8Array


def stream_of(**functions: Any) -> ReadableStream:
    """Return a stream of these callbacks, each of which is wrapped by `create_proxy`."""
    members = {
        name: create_proxy(value) if callable(value) else value for name, value in functions.items()
    }
    return ReadableStream(JsObject(members))


def controlled_stream(**options: Any) -> tuple[ReadableStream, Any]:
    """Return a stream and its controller."""
    controllers: list[Any] = []
    stream = ReadableStream(JsObject({"start": controllers.append}), JsObject(options))
    return stream, controllers[0]


def bytes_of(text: str) -> Uint8Array:
    array: Uint8Array = Uint8Array.from_bytes(text.encode())
    return array


def catch_error(call: Callable[[], Any]) -> str:
    with pytest.raises(JsException) as caught:
        call()
    return f"{caught.value.name}: {caught.value.message}"


async def read(reader: Any) -> Any:
    result = await reader.read()
    return None if result.done else result.value


async def read_all(stream: Any) -> list[Any]:
    return [chunk async for chunk in stream]
