"""Tests of AbortController and AbortSignal: reasons, listeners, timeouts and `any`."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.abort import AbortController, AbortSignal
from pykvbinding.js.types.object import JsArray


def catch_error(signal: AbortSignal) -> tuple[str, str]:
    with pytest.raises(JsException) as caught:
        signal.throwIfAborted()
    return caught.value.name, caught.value.message


def test_throwifaborted_does_nothing_before_the_abort() -> None:
    signal = AbortController().signal

    signal.throwIfAborted()

    assert (signal.aborted, signal.reason, signal.onabort) == (False, None, jsnull)


def test_the_default_reason_is_an_aborterror() -> None:
    controller = AbortController()

    controller.abort()

    assert catch_error(controller.signal) == ("AbortError", "The operation was aborted")
    assert controller.signal.reason.code == 20
    assert controller.signal.reason.constructor.name == "DOMException"


def test_a_reason_of_another_type_is_wrapped_in_an_error() -> None:
    signal = AbortSignal.abort("why")

    assert (signal.aborted, signal.reason) == (True, "why")
    assert catch_error(signal) == ("Error", "why")


def test_listeners_are_called_once_after_onabort() -> None:
    controller, events = AbortController(), list[Any]()
    signal = controller.signal
    signal.addEventListener("abort", events.append)
    signal.addEventListener("abort", events.append)
    signal.addEventListener("other", events.append)
    signal.onabort = lambda event: events.append("first")

    controller.abort()
    controller.abort()

    assert events[0] == "first"
    assert [(event.type, event.target is signal) for event in events[1:]] == [("abort", True)]


def test_a_removed_listener_is_not_called() -> None:
    controller, events = AbortController(), list[Any]()
    controller.signal.addEventListener("abort", events.append)

    controller.signal.removeEventListener("abort", events.append)
    controller.signal.removeEventListener("abort", events.append)
    controller.abort()

    assert events == []


async def test_a_timeout_aborts_its_signal() -> None:
    signal = AbortSignal.timeout(0)
    before = signal.aborted

    await asyncio.sleep(0.01)

    assert not before
    assert catch_error(signal) == ("TimeoutError", "The operation was aborted due to timeout")


def test_any_aborts_with_the_first_of_its_signals() -> None:
    controller = AbortController()
    signal = AbortSignal.any(JsArray([AbortController().signal, controller.signal]))
    aborted = AbortSignal.any([AbortSignal.abort("at once")])

    controller.abort("later")

    assert (signal.reason, aborted.reason) == ("later", "at once")


def test_any_rejects_an_argument_that_is_not_an_array() -> None:
    with pytest.raises(JsException, match="'any' on 'AbortSignal': parameter 1 is not of type"):
        AbortSignal.any(5)


def test_a_signal_has_no_public_constructor() -> None:
    with pytest.raises(JsException, match=r"^Illegal constructor$"):
        AbortSignal()


def test_a_removed_abort_algorithm_is_not_called() -> None:
    signal, events = AbortSignal.make(), list[str]()
    callback = lambda: events.append("called")  # noqa: E731
    signal.add_abort_algorithm(callback)

    signal.remove_abort_algorithm(callback)
    signal.remove_abort_algorithm(callback)
    signal.signal_abort("why")

    assert events == []
