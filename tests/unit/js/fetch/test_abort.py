"""AbortController and AbortSignal: told once, with a reason."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.abort import AbortController, AbortSignal
from pykvbinding.js.types.object import JsArray


def refused(signal: AbortSignal) -> tuple[str, str]:
    with pytest.raises(JsException) as caught:
        signal.throwIfAborted()
    return caught.value.name, caught.value.message


def test_a_signal_that_was_not_given_stops_nothing() -> None:
    signal = AbortController().signal

    signal.throwIfAborted()

    assert (signal.aborted, signal.reason, signal.onabort) == (False, None, jsnull)


def test_a_signal_without_a_reason_is_an_abort_error() -> None:
    controller = AbortController()

    controller.abort()

    assert refused(controller.signal) == ("AbortError", "The operation was aborted")
    assert controller.signal.reason.code == 20
    assert controller.signal.reason.constructor.name == "DOMException"


def test_a_reason_that_is_no_error_is_thrown_as_one() -> None:
    signal = AbortSignal.abort("why")

    assert (signal.aborted, signal.reason) == (True, "why")
    assert refused(signal) == ("Error", "why")


def test_who_listens_is_told_once_the_property_first() -> None:
    controller, told = AbortController(), list[Any]()
    signal = controller.signal
    signal.addEventListener("abort", told.append)
    signal.addEventListener("abort", told.append)
    signal.addEventListener("other", told.append)
    signal.onabort = lambda event: told.append("first")

    controller.abort()
    controller.abort()

    assert told[0] == "first"
    assert [(event.type, event.target is signal) for event in told[1:]] == [("abort", True)]


def test_who_no_longer_listens_is_not_told() -> None:
    controller, told = AbortController(), list[Any]()
    controller.signal.addEventListener("abort", told.append)

    controller.signal.removeEventListener("abort", told.append)
    controller.signal.removeEventListener("abort", told.append)
    controller.abort()

    assert told == []


async def test_a_signal_may_give_itself_after_a_time() -> None:
    signal = AbortSignal.timeout(0)
    before = signal.aborted

    await asyncio.sleep(0.01)

    assert not before
    assert refused(signal) == ("TimeoutError", "The operation was aborted due to timeout")


def test_any_of_several_signals_gives_a_new_one() -> None:
    controller = AbortController()
    signal = AbortSignal.any(JsArray([AbortController().signal, controller.signal]))
    given = AbortSignal.any([AbortSignal.abort("at once")])

    controller.abort("later")

    assert (signal.reason, given.reason) == ("later", "at once")


def test_what_is_no_list_of_signals_is_refused() -> None:
    with pytest.raises(JsException, match="'any' on 'AbortSignal': parameter 1 is not of type"):
        AbortSignal.any(5)


def test_a_signal_is_made_by_a_controller_only() -> None:
    with pytest.raises(JsException, match=r"^Illegal constructor$"):
        AbortSignal()


def test_a_callback_can_be_taken_back() -> None:
    signal, told = AbortSignal.make(), list[str]()
    callback = lambda: told.append("told")  # noqa: E731
    signal.add_abort_algorithm(callback)

    signal.remove_abort_algorithm(callback)
    signal.remove_abort_algorithm(callback)
    signal.signal_abort("why")

    assert told == []
