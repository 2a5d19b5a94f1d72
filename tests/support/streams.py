"""Streams of JavaScript for tests: made of functions, or filled by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.py_proxy import create_proxy
from pykvbinding.js.types.typed_array import Uint8Array


def stream_of(**functions: Any) -> ReadableStream:
    """A stream of functions, which are given to JavaScript for good."""
    members = {
        name: create_proxy(value) if callable(value) else value for name, value in functions.items()
    }
    return ReadableStream(JsObject(members))


def controlled(**options: Any) -> tuple[ReadableStream, Any]:
    """A stream, and its controller."""
    held: list[Any] = []
    stream = ReadableStream(JsObject({"start": held.append}), JsObject(options))
    return stream, held[0]


def bytes_of(text: str) -> Uint8Array:
    made: Uint8Array = Uint8Array.from_bytes(text.encode())
    return made


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(JsException) as caught:
        call()
    return f"{caught.value.name}: {caught.value.message}"


async def read(reader: Any) -> Any:
    answer = await reader.read()
    return None if answer.done else answer.value


async def everything(stream: Any) -> list[Any]:
    return [chunk async for chunk in stream]
