"""Tests of the global object: known and unknown names, caching, and some globals."""

import asyncio
import sys

import pytest
from freezegun import freeze_time

from pykvbinding.js.core.not_emulated import NotEmulated
from pykvbinding.js.globals.callables import JsClass
from pykvbinding.js.globals.module import make_js
from pykvbinding.js.types.py_proxy import create_proxy


@pytest.mark.parametrize("name", [name for name in dir(make_js()) if not name.startswith("_")])
def test_every_global_can_be_read(name: str) -> None:
    value = getattr(make_js(), name)

    if isinstance(value, JsClass):
        assert value.name == name


def test_an_unknown_name_raises_attributeerror() -> None:
    with pytest.raises(AttributeError, match=r"^nope$"):
        make_js().nope  # noqa: B018 -- reading it raises the error


def test_can_be_imported_as_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "js", make_js())
    namespace: dict[str, object] = {}

    exec("from js import Object, caches", namespace)

    assert isinstance(namespace["caches"], NotEmulated)
    with pytest.raises(ImportError, match=r"^cannot import name 'nope' from 'js' \(unknown loc"):
        exec("from js import nope", namespace)


def test_a_global_is_cached_per_global_object() -> None:
    js = make_js()

    assert js.Headers is js.Headers
    assert js.Headers is not make_js().Headers
    assert js.globalThis is js.self is js


def test_a_global_that_is_set_affects_only_its_global_object() -> None:
    js = make_js()

    setattr(js, "caches", {"default": 1})  # noqa: B010 -- mypy knows no such attribute

    assert js.caches == {"default": 1}
    assert isinstance(make_js().caches, NotEmulated)
    assert repr(js) == "[object ServiceWorkerGlobalScope]"


async def test_timeouts_and_intervals_share_their_ids() -> None:
    js = make_js()
    calls: list[int] = []
    timer_id = js.setInterval(create_proxy(lambda: calls.append(1)), 0)

    js.clearTimeout(timer_id)
    await asyncio.sleep(0)

    assert (timer_id, calls) == (1, [])
    assert js.setTimeout(create_proxy(print), 60_000) == 2
    js.clearInterval(2)


async def test_scheduler_wait_returns_a_promise() -> None:
    assert await make_js().scheduler.wait(0) is None


@freeze_time("2026-01-02T03:04:05Z")
def test_performance_now_starts_in_1970() -> None:
    js = make_js()

    assert js.performance.now() == js.Date.now() == 1_767_323_045_000
    assert js.performance.timeOrigin == 0


def test_structuredclone_returns_a_copy() -> None:
    js = make_js()
    original = js.Object.new(a=js.Array.of(1, js.Date.new(5)))

    clone = js.structuredClone(original)

    assert clone is not original
    assert clone.a[1].getTime() == 5


def test_static_functions_of_the_platform_are_available() -> None:
    js = make_js()

    assert js.URL.canParse("http://x/")
    assert js.Response.redirect("http://x/", 303).status == 303
    assert js.ReadableStream.from_
    assert js.navigator.userAgent == "Cloudflare-Workers"
