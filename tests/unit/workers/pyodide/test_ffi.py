"""`pyodide.ffi`, except for cases that are compared with Pyodide: `run_sync` and modules."""

import asyncio
import sys
from typing import Any

import pytest

from pykvbinding import ReadableStream
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.globals.module import make_js
from pykvbinding.js.types.object import JsObject
from pykvbinding.workers.pyodide import ffi


async def five() -> int:
    await asyncio.sleep(0)
    return 5


async def test_run_sync_completes_an_awaitable_that_does_not_wait() -> None:
    assert ffi.run_sync(five()) == 5
    assert ffi.can_run_sync()


async def test_run_sync_raises_the_exception() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        ffi.run_sync(fail())


async def test_run_sync_rejects_an_awaitable_that_waits() -> None:
    closed: list[int] = []

    async def waits() -> None:
        try:
            await asyncio.sleep(1)
        finally:
            closed.append(1)

    with pytest.raises(RuntimeError) as caught:
        ffi.run_sync(waits())

    assert str(caught.value) == (
        "run_sync: the awaitable waits for another task of the event loop, which "
        "pykvbinding cannot run during the call; use await"
    )
    assert closed == [1]


def test_run_sync_needs_an_event_loop() -> None:
    with pytest.raises(RuntimeError, match=r"^Cannot stack switch because the Python entrypoint"):
        ffi.run_sync(five())
    with pytest.raises(RuntimeError, match=r"^Cannot stack switch"):
        ffi.run_sync(ffi.JsPromise.resolved(5))
    assert not ffi.can_run_sync()


def test_registers_a_javascript_object_as_a_module() -> None:
    held = JsObject({"size": 5})
    ffi.register_js_module("measured", held)
    try:
        world: dict[str, Any] = {}
        exec("import measured; from measured import size", world)
    finally:
        ffi.unregister_js_module("measured")

    assert world["measured"] is held
    assert world["size"] == 5
    assert "measured" not in sys.modules


def test_rejects_other_values_as_modules() -> None:
    with pytest.raises(TypeError, match=r"^Argument 'jsproxy' must be a JsProxy, not 'int'"):
        ffi.register_js_module("measured", 5)
    with pytest.raises(TypeError, match=r"^Argument 'name' must be a str, not 'int'"):
        ffi.register_js_module(5, JsObject())  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=r"^Cannot unregister 'sys': no Javascript module with that"
    ):
        ffi.unregister_js_module("sys")


def test_isinstance_checks_the_methods_of_a_value() -> None:
    js = make_js()

    assert isinstance(ReadableStream(), ffi.JsAsyncIterable)
    assert isinstance(js.Response.new("x"), ffi.JsFetchResponse)
    assert isinstance(js.URLSearchParams.new("a=b"), ffi.JsMap)
    assert not isinstance(js.Headers.new(), ffi.JsMap)
    assert isinstance(js.Headers.new(), ffi.JsIterable)
    assert not isinstance(js.Object.new(), (ffi.JsDomElement, ffi.JsWeakRef, ffi.JsGenerator))
    assert not isinstance({}, ffi.JsMap)
    assert ffi.JsProxy is JsProxy


def test_classes_are_valid_in_annotations() -> None:
    assert ffi.JsArray[int] is ffi.JsArray
    assert (ffi.JsArray | None) is not None
