"""The global object: every name of it, and what becomes of those that it has not."""

import asyncio
import sys

import pytest
from freezegun import freeze_time

from pykvbinding.js.core.not_emulated import NotEmulated
from pykvbinding.js.globals.callables import JsClass
from pykvbinding.js.globals.module import make_js
from pykvbinding.js.types.py_proxy import create_proxy


@pytest.mark.parametrize("name", [name for name in dir(make_js()) if not name.startswith("_")])
def test_every_name_gives_something(name: str) -> None:
    made = getattr(make_js(), name)

    if isinstance(made, JsClass):
        assert made.name == name


def test_a_name_that_nobody_knows_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match=r"^nope$"):
        make_js().nope  # noqa: B018 -- that is what is asked


def test_it_can_stand_for_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "js", make_js())
    world: dict[str, object] = {}

    exec("from js import Object, caches", world)

    assert isinstance(world["caches"], NotEmulated)
    with pytest.raises(ImportError, match=r"^cannot import name 'nope' from 'js' \(unknown loc"):
        exec("from js import nope", world)


def test_a_global_is_made_once_and_another_world_has_another() -> None:
    js = make_js()

    assert js.Headers is js.Headers
    assert js.Headers is not make_js().Headers
    assert js.globalThis is js.self is js


def test_what_a_test_sets_holds_for_its_world() -> None:
    js = make_js()

    setattr(js, "caches", {"default": 1})  # noqa: B010 -- mypy knows no such attribute

    assert js.caches == {"default": 1}
    assert isinstance(make_js().caches, NotEmulated)
    assert repr(js) == "[object ServiceWorkerGlobalScope]"


async def test_timers_share_their_numbers() -> None:
    js = make_js()
    calls: list[int] = []
    number = js.setInterval(create_proxy(lambda: calls.append(1)), 0)

    js.clearTimeout(number)
    await asyncio.sleep(0)

    assert (number, calls) == (1, [])
    assert js.setTimeout(create_proxy(print), 60_000) == 2
    js.clearInterval(2)


async def test_the_scheduler_waits() -> None:
    assert await make_js().scheduler.wait(0) is None


@freeze_time("2026-01-02T03:04:05Z")
def test_the_clock_of_the_runtime_begins_in_1970() -> None:
    js = make_js()

    assert js.performance.now() == js.Date.now() == 1_767_323_045_000
    assert js.performance.timeOrigin == 0


def test_a_structured_clone_is_another_value() -> None:
    js = make_js()
    given = js.Object.new(a=js.Array.of(1, js.Date.new(5)))

    cloned = js.structuredClone(given)

    assert cloned is not given
    assert cloned.a[1].getTime() == 5


def test_the_static_functions_of_the_platform_are_there() -> None:
    js = make_js()

    assert js.URL.canParse("http://x/")
    assert js.Response.redirect("http://x/", 303).status == 303
    assert js.ReadableStream.from_
    assert js.navigator.userAgent == "Cloudflare-Workers"
