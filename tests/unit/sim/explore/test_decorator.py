"""The common parts of the decorators: the call, one run, and numbers."""

import inspect
from typing import Any

import pytest

from pykvbinding import EdgeNetwork
from pykvbinding.sim import NothingExercised, ScheduleMismatch
from pykvbinding.sim.explore.decorator import (
    Call,
    check_exercised,
    check_number,
    format_count,
    make_explorer,
    run_once,
)
from pykvbinding.sim.run.schedulers import DefaultScheduler
from tests.support.handlers import look


def test_passes_the_schedule_at_its_position() -> None:
    seen: list[Any] = []
    scheduler = DefaultScheduler()

    def function(first: int, schedule: Any, last: int, *, named: int = 0) -> None:
        seen.append((first, schedule, last, named))

    def explore(call: Call) -> None:
        call(scheduler)

    test = make_explorer(function, "@this", explore)
    test(1, 2)
    test(1, last=2, named=3)

    assert seen == [(1, scheduler, 2, 0), (1, scheduler, 2, 3)]
    assert list(inspect.signature(test).parameters) == ["first", "last", "named"]


def test_errors_name_the_decorator() -> None:
    async def coroutine(schedule: Any) -> None: ...

    def without_schedule() -> None: ...

    for function, problem in (
        (
            coroutine,
            "write a plain `def`, because net.run() runs the handlers on its own event loop",
        ),
        (
            without_schedule,
            "add a parameter `schedule` and pass it on: EdgeNetwork(..., schedule=schedule)",
        ),
    ):
        with pytest.raises(TypeError) as caught:
            make_explorer(function, "@this", lambda _: None)
        assert str(caught.value) == f"@this on {function.__qualname__}: {problem}"
    with pytest.raises(ValueError, match=r"^@this\(limit=0\): give a whole number, 1 or more$"):
        check_number("@this", "limit", 0, 1)
    with pytest.raises(ValueError, match=r"^@this\(limit=True\)"):
        check_number("@this", "limit", True, 1)
    check_number("@this", "limit", 1, 1)


def test_rejects_a_search_without_a_network() -> None:
    with pytest.raises(NothingExercised) as caught:
        check_exercised("test_it", {}, 1, is_used=False)

    assert str(caught.value) == (
        "test_it created no network with its schedule; write EdgeNetwork(..., schedule=schedule)"
    )


def test_rejects_a_search_in_which_an_event_never_happened() -> None:
    labels = {"overwrite": False, "stale read": True, "empty page": False}

    with pytest.raises(NothingExercised) as caught:
        check_exercised("test_it", labels, 1_000, is_used=True)

    assert str(caught.value) == (
        "'overwrite', 'empty page' never happened in any of the 1,000 distinct schedules"
    )


def test_accepts_a_search_in_which_every_event_happened() -> None:
    check_exercised("test_it", {"overwrite": True}, 1, is_used=True)


def test_run_once_returns_the_exception() -> None:
    error = ValueError("x")

    def fail(scheduler: object) -> None:
        raise error

    assert run_once(fail, DefaultScheduler()) is error
    assert run_once(lambda _: 1, DefaultScheduler()) is None


def test_run_once_checks_that_texts_are_exhausted() -> None:
    def leave(scheduler: object) -> None:
        EdgeNetwork("LHR", schedule="1 9").session("ana").call(look)

    assert isinstance(run_once(leave, DefaultScheduler()), ScheduleMismatch)


@pytest.mark.parametrize(
    ("count", "text"),
    [(7, "7"), (2_520, "2,520"), (58_000_000_000, "5.8e10"), (10**400, ">1e300")],
)
def test_formats_counts_for_reading(count: int, text: str) -> None:
    assert format_count(count) == text
