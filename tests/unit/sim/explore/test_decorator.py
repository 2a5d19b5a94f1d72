"""What decorators over many schedules share: the call, one run of it, and numbers."""

import inspect
from typing import Any

import pytest

from pykvbinding import EdgeNetwork
from pykvbinding.sim import ScheduleMismatch, Vacuous
from pykvbinding.sim.explore.decorator import (
    Call,
    check_exercised,
    check_number,
    decorated,
    run_once,
    spelled,
)
from pykvbinding.sim.run.schedulers import Ordinary
from tests.support.handlers import look


def test_the_schedule_comes_in_its_place() -> None:
    seen: list[Any] = []
    driver = Ordinary()

    def function(first: int, schedule: Any, last: int, *, named: int = 0) -> None:
        seen.append((first, schedule, last, named))

    def explore(call: Call) -> None:
        call(driver)

    test = decorated(function, "@this", explore)
    test(1, 2)
    test(1, last=2, named=3)

    assert seen == [(1, driver, 2, 0), (1, driver, 2, 3)]
    assert list(inspect.signature(test).parameters) == ["first", "last", "named"]


def test_the_decorator_is_named_in_what_it_refuses() -> None:
    async def coroutine(schedule: Any) -> None: ...

    def without_schedule() -> None: ...

    for function, problem in (
        (
            coroutine,
            "write a plain `def`, for net.run() runs the handlers on a loop of its own",
        ),
        (
            without_schedule,
            "it needs a parameter `schedule`, for EdgeNetwork(..., schedule=schedule)",
        ),
    ):
        with pytest.raises(TypeError) as caught:
            decorated(function, "@this", lambda _: None)
        assert str(caught.value) == f"@this on {function.__qualname__}: {problem}"
    with pytest.raises(ValueError, match=r"^@this\(limit=0\): give a whole number, 1 or more$"):
        check_number("@this", "limit", 0, 1)
    with pytest.raises(ValueError, match=r"^@this\(limit=True\)"):
        check_number("@this", "limit", True, 1)
    check_number("@this", "limit", 1, 1)


def test_a_search_that_has_used_no_network_is_refused() -> None:
    with pytest.raises(Vacuous) as caught:
        check_exercised("test_it", {}, 1, is_used=False)

    assert str(caught.value) == (
        "test_it made no network with its schedule: EdgeNetwork(..., schedule=schedule) is missing"
    )


def test_a_search_in_which_an_event_never_happened_is_refused() -> None:
    labels = {"overwrite": False, "stale read": True, "empty page": False}

    with pytest.raises(Vacuous) as caught:
        check_exercised("test_it", labels, 1_000, is_used=True)

    assert str(caught.value) == (
        "'overwrite', 'empty page' never happened in any of the 1,000 distinct schedules"
    )


def test_a_search_in_which_every_event_has_happened_passes() -> None:
    check_exercised("test_it", {"overwrite": True}, 1, is_used=True)


def test_a_run_tells_what_it_raises() -> None:
    error = ValueError("x")

    def fail(driver: object) -> None:
        raise error

    assert run_once(fail, Ordinary()) is error
    assert run_once(lambda _: 1, Ordinary()) is None


def test_a_run_has_to_say_its_texts() -> None:
    def leave(driver: object) -> None:
        EdgeNetwork("LHR", schedule="1 9").session("ana").call(look)

    assert isinstance(run_once(leave, Ordinary()), ScheduleMismatch)


@pytest.mark.parametrize(
    ("count", "text"),
    [(7, "7"), (2_520, "2,520"), (58_000_000_000, "5.8e10"), (10**400, ">1e300")],
)
def test_a_number_is_spelled_as_one_reads_it(count: int, text: str) -> None:
    assert spelled(count) == text
