"""Finding the test function of a schedule, and calling it again."""

import gc
import logging
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding.sim.run.run_context import CURRENT_RUN_CONTEXT, RunContext
from pykvbinding.sim.run.schedulers import DefaultScheduler, Scheduler
from pykvbinding.sim.shrink.rerun import RerunnableTest, capture_exception, find_test_function


class Token:
    """A placeholder for a schedule."""


def calling(function: Callable[[], object]) -> RerunnableTest:
    """Return a rerunnable function without arguments."""
    return RerunnableTest(function, (), {}, Token())


def test_finds_no_function_without_the_schedule() -> None:
    assert find_test_function(Token()) is None


def test_finds_the_outermost_function() -> None:
    def inner(schedule: Token) -> RerunnableTest | None:
        return find_test_function(schedule)

    def outer(schedule: Token) -> RerunnableTest | None:
        return inner(schedule)

    body = outer(Token())

    assert body is not None
    assert body.function is outer


def test_finds_every_kind_of_argument() -> None:
    def take(
        first: int, /, schedule: Token, *rest: int, named: int, **more: int
    ) -> RerunnableTest | None:
        return find_test_function(schedule)

    token = Token()
    body = take(1, token, 2, 3, named=4, more=5)

    assert body is not None
    assert body.args == (1, token, 2, 3)
    assert body.kwargs == {"named": 4, "more": 5}


def test_finds_the_called_one_of_functions_with_the_same_code() -> None:
    def make(number: int) -> Callable[[Token], tuple[int, RerunnableTest | None]]:
        def take(schedule: Token) -> tuple[int, RerunnableTest | None]:
            return number, find_test_function(schedule)

        return take

    functions = [make(number) for number in range(3)]
    _, body = functions[1](Token())

    assert body is not None
    assert body.function is functions[1]


def test_recreates_a_function_without_references(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "get_referrers", lambda *_: [])
    number = 7

    def take(schedule: Token) -> tuple[int, RerunnableTest | None]:
        return number, find_test_function(schedule)

    token = Token()
    body = take(token)[1]

    assert body is not None
    assert body.function is not take
    assert body.function(token)[0] == 7


def test_accepts_an_unbound_closure_variable() -> None:
    def take(schedule: Token) -> Any:
        return find_test_function(schedule) or later

    body = take(Token())
    later = 1

    assert body.function is take
    assert later == 1


def test_reruns_the_function_with_another_schedule() -> None:
    seen: list[Any] = []
    token, driver = Token(), DefaultScheduler()
    body = RerunnableTest(
        lambda first, *, named: seen.extend((first, named)), (token,), {"named": 1}, token
    )

    assert body.run(driver) is None
    assert seen == [driver, 1]


def test_copies_mutable_arguments_for_each_run() -> None:
    lengths: list[int] = []

    def take(items: list[int]) -> None:
        lengths.append(len(items))
        items.append(0)

    body = RerunnableTest(take, ([],), {}, Token())
    for _ in range(2):
        assert body.run(DefaultScheduler()) is None

    assert lengths == [0, 0]


def test_returns_the_exception_of_the_function() -> None:
    error = ValueError("x")

    def fail() -> None:
        raise error

    assert calling(fail).run(DefaultScheduler()) is error
    assert capture_exception(fail) is error
    assert capture_exception(lambda: 1) is None


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_interrupts_propagate(interrupt: type[BaseException]) -> None:
    def fail() -> None:
        raise interrupt

    with pytest.raises(interrupt):
        calling(fail).run(DefaultScheduler())


def test_a_rerun_has_no_output(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def speak() -> None:
        print("printed")
        logging.warning("logged")
        warnings.warn("warned", stacklevel=1)

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        calling(speak).run(DefaultScheduler())
        assert heard == []
        speak()

    assert [str(each.message) for each in heard] == ["warned"]
    assert capsys.readouterr().out == "printed\n"
    assert caplog.messages == ["logged"]


def test_warnings_that_are_errors_remain_errors() -> None:
    def warn() -> None:
        warnings.warn("warned", stacklevel=1)

    assert isinstance(calling(warn).run(DefaultScheduler()), UserWarning)


def test_a_rerun_has_its_own_context() -> None:
    contexts: list[RunContext | None] = []

    def take(driver: Scheduler) -> None:
        contexts.append(CURRENT_RUN_CONTEXT.get())

    token = Token()
    RerunnableTest(take, (token,), {}, token).run(DefaultScheduler())

    assert contexts[0] is not None
    assert contexts[0].is_silent
    assert CURRENT_RUN_CONTEXT.get() not in contexts
