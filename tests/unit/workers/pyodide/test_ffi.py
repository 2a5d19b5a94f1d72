"""`pyodide.ffi`, beyond what is compared with Pyodide: waiting without `await`, and modules."""

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


async def test_what_does_not_wait_is_driven_to_its_end() -> None:
    assert ffi.run_sync(five()) == 5
    assert ffi.can_run_sync()


async def test_what_fails_raises() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        ffi.run_sync(fail())


async def test_what_waits_for_others_is_refused() -> None:
    closed: list[int] = []

    async def waits() -> None:
        try:
            await asyncio.sleep(1)
        finally:
            closed.append(1)

    with pytest.raises(RuntimeError) as caught:
        ffi.run_sync(waits())

    assert str(caught.value) == (
        "run_sync: what is awaited has to wait for something else on the event loop, which "
        "pykvbinding cannot let run meanwhile; use await"
    )
    assert closed == [1]


def test_nothing_is_driven_outside_of_an_event_loop() -> None:
    with pytest.raises(RuntimeError, match=r"^Cannot stack switch because the Python entrypoint"):
        ffi.run_sync(five())
    with pytest.raises(RuntimeError, match=r"^Cannot stack switch"):
        ffi.run_sync(ffi.JsPromise.resolved(5))
    assert not ffi.can_run_sync()


def test_a_javascript_object_can_be_a_module() -> None:
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


def test_only_a_javascript_object_can_be_a_module() -> None:
    with pytest.raises(TypeError, match=r"^Argument 'jsproxy' must be a JsProxy, not 'int'"):
        ffi.register_js_module("measured", 5)
    with pytest.raises(TypeError, match=r"^Argument 'name' must be a str, not 'int'"):
        ffi.register_js_module(5, JsObject())  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=r"^Cannot unregister 'sys': no Javascript module with that"
    ):
        ffi.unregister_js_module("sys")


def test_the_classes_tell_values_by_what_they_can_do() -> None:
    js = make_js()

    assert isinstance(ReadableStream(), ffi.JsAsyncIterable)
    assert isinstance(js.Response.new("x"), ffi.JsFetchResponse)
    assert isinstance(js.URLSearchParams.new("a=b"), ffi.JsMap)
    assert not isinstance(js.Headers.new(), ffi.JsMap)
    assert isinstance(js.Headers.new(), ffi.JsIterable)
    assert not isinstance(js.Object.new(), (ffi.JsDomElement, ffi.JsWeakRef, ffi.JsGenerator))
    assert not isinstance({}, ffi.JsMap)
    assert ffi.JsProxy is JsProxy


def test_a_class_can_stand_in_an_annotation() -> None:
    assert ffi.JsArray[int] is ffi.JsArray
    assert (ffi.JsArray | None) is not None
